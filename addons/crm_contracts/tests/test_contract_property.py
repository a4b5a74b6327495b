import os
from collections import defaultdict
from datetime import date, timedelta
from random import Random

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import BaseCase, freeze_time, tagged

from ..tools.periods import Schedule, get_charge, get_open_periods
from .billing_common import ItemCase

SEED = int(os.environ.get('CRM_SEED', 1))
PURE_HISTORIES = int(os.environ.get('CRM_PURE_HISTORIES', 3000))
HISTORIES = int(os.environ.get('CRM_HISTORIES', 200))
ROUNDS = 5
DAY = timedelta(days=1)


def get_days(start, end):
    """Return the days from the first to the one before the last."""
    return [start + DAY * number for number in range((end - start).days)]


def add_intervals(anchor, number, unit):
    """Return a day so many units after another: an own, slow way, without any library."""
    if unit in ('day', 'week'):
        return anchor + DAY * number * (7 if unit == 'week' else 1)
    months = anchor.month - 1 + number * (12 if unit == 'year' else 1)
    year, month = anchor.year + months // 12, months % 12 + 1
    day = anchor.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def get_whole_periods(schedule):
    """Return the periods of a schedule with an end, uncut."""
    periods, number = [], 0
    while (
        start := add_intervals(
            schedule.anchor, number * schedule.interval_count, schedule.interval_unit
        )
    ) < schedule.date_to:
        number += 1
        end = add_intervals(
            schedule.anchor, number * schedule.interval_count, schedule.interval_unit
        )
        periods.append((start, end))
    return periods


def get_expected(schedule, suspended, prorate):
    """Return {day: share of a whole price} with proration, else [active days of each period]."""
    paused = {day for start, end in suspended for day in get_days(start, end)}
    shares, periods = {}, []
    for start, end in get_whole_periods(schedule):
        active = [
            day
            for day in get_days(max(start, schedule.date_from), min(end, schedule.date_to))
            if day not in paused
        ]
        shares.update(dict.fromkeys(active, 1 / (end - start).days))
        if active:
            periods.append((start, end))
    return shares if prorate else periods


class TestContractPeriodHistories(BaseCase):
    """Thousands of histories of a schedule, without a database."""

    def test_every_day_is_charged_exactly_once(self):
        for seed in range(SEED, SEED + PURE_HISTORIES):
            with self.subTest(seed=seed):
                self._live_through(Random(seed))

    def _draw_schedule(self, random):
        start = date(2023, 1, 1) + DAY * random.randrange(500)
        if random.random() < 0.5:
            start = date(2024, random.choice([1, 3, 5, 10]), random.choice([28, 29, 30, 31]))
        date_from = start + DAY * random.choice([0, 0, 3, 40])
        return Schedule(
            anchor=start,
            interval_count=random.randint(1, 4),
            interval_unit=random.choice(['day', 'week', 'month', 'month', 'year']),
            date_from=date_from,
            date_to=date_from + DAY * random.randint(1, 300),
        )

    def _draw_suspensions(self, random, schedule):
        start = schedule.date_from + DAY * random.randrange(200)
        spans = [(start, start + DAY * random.randint(1, 50))]
        return spans if random.random() < 0.5 else []

    def _live_through(self, random):
        schedule = self._draw_schedule(random)
        suspended = self._draw_suspensions(random, schedule)
        prorate = random.random() < 0.5
        billed = []
        for _number in range(random.randint(1, 8)):
            step = random.random()
            if billed and step < 0.3:
                billed.remove(random.choice(billed))  # cancelled or credited in full
                continue
            days = (schedule.date_to - schedule.date_from).days
            cut = schedule._replace(
                date_to=schedule.date_from + DAY * random.randint(1, days)
                if step < 0.5
                else schedule.date_to
            )
            until = schedule.date_from + DAY * random.randrange(days + 10)
            self._bill(cut, suspended, prorate, billed, until)
        self._bill(schedule, suspended, prorate, billed, date.max)
        self.assertFalse(list(get_open_periods(schedule, billed, prorate, suspended)))
        self._assert_once(schedule, suspended, prorate, billed)

    def _bill(self, schedule, suspended, prorate, billed, until):
        for period in list(get_open_periods(schedule, billed, prorate, suspended)):
            if period.start > until:
                break
            billed.append((period.start, period.end))
            self.assertGreater(get_charge(period, prorate), 0)

    def _assert_once(self, schedule, suspended, prorate, billed):
        expected = get_expected(schedule, suspended, prorate)
        if prorate:
            days = [day for start, end in billed for day in get_days(start, end)]
            self.assertEqual(sorted(days), sorted(expected))
        else:
            hits = [
                sum(start < period[1] and period[0] < end for start, end in billed)
                for period in expected
            ]
            self.assertEqual(hits, [1] * len(expected))
            self.assertEqual(len(billed), len(expected))


