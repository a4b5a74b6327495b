from collections import Counter, defaultdict
from datetime import date

from odoo import api, fields, models

from ...core.figures import (
    COUNTED_AS,
    NOTHING,
    get_amounts,
    get_counted_as,
    get_figures,
    get_fixed,
    get_ratio,
)


def _amount(label, **attributes):
    """Return the field of one figure; all of them are computed together."""
    return fields.Monetary(string=label, compute='_compute_amounts', **attributes)


class CrmContract(models.Model):
    """What a contract is expected to bring, what was invoiced and what is left.

    All amounts are money without taxes in the contract's currency. Who may read the contract may
    read them.
    """

    _inherit = 'crm.contract'

    amount_expected = _amount(
        'Expected',
        help='Agreed amount, or the milestones without one, less what was waived or rebated of '
        'them; all periods up to the end, and what was ordered; of a contract without end, and of '
        'time and costs, what was invoiced and what is due.',
    )
    amount_expected_milestone = _amount('Expected: Milestones')
    amount_expected_recurring = _amount('Expected: Recurring')
    amount_expected_time = _amount('Expected: Time')
    amount_expected_cost = _amount('Expected: Costs')
    amount_expected_order = _amount('Expected: Orders')
    amount_expected_other = _amount('Expected: By Hand')
    amount_invoiced = _amount(
        'Invoiced',
        help='What stands on invoices, drafts included, less credit notes: credited quantities and '
        "rebates, and lines that were entered by hand on the contract's account.",
    )
    amount_invoiced_milestone = _amount('Invoiced: Milestones')
    amount_invoiced_recurring = _amount('Invoiced: Recurring')
    amount_invoiced_time = _amount('Invoiced: Time')
    amount_invoiced_cost = _amount('Invoiced: Costs')
    amount_invoiced_order = _amount('Invoiced: Orders')
    amount_invoiced_other = _amount('Invoiced: By Hand')
    amount_drafted = _amount('On Drafts', help='Part of what is invoiced that is not posted yet.')
    amount_drafted_milestone = _amount('On Drafts: Milestones')
    amount_drafted_recurring = _amount('On Drafts: Recurring')
    amount_drafted_time = _amount('On Drafts: Time')
    amount_drafted_cost = _amount('On Drafts: Costs')
    amount_drafted_order = _amount('On Drafts: Orders')
    amount_drafted_other = _amount('On Drafts: By Hand')
    amount_to_invoice = _amount(
        'To Invoice', help='What is due today, by the contract or by its orders.'
    )
    amount_to_invoice_milestone = _amount('To Invoice: Milestones')
    amount_to_invoice_recurring = _amount('To Invoice: Recurring')
    amount_to_invoice_time = _amount('To Invoice: Time')
    amount_to_invoice_cost = _amount('To Invoice: Costs')
    amount_to_invoice_order = _amount('To Invoice: Orders')
    amount_to_invoice_other = _amount('To Invoice: By Hand')
    amount_remaining = _amount(
        'Remaining', help='Expected and not invoiced; never less than what is to invoice.'
    )
    amount_remaining_milestone = _amount('Remaining: Milestones')
    amount_remaining_recurring = _amount('Remaining: Recurring')
    amount_remaining_time = _amount('Remaining: Time')
    amount_remaining_cost = _amount('Remaining: Costs')
    amount_remaining_order = _amount('Remaining: Orders')
    amount_remaining_other = _amount('Remaining: By Hand')
    invoiced_rate = fields.Float(
        string='Invoiced (%)',
        compute='_compute_invoiced_rate',
        help='Invoiced, in percent of expected.',
    )

    @api.depends(
        'line_ids.next_due_date',
        'line_ids.amount',
        'line_ids.date_billed',
        'billing_ids.state',
        'billing_ids.amount_charged',
        'fixed_amount',
    )
    def _compute_amounts(self):
        amounts = self.sudo()._get_amounts()
        for contract in self:
            for figure, amount in get_figures(amounts[contract._origin.id]).items():
                contract[f'amount_{figure}'] = amount

    @api.depends('amount_invoiced', 'amount_expected')
    def _compute_invoiced_rate(self):
        for contract in self:
            invoiced = 100 * contract.amount_invoiced
            contract.invoiced_rate = get_ratio(invoiced, contract.amount_expected)

    def _get_amounts(self):
        """Return {contract id: {kind: Amounts}}, constantly often for many contracts.

        Override to add a kind. Whatever becomes of a contract, Odoo invoices its orders.
        """
        contracts = self._origin
        charged = self.env['crm.contract.biller']._get_charged_amounts(contracts)
        rebates = contracts._get_milestone_rebates(charged)
        due = contracts._get_planned_amounts(fields.Date.context_today(self))
        agreed = contracts.filtered('date_end')
        to_come = agreed._get_planned_amounts(date.max)
        amounts = {False: {}}
        for contract in contracts:
            key = contract.id
            amounts[key] = get_amounts(
                contract._get_expected_fixed() - rebates[contract],
                charged[contract],
                due[key],
                # What ends too far away to be counted has no end.
                to_come[key]['recurring'],
                contract._is_billable(),
            )
        orders = self.env['crm.contract.biller']._get_order_amounts(contracts)
        for (contract, _order), own in orders.items():
            of_orders = amounts[contract.id].get('order', NOTHING)
            amounts[contract.id]['order'] = of_orders.plus(own)
        return amounts

    def _get_expected_fixed(self):
        """Return the expected amount of the fixed part of the contract.

        Milestones that were called off are expected no more, unless they were invoiced before;
        nor is what was credited of them and is never billed again, or was billed elsewhere.
        """
        milestones = [
            line
            for line in self.line_ids
            if line.kind == 'milestone'
            and (line.date_billed or line._is_invoiced() or not line._is_called_off())
        ]
        # Asked one by one as they were read together: a selection would be read by itself.
        beside = sum(
            line.amount for line in milestones if line._is_beside_agreed() and not line.date_billed
        )
        agreed = sum(line.amount for line in milestones if not line._is_beside_agreed())
        before = sum(
            line.amount for line in milestones if line.date_billed and not line._is_beside_agreed()
        )
        fixed = max(get_fixed(self.fixed_amount, agreed) - before, 0.0)
        waived = sum(
            row.amount for line in milestones for row in line.billing_ids if row.state == 'waived'
        )
        return fixed + beside - waived

    def _get_milestone_rebates(self, charged):
        """Return {contract: what documents charge less for its milestones than the ledger}."""
        groups = self.env['crm.contract.billing']._read_group(
            [
                ('contract_id', 'in', self.ids),
                ('kind', 'in', get_counted_as('milestone')),
                ('state', '=', 'invoiced'),
            ],
            ['contract_id'],
            ['amount:sum'],
        )
        standing = dict(groups)
        return {
            contract: standing.get(contract, 0.0) - charged[contract]['milestone'].amount
            for contract in self
        }

    def _get_planned_amounts(self, until):
        """Return {contract id: {kind: amount that is due up to a day and not invoiced}}."""
        amounts = defaultdict(Counter)
        for entry in self._get_billing_plan(until):
            if not entry.get('held'):
                kind = COUNTED_AS.get(entry['kind'], entry['kind'])
                amounts[entry['contract_id']][kind] += entry['amount']
        return amounts
