from datetime import date

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import BaseCase, freeze_time, tagged
from odoo.tools import mute_logger

from ...core.days import move_day
from ...core.periods import Schedule, get_periods
from ..billing_common import BillingCase

LAST = date.max
TODAY = date(2026, 3, 10)


class TestPeriodsOfLongTimes(BaseCase):
    def test_days_never_leave_the_calendar(self):
        self.assertEqual(move_day(LAST, days=1), LAST)
        self.assertEqual(move_day(TODAY, months=10**7), LAST)
        self.assertEqual(move_day(TODAY, days=-(10**7)), date.min)
        self.assertEqual(move_day(TODAY, months=1), date(2026, 4, 10))

    def test_periods_end_with_the_calendar(self):
        for unit in ('day', 'week', 'month', 'year'):
            with self.subTest(unit):
                schedule = Schedule(TODAY, 100000, unit, TODAY)
                periods = list(get_periods(schedule))
                self.assertEqual(periods[0].start, TODAY)
                self.assertEqual(periods[-1].end, LAST)

    def test_periods_long_ago_are_skipped(self):
        for unit, first in (
            ('day', '2026-03-10'),
            ('week', '2026-03-10'),
            ('month', '2026-03-10'),
            ('year', '2026-03-10'),
        ):
            with self.subTest(unit):
                schedule = Schedule(date(1026, 1, 31), 1, unit, TODAY)
                self.assertEqual(str(next(get_periods(schedule)).start), first)
        monthly = get_periods(Schedule(date(1026, 1, 31), 1, 'month', TODAY))
        self.assertEqual([str(next(monthly).end) for _n in range(2)], ['2026-03-31', '2026-04-30'])


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractBounds(BillingCase):
    """Dates and lengths that nobody means get a sentence, or a bound, and never a traceback."""

    def test_contract_until_the_last_day_of_the_calendar_is_billed_and_not_renewed(self):
        contract = self.create_contract(
            self.monthly(prorate=True), date_end='9999-12-31', renewal_type='tacit', term_months=12
        )
        contract._bill()
        self.assertEqual(len(self.live(contract)), 3)
        self.assertEqual(contract.amount_expected, 300.0, 'as of a contract without end')
        self.assertEqual(contract.mrr, 100.0)
        with self.assertRaisesRegex(UserError, 'no end'):
            contract._renew()
        contract._check_renewals()
        self.assertEqual(contract.state, 'open')

    def test_line_until_the_last_day_of_the_calendar_is_billed(self):
        contract = self.create_contract(self.monthly(date_end='9999-12-31'), date_end=False)
        self.assertEqual(contract._bill().amount_untaxed, 300.0)

    def test_term_of_the_next_but_last_day_is_renewed_up_to_the_end(self):
        contract = self.create_contract(date_end='9999-12-30')
        self.assertEqual(contract._renew(date_end='9999-12-31').date_end, LAST)

    def test_suspension_until_the_last_day_of_the_calendar_has_no_end(self):
        contract = self.create_contract()
        contract.action_suspend('2026-02-01', '9999-12-31')
        self.assertEqual(contract._bill('2026-12-31').amount_untaxed, 100.0)
        contract.action_resume('2026-05-01')
        self.assertEqual(str(contract.next_billing_date), '2026-05-01')

    @mute_logger('odoo.sql_db')
    def test_lengths_without_sense_are_refused(self):
        template = self.env['crm.contract.template']
        for create in (
            lambda: self.create_contract(self.monthly(interval_count=100000)),
            lambda: self.create_contract(span_months=10**6),
            lambda: self.create_contract(term_months=10**6),
            lambda: self.create_contract(notice_days=10**7),
            lambda: template.create({'name': 'Long', 'span_months': 10**6}),
            lambda: template.create({'name': 'Long', 'notice_days': 10**7}),
            lambda: template.create(
                {'name': 'Long', 'line_ids': [Command.create(self.monthly(interval_count=100000))]}
            ),
            lambda: template.create(
                {'name': 'Long', 'line_ids': [Command.create(self.monthly(offset_count=10**6))]}
            ),
        ):
            with self.assertRaises(CheckViolation), self.cr.savepoint():
                create()
                self.env.flush_all()
        longest = self.create_contract(self.monthly(interval_count=1000, interval_unit='year'))
        self.assertEqual(longest._bill().amount_untaxed, 100.0)

    def test_draft_with_months_beyond_the_calendar_is_refused_with_a_sentence(self):
        with (
            mute_logger('odoo.sql_db'),
            self.assertRaisesRegex(CheckViolation, 'months_positive'),
            self.cr.savepoint(),
        ):
            self.create_contract(state='draft', date_end=False, span_months=10**6)
            self.env.flush_all()

    def test_day_of_a_thousand_years_ago_is_held_back_and_says_what_to_do(self):
        contract = self.create_contract(
            self.monthly(interval_unit='day', date_start='1026-01-01'),
            self.monthly(price_unit=50.0),
            date_start='1026-01-01',
        )
        daily, monthly = contract.line_ids.sorted('id')
        monthly.date_start = '2026-03-01'
        held = [entry for entry in contract._preview_billing() if entry['held']]
        self.assertEqual([entry['line_id'] for entry in held], [daily.id])
        self.assertIn('Correct where it starts', held[0]['held'])
        self.assertEqual(contract._bill().amount_untaxed, 50.0, 'the rest is billed')
        self.run_cron()
        self.assertIn('Correct where it starts', contract.billing_error)
        daily.date_start = '2026-03-01'
        self.assertEqual(len(contract._bill().invoice_line_ids), 10)

    def test_line_from_long_ago_starts_with_its_contract(self):
        contract = self.create_contract(self.monthly(interval_unit='day', date_start='1026-01-01'))
        self.assertEqual(str(contract.next_billing_date), '2026-01-01')
        self.assertEqual(len(contract._bill().invoice_line_ids), 69)

    def test_arrears_of_a_line_can_be_billed_by_parts(self):
        contract = self.create_contract(
            self.monthly(interval_unit='day'), date_start='2015-01-01', date_end=False
        )
        self.assertFalse(contract._bill())
        self.assertEqual(len(contract._bill('2015-03-31').invoice_line_ids), 90)
