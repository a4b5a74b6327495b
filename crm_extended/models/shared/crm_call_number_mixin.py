from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.phones import get_tail, split_numbers

# What the search box and scripts ask with; the others keep core's meaning.
MATCHING_OPERATORS = {'=', 'ilike', 'like', '=ilike', '=like'}
DIGITS = "regexp_replace(phone, '[^0-9]', '', 'g')"
# So many digits are no single number without the code of its country: there may be two.
MOST_OF_ONE = 13
IS_UNREAD = f'(phone_sanitized IS NULL OR length({DIGITS}) > {MOST_OF_ONE}) AND phone IS NOT NULL'


def _get_unread_index(registry):
    """Return an index on the few numbers that core could not read, or not all of them."""
    columns = f'USING gin ({DIGITS} gin_trgm_ops)' if registry.has_trigram else '(id)'
    return f'{columns} WHERE {IS_UNREAD}'


class CrmCallNumberMixin(models.AbstractModel):
    """Finds whom a number belongs to, however it is written.

    Mixed into models with ``mail.thread.phone``: a whole number is compared in its
    international form, for which they have an index; a part of one is looked for as core does.
    What core cannot read has no such form, as a number with a name behind it, and of two numbers
    in one field it reads one at most. Of these the digits are looked for, and read again.
    """

    _name = 'crm.call.number.mixin'
    _description = 'Search by Number'
    _inherit = ['crm.find.mixin']

    _crm_unread_phone_idx = models.Index(_get_unread_index)

    # === SEARCH === #

    @api.model
    def _search_phone_mobile_search(self, operator, value):
        if operator not in MATCHING_OPERATORS or not isinstance(value, str):
            return super()._search_phone_mobile_search(operator, value)
        whole_number = self._get_number_domain(value)
        # Numbers typed before the company had a country were never brought into that form.
        if self.sudo().with_context(active_test=False).search_count(whole_number, limit=1):
            return whole_number
        return super()._search_phone_mobile_search(operator, value)

    @api.model
    def _search_display_name(self, operator, value):
        """Find who or what has a whole number, typed where a name is asked for."""
        domain = super()._search_display_name(operator, value)
        if operator != 'ilike' or not isinstance(value, str):
            return domain
        return Domain(domain) | self._get_number_domain(value)

    @api.model
    def _get_number_domain(self, text):
        """Return what finds the numbers of a text, nothing where there is none."""
        numbers = self._get_international_numbers(text)
        unread = list(self._find_unread(numbers))
        return Domain('phone_sanitized', 'in', numbers) | Domain('id', 'in', unread)

    # === NUMBERS === #

    @api.model
    def _get_international_numbers(self, text, countries=None):
        """Return what the numbers of a text may stand for.

        :param countries: whose numbers are written without a code; all of the user's companies
            where none is given
        """
        numbers = {
            self._phone_format_number(number, country)
            for number in split_numbers(text)
            for country in countries or self.env.companies.country_id or self.env['res.country']
        }
        return sorted(numbers - {False})

    @api.model
    def _find_by_numbers(self, numbers):
        """Return {number: records that the user may read} in two queries, however many they are.

        :param numbers: in their international form
        """
        unread = self._find_unread(numbers)
        records = self.search_fetch(
            Domain('phone_sanitized', 'in', list(numbers)) | Domain('id', 'in', list(unread)),
            ['phone_sanitized'],
        )
        found = defaultdict(self.browse)
        for record in records:
            for number in {record.phone_sanitized, *unread.get(record.id, ())}:
                found[number] |= record
        return found

    @api.model
    def _find_unread(self, numbers):
        """Return {id: numbers} of the records with numbers that core could not read, or not all."""
        if not numbers:
            return {}
        self.flush_model(['phone', 'phone_sanitized'])
        rows = self.env.execute_query(self._get_unread_sql(numbers))
        # sudo: only what the user searches for is compared; who may read it is asked afterwards
        documents = self.sudo().browse(document_id for (document_id,) in rows)
        countries = documents._phone_get_country()
        wanted, unread = set(numbers), {}
        for document in documents:
            read = self._get_international_numbers(document.phone, countries.get(document.id))
            if found := wanted.intersection(read):
                unread[document.id] = sorted(found)
        return unread

    @api.model
    def _get_unread_sql(self, numbers):
        """Return the query for what ends like one of the numbers and could not be read."""
        return SQL(
            """SELECT DISTINCT document.id
                 FROM unnest(%s) AS tail
                 JOIN (SELECT id, %s AS digits FROM %s WHERE %s) AS document
                   ON document.digits LIKE '%%' || tail || '%%'""",
            sorted({get_tail(number) for number in numbers}),
            SQL(DIGITS),
            SQL.identifier(self._table),
            SQL(IS_UNREAD),
        )
