from odoo import api, models

from ...core.reactions import Reaction


class CrmContract(models.Model):
    """What a planned end means for billing: nothing beyond it, and what is charged is named."""

    _inherit = 'crm.contract'
    _reactions = (
        Reaction({'date_closing'}, before='_get_last_covered_days', after='_note_charged_after'),
    )

    @api.depends('date_closing')
    def _compute_unused_amount(self):
        return super()._compute_unused_amount()

    @api.depends('date_closing')
    def _compute_next_billing_date(self):
        return super()._compute_next_billing_date()


class CrmContractLine(models.Model):
    _inherit = 'crm.contract.line'

    @api.depends('contract_id.date_closing')
    def _compute_next_billing(self):
        return super()._compute_next_billing()
