from datetime import date, timedelta

from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase

FIRST, LAST = date(2027, 12, 30), date(2029, 1, 2)
CRONS = ('ir_cron_contract_renewals', 'ir_cron_bill_contracts')


@tagged('post_install', '-at_install')
class TestContractYear(BillingCase):
    """Both scheduled actions day by day, over a leap year and its turn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The contracts of others would be billed and renewed day by day too.
        cls.env.cr.execute('UPDATE crm_contract SET active = FALSE')
        cls.env.invalidate_all()
        with freeze_time('2027-12-30'):
            cls.contract = cls.create_contract(
                cls.monthly(name='Advance', date_start='2027-12-31'),
                cls.monthly(name='Arrears', timing='arrears', date_start='2027-12-31'),
                cls.monthly(name='Quarter', interval_count=3, date_start='2028-02-29'),
                cls.milestone(date_due='2028-02-29'),
                date_start='2027-12-31',
                date_end='2028-12-30',
                renewal_type='tacit',
                term_months=12,
                notice_days=30,
            )
        cls.lines = cls.contract.line_ids.sorted('id')

    def _live_through(self):
        """Return {day: names of what was billed}, and {day: number of terms and state}."""
        billed, seen, life = {}, self.env['crm.contract.billing'], {}
        crons = [self.env.ref(f'crm_contracts.{name}') for name in CRONS]
        with freeze_time(FIRST) as clock, self.enter_registry_test_mode():
            day = FIRST
            while day <= LAST:
                clock.move_to(f'{day} 06:00:00')
                for cron in crons:
                    cron.method_direct_trigger()
                news = self.contract.billing_ids - seen
                if news:
                    billed[str(day)] = sorted(row.line_id.name for row in news)
                    seen |= news
                    self.assertEqual(set(news.mapped('date_due')), {day}, 'on its due day')
                life[str(day)] = (len(self.contract.term_ids), self.contract.state)
                day += timedelta(days=1)
        return billed, life

    def test_each_period_is_billed_once_on_its_day_and_the_contract_renewed_once(self):
        billed, life = self._live_through()
        months = [
            '2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30', '2028-05-31', '2028-06-30',
            '2028-07-31', '2028-08-31', '2028-09-30', '2028-10-31', '2028-11-30', '2028-12-31',
        ]  # fmt: skip
        expected = {'2027-12-31': ['Advance']}
        expected.update({day: ['Advance', 'Arrears'] for day in months})
        for day in ('2028-02-29', '2028-05-29', '2028-08-29', '2028-11-29'):
            expected[day] = sorted([*expected.get(day, []), 'Quarter'])
        expected['2028-02-29'] = ['Advance', 'Arrears', 'Delivery', 'Quarter']
        self.assertEqual(billed, expected)
        self.assertEqual(
            len(self.contract.billing_ids.move_line_ids), len(self.contract.billing_ids)
        )
        self.assertFalse(self.contract.billing_error)
        self.assertEqual(life['2028-11-29'], (1, 'open'))
        self.assertEqual(life['2028-11-30'], (1, 'to_renew'))
        self.assertEqual(life['2028-12-30'], (1, 'to_renew'))
        self.assertEqual(life['2028-12-31'], (2, 'open'))
        self.assertEqual(life['2029-01-02'], (2, 'open'))
        self.assertEqual(str(self.contract.date_end), '2029-12-30')
