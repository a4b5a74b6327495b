from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractCostCorrections(ItemCase):
    """Costs are corrected after they were passed on: the customer pays what they come to."""

    def bill(self, post=True):
        move = self.contract._bill()
        if post:
            move.action_post()
        return move

    def correct(self, bill, amount):
        """Correct the amount of a vendor bill, as an accountant does."""
        bill = bill.with_user(self.accountant)
        bill.button_draft()
        bill.invoice_line_ids.price_unit = amount
        bill.action_post()

    def charged(self):
        """Return what documents charge for the costs of the contract."""
        self.env.invalidate_all()
        return self.contract.amount_invoiced_cost

    def notes(self, text):
        return self.contract.message_ids.filtered(lambda message: text in (message.body or ''))

    def test_hour_that_was_billed_gets_its_right_cost(self):
        item = self.book(self.ben, 5)
        move = self.bill()
        item.amount = -175.0
        self.env.invalidate_all()
        self.assertEqual(self.contract.cost_time, 175.0)
        self.assertFalse(self.contract._bill(), 'the price is another matter')
        for refused in (lambda: item.write({'unit_amount': 6}), item.unlink):
            with self.assertRaisesRegex(UserError, f'on {move.name}'), self.cr.savepoint():
                refused()

    def test_higher_bill_is_made_up_for_on_the_next_invoice(self):
        self.contract.cost_markup = 10
        bill = self.spend(1000.0)
        move = self.bill()
        self.correct(bill, 1200.0)
        note = self.notes('after it was passed on')
        self.assertEqual(len(note), 1)
        for document in (bill, move):
            self.assertIn(f'data-oe-id="{document.id}"', note.body)
        again = self.bill()
        self.assertEqual(again.amount_untaxed, 220.0)
        self.assertFalse(self.contract._bill())
        self.assertEqual(self.contract.cost_purchase, 1200.0)

    def test_lower_bill_lowers_the_costs_of_the_next_invoice(self):
        bill = self.spend(1000.0)
        self.bill()
        self.correct(bill, 900.0)
        self.spend(300.0)
        self.assertEqual(self.bill().amount_untaxed, 200.0)
        self.assertFalse(self.contract._bill())

    def test_lower_bill_alone_is_offered_as_a_credit(self):
        bill = self.spend(1000.0)
        self.bill()
        self.correct(bill, 900.0)
        refund = self.contract._bill()
        self.assertRecordValues(
            refund, [{'move_type': 'out_refund', 'state': 'draft', 'amount_untaxed': 100.0}]
        )
        refund.action_post()
        self.assertEqual(self.charged(), 900.0)
        self.assertFalse(self.contract._bill())

    def test_nothing_is_billed_while_the_document_is_a_draft(self):
        bill = self.spend(1000.0)
        self.bill()
        bill.button_draft()
        self.assertFalse(self.contract._bill())
        bill.button_cancel()
        refund = self.contract._bill()
        self.assertEqual((refund.move_type, refund.amount_untaxed), ('out_refund', 1000.0))

    def test_same_again_settles_itself_without_a_document(self):
        bill = self.spend(1000.0)
        self.bill()
        self.correct(bill, 1000.0)
        self.assertFalse(self.contract._bill())
        self.assertFalse(self.contract._preview_billing())
        self.assertFalse(self.contract.filtered_domain(self.contract._get_to_bill_domain()))
        self.assertEqual(self.charged(), 1000.0)

    def test_difference_of_an_invoice_that_is_deleted_is_open_again(self):
        bill = self.spend(1000.0)
        self.bill()
        self.correct(bill, 1200.0)
        self.contract._bill().unlink()
        self.assertEqual(self.bill().amount_untaxed, 200.0)
        self.assertFalse(self.contract._bill())

    def test_credit_of_the_first_invoice_opens_what_the_cost_is_now(self):
        bill = self.spend(1000.0)
        first = self.bill()
        self.correct(bill, 1200.0)
        self.bill()
        self.credit(first)
        self.assertEqual(self.bill().amount_untaxed, 1000.0)
        self.assertEqual(self.charged(), 1200.0)
        self.assertFalse(self.contract._bill())

    def test_credit_of_a_part_keeps_the_difference(self):
        bill = self.spend(1000.0)
        self.credit(self.bill(), quantity=0.4)
        self.correct(bill, 1200.0)
        self.assertEqual(self.bill().amount_untaxed, 600.0, '400 again, and 200 more')
        self.assertEqual(self.charged(), 1200.0)
        self.assertFalse(self.contract._bill())

    def test_one_correction_after_the_other_comes_to_the_last(self):
        bill = self.spend(1000.0)
        self.bill()
        for amount in (1200.0, 700.0, 950.0):
            self.correct(bill, amount)
            self.bill()
            self.assertEqual(self.charged(), amount)
        self.assertFalse(self.contract._bill())

    def test_cost_without_document_is_corrected_or_deleted_too(self):
        item = self.spend_without_entry(40.0)
        self.bill()
        item.amount = -60.0
        self.assertEqual(self.bill().amount_untaxed, 20.0)
        item.unlink()
        self.bill()
        self.assertEqual(self.charged(), 0.0)
        self.assertFalse(self.contract._bill())

    def test_corrected_cost_of_another_contract_is_billed_there(self):
        other = self.create_contract(bill_costs=True)
        bill = self.spend(1000.0)
        self.bill()
        bill.button_draft()
        bill.invoice_line_ids.analytic_distribution = {str(other.analytic_account_id.id): 100}
        bill.action_post()
        self.assertEqual(self.bill().move_type, 'out_refund')
        self.assertEqual(self.charged(), 0.0)
        entry = other._preview_billing('2026-01-01') + other._preview_billing()
        self.assertIn(1000.0, [one['amount'] for one in entry])

    def test_draft_of_the_customer_lets_the_cost_go(self):
        bill = self.spend(1000.0)
        self.book(self.ben, 1)
        draft = self.bill(post=False)
        bill.with_user(self.accountant).button_draft()
        self.assertEqual(draft.amount_untaxed, 60.0)
        self.assertTrue(self.notes('was taken off the draft'))
        bill.action_post()
        self.assertEqual(self.bill().amount_untaxed, 1000.0)
        self.assertEqual(self.charged(), 1000.0)

    def test_draft_that_charges_nothing_else_goes(self):
        bill = self.spend(1000.0)
        draft = self.bill(post=False)
        bill.button_draft()
        self.assertFalse(draft.exists())
        self.assertFalse(self.contract._bill())

    def test_other_facts_of_a_billed_cost_are_locked(self):
        item = self.spend_without_entry(40.0)
        move = self.bill()
        for vals in ({'date': '2026-01-01'}, {self.column: False}):
            with self.assertRaisesRegex(UserError, f'on {move.name}'), self.cr.savepoint():
                item.write(vals)

    # === REFUNDS === #

    def activities(self):
        kind = self.env.ref('crm_contracts.mail_activity_type_refund')
        return self.contract.activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def test_refund_of_a_cost_that_was_passed_on_is_offered_to_the_customer(self):
        self.contract.cost_markup = 10
        self.contract.write({'invoice_auto_post': True, 'invoice_auto_send': True})
        self.spend(1000.0, product_id=self.support.id)
        self.contract._bill()
        self.spend(300.0, 'in_refund', product_id=self.support.id)
        (entry,) = self.contract._preview_billing()
        self.assertEqual((entry['amount'], entry['held']), (-330.0, ''))
        with freeze_time('2026-04-02'):
            self.run_cron()
            self.run_cron()
        refund = self.contract.billing_ids.move_line_ids.move_id.filtered(
            lambda move: move.move_type == 'out_refund'
        )
        self.assertRecordValues(refund, [{'state': 'draft', 'amount_untaxed': 330.0}])
        self.assertEqual(refund.invoice_line_ids.product_id, self.support)
        self.assertFalse(refund.sending_data)
        self.assertEqual(len(self.activities()), 1)
        self.assertEqual(self.activities().user_id, self.salesman)
        self.assertFalse(self.contract.filtered_domain(self.contract._get_to_bill_domain()))
        self.assertEqual(self.charged(), 770.0)
        refund.action_post()
        self.assertEqual(self.charged(), 770.0)
        self.assertFalse(self.contract._bill())

    def test_refund_lowers_other_costs_first(self):
        self.spend(1000.0)
        self.bill()
        self.spend(300.0, 'in_refund')
        self.spend(500.0)
        self.assertEqual(self.bill().amount_untaxed, 200.0)
        self.assertFalse(self.activities())

    def test_refund_beyond_what_was_charged_waits(self):
        self.spend(100.0)
        self.bill()
        self.spend(300.0, 'in_refund')
        self.assertIn('Refunds exceed', self.contract._preview_billing()[0]['held'])
        self.assertFalse(self.contract._bill())

    def test_refund_is_no_part_of_an_invoice(self):
        self.spend(1000.0)
        self.bill()
        self.spend(300.0, 'in_refund')
        self.book(self.ben, 1)
        moves = self.contract._bill()
        self.assertEqual(
            {(move.move_type, move.amount_untaxed) for move in moves},
            {('out_invoice', 60.0), ('out_refund', 300.0)},
        )

    def test_deleted_credit_note_is_offered_again_until_it_is_given_up(self):
        self.spend(1000.0)
        self.bill()
        refund = self.spend(300.0, 'in_refund')
        self.contract._bill().unlink()
        self.assertEqual(self.charged(), 1000.0)
        self.contract._bill().unlink()
        refund.invoice_line_ids.analytic_line_ids.crm_contract_non_billable = True
        self.assertFalse(self.contract._bill())
        self.assertEqual(self.charged(), 1000.0)

    def test_credit_note_that_is_reversed_is_offered_again(self):
        self.spend(1000.0)
        self.bill()
        self.spend(300.0, 'in_refund')
        credit = self.contract._bill()
        credit.action_post()
        credit._reverse_moves(cancel=True)
        self.assertEqual(self.charged(), 1000.0)
        self.assertEqual(self.contract._bill().amount_untaxed, 300.0)

    def test_refund_is_not_billed_again_by_hand(self):
        self.spend(1000.0)
        self.bill()
        self.spend(300.0, 'in_refund')
        credit = self.contract._bill()
        credit.action_post()
        with self.assertRaisesRegex(UserError, credit.name):
            credit.invoice_line_ids.crm_contract_billing_id.action_release()

    def test_refund_on_a_closed_contract_is_offered_too(self):
        self.spend(1000.0)
        self.bill()
        self.contract.action_close()
        self.spend(300.0, 'in_refund')
        with freeze_time('2026-04-20'):
            self.run_cron()
        self.assertEqual(self.charged(), 700.0)
        self.assertEqual(len(self.activities()), 1)

    def test_refund_that_was_never_charged_tells_the_manager_of_a_closed_contract(self):
        self.contract.action_close()
        refund = self.spend(300.0, 'in_refund')
        with freeze_time('2026-04-20'):
            self.run_cron()
            (entry,) = self.contract._preview_billing()
        self.assertIn('The contract is closed', entry['held'])
        self.assertIn('The contract is closed', self.contract.billing_error)
        self.assertEqual(self.contract.activity_ids.user_id, self.salesman)
        refund.invoice_line_ids.analytic_line_ids.crm_contract_non_billable = True
        self.assertFalse(self.contract._preview_billing())

    def test_costs_and_refunds_that_come_to_nothing_settle_each_other(self):
        self.spend(300.0)
        self.spend(300.0, 'in_refund')
        self.assertFalse(self.contract._bill())
        self.assertFalse(self.contract._preview_billing())
        self.assertEqual(self.contract.billing_ids.state, 'waived')

    def test_queries_do_not_grow_with_the_corrections(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [self.prepare_contract(bill_costs=True) for _number in range(size)]
            )
            items = self.env['account.analytic.line'].create(
                [
                    {
                        'name': 'Cost',
                        'amount': -50.0,
                        'date': '2026-03-05',
                        self.column: contract.analytic_account_id.id,
                    }
                    for contract in contracts
                ]
            )
            contracts._bill()
            items.amount = -40.0
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._preview_billing()
            return self.env.cr.sql_log_count - before

        measure(2)
        self.assertLessEqual(measure(30) - measure(5), 2)
