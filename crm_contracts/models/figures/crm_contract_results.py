from collections import Counter, defaultdict

from odoo import api, fields, models

from ...core.figures import Results, get_ratio


def _result(**attributes):
    """Return the field of what was booked on the account, in the currency of its company."""
    return fields.Monetary(
        compute='_compute_figures', currency_field='company_currency_id', **attributes
    )


class CrmContract(models.Model):
    """What was earned and spent on the account of a contract, and what an hour brought."""

    _inherit = 'crm.contract'

    company_currency_id = fields.Many2one(
        related='company_id.currency_id', string='Company Currency'
    )
    revenue = _result(help="Posted income on the contract's account, credit notes deducted.")
    cost_total = _result(
        string='Cost', help="Everything else on the contract's account: time, bills, expenses."
    )
    cost_time = _result(string='Cost: Time', help='Timesheets at the hourly cost of the employees.')
    cost_purchase = _result(string='Cost: Purchases', help='Vendor bills, refunds deducted.')
    cost_expense = _result(
        string='Cost: Expenses', help='Expenses, receipts and other journal entries.'
    )
    cost_other = _result(
        string='Cost: Other',
        help='Analytic items without a journal entry, and the cost of goods sold.',
    )
    margin = _result()
    margin_rate = fields.Float(
        compute='_compute_figures', help='Margin per revenue as a ratio (0.25 = 25 %).'
    )
    hours_billed = fields.Float(
        compute='_compute_hourly_price',
        help='Hours that stand on invoices, credited ones left out.',
    )
    hourly_price = fields.Monetary(
        compute='_compute_hourly_price',
        help="What a billed hour brought: the time on invoices per its hours, in the contract's "
        'currency and without taxes. Zero while no time is billed.',
    )

    @api.depends('analytic_account_id')
    def _compute_figures(self):
        """Sum what is posted on the accounts, in one grouped query of the results.

        Who may read the contract may read its totals, the single items need their own rights.
        """
        totals = self.sudo()._get_analytic_totals()
        for contract in self:
            round_money = contract.company_currency_id.round
            amounts = totals[contract._origin.id]
            results = Results({kind: round_money(amount) for kind, amount in amounts.items()})
            for kind, cost in results.costs.items():
                contract[f'cost_{kind}'] = cost
            contract.revenue = results.revenue
            contract.cost_total = results.cost_total
            contract.margin = results.margin
            contract.margin_rate = results.margin_rate

    @api.depends('billing_ids.state', 'billing_ids.amount_charged', 'billing_ids.quantity')
    def _compute_hourly_price(self):
        billed = self.sudo()._get_billed_time()
        for contract in self:
            amount, hours = billed[contract._origin.id]
            contract.hours_billed = hours
            contract.hourly_price = get_ratio(amount, hours)

    def action_view_results(self):
        """Open what the contracts earned and cost, by month and employee."""
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_contracts.crm_contract_report_action'
        )
        action['domain'] = [('contract_id', 'in', self.ids)]
        action['context'] = {}
        return action

    def _get_analytic_totals(self):
        """Return {contract id: {kind: amount}}.

        Costs are negative; amounts are in the company's currency at the rate of their document.
        """
        totals = defaultdict(Counter)
        groups = self.env['crm.contract.report']._read_group(
            [('contract_id', 'in', self._origin.ids)], ['contract_id', 'kind'], ['margin:sum']
        )
        for contract, kind, amount in groups:
            totals[contract.id][kind] = amount
        return totals

    def _get_billed_time(self):
        """Return {contract id: (amount, hours)} of the time on invoices, constantly often."""
        hour = self.env.ref('uom.product_uom_hour')
        charged = self.env['crm.contract.biller']._get_charged_amounts(self._origin)
        hours = Counter()
        groups = self.env['crm.contract.billing']._read_group(
            [
                ('contract_id', 'in', self._origin.ids),
                ('kind', '=', 'time'),
                ('state', '=', 'invoiced'),
            ],
            ['contract_id', 'product_uom_id'],
            ['quantity:sum'],
        )
        for contract, unit, quantity in groups:
            hours[contract.id] += (unit or hour)._compute_quantity(quantity, hour, round=False)
        billed = {one.id: (charged[one]['time'].amount, hours[one.id]) for one in self._origin}
        return {False: (0.0, 0.0), **billed}
