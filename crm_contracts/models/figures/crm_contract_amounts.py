from collections import Counter
from datetime import date

from odoo import api, fields, models

from ...core.states import RUNNING_STATES

KINDS = ('milestone', 'recurring', 'time', 'cost', 'order')
FIGURES = ('expected', 'invoiced', 'to_invoice', 'remaining')


class CrmContract(models.Model):
    """What a contract is expected to bring, what was invoiced and what is left.

    All amounts are money without taxes in the contract's currency. Who may read the contract may
    read them.
    """

    _inherit = 'crm.contract'

    amount_expected = fields.Monetary(
        string='Expected',
        compute='_compute_amounts',
        help='Agreed amount, or the milestones without one, all periods up to the end, and what '
        'was ordered; of a contract without end, and of time and costs, what was invoiced and '
        'what is due.',
    )
    amount_expected_milestone = fields.Monetary(
        string='Expected: Milestones', compute='_compute_amounts'
    )
    amount_expected_recurring = fields.Monetary(
        string='Expected: Recurring', compute='_compute_amounts'
    )
    amount_expected_time = fields.Monetary(string='Expected: Time', compute='_compute_amounts')
    amount_expected_cost = fields.Monetary(string='Expected: Costs', compute='_compute_amounts')
    amount_expected_order = fields.Monetary(string='Expected: Orders', compute='_compute_amounts')
    amount_invoiced = fields.Monetary(
        string='Invoiced',
        compute='_compute_amounts',
        help='What stands on invoices, drafts included and credited quantities left out.',
    )
    amount_invoiced_milestone = fields.Monetary(
        string='Invoiced: Milestones', compute='_compute_amounts'
    )
    amount_invoiced_recurring = fields.Monetary(
        string='Invoiced: Recurring', compute='_compute_amounts'
    )
    amount_invoiced_time = fields.Monetary(string='Invoiced: Time', compute='_compute_amounts')
    amount_invoiced_cost = fields.Monetary(string='Invoiced: Costs', compute='_compute_amounts')
    amount_invoiced_order = fields.Monetary(string='Invoiced: Orders', compute='_compute_amounts')
    amount_to_invoice = fields.Monetary(
        string='To Invoice',
        compute='_compute_amounts',
        help='What is due today, by the contract or by its orders.',
    )
    amount_to_invoice_milestone = fields.Monetary(
        string='To Invoice: Milestones', compute='_compute_amounts'
    )
    amount_to_invoice_recurring = fields.Monetary(
        string='To Invoice: Recurring', compute='_compute_amounts'
    )
    amount_to_invoice_time = fields.Monetary(string='To Invoice: Time', compute='_compute_amounts')
    amount_to_invoice_cost = fields.Monetary(string='To Invoice: Costs', compute='_compute_amounts')
    amount_to_invoice_order = fields.Monetary(
        string='To Invoice: Orders', compute='_compute_amounts'
    )
    amount_remaining = fields.Monetary(
        string='Remaining',
        compute='_compute_amounts',
        help='Expected and not invoiced; never less than what is to invoice.',
    )
    amount_remaining_milestone = fields.Monetary(
        string='Remaining: Milestones', compute='_compute_amounts'
    )
    amount_remaining_recurring = fields.Monetary(
        string='Remaining: Recurring', compute='_compute_amounts'
    )
    amount_remaining_time = fields.Monetary(string='Remaining: Time', compute='_compute_amounts')
    amount_remaining_cost = fields.Monetary(string='Remaining: Costs', compute='_compute_amounts')
    amount_remaining_order = fields.Monetary(string='Remaining: Orders', compute='_compute_amounts')
    mrr = fields.Monetary(
        string='Monthly Revenue',
        compute='_compute_mrr',
        help='What the recurring lines that run today bring in a month (MRR); nothing while '
        'suspended.',
    )

    @api.depends('line_ids.next_due_date', 'line_ids.amount', 'billing_ids.state', 'fixed_amount')
    def _compute_amounts(self):
        figures = self.sudo()._get_amounts()
        for contract in self:
            amounts = figures[contract._origin.id]
            for figure in FIGURES:
                for kind in KINDS:
                    contract[f'amount_{figure}_{kind}'] = amounts[kind, figure]
                contract[f'amount_{figure}'] = sum(amounts[kind, figure] for kind in KINDS)

    @api.depends(
        'state', 'is_suspended', 'line_ids.amount', 'line_ids.date_start', 'line_ids.date_end'
    )
    def _compute_mrr(self):
        today = fields.Date.context_today(self)
        for contract in self:
            contract.mrr = contract.sudo()._get_mrr(today)

    def _get_mrr(self, day):
        """Return what the recurring lines bring in a month as they are on a day."""
        self.ensure_one()
        runs = self.state in RUNNING_STATES or (self.date_closed and self.date_closed > day)
        if not runs or self._get_suspension(day):
            return 0.0
        return sum(line._get_monthly_amount(day) for line in self.line_ids if line._is_on(day))

    def _get_amounts(self):
        """Return {contract id: {(kind, figure): amount}}, constantly often for many contracts.

        Override to add a kind; a kind brings expected, invoiced, to_invoice and remaining.
        """
        contracts = self._origin
        invoiced = contracts._get_invoiced_amounts()
        due = contracts._get_planned_amounts(fields.Date.context_today(self))
        agreed = contracts.filtered('date_end')
        to_come = agreed._get_planned_amounts(date.max)
        amounts = {False: Counter()}
        for contract in contracts:
            key = contract.id
            # What ends too far away to be counted has no end.
            planned = to_come[key, 'recurring'] or due[key, 'recurring']
            expected = {
                'milestone': contract._get_expected_fixed(),
                'recurring': invoiced[key, 'recurring'] + planned,
                'time': invoiced[key, 'time'] + due[key, 'time'],
                'cost': invoiced[key, 'cost'] + due[key, 'cost'],
            }
            amounts[key] = Counter()
            for kind, amount in expected.items():
                to_invoice = due[key, kind] if contract._is_billable() else 0.0
                amounts[key].update(
                    {
                        (kind, 'expected'): amount,
                        (kind, 'invoiced'): invoiced[key, kind],
                        (kind, 'to_invoice'): to_invoice,
                        (kind, 'remaining'): max(amount - invoiced[key, kind], to_invoice),
                    }
                )
        return amounts

    def _get_expected_fixed(self):
        """Return the expected amount of the fixed part of the contract.

        Milestones that were called off are expected no more, unless they were invoiced before.
        """
        milestones = self.line_ids.filtered(
            lambda line: (
                line.kind == 'milestone' and (line._is_invoiced() or not line._is_called_off())
            )
        )
        return self.fixed_amount or sum(milestones.mapped('amount'))

    def _get_invoiced_amounts(self):
        """Return {(contract id, kind): amount that invoices stand for}."""
        groups = self.env['crm.contract.billing']._read_group(
            [('contract_id', 'in', self.ids), ('state', '=', 'invoiced')],
            ['contract_id', 'kind'],
            ['amount:sum'],
        )
        return Counter({(contract.id, kind): amount for contract, kind, amount in groups})

    def _get_planned_amounts(self, until):
        """Return {(contract id, kind): amount that is due up to a day and not invoiced}."""
        amounts = Counter()
        for entry in self._get_billing_plan(until):
            if not entry.get('held'):
                amounts[entry['contract_id'], entry['kind']] += entry['amount']
        return amounts
