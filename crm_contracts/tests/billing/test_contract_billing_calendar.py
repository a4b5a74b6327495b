from itertools import product

from psycopg2.errors import CheckViolation

from odoo.fields import Date
from odoo.tests import BaseCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ...core.periods import Schedule, get_charge, get_open_periods, get_periods
from ..billing_common import BillingCase
from .property_common import add_intervals


class TestContractCalendar(BaseCase):
    """Interval, unit, anchor from the 28th to the 31st, leap years, cut ends: each with each."""

    def test_periods_of_every_interval_keep_their_anchor(self):
        matrix = product(
            (1, 2, 3, 5, 12),
            ('day', 'week', 'month', 'year'),
            ('2023-01', '2023-10', '2024-01', '2024-12', '2100-01'),
            (28, 29, 30, 31),
        )
        for count, unit, month, day in matrix:
            anchor = Date.to_date(f'{month}-{day}')
            with self.subTest(count=count, unit=unit, anchor=anchor):
                schedule = Schedule(anchor, count, unit, anchor)
                periods = get_periods(schedule)
                for number in range(14):
                    period = next(periods)
                    self.assertEqual(period.start, add_intervals(anchor, number * count, unit))
                    self.assertEqual(period.end, add_intervals(anchor, (number + 1) * count, unit))
                    self.assertEqual(period.share, 1.0)

    def test_a_cut_end_is_charged_by_its_days_or_in_full(self):
        matrix = product(
            ('month', 'year'), (28, 29, 30, 31), ('2024-02-28', '2024-02-29', '2025-02-28')
        )
        for unit, day, last in matrix:
            anchor, last = Date.to_date(f'2024-01-{day}'), Date.to_date(last)
            with self.subTest(unit=unit, day=day, last=last):
                schedule = Schedule(anchor, 1, unit, anchor, Date.add(last, days=1))
                *_whole, cut = get_open_periods(schedule, [], True)
                self.assertEqual(cut.end, Date.add(last, days=1))
                days = (cut.end - cut.start).days
                self.assertEqual(get_charge(cut, True), days / cut.whole_days)
                self.assertEqual(get_charge(cut, False), 1.0)

    def test_aligned_periods_begin_with_a_short_one(self):
        start = Date.to_date('2026-01-20')
        for unit, count, starts, first in (
            ('month', 1, ('2026-01-20', '2026-02-01', '2026-03-01'), 12 / 31),
            ('month', 3, ('2026-01-20', '2026-04-01', '2026-07-01'), 71 / 90),
            ('year', 1, ('2026-01-20', '2027-01-01', '2028-01-01'), 346 / 365),
        ):
            with self.subTest(unit=unit, count=count):
                periods = get_periods(Schedule(start.replace(day=1), count, unit, start))
                found = [next(periods) for _number in range(3)]
                self.assertEqual([str(period.start) for period in found], list(starts))
                self.assertAlmostEqual(found[0].share, first)
                self.assertEqual([period.share for period in found[1:]], [1.0, 1.0])


@tagged('post_install', '-at_install')
@freeze_time('2026-07-01')
class TestContractAlignment(BillingCase):
    """A line that starts on 20 January with periods from the first of the month."""

    def test_amounts_and_due_dates_follow_timing_and_proration(self):
        due = {
            1: ('2026-01-20', '2026-02-01', '2026-03-01', '2026-04-01'),
            3: ('2026-01-20', '2026-04-01', '2026-07-01', '2026-10-01'),
        }
        first_amounts = {(1, True): 38.71, (3, True): 78.89, (1, False): 100.0, (3, False): 100.0}
        for (count, prorate), first in first_amounts.items():
            for timing, shift in (('advance', 0), ('arrears', 1)):
                with self.subTest(count=count, prorate=prorate, timing=timing):
                    contract = self.create_contract(
                        self.monthly(
                            date_start='2026-01-20',
                            interval_count=count,
                            prorate=prorate,
                            timing=timing,
                            align_month=True,
                        )
                    )
                    days = due[count][shift:][:3]
                    plan = contract._preview_billing(days[-1])
                    self.assertEqual([str(entry['date_due']) for entry in plan], list(days))
                    self.assertEqual([entry['amount'] for entry in plan], [first, 100.0, 100.0])
                    day_before = Date.subtract(Date.to_date(days[0]), days=1)
                    self.assertFalse(contract._preview_billing(day_before))
                    self.assertEqual(str(contract.next_billing_date), days[0])


