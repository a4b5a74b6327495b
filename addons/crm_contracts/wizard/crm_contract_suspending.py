from odoo import api, fields, models


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
        compute='_compute_date_resume',
        store=True,
        readonly=False,
        precompute=True,
        help='First day that is charged again; the first day of a suspension takes it back.',
    )

    @api.depends('contract_ids')
    def _compute_date_resume(self):
        """Propose today, or to take back the suspension that is still to come."""
        today = fields.Date.context_today(self)
        for wizard in self:
            suspensions = wizard.contract_ids._get_unended_suspensions()
            wizard.date_resume = max(today, min(suspensions.mapped('date_from'), default=today))

    def action_apply(self):
        """Suspend or resume the contracts."""
        self.ensure_one()
        if self.is_resuming:
            result = self.contract_ids.action_resume(self.date_resume)
        else:
            result = self.contract_ids.action_suspend(self.date_from, self.date_to)
        return result if isinstance(result, dict) else {'type': 'ir.actions.act_window_close'}
