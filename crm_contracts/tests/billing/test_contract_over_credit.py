from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-01-15')
class TestContractOverCredit(BillingCase):
    """No credit note gives back more than its invoice charges after those before it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.support.taxes_id = cls.company_data['default_tax_sale']
        cls.contract = cls.create_contract(cls.monthly(quantity=10, price_unit=10.0))
        cls.move = cls.contract._bill('2026-01-31')
        cls.move.action_post()

    def assert_charged(self, amount):
        """Check that ledger, documents and figures say the same."""
        self.env.invalidate_all()
        self.assertEqual(self.contract.amount_invoiced, amount)
        self.assertAlmostEqual(self.contract.revenue, amount, 2)

    def test_full_credit_after_a_part_credits_the_rest(self):
        self.credit(self.move, quantity=4)
        refund = self.credit(self.move)
        self.assertRecordValues(refund, [{'amount_untaxed': 60.0, 'amount_total': 69.0}])
        self.assert_charged(0.0)
        self.assertEqual(self.move.amount_residual, 0.0)
        again = self.contract._bill('2026-01-31')
        self.assertEqual(again.amount_untaxed, 100.0)

    def test_wizard_credits_the_rest_and_makes_a_new_invoice(self):
        self.credit(self.move, quantity=4)
        wizard = (
            self.env['account.move.reversal']
            .with_context(active_model='account.move', active_ids=self.move.ids)
            .create({'journal_id': self.move.journal_id.id, 'date': '2026-01-15'})
        )
        new = self.env['account.move'].browse(wizard.modify_moves()['res_id'])
        refund = self.move.reversal_move_ids.sorted('id')[-1:]
        self.assertRecordValues(refund, [{'state': 'posted', 'amount_untaxed': 60.0}])
        self.assertEqual(new.amount_untaxed, 100.0)
        new.action_post()
        self.assert_charged(100.0)

    def test_nothing_is_credited_that_was_credited_in_full(self):
        refund = self.credit(self.move)
        with self.assertRaisesRegex(UserError, refund.name), self.cr.savepoint():
            self.credit(self.move)
        refund.button_draft()
        self.assertEqual(self.credit(self.move).amount_untaxed, 100.0, 'a draft credits nothing')

    def test_more_than_is_left_is_refused(self):
        first = self.credit(self.move, quantity=4)
        for changes in ({'quantity': 7}, {'price_unit': 11.0}, {'quantity': 1, 'price_unit': 61.0}):
            with self.subTest(changes), self.cr.savepoint() as undo:
                with self.assertRaisesRegex(UserError, first.name), self.cr.savepoint():
                    self.credit(self.move, **changes)
                undo.rollback()
        self.credit(self.move, quantity=6)
        self.assert_charged(0.0)

    def test_draft_beside_another_is_refused_when_it_comes_second(self):
        first, second = (self.credit(self.move, post=False) for _number in range(2))
        first.action_post()
        with self.assertRaisesRegex(UserError, first.name):
            second.action_post()

    def test_credit_after_a_rebate_gives_back_what_it_left(self):
        self.credit(self.move, price_unit=3.0)
        self.assert_charged(70.0)
        refund = self.credit(self.move)
        self.assertRecordValues(refund, [{'amount_untaxed': 70.0}])
        self.assert_charged(0.0)
        self.assertEqual(self.contract._bill('2026-01-31').amount_untaxed, 100.0)

    def test_part_of_a_deduction_is_credited_and_no_more_than_all(self):
        contract = self.create_contract(self.monthly(), self.monthly(price_unit=-20.0))
        move = contract._bill('2026-01-31')
        move.action_post()
        self.credit(move, quantity=0.5)
        self.assertEqual(contract.amount_invoiced, 40.0)
        with self.assertRaisesRegex(UserError, 'gives back more'), self.cr.savepoint():
            self.credit(move, quantity=0.6)
        self.assertEqual(self.credit(move).amount_untaxed, 40.0)

    def test_lines_that_are_left_are_credited_beside_one_that_is_not(self):
        contract = self.create_contract(self.monthly(), self.monthly(price_unit=50.0))
        move = contract._bill('2026-01-31')
        move.action_post()
        first = self.credit(move, post=False)
        first.invoice_line_ids[0].quantity = 0
        first.action_post()
        self.assertEqual(first.amount_untaxed, 50.0)
        self.assertEqual(self.credit(move).amount_untaxed, 100.0)
