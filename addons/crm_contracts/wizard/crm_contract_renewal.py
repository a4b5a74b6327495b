from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class CrmContractRenewal(models.TransientModel):
    """Asks until when and at which price a contract goes on."""

    _name = 'crm.contract.renewal'
    _description = 'Contract Renewal'

    contract_id = fields.Many2one('crm.contract', required=True, readonly=True, ondelete='cascade')
    currency_id = fields.Many2one(related='contract_id.currency_id')
    date_start = fields.Date(string='From', compute='_compute_date_start')
    date_end = fields.Date(
        string='To',
        required=True,
        compute='_compute_date_end',
        store=True,
        readonly=False,
        help='Last day included.',
    )
    price_increase = fields.Float(
        string='Price Increase (%)',
        help='Percent added to the agreed amount, the recurring lines and the rates, from the '
        'first day of the new term.',
    )
    fixed_amount = fields.Monetary(string='New Amount', compute='_compute_fixed_amount')

    @api.depends('contract_id')
    def _compute_date_start(self):
        for renewal in self:
            end = renewal.contract_id.date_end
            renewal.date_start = end and end + relativedelta(days=1)

    @api.depends('contract_id')
    def _compute_date_end(self):
        for renewal in self:
            contract = renewal.contract_id
            can_propose = contract.date_end and contract.term_months
            renewal.date_end = contract._get_next_date_end() if can_propose else False

    @api.depends('contract_id', 'price_increase')
    def _compute_fixed_amount(self):
        for renewal in self:
            amount = renewal.contract_id.fixed_amount * (1 + renewal.price_increase / 100)
            renewal.fixed_amount = renewal.currency_id.round(amount)

    def action_renew(self):
        """Open the next term of the contract."""
        self.ensure_one()
        self.contract_id._renew(self.date_end, self.price_increase)
        return {'type': 'ir.actions.act_window_close'}
