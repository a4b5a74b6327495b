from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase

WAITS = 'to be billed again as it was'
CHARGED = 'was billed by the contract'
CHANGED = 'changed or deleted since'


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractRebill(ItemCase):
    """Hours and costs that were given back: what is billed again is what they still are."""

    def _bill_and_post(self):
        move = self.contract._bill()
        move.action_post()
        return move

    def _assert_locked(self, item, reason):
        for name, change in (
            ('time', lambda: item.write({'unit_amount': 4.0})),
            ('date', lambda: item.write({'date': '2026-03-01'})),
            ('account', lambda: item.write({self.column: False})),
            ('deleting', item.unlink),
        ):
            with (
                self.subTest(name, reason=reason),
                self.assertRaisesRegex(UserError, reason),
                self.cr.savepoint(),
            ):
                change()

    # === GIVEN BACK IN PARTS === #

    def test_hours_credited_in_parts_are_locked_until_nothing_bills_them_again(self):
        item = self.book(self.ben, 5)
        move = self._bill_and_post()
        self.credit(move, quantity=2)
        self._assert_locked(item, CHARGED)
        self.credit(move, quantity=3)
        self._assert_locked(item, WAITS)
        item.name = 'Words may change'
        again = self.contract._bill()
        self.assertEqual(again.amount_untaxed, 300.0)
        self._assert_locked(item, CHARGED)
        again.unlink()
        self._assert_locked(item, WAITS)
        self.contract.billing_ids.action_waive()
        item.unit_amount = 4.0
        self.assertFalse(self.contract._bill(), 'never billed again means never')

    def test_part_that_is_billed_again_locks_the_hours_too(self):
        item = self.book(self.ben, 5)
        move = self._bill_and_post()
        self.credit(move, quantity=2)
        self.contract._bill()
        self.credit(move, quantity=3)
        self._assert_locked(item, CHARGED)
        self.contract.billing_ids.filtered('rebill').action_waive()
        self._assert_locked(item, CHARGED)

    def test_hours_of_a_deleted_draft_that_was_edited_are_locked(self):
        item = self.book(self.ben, 5)
        draft = self.contract._bill()
        draft.write(
            {'invoice_line_ids': [Command.update(draft.invoice_line_ids.id, {'quantity': 4})]}
        )
        draft.unlink()
        self._assert_locked(item, WAITS)
        self.assertEqual(self.contract._bill().amount_untaxed, 300.0)
        self.assertFalse(self.contract._bill())

    def test_vendor_bill_of_costs_credited_in_parts_is_corrected(self):
        bill = self.spend(1000.0)
        move = self._bill_and_post()
        self.credit(move, quantity=0.4)
        self.credit(move, quantity=0.6)
        bill.button_draft()
        bill.invoice_line_ids.price_unit = 900.0
        bill.action_post()
        self.assertEqual(self.contract._bill().amount_untaxed, 1000.0, 'as it was')
        self.assertEqual(self.contract._bill().amount_untaxed, 100.0, 'given back')
        self.env.invalidate_all()
        self.assertEqual(self.contract.amount_invoiced_cost, 900.0)
        self.assertFalse(self.contract._bill())

    def test_hours_to_be_billed_again_do_not_follow_their_ticket(self):
        ticket = (
            self.env['service.ticket']
            .sudo()
            .create(
                {
                    'name': 'Down',
                    'partner_id': self.partner_a.id,
                    'contract_id': self.contract.id,
                }
            )
        )
        item = self.book(self.ben, 5, crm_ticket_id=ticket.id)
        move = self._bill_and_post()
        self.credit(move, quantity=2)
        self.credit(move, quantity=3)
        other = self.create_contract(bill_time=True)
        ticket.contract_id = other
        self.assertEqual(item[self.column], self.contract.analytic_account_id)
        self.assertEqual(self.contract._bill().amount_untaxed, 300.0)
        self.assertFalse(other.billing_ids)

    # === CHANGED SINCE THEY WERE GIVEN BACK === #

    def test_credit_note_of_hours_that_were_corrected_is_not_taken_back(self):
        item = self.book(self.ben, 5)
        refund = self.credit(self._bill_and_post())
        item.unit_amount = 6.0
        with self.assertRaisesRegex(UserError, CHANGED), self.cr.savepoint():
            refund.button_draft()
        self.assertEqual(self.contract._bill().amount_untaxed, 360.0)

    def test_cancelled_draft_of_hours_that_were_deleted_does_not_come_back(self):
        self.book(self.ben, 5)
        deleted = self.book(self.ben, 2)
        draft = self.contract._bill()
        draft.button_cancel()
        deleted.unlink()
        with self.assertRaisesRegex(UserError, CHANGED), self.cr.savepoint():
            draft.button_draft()
        self.assertEqual(self.contract._bill().amount_untaxed, 300.0)

    def test_cancelled_draft_of_hours_that_are_as_they_were_comes_back(self):
        item = self.book(self.ben, 5)
        draft = self.contract._bill()
        draft.button_cancel()
        item.name = 'Words may change'
        draft.button_draft()
        self.assertFalse(self.contract._bill())
        self._assert_locked(item, CHARGED)

    def test_waived_hours_stay_waived_when_they_are_corrected(self):
        item = self.book(self.ben, 5)
        self.credit(self._bill_and_post())
        self.contract.billing_ids.action_waive()
        item.unit_amount = 6.0
        self.assertFalse(self.contract._bill())

    # === ONE LINE OF SEVERAL === #

    def test_credit_note_without_a_line_opens_the_others_alone(self):
        self.book(self.ada, 8)
        hours_of_ben = self.book(self.ben, 2)
        move = self._bill_and_post()
        refund = self.credit(move, post=False)
        kept = refund.invoice_line_ids.filtered(lambda line: line.price_unit == 60.0)
        kept.unlink()
        refund.action_post()
        self._assert_locked(hours_of_ben, CHARGED)
        again = self.contract._bill()
        self.assertRecordValues(again.invoice_line_ids, [{'quantity': 1.0, 'price_unit': 650.0}])
        self.assertFalse(self.contract._bill())

    def test_credit_note_line_of_nothing_opens_nothing(self):
        hours_of_ada = self.book(self.ada, 8)
        hours_of_ben = self.book(self.ben, 2)
        move = self._bill_and_post()
        refund = self.credit(move, post=False)
        refund.invoice_line_ids.filtered(lambda line: line.price_unit == 650.0).quantity = 0
        refund.action_post()
        self._assert_locked(hours_of_ada, CHARGED)
        hours_of_ben.unit_amount = 3.0
        again = self.contract._bill()
        self.assertRecordValues(again.invoice_line_ids, [{'quantity': 3.0, 'price_unit': 60.0}])
        self.assertFalse(self.contract._bill())
