from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-02 10:00:00')
class TestClaimCredit(ClaimCase):
    def claim(self, move=None, user=None, against='customer', **quantities):
        move = move or self.invoice
        claim = self.create_claim(move.partner_id, against=against, user_id=self.biller.id)
        claim._add_items(
            {
                f'account.move.line,{self.get_line(move, product).id}': quantities[name]
                for name, product in (('chair', self.chair), ('table', self.table))
                if name in quantities
            }
        )
        claim.line_ids.outcome = 'credit'
        return claim.with_user(user or self.biller)

    def get_made(self, claim):
        made = claim.sudo().line_ids._get_outcome_documents().values()
        return self.env['account.move'].union(*made)

    def test_items_are_credited_as_they_were_invoiced_and_nothing_else(self):
        claim = self.claim(chair=2)
        action = claim.action_create_documents()
        refund = self.get_made(claim)
        self.assertEqual((action['res_model'], action['res_id']), ('account.move', refund.id))
        self.assertRecordValues(
            refund,
            [
                {
                    'move_type': 'out_refund',
                    'state': 'draft',
                    'partner_id': self.customer.id,
                    'reversed_entry_id': self.invoice.id,
                    'amount_untaxed': 59.99,
                    'amount_tax': 12.6,
                }
            ],
        )
        self.assertRecordValues(
            refund.invoice_line_ids,
            [
                {
                    'product_id': self.chair.id,
                    'quantity': 2.0,
                    'price_unit': 33.33,
                    'discount': 10.0,
                    'tax_ids': self.tax.ids,
                }
            ],
        )
        self.assertEqual(claim.line_ids.amount_granted, 59.99)
        self.assertEqual(claim.action_create_documents()['res_id'], refund.id, 'once')
        self.assertEqual(self.get_made(claim), refund)
        self.assertEqual(refund.with_user(self.biller).service_claim_count, 1)
        self.assertEqual(
            refund.with_user(self.biller).action_view_service_claims()['res_id'], claim.id
        )

    def test_rebate_comes_to_the_cent_in_the_currency_of_the_invoice(self):
        other = self.setup_other_currency('HRK', rates=[('2026-02-01', 4.0), ('2026-03-01', 8.0)])
        for included, currency, granted, untaxed in (
            (False, self.env.company.currency_id, 10.01, 10.01),
            (True, self.env.company.currency_id, 10.01, 10.01),
            (False, other, 10.01, 40.04),
        ):
            with self.subTest(included=included, currency=currency.name):
                self.tax.price_include_override = 'tax_included' if included else 'tax_excluded'
                invoice = self.create_invoice(self.customer, currency_id=currency.id)
                claim = self.claim(invoice, chair=3)
                claim.line_ids.amount_granted = granted
                self.assertEqual(claim.line_ids.credit_kind, 'rebate')
                claim.action_create_documents()
                refund = self.get_made(claim)
                self.assertEqual((refund.amount_untaxed, refund.currency_id), (untaxed, currency))
                self.assertEqual(refund.invoice_line_ids.quantity, 1.0)
                self.assertIn('Rebate', refund.invoice_line_ids.name)

    def test_two_claims_on_one_invoice_make_two_credit_notes(self):
        first, second = self.claim(chair=1), self.claim(chair=2, table=2)
        first.line_ids.action_create_credit_note()
        second.line_ids.action_create_credit_note()
        refunds = self.get_made(first) | self.get_made(second)
        self.assertEqual(len(refunds), 2)
        refunds.action_post()
        self.assertEqual(sum(refunds.mapped('amount_untaxed')), self.invoice.amount_untaxed)

    def test_line_claimed_as_items_and_as_rebate_is_credited_in_two(self):
        claim = self.claim(chair=1)
        claim._add_items({f'account.move.line,{self.get_line(self.invoice, self.chair).id}': 2})
        claim.line_ids.outcome = 'credit'
        claim.line_ids[1].amount_granted = 5.0
        claim.action_create_documents()
        refunds = self.get_made(claim).sorted('amount_untaxed')
        self.assertEqual(refunds.mapped('amount_untaxed'), [5.0, 30.0])

    def test_cancelled_or_deleted_credit_note_is_made_again(self):
        claim = self.claim(chair=1)
        for remove in ('unlink', 'button_cancel'):
            claim.action_create_documents()
            made = self.get_made(claim)
            with self.assertRaisesRegex(UserError, 'stays as it is'):
                claim.line_ids.quantity = 2
            with self.assertRaisesRegex(UserError, 'stays as it is'):
                claim.line_ids.unlink()
            getattr(made, remove)()
            claim.line_ids.invalidate_recordset()
            self.assertTrue(claim.line_ids.is_document_due)
        claim.line_ids.quantity = 2
        claim.action_create_documents()
        self.assertEqual(self.get_made(claim).invoice_line_ids.quantity, 2)

    def test_no_more_is_credited_than_was_charged_whoever_credited_it(self):
        rebate = self.claim(table=1)
        rebate.line_ids.amount_granted = 200.01
        with self.assertRaises(UserError) as refused:
            rebate.action_create_documents()
        self.assertRegex(str(refused.exception), 'No more of .* can be credited .*200.00')
        rebate.line_ids.amount_granted = 150
        rebate.action_create_documents()
        second = self.claim(table=1)
        with self.assertRaises(UserError) as refused:
            second.action_create_documents()
        self.assertIn(f', {rebate.number}', str(refused.exception))
        self.get_made(rebate).button_cancel()
        second.action_create_documents()
        self.assertEqual(self.get_made(second).amount_untaxed, 100)
        singles = [self.claim(chair=1) for _time in range(3)]
        for claim in singles:
            claim.action_create_documents()
        self.assertEqual([self.get_made(claim).amount_untaxed for claim in singles], [30.0] * 3)

    def test_what_accounting_credited_is_not_credited_by_a_claim_too(self):
        claim = self.claim(table=1)
        self.invoice._reverse_moves([{'invoice_date': '2026-03-02'}]).action_post()
        with self.assertRaises(UserError) as refused:
            claim.action_create_documents()
        self.assertIn('Credited before: RINV', str(refused.exception))
        self.assertFalse(self.get_made(claim))

    def test_nothing_is_credited_without_the_approval_that_it_needs(self):
        self.team.approval_amount = 50
        claim = self.claim(table=2)
        with self.assertRaises(UserError) as refused:
            claim.action_create_documents()
        self.assertIn('may without approval', str(refused.exception))
        claim.line_ids.amount_granted = 200
        claim.sudo()._on_approved()
        claim.action_create_documents()
        self.assertEqual(self.get_made(claim).amount_untaxed, 200)

    def test_credit_of_items_of_an_order_is_made_on_its_invoice(self):
        self.team.biller_id = self.accountant
        order = self.env['sale.order'].create(
            {
                'partner_id': self.customer.id,
                'order_line': [Command.create({'product_id': self.chair.id, 'product_uom_qty': 3})],
            }
        )
        order.order_line.price_unit = 10
        order.action_confirm()
        order.order_line.qty_delivered = 3
        invoice = order._create_invoices()
        invoice.invoice_date = '2026-02-20'
        invoice.action_post()
        claim = self.create_claim(self.customer)
        claim._add_items({f'sale.order.line,{order.order_line.id}': 2})
        claim.line_ids.outcome = 'credit'
        claim.with_user(self.agent).action_create_documents()
        self.assertEqual(invoice.activity_ids.user_id, self.accountant)
        self.assertFalse(self.invoice.crm_claim_credit_due)
        self.assertTrue(invoice.crm_claim_credit_due)
        invoice.with_user(self.accountant).action_credit_crm_claims()
        self.assertEqual(self.get_made(claim).amount_untaxed, 20)
        self.env.invalidate_all()
        self.assertFalse(invoice.crm_claim_credit_due)
        self.assertFalse(invoice.activity_ids)

    def test_agent_without_accounting_asks_who_may(self):
        self.team.biller_id = self.accountant
        claim = self.claim(user=self.agent, chair=2)
        claim.user_id = self.agent
        for _click in range(2):
            self.assertEqual(claim.action_create_documents()['tag'], 'display_notification')
        todo = self.invoice.activity_ids
        self.assertEqual((len(todo), todo.user_id), (1, self.accountant))
        self.assertIn('2 x Chair', todo.note)
        self.assertFalse(self.get_made(claim))
        with self.assertRaises(AccessError):
            self.invoice.with_user(self.agent).action_credit_crm_claims()
        invoice = self.invoice.with_user(self.accountant)
        self.assertTrue(invoice.crm_claim_credit_due)
        action = invoice.action_credit_crm_claims()
        self.assertEqual(action['res_id'], self.get_made(claim).id)
        self.assertEqual(self.get_made(claim).amount_untaxed, 59.99)
        self.assertFalse(invoice.crm_claim_credit_due)
        self.assertFalse(self.invoice.activity_ids)
        with self.assertRaises(AccessError):
            claim.line_ids.action_open_outcome_document()

    def test_agent_whom_nobody_helps_reads_a_sentence(self):
        self.team.biller_id = False
        claim = self.create_claim(user_id=self.agent.id).with_user(self.agent)
        with self.assertRaisesRegex(UserError, 'Choose the outcome'):
            claim.action_create_documents()
        self.env['service.claim.line'].create(
            {'claim_id': claim.id, 'name': 'Lost time', 'outcome': 'credit', 'amount_granted': 40}
        )
        with self.assertRaisesRegex(UserError, 'You may not make these'):
            claim.action_create_documents()

    def test_what_no_invoice_is_known_of_is_credited_as_granted(self):
        claim = self.create_claim(user_id=self.biller.id).with_user(self.biller)
        self.env['service.claim.line'].create(
            {'claim_id': claim.id, 'name': 'Lost time', 'outcome': 'credit'}
        )
        with self.assertRaisesRegex(UserError, 'how much is granted'):
            claim.action_create_documents()
        claim.line_ids.amount_granted = 40.05
        claim.action_create_documents()
        self.assertEqual(self.get_made(claim).amount_untaxed, 40.05)

    def test_supplier_credits_the_items_of_his_bill(self):
        bill = self.create_invoice(self.partner_b, 'in_invoice')
        claim = self.claim(bill, against='supplier', chair=3)
        claim.action_create_documents()
        refund = self.get_made(claim)
        self.assertRecordValues(
            refund, [{'move_type': 'in_refund', 'state': 'draft', 'amount_untaxed': 89.99}]
        )

    def test_replacement_is_an_order_that_costs_nothing(self):
        self.biller.group_ids |= self.env.ref('sales_team.group_sale_salesman')
        claim = self.claim(chair=2)
        claim.line_ids.outcome = 'replacement'
        claim.action_create_documents()
        order = claim.line_ids.outcome_document
        self.assertRecordValues(
            order, [{'partner_id': self.customer.id, 'amount_total': 0.0, 'state': 'draft'}]
        )
        self.assertRecordValues(
            order.order_line, [{'product_id': self.chair.id, 'product_uom_qty': 2.0}]
        )
        self.assertEqual(order.service_claim_count, 1)

    def test_supplier_replaces_what_was_bought(self):
        self.biller.group_ids |= self.env.ref('purchase.group_purchase_user')
        order = self.env['purchase.order'].create(
            {
                'partner_id': self.partner_b.id,
                'order_line': [
                    Command.create(
                        {'product_id': self.chair.id, 'product_qty': 4, 'price_unit': 12.5}
                    )
                ],
            }
        )
        order.button_confirm()
        claim = self.choose(self.open_picker(order, self.biller), chair=3)
        self.assertRecordValues(claim, [{'against': 'supplier', 'amount_claimed': 37.5}])
        claim.user_id = self.biller
        claim.line_ids.outcome = 'replacement'
        claim.with_user(self.biller).action_create_documents()
        made = claim.line_ids.outcome_document
        self.assertRecordValues(
            made, [{'partner_id': self.partner_b.id, 'amount_total': 0.0, 'state': 'draft'}]
        )
        self.assertEqual(made.order_line.product_qty, 3.0)
        self.assertTrue(
            any(
                action['id'] == self.env.ref('crm_claims.service_claim_pick_action').id
                for action in self.env['ir.actions.actions']
                .with_user(self.biller)
                .get_bindings('purchase.order')['action']
            )
        )

    def test_rebate_on_a_contract_bills_nothing_again_and_items_back_do(self):
        contract = self.create_contract(
            self.monthly(quantity=2, price_unit=100.0), partner_id=self.customer.id
        )
        invoice = contract._bill('2026-01-31')
        invoice.action_post()
        line = invoice.invoice_line_ids
        claim = self.create_claim(user_id=self.biller.id)
        claim._add_items({f'account.move.line,{line.id}': 1})
        claim.line_ids.write({'outcome': 'credit', 'amount_granted': 100.0})
        self.assertEqual(claim.line_ids.credit_kind, 'rebate')
        claim.with_user(self.biller).action_create_documents()
        self.get_made(claim).action_post()
        self.assertEqual(self.periods(contract), [('2026-01-01', '2026-02-01', 200.0)])
        later = contract._bill('2026-02-28')
        later.action_post()
        back = self.create_claim(user_id=self.biller.id)
        back._add_items({f'account.move.line,{later.invoice_line_ids.id}': 1})
        back.line_ids.write({'outcome': 'credit', 'credit_kind': 'quantity'})
        back.with_user(self.biller).action_create_documents()
        self.get_made(back).action_post()
        self.assertEqual(contract._bill('2026-02-28').amount_untaxed, 100.0)

    def test_demo_shows_a_claim_that_a_credit_note_solved(self):
        claim = self.env.ref('crm_contracts.service_claim_chairs').sudo()
        refund = self.get_made(claim)
        self.assertEqual((refund.state, refund.amount_untaxed), ('posted', 241.0))
        self.assertEqual(claim.amount_granted, 241.0)
        self.assertTrue(claim.date_closed)
