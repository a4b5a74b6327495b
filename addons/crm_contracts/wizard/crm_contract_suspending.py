from odoo import fields, models


class CrmContractSuspending(models.TransientModel):
    """Asks from when contracts rest, or from when they go on."""

    _name = 'crm.contract.suspending'
    _description = 'Suspend or Resume Contracts'

    contract_ids = fields.Many2many('crm.contract', string='Contracts', required=True)
    is_resuming = fields.Boolean()
    date_from = fields.Date(
        string='From',
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help='First day that is not charged.',
    )
    date_to = fields.Date(
        string='To', help='Last day that is not charged; empty until the contract is resumed.'
    )
    date_resume = fields.Date(
        string='Charged Again From',
        required=True,
        default=lambda self: fields.Date.context_today(self),
    )

    def action_apply(self):
        """Suspend or resume the contracts."""
        self.ensure_one()
        if self.is_resuming:
            result = self.contract_ids.action_resume(self.date_resume)
        else:
            result = self.contract_ids.action_suspend(self.date_from, self.date_to)
        return result if isinstance(result, dict) else {'type': 'ir.actions.act_window_close'}
