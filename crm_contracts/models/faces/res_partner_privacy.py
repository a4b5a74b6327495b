from odoo import models
from odoo.fields import Domain

from ..agreement.crm_contract_offered_mixin import SIGNATURE_FIELDS

# An invoice has to name its customer for as long as the law says.
ON_INVOICES = {'name', 'vat', 'street', 'street2', 'zip', 'city', 'company_name'}


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _get_crm_kept_data(self):
        """Tell what they agreed to: it is kept as it was signed."""
        # sudo: who asks what is known is to hear of everything
        contracts_sudo = self.env['crm.contract'].sudo().with_context(active_test=False)
        is_theirs = Domain('partner_id', 'in', self.ids)
        contracts = contracts_sudo.search(is_theirs | Domain('invoice_partner_id', 'in', self.ids))
        amendments = contracts_sudo.env['crm.contract.amendment'].search(
            [('contract_id', 'in', contracts.ids)]
        )
        return [
            *super()._get_crm_kept_data(),
            (contracts, SIGNATURE_FIELDS),
            (amendments, SIGNATURE_FIELDS),
        ]

    def _get_crm_personal_fields(self):
        """Keep what posted invoices name, if one of these people has any."""
        names = super()._get_crm_personal_fields()
        # sudo: who asks need not read invoices to keep them as they are
        invoices = self.env['account.move'].sudo()
        if not invoices.search_count(
            [('partner_id', 'in', self.ids), ('state', '=', 'posted')], limit=1
        ):
            return names
        return tuple(name for name in names if name not in ON_INVOICES)