@tagged('post_install', '-at_install')
@freeze_time('2027-03-15')
class TestContractHistories(ItemCase):
    """Hundreds of contracts live through random histories side by side.

    CRM_HISTORIES sets how many, CRM_SEED where chance begins.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = Random(SEED)
        cls.prices = {}
        cls.contracts = cls.env['crm.contract'].create(
            [cls.draw_contract() for _number in range(HISTORIES)]
        )
        cls.projects = dict(
            zip(
                cls.contracts,
                cls.env['project.project'].create(
                    [
                        {'name': 'History', cls.column: contract.analytic_account_id.id}
                        for contract in cls.contracts
                    ]
                ),
                strict=True,
            )
        )
        cls.ends = {contract: contract.date_end for contract in cls.contracts}
        cls.hours, cls.costs = defaultdict(float), defaultdict(float)
        cls.charged_twice = defaultdict(float)

    @classmethod
    def draw_contract(cls):
        random = cls.random
        start = date(2026, random.choice([1, 3]), random.choice([1, 15, 28, 29, 30, 31][:3]))
        if random.random() < 0.5:
            start = date(2026, 1, random.choice([29, 30, 31]))
        values = cls.prepare_contract(
            cls.monthly(
                quantity=4,
                price_unit=random.choice([10.0, 12.5, 99.99]),
                interval_count=random.randint(1, 4),
                interval_unit=random.choice(['week', 'month', 'month', 'year']),
                timing=random.choice(['advance', 'arrears']),
                prorate=random.random() < 0.5,
            ),
            date_start=start,
            date_end=start + DAY * random.randint(170, 230),
            bill_time=True,
            time_ratio=random.choice([100, 80]),
            bill_costs=True,
            cost_markup=random.choice([0, 10]),
            invoice_grouping=random.choice(['contract', 'customer', 'customer', 'period']),
        )
        if random.random() < 0.3:
            values.update(
                prepaid_quantity=10,
                prepaid_uom_id=cls.hour.id,
                overage_price=80.0,
                prepaid_rollover=random.random() < 0.5,
            )
        by_day = random.random() < 0.5
        rate = cls.rate(
            price_unit=520.0 if by_day else 60.0,
            product_uom_id=(cls.day if by_day else cls.hour).id,
        )
        return {**values, 'rate_ids': [Command.create(rate)]}

    def test_every_unit_is_billed_exactly_once(self):
        with self.subTest(seed=SEED, histories=HISTORIES):
            self._suspend_some()
            for number in range(ROUNDS):
                self._book_some()
                self._buy_some()
                self._bill_some(number)
                self._decide_on_drafts()
                self._credit_some()
                self._release_some()
                self._waive_some()
                self._change_some()
            self._finish()
            for contract in self.contracts:
                with self.subTest(contract=contract.id, seed=SEED):
                    self._assert_model(contract)
                    self._assert_documents(contract)

    # === STEPS === #

    def _some(self, records, part):
        return records.filtered(lambda record: self.random.random() < part)

    def _try(self, step):
        """Do a step that may be refused; then nothing has changed."""
        try:
            with self.cr.savepoint():
                step()
                self.env.flush_all()
        except UserError:
            self.env.invalidate_all()

    def _suspend_some(self):
        for contract in self._some(self.contracts, 0.2):
            start = contract.date_start + DAY * self.random.randrange(150)
            contract.action_suspend(start, start + DAY * self.random.randint(1, 60))

    def _draw_day(self, contract):
        return self._get_terms(contract)[0].date_start + DAY * self.random.randrange(150)

    def _get_terms(self, contract):
        return contract.term_ids.sorted('date_start')

    def _draw_term(self, contract):
        """Return a term to book hours in; what rolled over once does not change any more."""
        terms = self._get_terms(contract)
        return terms[-1] if contract.prepaid_rollover else self.random.choice(terms)

    def _book_some(self):
        hours, costs = [], []
        for contract in self._some(self.contracts, 0.4):
            time = self.random.randint(1, 40) / 4
            amount = 10.0 * self.random.choice([-3, 5, 20, 100])
            term = self._draw_term(contract)
            first = term == self._get_terms(contract)[0]
            self.hours[contract, first] += time
            self.costs[contract] += amount
            hours.append(
                {
                    'name': 'Work',
                    'project_id': self.projects[contract].id,
                    'employee_id': self.ada.id,
                    'unit_amount': time,
                    'date': term.date_start + DAY * self.random.randrange(150 if first else 20),
                }
            )
            costs.append(self._prepare_cost(contract, amount))
        self.env['account.analytic.line'].create(hours)
        self.env['account.analytic.line'].create(costs)

    def _prepare_cost(self, contract, amount):
        return {
            'name': 'Cost',
            'amount': -amount,
            'date': self._draw_day(contract),
            self.column: contract.analytic_account_id.id,
        }

    def _buy_some(self):
        """Share vendor bills and refunds between two contracts, by percentages."""
        bills = []
        for contract in self._some(self.contracts, 0.1):
            other = self.random.choice(self.contracts - contract)
            percent = self.random.choice([10, 30, 50])
            move_type, amount = self.random.choice([('in_invoice', 700.0), ('in_refund', 40.0)])
            distribution = {contract: percent, other: 100 - percent}
            bills.append(self._prepare_bill(move_type, (amount, distribution)))
            for owner, share in distribution.items():
                sign = 1 if move_type == 'in_invoice' else -1
                self.costs[owner] += sign * amount * share / 100
        self.env['account.move'].create(bills).action_post()

    def _prepare_bill(self, move_type, *lines):
        """Return the values of a document of a vendor, its lines as (amount, distribution)."""
        return {
            'move_type': move_type,
            'partner_id': self.partner_b.id,
            'invoice_date': '2026-02-01',
            'invoice_line_ids': [
                Command.create(
                    {
                        'name': 'Licences',
                        'price_unit': amount,
                        'tax_ids': False,
                        'analytic_distribution': {
                            str(contract.analytic_account_id.id): percent
                            for contract, percent in distribution.items()
                        },
                    }
                )
                for amount, distribution in lines
            ],
        }

    def _bill_some(self, number):
        until = date(2026, 3, 1) + DAY * (60 * number + self.random.randrange(60))
        self._some(self.contracts, 0.4)._bill(until)

    def _documents(self, move_type, state):
        moves = self.contracts.billing_ids.move_line_ids.move_id
        return moves.filtered(lambda move: move.move_type == move_type and move.state == state)

    def _decide_on_drafts(self):
        drafts = self._documents('out_invoice', 'draft')
        posted = self._some(drafts, 0.5)
        posted.action_post()
        cancelled = self._some(drafts - posted, 0.3)
        cancelled.button_cancel()
        self._some(drafts - posted - cancelled, 0.3).unlink()
        for move in self._some(self._documents('out_invoice', 'cancel'), 0.1):
            self._try(move.button_draft)

    def _credit_some(self):
        for move in self._some(self._documents('out_invoice', 'posted'), 0.12):
            rows = move.invoice_line_ids.crm_contract_billing_id
            standing = all(
                row.state == 'invoiced' and row._get_invoice_lines().move_id == move for row in rows
            )
            if standing and rows == move.invoice_line_ids.crm_contract_billing_id:
                self._credit(move)
        for refund in self._some(self._documents('out_refund', 'posted'), 0.1):
            self._try(refund.button_draft)

    def _credit(self, move):
        """Credit what is left of an invoice, or half of the quantities that have an exact half."""
        refund = move._reverse_moves([{'invoice_date': move.invoice_date}])
        halve = self.random.random() < 0.5
        for line in refund.invoice_line_ids:
            row = line.crm_contract_billing_id
            exact = row.kind in ('time', 'recurring') and not row.line_id.prorate
            has_half = halve and exact and row.quantity % 0.5 == 0
            line.quantity = row.quantity / 2 if has_half else row.quantity
        refund.action_post()

    def _release_some(self):
        """Bill again what stays on its invoice: the customer pays it twice, because we say so."""
        standing = self.contracts.billing_ids.filtered(
            lambda row: row.state == 'invoiced' and row._get_invoice_lines()
        )
        for row in self._some(standing, 0.05):
            amount, state = row.amount, row.state
            self._try(row.action_release)
            if row.state != state:
                self.charged_twice[row.contract_id] += amount

    def _waive_some(self):
        released = self.contracts.billing_ids.filtered(lambda row: row.state == 'released')
        for row in self._some(released, 0.1):
            self._try(row.action_waive)

    def _change_some(self):
        for contract in self._some(self.contracts, 0.15):
            if len(contract.term_ids) == 1 and self.random.random() < 0.7:
                contract.date_end = self.random.choice(
                    [self.ends[contract], contract.date_start + DAY * self.random.randint(30, 160)]
                )
            elif len(contract.term_ids) == 1:
                contract.date_end = self.ends[contract]
                self.ends[contract] += DAY * self.random.randint(20, 60)
                contract._renew(self.ends[contract])

    def _finish(self):
        for refund in self._documents('out_refund', 'draft'):
            self._try(refund.unlink)
        for contract in self.contracts:
            contract.date_end = self.ends[contract]
            self.costs[contract] += 2000.0
        self.env['account.analytic.line'].create(
            [self._prepare_cost(contract, 1000.0) for contract in self.contracts]
        )
        # Refunds wait for further costs of their kind.
        purchases = [(1000.0, {contract: 100}) for contract in self.contracts]
        self.env['account.move'].create(self._prepare_bill('in_invoice', *purchases)).action_post()
        self.contracts._bill()
        self.assertFalse(self.contracts._bill())

    # === WHAT MUST HOLD === #

    def _settled(self, contract, kind):
        return contract.billing_ids.filtered(
            lambda row: row.kind == kind and row.state in ('invoiced', 'waived')
        )

    def _assert_model(self, contract):
        self._assert_recurring(contract)
        ratio = contract.time_ratio / 100
        hours = [self.hours[contract, True], self.hours[contract, False]]
        if contract.prepaid_quantity:
            expected = self._get_overage(contract, *hours) * contract.overage_price
        else:
            rate = contract.rate_ids
            expected = sum(hours) * rate.price_unit * ratio / (8 if rate.price_unit == 520.0 else 1)
        self.assertAlmostEqual(sum(self._settled(contract, 'time').mapped('amount')), expected, 2)
        self.assertAlmostEqual(
            sum(self._settled(contract, 'cost').mapped('amount')),
            self.costs[contract] * (1 + contract.cost_markup / 100),
            2,
        )

    def _get_overage(self, contract, first, second):
        """Return the hours over the prepaid ones of the first term and of the second."""
        granted = contract.prepaid_quantity
        left = max(granted - first, 0.0) if contract.prepaid_rollover else 0.0
        return max(first - granted, 0.0) + max(second - granted - left, 0.0)

    def _assert_recurring(self, contract):
        line = contract.line_ids
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
        rows = self._settled(contract, 'recurring')
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
            self.assertAlmostEqual(amount, round(4 * line.price_unit * share + 1e-9, 2), 2)

    def _assert_documents(self, contract):
        lines = contract.billing_ids.move_line_ids
        charged = lines.filtered(
            lambda line: line.move_type == 'out_invoice' and line.parent_state != 'cancel'
        )
        credited = lines.filtered(
            lambda line: line.move_type == 'out_refund' and line.parent_state == 'posted'
        )
        net = sum(charged.mapped('price_subtotal')) - sum(credited.mapped('price_subtotal'))
        live = contract.billing_ids.filtered(lambda row: row.state == 'invoiced')
        owed = sum(live.mapped('amount')) + self.charged_twice[contract]
        self.assertAlmostEqual(owed, net, 2)
