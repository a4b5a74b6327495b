from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core import companies

FACTS = ['name', 'vat', 'country_id']
TAX_KEY = "regexp_replace(upper({}), '[^A-Z0-9]', '', 'g')"


def _quote(text):
    return "'{}'".format(text.replace("'", "''"))


def _get_name_key_sql(column):
    """Return ``core.companies.get_company_key`` in the database's own language."""
    plain = f'translate({column}, {_quote(companies.ACCENTED)}, {_quote(companies.PLAIN)})'
    plain = f"replace(lower({plain}), 'ß', 'ss')"
    words = f"regexp_replace({plain}, {_quote(companies.DROPPED)}, '', 'g')"
    words = f"btrim(regexp_replace({words}, '[^[:alnum:]]+', ' ', 'g'))"
    told = f"regexp_replace(' ' || {words} || ' ', {_quote(companies.AND_WORDS)}, ' ', 'g')"
    return f"btrim(regexp_replace({told}, {_quote(companies.FORM_AT_END)}, ''))"


class ResPartner(models.Model):
    """Finds companies by their tax number, and by their name in every spelling."""

    _inherit = 'res.partner'

    _crm_company_name_idx = models.Index(
        f'(({_get_name_key_sql("name")})) WHERE is_company IS TRUE'
    )
    _crm_company_tax_idx = models.Index(f'(({TAX_KEY.format("vat")})) WHERE is_company IS TRUE')

    @api.model
    def _find_crm_companies(self, wanted):
        """Return [(the company that is meant, those that may be meant)] in one query.

        :param wanted: ``core.companies.Company`` tuples
        """
        known = [company._get_crm_company() for company in self._fetch_crm_companies(wanted)]
        matches = [companies.find_company(company, known) for company in wanted]
        return [(self.browse(match.sure or ()), self.browse(match.doubtful)) for match in matches]

    def _get_crm_company(self):
        """Return what tells the company from others."""
        self.ensure_one()
        country = self.country_id.code or ''
        return companies.Company(self.name or '', self.vat or '', country, self.id)

    @api.model
    def _fetch_crm_companies(self, wanted):
        """Return the companies that the user may read with one of the names or tax numbers."""
        names = {companies.get_company_key(company.name) for company in wanted} - {''}
        numbers = {
            key
            for company in wanted
            for key in companies.get_tax_keys(company.tax_number, company.country)
        }
        if not names and not numbers:
            return self.browse()
        query = self._get_crm_companies_query(names, numbers)
        return self.search_fetch([('id', 'in', query)], FACTS, order='id')

    @api.model
    def _get_crm_companies_query(self, names, numbers):
        """Return the query of the companies with one of the keys of names or tax numbers."""
        self.flush_model([*FACTS, 'is_company'])
        query = self._search(Domain.TRUE)
        query.add_where(
            SQL(
                '%(alias)s.is_company IS TRUE'
                ' AND (%(name)s = ANY(%(names)s) OR %(tax)s = ANY(%(numbers)s))',
                alias=SQL.identifier(self._table),
                name=SQL(_get_name_key_sql('res_partner.name')),
                names=sorted(names),
                tax=SQL(TAX_KEY.format('res_partner.vat')),
                numbers=sorted(numbers),
            )
        )
        return query
