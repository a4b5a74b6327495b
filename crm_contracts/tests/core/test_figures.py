from itertools import product
from unittest import TestCase

from crm_contracts.core.figures import (
    NOTHING,
    NOTHING_CHARGED,
    Amounts,
    Charged,
    Results,
    get_amounts,
    get_counted_as,
    get_figures,
    get_fixed,
    get_movement,
    get_movement_kind,
    get_ratio,
    is_revenue,
)


class TestAmounts(TestCase):
    def test_remaining_is_never_less_than_what_is_to_invoice(self):
        for expected, invoiced, to_invoice, remaining in [
            (100.0, 40.0, 10.0, 60.0),
            (100.0, 95.0, 10.0, 10.0),
            (100.0, 120.0, 0.0, 0.0),
            (100.0, 90.0, 10.0, 10.0),
        ]:
            with self.subTest(invoiced=invoiced):
                self.assertEqual(Amounts(expected, invoiced, to_invoice).remaining, remaining)

    def test_amounts_are_added_figure_by_figure(self):
        self.assertEqual(Amounts(1, 2, 3, 4).plus(Amounts(10, 20, 30, 40)), (11, 22, 33, 44))
        self.assertEqual(NOTHING.plus(Amounts(1.0, 2.0, 3.0)), (1.0, 2.0, 3.0, 0.0))
        self.assertEqual(Charged(1.0, 2.0).plus(Charged(10.0, 20.0)), (11.0, 22.0))
        self.assertEqual(NOTHING_CHARGED, (0.0, 0.0))

    def test_an_order_gives_nothing_back(self):
        owing = Amounts(100.0, 120.0, -20.0)
        self.assertEqual(owing.without_debts(), (100.0, 120.0, 0.0, 0.0))
        self.assertEqual(Amounts(1.0, 0.0, 0.5).without_debts().to_invoice, 0.5)

    def test_an_agreed_amount_stands_in_for_the_milestones(self):
        self.assertEqual(get_fixed(500.0, 300.0), 500.0)
        self.assertEqual(get_fixed(0.0, 300.0), 300.0)

    def test_each_kind_expects_what_it_can_know(self):
        charged = {
            'milestone': Charged(10.0, 1.5),
            'recurring': Charged(20.0),
            'time': Charged(30.0),
            'cost': Charged(40.0, 40.0),
            'other': Charged(-50.0),
        }
        due = {'milestone': 1.0, 'recurring': 2.0, 'time': 3.0, 'cost': 4.0}
        amounts = get_amounts(100.0, charged, due, 24.0, is_billable=True)
        self.assertEqual(
            amounts,
            {
                'milestone': (100.0, 10.0, 1.0, 1.5),
                'recurring': (44.0, 20.0, 2.0, 0.0),
                'time': (33.0, 30.0, 3.0, 0.0),
                'cost': (44.0, 40.0, 4.0, 40.0),
                'other': (-50.0, -50.0, 0.0, 0.0),
            },
        )

    def test_what_has_no_end_expects_what_is_due(self):
        charged = {'recurring': Charged(20.0)}
        amounts = get_amounts(0.0, charged, {'recurring': 2.0}, 0.0, is_billable=True)
        self.assertEqual(amounts['recurring'], (22.0, 20.0, 2.0, 0.0))

    def test_nothing_is_to_invoice_of_what_is_not_billed(self):
        due = {'milestone': 1.0, 'recurring': 2.0, 'time': 3.0, 'cost': 4.0}
        amounts = get_amounts(100.0, {}, due, 24.0, is_billable=False)
        self.assertEqual([own.to_invoice for own in amounts.values()], [0.0] * 5)
        self.assertEqual([own.expected for own in amounts.values()], [100.0, 24.0, 3.0, 4.0, 0.0])

    def test_nothing_known_is_nothing(self):
        amounts = get_amounts(0.0, {}, {}, 0.0, is_billable=True)
        self.assertEqual(set(amounts.values()), {NOTHING})
        self.assertEqual(NOTHING, (0.0, 0.0, 0.0, 0.0))

    def test_figures_are_named_by_kind_and_add_up(self):
        figures = get_figures(
            {'time': Amounts(10.0, 4.0, 1.0, 3.0), 'order': Amounts(5.0, 9.0, 2.0, 5.0)}
        )
        self.assertEqual(len(figures), 5 * 7)
        self.assertEqual(figures['drafted'], 8.0)
        self.assertEqual(figures['drafted_order'], 5.0)
        self.assertEqual(figures['expected'], 15.0)
        self.assertEqual(figures['expected_time'], 10.0)
        self.assertEqual(figures['invoiced'], 13.0)
        self.assertEqual(figures['invoiced_order'], 9.0)
        self.assertEqual(figures['to_invoice'], 3.0)
        self.assertEqual(figures['to_invoice_time'], 1.0)
        self.assertEqual(figures['remaining'], 8.0, '6 of time and 2 of orders')
        self.assertEqual(figures['remaining_order'], 2.0)
        for kind in ('milestone', 'recurring', 'cost', 'other'):
            self.assertEqual(figures[f'remaining_{kind}'], 0.0)