@tagged('post_install', '-at_install')
class TestContractMidnight(BillingCase):
    """What is due today depends on where the user's day is."""

    def test_today_is_the_users(self):
        contract = self.create_contract(date_start='2026-04-01', manager_id=False)
        east, west = (
            new_test_user(
                self.env,
                login=f'midnight_{zone}',
                groups='sales_team.group_sale_salesman',
                tz=zone,
                company_id=self.env.company.id,
                company_ids=self.env.company.ids,
            )
            for zone in ('Pacific/Auckland', 'America/Los_Angeles')
        )
        for moment, in_east, in_west in (
            ('2026-03-31 10:30:00', 0, 0),
            ('2026-03-31 11:30:00', 1, 0),
            ('2026-04-01 06:30:00', 1, 0),
            ('2026-04-01 07:30:00', 1, 1),
        ):
            with self.subTest(moment), freeze_time(moment):
                for user, expected in ((east, in_east), (west, in_west)):
                    plan = contract.with_user(user)._preview_billing()
                    self.assertEqual(len(plan), expected, user.tz)


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractBadInput(BillingCase):
    """Refused when it is typed, or parked with a sentence that says what to do."""

    @mute_logger('odoo.sql_db')
    def test_impossible_lines_are_refused(self):
        for values in (
            {'interval_count': 0},
            {'interval_count': -1},
            {'date_start': '2026-02-01', 'date_end': '2026-01-31'},
            {'discount': -50},
            {'quantity': -1},
        ):
            with (
                self.subTest(values),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                self.create_contract(self.monthly(**values))
                self.env.flush_all()

    @mute_logger('odoo.sql_db')
    def test_contract_that_ends_before_it_starts_is_refused(self):
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.create_contract(date_start='2026-02-01', date_end='2026-01-31')
            self.env.flush_all()

    def test_customer_without_an_address_is_billed_as_such(self):
        customer = self.env['res.partner'].create({'name': 'Nameless Street'})
        contract = self.create_contract(partner_id=customer.id)
        self.assertEqual(contract._bill().partner_id, customer)

    def test_product_without_income_account_parks_the_contract(self):
        contract, good = self.create_contract(), self.create_contract(self.milestone())
        journals = self.env['account.journal'].search(
            [('type', '=', 'sale'), ('company_id', '=', self.env.company.id)]
        )
        journals.default_account_id = False
        self.support.categ_id.property_account_income_categ_id = False
        self.support.property_account_income_id = False
        self.env.company.income_account_id = False
        self.assertFalse(good._preview_billing('2026-01-01'))
        (entry,) = contract._preview_billing('2026-01-01')
        self.assertIn('no income account', entry['held'])
        self.assertFalse(contract._bill('2026-01-01'))
        self.run_cron()
        self.assertIn('no income account', contract.billing_error)
        self.support.property_account_income_id = self.company_data['default_account_revenue']
        self.assertEqual(len(contract._bill('2026-01-01').invoice_line_ids), 1)

    def test_sales_journal_that_invoices_do_not_use_needs_no_account(self):
        contract = self.create_contract()
        journals = self.env['crm.contract.biller']._get_invoice_journals(contract)
        used = journals[contract.company_id, contract.currency_id]
        used.copy({'name': 'Shop', 'code': 'SHOP', 'default_account_id': False, 'sequence': 99})
        self.support.categ_id.property_account_income_categ_id = False
        self.support.property_account_income_id = False
        self.env.company.income_account_id = False
        self.assertEqual(contract._bill('2026-01-01').journal_id, used)

    def test_button_says_why_nothing_can_be_billed(self):
        contract = self.create_contract()
        contract.currency_id = self.setup_other_currency('CAD', rates=[])
        contract.currency_id.rate_ids.unlink()
        held = {entry['held'] for entry in contract._preview_billing()}
        self.assertEqual(len(held), 1)
        self.assertIn('CAD', held.pop())
        self.assertFalse(contract._bill())
