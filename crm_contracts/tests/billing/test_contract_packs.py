from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractPacks(ItemCase):
    """Ten prepaid hours a year, eighty for each hour over them, and packs that are sold beside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.write(
            {
                'bill_time': False,
                'bill_costs': False,
                'prepaid_quantity': 10,
                'prepaid_uom_id': cls.hour.id,
                'overage_price': 80.0,
            }
        )
        cls.own = cls.contract.with_user(cls.salesman)

    def _left(self):
        self.contract.invalidate_recordset()
        return [(row['left'], row['available']) for row in self.contract._get_prepaid_left()]

    # === PAID IS PAID === #

    def test_overage_that_was_paid_uses_no_units_that_are_agreed_later(self):
        self.book(self.ben, 12)
        self.assertEqual(self.contract.prepaid_consumed, 12)
        self.assertEqual(self.contract._bill().amount_untaxed, 160.0)
        self.contract.prepaid_quantity = 20
        self.contract.invalidate_recordset()
        self.assertEqual(self.contract.prepaid_remaining, 10, 'as the ledger has it')
        self.book(self.ben, 10)
        self.assertFalse(self.contract._bill())
        self.book(self.ben, 1)
        self.assertEqual(self.contract._bill().amount_untaxed, 80.0)

    def test_overage_that_was_paid_takes_nothing_from_what_rolls_over(self):
        self.contract.prepaid_rollover = True
        self.book(self.ben, 14)
        self.assertEqual(self.contract._bill().amount_untaxed, 320.0)
        self.contract.prepaid_quantity = 20
        self.contract._renew()
        with freeze_time('2027-02-01'):
            self.contract.invalidate_recordset()
            self.assertEqual(self.contract.prepaid_available, 30, 'twenty and ten')
            self.book(self.ben, 30, '2027-01-10')
            self.assertFalse(self.contract._bill())

    def test_units_that_the_next_term_used_are_not_given_to_late_hours(self):
        self.contract.prepaid_rollover = True
        self.contract._renew()
        self.book(self.ben, 20, '2027-01-10')
        self.assertFalse(self.contract._bill('2027-01-31'))
        self.book(self.ben, 3, '2026-12-30')
        self.assertEqual(self.contract._bill('2027-01-31').amount_untaxed, 240.0)

    # === PACKS === #

    def test_pack_is_charged_once_and_covers_hours_after_the_term(self):
        pack = self.own.action_top_up(5, 60.0)
        self.assertEqual((pack.quantity, pack.left, pack.env.user), (5, 5, self.salesman))
        self.assertEqual(self._left(), [(10, 10), (5, 5)])
        move = self.own._bill()
        self.assertRecordValues(move.invoice_line_ids, [{'quantity': 5.0, 'price_unit': 60.0}])
        self.assertFalse(self.own._bill())
        self.book(self.ben, 13)
        self.assertEqual(self._left(), [(0, 10), (2, 5)])
        self.assertFalse(self.contract._bill())
        row = self.contract.billing_ids.filtered(lambda row: row.state == 'covered')
        self.assertEqual((row.quantity, row.covered_quantity), (13, 10))
        self.assertRecordValues(row.pack_use_ids, [{'pack_id': pack.id, 'quantity': 3.0}])
        self.assertEqual(self._left(), [(0, 10), (2, 5)])
        self.book(self.ben, 3)
        self.assertEqual(self.contract._bill().amount_untaxed, 80.0, 'one over all')
        self.assertEqual(self._left(), [(0, 10), (0, 5)])

    def test_pack_covers_open_hours_and_none_that_were_paid(self):
        self.book(self.ben, 11)
        self.assertEqual(self.contract._bill().amount_untaxed, 80.0)
        self.book(self.ben, 2)
        self.own.action_top_up(5, 60.0)
        self.assertEqual(self._left(), [(0, 10), (3, 5)])
        self.assertEqual(self.contract._bill().amount_untaxed, 300.0, 'the pack')

    def test_oldest_expiry_goes_first_and_what_expired_is_lost(self):
        late = self.own.action_top_up(5, 60.0)
        soon = self.own.action_top_up(5, 50.0, '2026-04-30')
        self.book(self.ben, 3)
        self.contract.invalidate_recordset()
        self.assertEqual((soon.left, late.left, self.contract.prepaid_remaining), (2, 5, 17))
        with freeze_time('2026-05-02'):
            self.book(self.ben, 11, '2026-05-01')
            self.contract.invalidate_recordset()
            self.assertEqual(self._left(), [(0, 10), (4, 5)])
            self.assertEqual(self.contract.prepaid_available, 15, 'the other one expired')
            self.contract._bill()
            self.assertEqual((soon.left, late.left), (2, 4))

    def test_pack_goes_on_in_the_next_term_and_the_units_of_the_term_start_again(self):
        self.own.action_top_up(5, 60.0)
        self.book(self.ben, 12)
        self.contract._bill()
        self.contract._renew()
        with freeze_time('2027-02-01'):
            self.assertEqual(self._left(), [(10, 10), (3, 5)])
            self.book(self.ben, 14, '2027-01-10')
            self.assertEqual(self.contract._bill('2027-02-01').amount_untaxed, 80.0)

    def test_contract_without_units_of_a_term_lives_on_packs(self):
        self.contract.write({'prepaid_quantity': 0, 'bill_time': True, 'overage_price': 0})
        self.book(self.ben, 2)
        self.assertEqual(self.contract._bill().amount_untaxed, 120.0, 'at the rate of everybody')
        self.own.action_top_up(4, 50.0)
        self.assertEqual(self._left(), [(4, 4)])
        self.book(self.ben, 5)
        self.assertEqual(self.contract._bill().amount_untaxed, 260.0, 'the pack and one hour')

    def test_credited_overage_gives_back_what_it_used_of_a_pack(self):
        self.own.action_top_up(5, 60.0)
        self.contract._bill().action_post()
        self.book(self.ben, 14)
        crossing = self.book(self.ben, 3, '2026-03-20')
        move = self.contract._bill()
        self.assertEqual(move.amount_untaxed, 160.0)
        self.assertEqual(self._left(), [(0, 10), (0, 5)])
        move.action_post()
        self.credit(move)
        crossing.unlink()
        self.assertEqual(self._left(), [(0, 10), (1, 5)])

    def test_pack_that_was_credited_for_good_has_no_units(self):
        self.own.action_top_up(5, 60.0)
        move = self.contract._bill()
        move.action_post()
        self.credit(move, quantity=2)
        part = self.contract.billing_ids.filtered('rebill')
        self.assertEqual(self._left(), [(10, 10), (5, 5)], 'to be billed again')
        part.action_waive()
        self.assertEqual(self._left(), [(10, 10), (3, 3)])

    def test_correction_gives_back_to_what_was_used_last(self):
        self.own.action_top_up(5, 60.0)
        self.book(self.ben, 13)
        self.contract._bill()
        self.book(self.ben, -4)
        self.assertEqual(self._left(), [(1, 10), (5, 5)])
        self.contract._bill()
        self.assertEqual(self._left(), [(1, 10), (5, 5)])

    def test_alerts_count_packs_and_come_again_after_one_was_bought(self):
        alert = self.env.ref('crm_contracts.mail_activity_type_prepaid')

        def alerts():
            activities = self.contract.activity_ids
            return len(activities.filtered(lambda one: one.activity_type_id == alert))

        self.book(self.ben, 8)
        self.assertEqual(alerts(), 1)
        self.own.action_top_up(10, 60.0)
        self.book(self.ben, 6)
        self.assertEqual(alerts(), 0, '14 of 20')
        self.book(self.ben, 1)
        self.assertEqual(alerts(), 1, '15 of 20')

    def test_price_is_that_of_the_last_pack_else_the_overage_price_else_the_pricelist(self):
        self.assertEqual(self.own.action_top_up(1).price_unit, 80.0)
        self.assertEqual(self.own.action_top_up(1, 70.0).price_unit, 70.0)
        self.assertEqual(self.own.action_top_up(1).price_unit, 70.0)
        bare = self.create_contract(state='open')
        with self.assertRaisesRegex(UserError, 'Say the price'):
            bare.action_top_up(1)
        bare.time_product_id = self.support
        self.support.uom_id = self.hour
        self.assertEqual(bare.action_top_up(1).price_unit, 100.0)
        self.assertEqual(bare.action_top_up(1, 0.0).price_unit, 0.0, 'given away')

    def test_agreed_amount_does_not_stand_in_for_packs(self):
        self.contract.fixed_amount = 1000.0
        self.own.action_top_up(5, 60.0)
        self.contract.invalidate_recordset()
        self.assertEqual(self.contract.amount_expected_milestone, 1300.0)

    def test_dialog_sells_a_pack(self):
        dialog = (
            self.env['crm.contract.top.up']
            .with_user(self.salesman)
            .create({'contract_id': self.contract.id, 'quantity': 3})
        )
        self.assertEqual((dialog.price_unit, dialog.amount), (80.0, 240.0))
        dialog.price_unit = 75.0
        dialog.action_apply()
        self.assertEqual(self.contract.pack_ids.price_unit, 75.0)

    # === REFUSALS === #

    def test_nonsense_is_refused_and_nothing_is_sold(self):
        lines = self.contract.line_ids
        for arguments, reason in (
            ((0, 60.0), 'more than no'),
            ((-1, 60.0), 'more than no'),
            ((float('nan'), 60.0), 'more than no'),
            ((0.001, 60.0), 'more than no'),
            ((5, -1.0), 'negative'),
            ((5, float('inf')), 'negative'),
            ((5, 60.0, '2026-03-30'), 'could not be used'),
        ):
            with self.assertRaisesRegex(UserError, reason):
                self.own.action_top_up(*arguments)
        draft = self.create_contract(state='draft')
        with self.assertRaisesRegex(UserError, 'not running'):
            draft.action_top_up(5, 60.0)
        self.assertEqual(self.contract.line_ids, lines)
        self.assertFalse(self.contract.pack_ids)

    def test_who_may_not_change_the_contract_sells_nothing(self):
        for user in (self.colleague, self.accountant):
            with self.assertRaises(AccessError):
                self.contract.with_user(user).action_top_up(5, 60.0)
        pack = self.own.action_top_up(5, 60.0)
        with self.assertRaises(AccessError):
            pack.quantity = 50
        with self.assertRaises(AccessError):
            pack.with_user(self.colleague).date_end = '2027-01-01'
        pack.date_end = '2027-01-01'

    def test_milestone_of_a_pack_stays_as_it_was_sold(self):
        pack = self.own.action_top_up(5, 60.0)
        line = pack.line_id.with_user(self.salesman)
        line.name = 'Ten hours'
        with self.assertRaisesRegex(UserError, 'stays as it was bought'):
            line.quantity = 50
        line.quantity = 5
        self.book(self.ben, 11)
        self.contract._bill()
        self.assertTrue(pack.use_ids)
        unbilled = self.own.action_top_up(5, 60.0)
        unbilled.line_id.with_user(self.salesman).unlink()
        self.assertFalse(unbilled.exists())
        with self.assertRaises(UserError):
            line.unlink()

    # === ROUNDING AND DAYS === #

    def test_begun_quarters_and_a_minimum_are_charged_and_taken_from_what_is_prepaid(self):
        self.contract.write({'time_rounding': 15, 'time_minimum': 30})
        self.book(self.ben, 0.1)
        self.book(self.ben, 1.1)
        self.book(self.ben, 1.1)
        self.contract.invalidate_recordset()
        self.assertEqual(self.contract.prepaid_consumed, 3.0)
        self.book(self.ben, 7.01)
        self.assertEqual(self.contract._bill().amount_untaxed, 20.0, '10.25 hours')
        self.contract.write({'prepaid_quantity': 0, 'bill_time': True, 'overage_price': 0})
        self.book(self.ben, 0.1, '2026-03-11')
        self.book(self.ben, 0.6, '2026-03-11')
        self.contract.term_ids.sudo().prepaid_quantity = 0
        self.assertEqual(self.contract._bill().amount_untaxed, 75.0, '1.25 hours')

    def test_days_of_a_contract_have_their_own_hours(self):
        self.contract.write({'prepaid_quantity': 0, 'bill_time': True, 'overage_price': 0})
        self.contract.hours_per_day = 7.5
        self.book(self.ada, 7.5)
        move = self.contract._bill()
        self.assertRecordValues(move.invoice_line_ids, [{'quantity': 1.0, 'price_unit': 650.0}])
        self.book(self.ada, 1, product_uom_id=self.day.id)
        self.assertEqual(self.contract._bill().amount_untaxed, 650.0, 'a day is a day')

    def test_prepaid_days_have_the_hours_of_the_contract(self):
        self.contract.write(
            {
                'hours_per_day': 7.5,
                'prepaid_quantity': 2,
                'prepaid_uom_id': self.day.id,
                'overage_price': 600.0,
            }
        )
        self.book(self.ada, 15)
        self.contract.invalidate_recordset()
        self.assertEqual((self.contract.prepaid_consumed, self.contract.prepaid_remaining), (2, 0))
        self.book(self.ada, 3)
        self.assertEqual(self.contract._bill().amount_untaxed, 240.0)


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractForeignPricelist(ItemCase):
    def test_hours_of_a_foreign_pricelist_have_the_rate_of_their_day(self):
        pricing = self.env.ref('product.group_product_pricelist')
        self.env.ref('base.group_user').implied_ids |= pricing
        currency = self.env['res.currency'].create({'name': 'XTC', 'symbol': 'T', 'rounding': 0.01})
        self.env['res.currency.rate'].create(
            [
                {'currency_id': currency.id, 'name': day, 'rate': rate}
                for day, rate in (('2026-01-01', 2.0), ('2026-03-15', 4.0))
            ]
        )
        self.support.uom_id = self.hour
        pricelist = self.env['product.pricelist'].create(
            {
                'name': 'Foreign',
                'currency_id': currency.id,
                'item_ids': [
                    Command.create(
                        {
                            'compute_price': 'fixed',
                            'fixed_price': 120.0,
                            'product_id': self.support.id,
                            'applied_on': '0_product_variant',
                        }
                    )
                ],
            }
        )
        self.partner_a.property_product_pricelist = pricelist
        self.contract.rate_ids.unlink()
        self.contract.time_product_id = self.support
        self.book(self.ben, 1, '2026-03-10')
        self.book(self.ben, 1, '2026-03-20')
        lines = self.contract._bill().invoice_line_ids.sorted('price_unit')
        self.assertEqual(lines.mapped('price_unit'), [30.0, 60.0])
