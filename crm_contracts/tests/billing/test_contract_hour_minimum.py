from fractions import Fraction
from random import Random

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-05-02')
class TestContractHourMinimum(ItemCase):
    """At least 500 a month, hours at 60 included, from March on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.line_ids = [
            Command.clear(),
            Command.create(
                cls.monthly(
                    name='Standby',
                    price_unit=0.0,
                    is_metered=True,
                    minimum_amount=500.0,
                    counts_hours=True,
                    date_start='2026-03-01',
                )
            ),
        ]
        cls.line = cls.contract.line_ids

    def bill(self, until=None):
        """Return the amounts of the hours and of the minimum that are billed."""
        move = self.contract._bill(until)
        return [
            (line.crm_contract_billing_id.kind, line.price_subtotal)
            for line in move.invoice_line_ids.sorted(
                lambda line: (line.crm_contract_billing_id.period_start, line.price_subtotal)
            )
        ]

    def test_hours_of_a_period_are_made_up_to_its_minimum(self):
        self.book(self.ben, 3, '2026-03-10')
        self.book(self.ben, 10, '2026-04-10')
        self.assertEqual(
            self.bill(), [('minimum', 320.0), ('time', 180.0), ('time', 600.0)], 'March, April'
        )
        self.assertEqual(self.bill(), [])
        self.assertEqual(str(self.line.next_due_date), '2026-06-01')

    def test_hours_of_a_running_period_are_billed_as_they_come(self):
        self.book(self.ben, 20, '2026-03-10')
        self.book(self.ben, 4, '2026-04-10')
        self.assertEqual(self.bill('2026-04-15'), [('time', 1200.0), ('time', 240.0)])
        self.assertEqual(str(self.line.next_due_date), '2026-05-01', 'hours covered March')
        self.book(self.ben, 1, '2026-04-20')
        self.assertEqual(self.bill('2026-05-01'), [('minimum', 200.0), ('time', 60.0)])

    def test_late_hours_give_back_what_made_up_for_the_minimum(self):
        self.bill('2026-04-01')
        self.book(self.ben, 2, '2026-03-20')
        self.book(self.ben, 9, '2026-04-20')
        self.assertEqual(self.bill(), [('minimum', -120.0), ('time', 120.0), ('time', 540.0)])
        self.assertEqual(self.bill('2026-05-31'), [])

    def test_credited_hours_are_billed_again_without_touching_the_minimum(self):
        self.book(self.ben, 3, '2026-03-10')
        move = self.contract._bill('2026-04-01')
        move.action_post()
        self.credit(move)
        self.assertEqual(self.bill('2026-04-01'), [('minimum', 320.0), ('time', 180.0)])

    def test_minimum_waits_for_hours_that_are_held_back(self):
        self.contract.rate_ids = [Command.clear()]
        self.contract.time_product_id = False
        self.book(self.ben, 3, '2026-03-10')
        self.assertEqual(self.bill('2026-04-01'), [])
        held = {entry['kind']: entry for entry in self.contract._preview_billing('2026-04-01')}
        self.assertRegex(held['time']['held'], 'no rate')
        self.assertRegex(held['minimum']['held'], 'Hours of the same time are held back')
        self.assertTrue(held['minimum']['waits'])
        self.contract.rate_ids = [Command.create(self.rate(price_unit=60.0))]
        self.assertEqual(self.bill('2026-04-01'), [('minimum', 320.0), ('time', 180.0)])

    def test_corrections_of_another_month_are_taken_from_all_hours(self):
        self.book(self.ben, 10, '2026-03-10')
        self.book(self.ben, -2, '2026-04-10')
        self.assertEqual(self.bill(), [('minimum', 20.0), ('time', 480.0), ('minimum', 500.0)])

    def test_usage_and_hours_count_together(self):
        self.line.price_unit = 1.0
        self.env['crm.contract.usage'].create(
            {'line_id': self.line.id, 'date': '2026-03-05', 'quantity': 70}
        )
        self.book(self.ben, 3, '2026-03-10')
        self.assertEqual(
            self.bill('2026-04-01'), [('usage', 70.0), ('minimum', 250.0), ('time', 180.0)]
        )

    def test_line_without_the_mark_charges_its_minimum_beside_the_hours(self):
        self.line.counts_hours = False
        self.book(self.ben, 3, '2026-03-10')
        self.assertEqual(self.bill('2026-04-01'), [('minimum', 500.0), ('time', 180.0)])

    def test_forecast_makes_up_what_expected_hours_leave_open(self):
        self.book(self.ben, 3, '2026-03-10')
        self.book(self.ben, 3, '2026-04-10')
        self.contract._bill()
        plain = self.contract._forecast_billing('2026-07-01')
        self.assertEqual(self.get_minimums(plain), [500.0, 500.0], 'May, June')
        expected = self.contract._forecast_billing('2026-07-01', estimate=True)
        june, _july = [one for one in expected if one['kind'] == 'time']
        self.assertEqual((str(june['period_start']), june['amount']), ('2026-06-01', 90.0))
        self.assertEqual(self.get_minimums(expected), [500.0, 410.0], 'June has begun to be paid')

    def get_minimums(self, entries):
        return [one['amount'] for one in entries if one['kind'] == 'minimum']

    def test_whatever_is_booked_when_each_month_comes_to_its_minimum_or_its_hours(self):
        for seed in range(6):
            with self.subTest(seed=seed), self.cr.savepoint() as savepoint:
                self.assertEqual(*self.play(Random(seed)))
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def play(self, random):
        """Return what was invoiced in all, and what four months come to."""
        months = {month: Fraction(0) for month in range(3, 7)}
        total = Fraction(0)
        for until in ('2026-04-01', '2026-04-20', '2026-05-01', '2026-06-10', '2026-07-01'):
            for _entry in range(random.randint(0, 4)):
                month = random.randint(3, int(until[5:7]) - 1)
                hours = Fraction(random.randint(1, 20), 4)
                self.book(self.ben, float(hours), f'2026-{month:02}-{random.randint(1, 28):02}')
                months[month] += hours * 60
            moves = self.contract._bill(until)
            total += sum(Fraction(str(round(move.amount_untaxed, 2))) for move in moves)
        # what was given back may still wait for an invoice that is above nothing
        waiting = sum(entry['amount'] for entry in self.contract._preview_billing('2026-07-01'))
        total += Fraction(str(round(waiting, 2)))
        return total, sum(max(amount, Fraction(500)) for amount in months.values())
