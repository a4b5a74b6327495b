from collections import defaultdict

from odoo import api, fields, models


class CrmContract(models.Model):
    """How a contract does: what an hour brought, and how far it is on its way."""

    _inherit = 'crm.contract'

    hours_billed = fields.Float(
        compute='_compute_hourly_price',
        help='Hours that stand on invoices, credited ones left out.',
    )
    hourly_price = fields.Monetary(
        compute='_compute_hourly_price',
        help="What a billed hour brought: the time on invoices per its hours, in the contract's "
        'currency and without taxes. Zero while no time is billed.',
    )
    arr = fields.Monetary(
        string='Yearly Revenue',
        compute='_compute_arr',
        help='Twelve times the monthly revenue (ARR).',
    )
    invoiced_rate = fields.Float(
        string='Invoiced (%)',
        compute='_compute_invoiced_rate',
        help='Invoiced, in percent of expected.',
    )

    @api.depends('billing_ids.state', 'billing_ids.amount', 'billing_ids.quantity')
    def _compute_hourly_price(self):
        billed = self.sudo()._get_billed_time()
        for contract in self:
            amount, hours = billed[contract._origin.id]
            contract.hours_billed = hours
            contract.hourly_price = hours and amount / hours

    @api.depends('mrr')
    def _compute_arr(self):
        for contract in self:
            contract.arr = 12 * contract.mrr

    @api.depends('amount_invoiced', 'amount_expected')
    def _compute_invoiced_rate(self):
        for contract in self:
            expected = contract.amount_expected
            contract.invoiced_rate = expected and 100 * contract.amount_invoiced / expected

    def action_view_results(self):
        """Open what the contracts earned and cost, by month and employee."""
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_contracts.crm_contract_report_action'
        )
        action['domain'] = [('contract_id', 'in', self.ids)]
        action['context'] = {}
        return action

    def _get_billed_time(self):
        """Return {contract id: (amount, hours)} of the time on invoices, in one query."""
        hour = self.env.ref('uom.product_uom_hour')
        billed = defaultdict(lambda: (0.0, 0.0))
        groups = self.env['crm.contract.billing']._read_group(
            [
                ('contract_id', 'in', self._origin.ids),
                ('kind', '=', 'time'),
                ('state', '=', 'invoiced'),
            ],
            ['contract_id', 'product_uom_id'],
            ['amount:sum', 'quantity:sum'],
        )
        for contract, unit, amount, quantity in groups:
            amounts, hours = billed[contract.id]
            hours += (unit or hour)._compute_quantity(quantity, hour, round=False)
            billed[contract.id] = (amounts + amount, hours)
        return billed
