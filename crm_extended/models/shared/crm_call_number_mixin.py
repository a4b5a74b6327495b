from odoo import api, models
from odoo.fields import Domain

# What the search box and scripts ask with; the others keep core's meaning.
MATCHING_OPERATORS = {'=', 'ilike', 'like', '=ilike', '=like'}


class CrmCallNumberMixin(models.AbstractModel):
    """Finds whom a number belongs to, however it is written.

    Mixed into models with ``mail.thread.phone``: a whole number is compared in its
    international form, for which they have an index; a part of one is looked for as core does.
    """

    _name = 'crm.call.number.mixin'
    _description = 'Search by Number'

    @api.model
    def _search_phone_mobile_search(self, operator, value):
        if operator not in MATCHING_OPERATORS or not isinstance(value, str):
            return super()._search_phone_mobile_search(operator, value)
        whole_number = Domain('phone_sanitized', 'in', self._get_international_numbers(value))
        # Numbers typed before the company had a country were never brought into that form.
        if self.sudo().with_context(active_test=False).search_count(whole_number, limit=1):
            return whole_number
        return super()._search_phone_mobile_search(operator, value)

    @api.model
    def _get_international_numbers(self, value):
        """Return what the typed number may stand for, in any of the user's countries."""
        number = value.strip()
        if number.startswith('00'):
            number = f'+{number[2:]}'
        numbers = {
            self._phone_format_number(number, country)
            for country in self.env.companies.country_id or self.env['res.country']
        }
        return sorted(numbers - {False})
