from odoo import models
from odoo.fields import Domain

# What decides which fiscal position an address has.
PLACE_FIELDS = {'country_id', 'property_account_position_id', 'state_id', 'vat', 'zip'}


class ResPartner(models.Model):
    """Customers and payers whose address says which taxes their contracts have."""

    _inherit = 'res.partner'

    def write(self, vals):
        if not vals.keys() & PLACE_FIELDS:
            return super().write(vals)
        contracts_sudo = self._get_addressed_crm_contracts()
        proposed = contracts_sudo._get_proposed_positions()
        result = super().write(vals)
        contracts_sudo._follow_addresses(proposed)
        return result

    def _get_addressed_crm_contracts(self):
        """Return the contracts of which the partners are customer or payer, with all rights.

        Whoever corrects an address need not see the contracts that follow it.
        """
        contracts_sudo = self.env['crm.contract'].sudo().with_context(active_test=False)
        return contracts_sudo.search(
            Domain('partner_id', 'in', self.ids) | Domain('invoice_partner_id', 'in', self.ids)
        )
