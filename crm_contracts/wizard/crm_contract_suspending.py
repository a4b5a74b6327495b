from odoo import api, fields, models

from ..core.days import get_range


class CrmContractSuspending(models.TransientModel):
    """Asks from when contracts rest, or from when they go on."""

    _name = 'crm.contract.suspending'
    _description = 'Suspend or Resume Contracts'
    _inherit = ['crm.contract.crediting.mixin']

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
            suspensions = wizard.contract_ids.suspension_ids._get_unended()
            wizard.date_resume = max(today, min(suspensions.mapped('date_from'), default=today))

    @api.depends('date_from', 'date_to', 'is_resuming')
    def _compute_unused_text(self):
        return super()._compute_unused_text()

    def _get_rests(self):
        if self.is_resuming or not self.date_from:
            return []
        return [get_range(self.date_from, self.date_to or None)]

    def action_apply(self):
        """Suspend the contracts, and credit the unused days if wanted; or resume them."""
        self.ensure_one()
        if self.is_resuming:
            self.contract_ids.action_resume(self.date_resume)
            return {'type': 'ir.actions.act_window_close'}
        notice = self.contract_ids.action_suspend(self.date_from, self.date_to)
        if self.credit_unused or notice is True:
            return self._credit_or_close()
        return notice
