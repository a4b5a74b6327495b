import os
from collections import defaultdict

from odoo.tests import freeze_time, tagged

from ...core.periods import Schedule
from .history_common import HistoryCase
from .property_common import DAY, LONG, SEED, get_days, get_expected

HISTORIES = int(os.environ.get('CRM_HISTORIES', 10000 if LONG else 45))
ROUNDS = 5
SIGNS = {'out_invoice': 1, 'out_refund': -1}


@tagged('post_install', '-at_install')
@freeze_time('2027-03-15')
class TestContractHistories(HistoryCase):
    """Hundreds of contracts live through random histories side by side.

    CRM_HISTORIES sets how many, LONG=1 takes ten thousand, CRM_SEED says where chance begins.
    """

    size = HISTORIES

    def test_every_unit_is_billed_exactly_once(self):
        self.suspend_some()
        for number in range(ROUNDS):
            self.book_some()
            self.buy_some()
            self.bill_some(number)
            self.decide_on_drafts()
            self.credit_some()
            self.release_some()
            self.waive_some()
            self.correct_some()
            self.change_some()
            self.rest_some()
            self.credit_days_some()
            self.rebate_some()
            self.correct_bills_some()
        self.finish()
        self.assertFalse(self.contracts._bill())
        for contract in self.contracts:
            with self.subTest(contract=contract.id, seed=SEED, histories=HISTORIES):
                self._assert_items(contract)
                self._assert_lines(contract)
                self._assert_documents(contract)

    def _settled(self, contract, kind):
        return contract.billing_ids.filtered(
            lambda row: row.kind == kind and row.state in ('invoiced', 'waived')
        )

    def _assert_items(self, contract):
        history = self.histories[contract]
        self.assertAlmostEqual(
            sum(self._settled(contract, 'time').mapped('amount')), history.get_time_amount(), 2
        )
        self.assertAlmostEqual(
            sum(self._settled(contract, 'cost').mapped('amount')),
            history.costs * (1 + contract.cost_markup / 100),
            2,
        )

    def _assert_lines(self, contract):
        for line in contract.line_ids:
            rows = self._settled(contract, line.kind).filtered(
                lambda row, line=line: row.line_id == line
            )
            if line.kind == 'milestone':
                self.assertAlmostEqual(sum(rows.mapped('amount')), line.price_unit, 2)
            else:
                self._assert_recurring(line, rows)

    def _assert_recurring(self, line, rows):
        contract, history = line.contract_id, self.histories[line.contract_id]
        suspended = [
            (suspension.date_from, suspension.date_to + DAY)
            for suspension in contract.suspension_ids
        ]
        schedule = Schedule(
            anchor=line.date_start,
            interval_count=line.interval_count,
            interval_unit=line.interval_unit,
            date_from=line.date_start,
            date_to=contract.date_end + DAY,
        )
        expected = get_expected(schedule, suspended, line.prorate)
        amounts = defaultdict(float)
        for row in rows:
            amounts[row.period_start, row.period_end] += row.amount
        if line.prorate:
            days = [day for start, end in amounts for day in get_days(start, end)]
            self.assertEqual(sorted(days), sorted(expected))
        else:
            self.assertEqual(len(amounts), len(expected))
        for (start, end), amount in amounts.items():
            share = sum(expected[day] for day in get_days(start, end)) if line.prorate else 1.0
            price = history.get_price(self.first_prices[line], start)
            self.assertAlmostEqual(amount, round(4 * price * share + 1e-9, 2), 2)

    def _assert_documents(self, contract):
        told = self._get_charging(self._get_lines_on_account(contract))
        self.assertAlmostEqual(contract.amount_invoiced, self._get_booked(told), 2)
        of_ledger = self._get_charging(contract.billing_ids.move_line_ids)
        self.assertFalse(of_ledger - told)
        self.assertAlmostEqual(
            sum(contract.billing_ids.mapped('amount_charged')), self._get_booked(of_ledger), 2
        )
        if self.histories[contract].is_rebated:
            return
        self.assertEqual(of_ledger, told)
        net = sum(line.price_subtotal * SIGNS[line.move_type] for line in of_ledger)
        live = contract.billing_ids.filtered(lambda row: row.state == 'invoiced')
        owed = sum(live.mapped('amount')) + self.histories[contract].charged_twice
        self.assertAlmostEqual(owed, net, 2)

    def _get_lines_on_account(self, contract):
        """Return the lines of documents of customers on the account of a contract.

        A rebate on what is billed again by hand is among them, but not in the ledger.
        """
        return self.env['account.move.line'].search(
            [
                ('analytic_distribution', 'in', contract.analytic_account_id.ids),
                ('move_type', 'in', list(SIGNS)),
            ]
        )

    def _get_charging(self, lines):
        return lines.filtered(
            lambda line: (
                line.parent_state == 'posted'
                or (line.move_type == 'out_invoice' and line.parent_state == 'draft')
            )
        ).sorted('id')

    def _get_booked(self, lines):
        """Return what lines are booked with: cents of global rounding are not in subtotals."""
        return -sum(lines.mapped('amount_currency'))