class TestResults(TestCase):
    def test_margin_is_what_revenue_leaves_of_the_costs(self):
        results = Results(
            {'revenue': 1000.0, 'time': -300.0, 'purchase': -200.0, 'expense': -50.0, 'other': 10.0}
        )
        self.assertEqual(
            results.costs, {'time': 300.0, 'purchase': 200.0, 'expense': 50.0, 'other': -10.0}
        )
        self.assertEqual(results.cost_total, 540.0)
        self.assertEqual(results.margin, 460.0)
        self.assertEqual(results.margin_rate, 0.46)

    def test_an_account_without_items_has_no_margin_rate(self):
        results = Results({})
        self.assertEqual((results.revenue, results.cost_total), (0.0, 0.0))
        self.assertEqual(results.margin_rate, 0.0)
        self.assertEqual(list(map(str, results.costs.values())), ['0.0'] * 4, 'without a sign')
        self.assertEqual(Results({'time': -5.0}).margin_rate, 0.0)

    def test_a_ratio_of_nothing_is_zero(self):
        self.assertEqual(get_ratio(5.0, 0.0), 0.0)
        self.assertEqual(get_ratio(5.0, 20.0), 0.25)
        self.assertEqual(get_ratio(5.0, -20.0), -0.25)

    def test_the_document_decides_before_the_account(self):
        for category, account_type, expected in [
            ('vendor_bill', 'income', False),
            ('vendor_bill', 'expense', False),
            ('invoice', 'income_other', True),
            ('invoice', 'asset_current', True),
            ('invoice', 'expense_direct_cost', False),
            ('other', 'income', True),
            ('other', 'income_other', True),
            ('other', 'expense', False),
            ('other', 'asset_current', False),
            ('other', '', False),
        ]:
            with self.subTest(category=category, account_type=account_type):
                self.assertEqual(is_revenue(category, account_type), expected)


class TestMovements(TestCase):
    def test_each_change_has_its_kind(self):
        for before, after, is_first, kind in [
            (0.0, 100.0, True, 'new'),
            (0.0, 100.0, False, 'reactivation'),
            (100.0, 0.0, False, 'churn'),
            (100.0, 150.0, False, 'expansion'),
            (150.0, 100.0, False, 'contraction'),
        ]:
            with self.subTest(kind=kind):
                self.assertEqual(get_movement_kind(before, after, is_first), kind)

    def test_a_movement_is_rounded_before_it_is_named(self):
        movement = get_movement(100.004, 0.0001, False, lambda amount: round(amount, 2))
        self.assertEqual(movement, ('churn', -100.0, 0.0))
        movement = get_movement(100.0, 150.0, False, round)
        self.assertEqual(movement, ('expansion', 50.0, 150.0))
        movement = get_movement(0.004, 12.345, True, lambda amount: round(amount, 1))
        self.assertEqual(movement, ('new', 12.3, 12.3))

    def test_movements_add_up_to_the_monthly_revenue(self):
        levels = [0.0, 33.333, 99.999, 12.5, 0.0, 50.005]
        for one, two, three in product(levels, repeat=3):
            log, last = [], 0.0
            for level in (one, two, three):
                movement = get_movement(last, level, not log, lambda amount: round(amount, 2))
                if movement.amount:
                    log.append(movement)
                    last = movement.mrr
            with self.subTest(levels=(one, two, three)):
                self.assertAlmostEqual(sum(own.amount for own in log), round(three, 2))
                self.assertFalse([own for own in log[1:] if own.kind == 'new'])


class TestCounting(TestCase):
    def test_kinds_of_the_ledger_count_as_what_they_are_part_of(self):
        self.assertEqual(get_counted_as('recurring'), ['recurring', 'minimum', 'usage'])
        self.assertEqual(get_counted_as('time'), ['time'])
