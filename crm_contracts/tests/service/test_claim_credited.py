from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-02 10:00:00')
class TestClaimCredited(ClaimCase):
    """What accounting credits by itself is taken off what can be claimed."""

    def credit(self, invoice, post=True, **values):
        """Return a credit note of the chairs as accounting makes it, changed by hand."""
        refund = invoice.with_user(self.accountant)._reverse_moves([{'invoice_date': '2026-03-02'}])
        chair = self.get_line(refund, self.chair)
        (refund.invoice_line_ids - chair).unlink()
        chair.write(values)
        if post:
            refund.action_post()
        return refund

    def get_left(self, line):
        sources = line.sudo()
        return self.env['service.claim.line']._get_left_to_claim(sources)[sources]

    def test_what_was_credited_by_hand_is_not_claimed(self):
        line = self.get_line(self.invoice, self.chair)
        refund = self.credit(self.invoice, quantity=1)
        self.assertEqual(self.get_left(line), 2)
        with (
            self.assertRaisesRegex(ValidationError, f'no more than 2 of .*{refund.name}'),
            self.env.cr.savepoint(),
        ):
            self.claim_items(self.invoice, chair=3)
        claim = self.claim_items(self.invoice, chair=2)
        with self.assertRaisesRegex(ValidationError, rf'{refund.name}\.$'), self.env.cr.savepoint():
            claim.line_ids.quantity = 3
        picker = self.open_picker(self.create_claim(), self.agent)
        self.assertEqual(picker.line_ids.mapped('name'), ['Table'])
        refund.button_draft()
        self.assertEqual(self.get_left(line), 0, 'a draft is credited soon')
        refund.button_cancel()
        self.assertEqual(self.get_left(line), 1)

    def test_rebate_leaves_the_items_to_be_claimed(self):
        line = self.get_line(self.invoice, self.chair)
        for rebate in ({'price_unit': 5.0}, {'discount': 50.0}):
            self.credit(self.invoice, **rebate)
        self.assertEqual(self.get_left(line), 3)
        self.claim_items(self.invoice, chair=3)

    def test_credit_of_a_claim_counts_once(self):
        claim = self.claim_items(self.invoice, chair=1)
        claim.line_ids.outcome = 'credit'
        claim.with_user(self.env.user).action_create_documents()
        claim.line_ids.outcome_document.action_post()
        line = self.get_line(self.invoice, self.chair)
        self.assertEqual(self.get_left(line), 2)
        self.credit(self.invoice, quantity=1)
        self.assertEqual(self.get_left(line), 1)

    def test_what_was_claimed_before_goes_on_and_what_was_rejected_does_not_come_back(self):
        claim = self.claim_items(self.invoice, chair=3)
        other = self.claim_items(self.invoice, table=2)
        other.line_ids.outcome = 'rejected'
        refund = self.invoice._reverse_moves([{'invoice_date': '2026-03-02'}])
        refund.action_post()
        claim.line_ids.outcome = 'repair'
        claim.partner_id = self.customer
        self.assertEqual((claim.line_ids.outcome, claim.line_ids.quantity), ('repair', 3.0))
        with self.assertRaisesRegex(ValidationError, refund.name), self.env.cr.savepoint():
            other.line_ids.outcome = 'repair'
        claim.action_reject()
        with self.assertRaisesRegex(ValidationError, refund.name):
            claim.action_reopen()

    def test_order_that_was_credited_is_claimed_again_when_it_was_charged_again(self):
        order = self.env['sale.order'].create(
            {
                'partner_id': self.customer.id,
                'order_line': [
                    Command.create(
                        {'product_id': self.chair.id, 'product_uom_qty': 5, 'price_unit': 40}
                    )
                ],
            }
        )
        order.action_confirm()
        first = self.bill(order)
        sold = order.order_line
        self.credit(first)
        self.assertEqual(self.get_left(sold), 0)
        self.assertEqual(self.get_left(first.invoice_line_ids), 0)
        second = self.bill(order)
        self.assertEqual(self.get_left(sold), 5)
        self.assertEqual(self.get_left(second.invoice_line_ids), 5)
        self.assertEqual(self.get_left(first.invoice_line_ids), 0)
        sold.product_uom_qty = 3
        refund = order._create_invoices(final=True)
        self.assertEqual((refund.move_type, refund.invoice_line_ids.quantity), ('out_refund', 2))
        self.assertEqual(self.get_left(sold), 3, 'what the order credits of itself counts too')

    def test_bill_that_the_supplier_credited_is_not_claimed_from_him(self):
        bill = self.create_invoice(self.partner_b, 'in_invoice')
        bill._reverse_moves([{'invoice_date': '2026-03-02'}]).action_post()
        claim = self.create_claim(self.partner_b, against='supplier')
        self.assertFalse(self.open_picker(claim, self.agent).line_ids)

    def test_credits_of_many_lines_are_read_together(self):
        invoices = [self.create_invoice(self.customer) for _number in range(6)]
        for invoice in invoices:
            self.credit(invoice, quantity=1)
        items, counts = self.env['service.claim.line'], []
        for number in (1, 6):
            lines = items.env['account.move.line'].sudo()
            for invoice in invoices[:number]:
                lines |= self.get_line(invoice, self.chair).sudo()
            items._get_left_to_claim(lines)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(set(items._get_left_to_claim(lines).values()), {2.0})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def bill(self, order):
        invoice = order._create_invoices()
        invoice.invoice_date = '2026-02-10'
        invoice.action_post()
        return invoice
