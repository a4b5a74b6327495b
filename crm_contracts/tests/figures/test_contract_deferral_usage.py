from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-05-02')
class TestContractDeferralUsage(ItemCase):
    """What was used and worked up to a closing day is earned, though it is billed later.

    Calls at 0.10, beyond a hundred of a month at 0.08.
    """

    @classmethod
    def calls(cls, **values):
        return cls.monthly(
            name='Calls',
            price_unit=0.1,
            is_metered=True,
            tier_ids=[Command.create({'quantity_from': 100, 'price_unit': 0.08})],
            **values,
        )

    def create_metered(self, **values):
        contract = self.create_contract(self.calls(**values), date_start='2026-04-01')
        for day, quantity in (('2026-04-10', 80), ('2026-04-20', 120), ('2026-04-28', 50)):
            self.report(contract, quantity, day)
        return contract

    def report(self, contract, quantity, day):
        self.env['crm.contract.usage'].create(
            {'line_id': contract.line_ids.id, 'date': day, 'quantity': quantity}
        )

    def get_accrued(self, contract, day):
        found = contract._get_deferrals(day)
        self.assertEqual({one['kind'] for one in found} - {'accrued'}, set())
        return round(sum(one['amount'] for one in found), 2)

    def test_usage_of_the_running_period_is_accrued_at_the_tiers_it_reached(self):
        contract = self.create_metered()
        for day, accrued in (
            ('2026-04-09', 0.0),
            ('2026-04-10', 8.0),
            ('2026-04-25', 18.0),
            ('2026-04-30', 22.0),
            ('2026-05-01', 22.0),
        ):
            with self.subTest(day):
                self.assertEqual(self.get_accrued(contract, day), accrued)
        (accrual,) = contract._get_deferrals('2026-04-25')
        self.assertEqual(accrual['line_id'], contract.line_ids.id)
        self.assertEqual(accrual['account_id'], self.company_data['default_account_revenue'].id)
        move = contract._bill()
        self.assertEqual(move.amount_untaxed, 22.0)
        self.assertEqual(self.get_accrued(contract, '2026-04-30'), 22.0, 'once, by its draft')

    def test_minimum_is_accrued_by_the_days_of_its_period(self):
        contract = self.create_metered(minimum_amount=30.0)
        for day, accrued in (
            ('2026-04-01', 1.0),
            ('2026-04-15', 15.0),
            ('2026-04-20', 20.0),
            ('2026-04-30', 30.0),
        ):
            with self.subTest(day):
                self.assertEqual(self.get_accrued(contract, day), accrued)
        self.report(contract, 300, '2026-04-02')
        self.assertEqual(self.get_accrued(contract, '2026-04-15'), 32.4, 'more than the minimum')

    def test_usage_after_the_end_of_its_line_is_accrued_on_its_day(self):
        contract = self.create_metered(date_end='2026-04-05')
        self.assertEqual(self.get_accrued(contract, '2026-04-10'), 8.0)
        self.assertEqual(self.get_accrued(contract, '2026-04-11'), 8.0)

    def test_hours_at_prices_by_the_month_are_accrued_before_it_is_over(self):
        rate = self.contract.rate_ids.filtered(lambda one: not one.job_id)
        rate.tier_ids = [Command.create({'quantity_from': 10, 'price_unit': 50.0})]
        self.book(self.ben, 12, '2026-03-10')
        self.book(self.ben, 4, '2026-03-20')
        self.assertFalse(self.contract._preview_billing('2026-03-15'))
        self.assertEqual(self.get_hours(self.contract, '2026-03-15'), 700.0)
        self.assertEqual(self.get_hours(self.contract, '2026-03-31'), 900.0)

    def test_hours_count_towards_the_minimum_of_the_running_period(self):
        self.contract.line_ids = [
            Command.create(
                {
                    **self.monthly(name='At least', price_unit=0.0, date_start='2026-03-01'),
                    'is_metered': True,
                    'minimum_amount': 1240.0,
                    'counts_hours': True,
                }
            )
        ]
        self.book(self.ben, 5, '2026-03-10')
        self.assertEqual(self.get_hours(self.contract, '2026-03-15'), 600.0, 'half of 1,240')

    def get_hours(self, contract, day):
        """Return what is accrued beside what the other lines of the contract charge."""
        found = contract._get_deferrals(day)
        metered = contract.line_ids.filtered('is_metered').ids
        return sum(one['amount'] for one in found if one['line_id'] in (False, *metered))

    def test_usage_of_many_is_read_in_as_many_queries(self):
        contracts = self.env['crm.contract']
        for _number in range(6):
            contracts |= self.create_metered(minimum_amount=30.0)
        counts = []
        for some in (contracts[:2], contracts[:2], contracts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._get_deferrals('2026-04-25')
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
