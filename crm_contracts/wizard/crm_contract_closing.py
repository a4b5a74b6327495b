from datetime import date

from odoo import api, fields, models

from ..core.days import move_day


class CrmContractClosing(models.TransientModel):
    """Asks why contracts end, and what becomes of the days that are charged after it."""

    _name = 'crm.contract.closing'
    _description = 'Close Contracts'
    _inherit = ['crm.contract.crediting.mixin']

    reason = fields.Text(required=True, help='Kept on the contract and in its history.')
    called_off = fields.Text(
        compute='_compute_called_off', help='Milestones that are not charged any more.'
    )

    @api.depends('contract_ids')
    def _compute_called_off(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            contracts = wizard.contract_ids._origin.sudo()
            biller = contracts.env['crm.contract.biller']
            wizard.called_off = biller._get_called_off_text(contracts, today)

    def _get_rests(self):
        return [(move_day(fields.Date.context_today(self), days=1), date.max)]

    def action_close(self):
        """Close the contracts with the reason given, and credit the unused days if wanted."""
        self.ensure_one()
        self.contract_ids.action_close(reason=self.reason)
        return self._credit_or_close()
