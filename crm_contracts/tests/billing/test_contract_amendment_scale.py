from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .test_contract_amendment import AmendmentCase


@tagged('post_install', '-at_install')
@freeze_time('2026-05-11')
class TestContractAmendmentScale(AmendmentCase):
    """Seats at 31.00, those beyond ten at 25.00; calls at 0.10 as they are reported."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seats.tier_ids = [Command.create({'quantity_from': 10, 'price_unit': 25.0})]
        cls.used = cls.create_contract(
            cls.monthly(name='Calls', price_unit=0.1, is_metered=True, minimum_amount=5.0)
        )
        cls.calls = cls.used.line_ids

    def report(self, quantity, day):
        return self.env['crm.contract.usage'].create(
            {'line_id': self.calls.id, 'date': day, 'quantity': quantity}
        )

    def change_calls(self, day, **values):
        amendment = self.amend(day, self.change(self.calls, **values), contract=self.used)
        amendment.action_apply()
        return amendment

    # === QUANTITY WITH TIERS === #

    def test_more_come_beside_at_what_the_tiers_make_of_them(self):
        self.contract._bill('2026-05-01').action_post()
        amendment = self.amend('2026-05-11', self.change(quantity=14))
        added = round(100 * 21 / 31, 2)
        self.assertEqual((amendment.monthly_change, amendment.adjustment_amount), (100.0, added))
        amendment.action_apply()
        self.assertEqual(
            self.get_lines(),
            [
                (10.0, 31.0, '2026-01-01', '2026-05-31'),
                (1.0, 100.0, '2026-05-11', '2026-05-31'),
                (14.0, 31.0, '2026-06-01', ''),
            ],
        )
        self.assertEqual(self.get_charged(self.contract._bill('2026-05-11')), added)
        self.assertEqual(self.get_charged(self.contract._bill('2026-06-01')), 410.0)
        self.assertFalse(self.contract.unused_amount)

    def test_less_are_credited_to_the_cent_of_the_tiers(self):
        self.seats.quantity = 14
        self.contract._bill('2026-05-01').action_post()
        amendment = self.amend('2026-05-11', self.change(quantity=10))
        credited, charged = round(410 * 21 / 31, 2), round(310 * 21 / 31, 2)
        self.assertEqual(amendment.adjustment_amount, round(charged - credited, 2))
        refund = self.env['account.move'].browse(amendment.action_apply()['res_id'])
        self.assertEqual(self.get_charged(refund), -credited)
        refund.action_post()
        self.assertEqual(self.get_charged(self.contract._bill('2026-05-11')), charged)
        self.assertEqual(self.get_charged(self.contract._bill('2026-06-01')), 310.0)

    def test_more_may_cost_less_by_volume(self):
        self.seats.tier_mode = 'volume'
        self.contract._bill('2026-05-01').action_post()
        amendment = self.amend('2026-05-11', self.change(quantity=11))
        self.assertEqual(amendment.monthly_change, 275.0 - 310.0)
        self.assertLess(amendment.adjustment_amount, 0)
        amendment.action_apply()
        self.contract._bill('2026-05-11')
        self.assertEqual(self.get_charged(self.contract._bill('2026-06-01')), 275.0)

    def test_what_tiers_leave_unclear_is_refused(self):
        with self.assertRaisesRegex(UserError, 'its price alone would not move'):
            self.amend('2026-06-01', self.change(price_unit=33.0)).action_apply()
        self.seats.tier_ids = [
            Command.create({'quantity_from': 10, 'price_unit': 20.0, 'date_from': '2026-07-01'})
        ]
        for day in ('2026-06-01', '2026-06-30'):
            with self.assertRaisesRegex(UserError, 'change on 07/01/2026'):
                self.amend(day, self.change(quantity=14)).action_apply()
        self.amend('2026-07-01', self.change(quantity=14)).action_apply()
        self.assertEqual(self.get_lines()[-1][0], 14.0)

    # === PRICE OF USAGE === #

    def test_price_of_usage_changes_with_a_period_on_the_line_itself(self):
        self.report(100, '2026-04-15')
        amendment = self.change_calls('2026-05-01', price_unit=0.2)
        self.assertEqual((amendment.monthly_change, amendment.adjustment_amount), (0.0, 0.0))
        self.assertEqual(self.used.line_ids, self.calls)
        self.assertFalse(self.calls.date_end)
        self.report(100, '2026-05-05')
        self.report(50, '2026-04-20')
        self.assertEqual(self.calls._get_price_on(self.used.date_start), 0.1)
        # January to March at the least, April at the old price, May at the new one
        self.assertEqual(
            self.get_charged(self.used._bill('2026-06-01')), 3 * 5.0 + 150 * 0.1 + 100 * 0.2
        )

    def test_what_usage_leaves_unclear_is_refused(self):
        for day, values, reason in (
            ('2026-05-11', {'price_unit': 0.2}, 'on which one begins, like 06/01/2026'),
            ('2026-06-01', {'quantity': 2.0}, 'no quantity of it is agreed'),
        ):
            with self.assertRaisesRegex(UserError, reason):
                self.change_calls(day, **values)
        self.report(100, '2026-04-15')
        self.used._bill('2026-05-01')
        with self.assertRaisesRegex(UserError, 'from 04/01/2026 on is billed already'):
            self.change_calls('2026-04-01', price_unit=0.2)
        self.change_calls('2026-05-01', price_unit=0.2)
        self.calls.tier_ids = [Command.create({'quantity_from': 100, 'price_unit': 0.1})]
        with self.assertRaisesRegex(UserError, 'its price alone would not move'):
            self.change_calls('2026-06-01', price_unit=0.3)

    def test_dialogue_offers_them_and_an_end_takes_the_minimum_off(self):
        amendments = self.env['crm.contract.amendment']
        for contract, line in ((self.contract, self.seats), (self.used, self.calls)):
            commands = amendments._prepare_lines(contract, '2026-05-11')
            self.assertEqual([values['line_id'] for _kind, _id, values in commands], line.ids)
        ended = self.amend('2026-06-01', self.change(self.calls, action='end'), contract=self.used)
        self.assertEqual(ended.monthly_change, -5.0)
