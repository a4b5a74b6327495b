from datetime import date

from odoo import api, fields, models

from ..core.days import move_day


class CrmContractClosing(models.TransientModel):
    """Asks why contracts end, and what becomes of the days that are charged after it."""

    _name = 'crm.contract.closing'
    _description = 'Close Contracts'
    _inherit = ['crm.contract.crediting.mixin']

    reason = fields.Text(required=True, help='Kept on the contract and in its history.')
    date = fields.Date(
        string='Last Day',
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help='Last day of the contract, in the past too. It runs until a day that is to come.',
    )
    called_off = fields.Text(
        compute='_compute_called_off', help='Milestones that are not charged any more.'
    )

    @api.depends('contract_ids', 'date')
    def _compute_called_off(self):
        for wizard in self:
            contracts = wizard.contract_ids._origin.sudo()
            biller = contracts.env['crm.contract.biller']
            wizard.called_off = biller._get_called_off_text(contracts, wizard.date)

    @api.depends('date')
    def _compute_unused_text(self):
        return super()._compute_unused_text()

    def _get_rests(self):
        return [(move_day(self.date, days=1), date.max)] if self.date else []

    def action_close(self):
        """Close the contracts with the reason given, and credit the unused days if wanted.

        :raises UserError: if a contract does not run, or the day is none of it
        """
        self.ensure_one()
        self.contract_ids.action_close(reason=self.reason, date=self.date)
        return self._credit_or_close()
