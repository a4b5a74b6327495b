from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-01-15')
class TestContractRelease(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.create_contract(cls.monthly(quantity=10, price_unit=10.0))

    def _bill(self, post=False):
        move = self.contract._bill('2026-01-31')
        if post:
            move.action_post()
        return move

    def _amount_billed(self):
        return sum(self.live(self.contract).mapped('amount'))

    def test_deleted_or_cancelled_draft_gives_its_period_back(self):
        for give_back in (lambda move: move.unlink(), lambda move: move.button_cancel()):
            move = self._bill()
            self.assertFalse(self._bill())
            give_back(move)
            self.assertFalse(self.live(self.contract))
            self.assertEqual(str(self.contract.line_ids.next_period_start), '2026-01-01')
        move = self._bill()
        self.assertEqual(move.amount_untaxed, 100.0)
        self.assertEqual(self.periods(self.contract), [('2026-01-01', '2026-02-01', 100.0)])

    def test_deleted_invoice_line_gives_its_period_back(self):
        move = self.contract._bill('2026-02-01')
        move.invoice_line_ids[0].unlink()
        self.assertEqual(self.periods(self.contract), [('2026-02-01', '2026-03-01', 100.0)])
        self.assertEqual(self._bill().amount_untaxed, 100.0)

    def test_posted_invoice_that_is_cancelled_gives_its_period_back(self):
        move = self._bill(post=True)
        move.button_draft()
        self.assertFalse(self._bill(), 'a draft still stands for it')
        move.button_cancel()
        self.assertEqual(self._bill().amount_untaxed, 100.0)

    def test_new_price_counts_when_a_whole_period_is_billed_again(self):
        self._bill().unlink()
        self.contract.line_ids.price_unit = 12.0
        self.assertEqual(self._bill().amount_untaxed, 120.0)

    def test_cancelled_invoice_comes_back_only_while_nothing_took_its_place(self):
        move = self._bill()
        move.button_cancel()
        move.button_draft()
        self.assertEqual(self._amount_billed(), 100.0)
        self.assertFalse(self._bill())
        move.button_cancel()
        self._bill()
        with self.assertRaisesRegex(UserError, 'billed again since'), self.cr.savepoint():
            move.button_draft()

    def test_full_credit_is_billed_again_once_it_is_posted(self):
        refund = self.credit(self._bill(post=True), post=False)
        self.assertFalse(self._bill(), 'a draft credits nothing')
        refund.action_post()
        again = self._bill()
        self.assertEqual(again.amount_untaxed, 100.0)
        self.assertFalse(self._bill())
        with self.assertRaisesRegex(UserError, 'billed again since'), self.cr.savepoint():
            refund.button_draft()
        again.button_cancel()
        refund.button_draft()
        self.assertEqual(self._amount_billed(), 100.0)
        self.assertFalse(self._bill())

    def test_partial_credit_gives_back_exactly_its_quantity(self):
        self.credit(self._bill(post=True), quantity=4)
        self.assertEqual(self._amount_billed(), 60.0)
        again = self._bill()
        self.assertRecordValues(again.invoice_line_ids, [{'quantity': 4.0, 'price_unit': 10.0}])
        self.assertEqual(self._amount_billed(), 100.0)
        self.assertFalse(self._bill())
        again.unlink()
        self.assertEqual(self._bill().amount_untaxed, 40.0)
        self.assertFalse(self._bill())

    def test_credits_one_after_the_other_give_back_what_each_credits(self):
        move = self._bill(post=True)
        self.credit(move, quantity=4)
        self._bill()
        self.credit(move, quantity=1)
        self.assertEqual(self._bill().amount_untaxed, 10.0)
        self.credit(move)
        self.assertEqual(self._bill().amount_untaxed, 50.0, 'no more than was left of it')
        self.assertEqual(self._amount_billed(), 100.0)
        self.assertFalse(self._bill())

    def test_taken_back_credit_lets_the_quantity_stand_again(self):
        refund = self.credit(self._bill(post=True), quantity=4)
        refund.button_draft()
        self.assertEqual(self._amount_billed(), 100.0)
        self.assertFalse(self._bill())
        refund.action_post()
        self.assertEqual(self._bill().amount_untaxed, 40.0)
        with self.assertRaisesRegex(UserError, 'billed again since'), self.cr.savepoint():
            refund.button_draft()

    def test_invoice_gives_all_back_after_its_credit_note_was_taken_back(self):
        """What the credit note split off is the invoice's again, whatever becomes of it."""
        for give_back in (
            lambda move: self.credit(move),
            lambda move: (move.button_draft(), move.button_cancel()),
            lambda move: (move.button_draft(), move.unlink()),
        ):
            move = self._bill(post=True)
            refund = self.credit(move, quantity=4)
            refund.button_draft()
            refund.unlink()
            self.assertEqual(self._amount_billed(), 100.0)
            give_back(move)
            self.assertEqual(self._amount_billed(), 0.0)
        self.assertEqual(self._bill().amount_untaxed, 100.0)
        self.assertFalse(self._bill())

    def test_credit_note_that_is_changed_gives_back_what_it_says_then(self):
        refund = self.credit(self._bill(post=True), quantity=4)
        for quantity, left in ((6, 40.0), (1, 90.0), (10, 0.0), (4, 60.0)):
            refund.button_draft()
            refund.invoice_line_ids.quantity = quantity
            refund.action_post()
            self.assertEqual(self._amount_billed(), left)
        self.assertEqual(self._bill().amount_untaxed, 40.0)
        self.assertFalse(self._bill())

    def test_credit_note_is_taken_back_though_a_draft_of_its_part_was_edited(self):
        refund = self.credit(self._bill(post=True), quantity=4)
        again = self._bill()
        again.invoice_line_ids.quantity = 1
        cancelled = self._bill()
        self.assertEqual(cancelled.amount_untaxed, 30.0)
        cancelled.button_cancel()
        with self.assertRaisesRegex(UserError, 'billed again since'), self.cr.savepoint():
            refund.button_draft()
        again.unlink()
        refund.button_draft()
        self.assertEqual(self._amount_billed(), 100.0)
        self.assertFalse(self._bill())
        with self.assertRaisesRegex(UserError, 'billed again since'), self.cr.savepoint():
            cancelled.button_draft()
        refund.action_post()
        cancelled.unlink()
        self.assertEqual(self._bill().amount_untaxed, 40.0)

    def test_credit_of_what_was_waived_is_not_taken_back(self):
        refund = self.credit(self._bill(post=True), quantity=4)
        self.contract.billing_ids.filtered('rebill').action_waive()
        with self.assertRaisesRegex(UserError, 'Waived'), self.cr.savepoint():
            refund.button_draft()
        self.assertEqual(self._amount_billed(), 60.0)

    def test_credit_before_the_rest_was_released_by_hand_is_not_taken_back(self):
        refund = self.credit(self._bill(post=True), quantity=4)
        self.live(self.contract).action_release()
        with self.assertRaisesRegex(UserError, 'billed again since'), self.cr.savepoint():
            refund.button_draft()
        self.assertEqual(self._bill().amount_untaxed, 100.0)

    def test_credit_of_more_than_is_left_gives_back_what_is_left(self):
        move = self._bill(post=True)
        self.credit(move, quantity=4)
        refund = self.credit(move)
        self.assertEqual(self._amount_billed(), 0.0)
        refund.button_draft()
        self.assertEqual(self._amount_billed(), 60.0)
        self.assertEqual(self._bill().amount_untaxed, 40.0)

    def test_credit_of_nothing_and_rebate_release_nothing(self):
        move = self._bill(post=True)
        self.credit(move, quantity=0)
        self.credit(move, price_unit=1.0)
        self.assertEqual(self._amount_billed(), 100.0)
        self.assertFalse(self._bill())

    def test_credit_with_another_discount_is_a_rebate_too(self):
        move = self._bill(post=True)
        self.credit(move, discount=50.0)
        self.assertEqual(self._amount_billed(), 100.0)
        self.assertFalse(self._bill())
        self.credit(move)
        self.assertEqual(self._amount_billed(), 0.0)

    def test_credit_that_makes_a_new_invoice_bills_nothing_twice(self):
        move = self._bill(post=True)
        wizard = (
            self.env['account.move.reversal']
            .with_context(active_model='account.move', active_ids=move.ids)
            .create({'journal_id': move.journal_id.id, 'date': '2026-01-15'})
        )
        new = self.env['account.move'].browse(wizard.modify_moves()['res_id'])
        self.assertEqual(new.move_type, 'out_invoice')
        self.assertFalse(self._bill(), 'the new invoice stands for the period')
        self.assertEqual(self._amount_billed(), 100.0)
        new.unlink()
        self.assertEqual(self._bill().amount_untaxed, 100.0)

    def test_copy_of_an_invoice_is_no_bill_of_the_contract(self):
        move = self._bill()
        move.copy().unlink()
        self.assertEqual(self._amount_billed(), 100.0)

    def test_what_is_released_by_hand_is_billed_again(self):
        move = self._bill()
        row = self.live(self.contract)
        with self.assertRaisesRegex(UserError, 'still a draft'), self.cr.savepoint():
            row.action_release()
        move.action_post()
        with self.assertRaises(AccessError):
            row.with_user(self.colleague).action_release()
        row.with_user(self.salesman).action_release()
        self.assertEqual(self._bill().amount_untaxed, 100.0)
        with self.assertRaisesRegex(UserError, 'cannot become'), self.cr.savepoint():
            row.action_release()

    def test_part_that_is_billed_again_by_hand_comes_back_with_its_draft(self):
        self.credit(self._bill(post=True), quantity=4)
        self._bill(post=True)
        part = self.live(self.contract).filtered('origin_id')
        part.action_release()
        for give_back in (lambda move: move.unlink(), lambda move: move.button_cancel()):
            again = self._bill()
            self.assertEqual(again.amount_untaxed, 40.0)
            self.assertFalse(self._bill())
            give_back(again)
        self._bill(post=True)
        self.assertEqual(self._amount_billed(), 100.0)
        self.assertFalse(self._bill())
        part.action_release()
        self._bill()
        with self.assertRaisesRegex(UserError, 'billed again since'), self.cr.savepoint():
            again.button_draft()

    def test_what_is_waived_is_never_billed_again(self):
        self.credit(self._bill(post=True), quantity=4)
        part = self.contract.billing_ids.filtered('rebill')
        part.with_user(self.salesman).action_waive()
        self.assertFalse(self._bill())
        with self.assertRaisesRegex(UserError, 'cannot become'), self.cr.savepoint():
            part.action_waive()
        self.credit(self.contract._bill('2026-02-01')._post())
        february = self.contract.billing_ids.filtered(
            lambda row: str(row.period_start) == '2026-02-01'
        )
        february.action_waive()
        self.assertFalse(self.contract._bill('2026-02-28'))

    def test_milestone_is_given_back_too(self):
        contract = self.create_contract(self.milestone(date_due='2026-01-10'))
        move = contract._bill()
        move.unlink()
        move = contract._bill()
        move.action_post()
        self.credit(move, quantity=0.25)
        self.assertEqual(contract._bill().amount_untaxed, 1250.0)
        self.assertFalse(contract._bill())

    def test_cancelled_invoice_does_not_come_back_beside_moved_periods(self):
        for move_line in (
            lambda line: line.write({'align_month': True}),
            lambda line: line.write({'date_start': '2026-01-10'}),
        ):
            with self.subTest(move_line), freeze_time('2026-03-20'), self.cr.savepoint() as undo:
                contract = self.create_contract(self.monthly(prorate=True), date_start='2026-01-15')
                contract._bill('2026-01-31')
                february = contract._bill('2026-02-28')
                february.button_cancel()
                move_line(contract.line_ids)
                moved = contract._bill()
                self.assertTrue(moved.invoice_line_ids)
                with (
                    self.assertRaisesRegex(UserError, 'billed again since'),
                    self.cr.savepoint(),
                ):
                    february.button_draft()
                self.assertEqual(february.state, 'cancel')
                undo.rollback()
