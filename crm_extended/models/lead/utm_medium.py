import re

from odoo import api, models
from odoo.fields import Domain

from ...core.channels import find_channel_names, get_channel_names


class UtmMedium(models.Model):
    """Finds core's channels by the names that links and forms use, whatever they are called.

    Core keeps one name for all languages. A channel that still has its English one (it was made
    before another language was in use) is shown, and found, in the language of the user.
    """

    _inherit = 'utm.medium'

    @api.depends('name')
    @api.depends_context('lang')
    def _compute_display_name(self):
        names = get_channel_names(self.env.lang)
        for channel in self:
            channel.display_name = names.get(channel.name, channel.name)

    @api.model
    def _search_display_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented  # what is not found by the operator that is denied
        domain = super()._search_display_name(operator, value)
        names = find_channel_names(self.env.lang, operator, value)
        return Domain(domain) | Domain('name', 'in', names) if names else domain

    @api.model
    def _find_crm_channel(self, name):
        """Return the channel that core calls so in English, an empty record where it has none."""
        code = re.sub(r'[^a-z0-9]+', '_', name.strip().lower())
        channel = self.env.ref(f'utm.utm_medium_{code}', raise_if_not_found=False)
        return channel or self.browse()
