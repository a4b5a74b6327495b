from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-09-10')
class TestContractUnused(BillingCase):
    """What is given back of days that a contract does not cover any more stays given back."""

    def bill_september(self, post=True, **values):
        """Return a contract of 300 a month and its invoice of September."""
        line = self.monthly(price_unit=300.0, prorate=True, date_start='2026-09-01', **values)
        contract = self.create_contract(line, date_start='2026-09-01', date_end='2027-08-31')
        move = contract._bill('2026-09-01')
        if post:
            move.action_post()
        return contract, move

    def close(self, contract):
        contract.with_user(self.salesman).action_close(reason='Moved away')

    def suspend(self, contract):
        contract.with_user(self.salesman).action_suspend('2026-09-11')

    def shorten(self, contract):
        contract.with_user(self.salesman).date_end = '2026-09-10'

    def assert_billed_to_the_end(self, contract):
        self.assertFalse(contract._preview_billing('2026-12-31'))
        self.assertFalse(contract._bill('2026-12-31'))
        self.assertFalse(contract.next_billing_date)
        self.assertFalse(contract.is_to_bill)
        self.run_cron()
        self.assertFalse(
            contract.billing_ids.move_line_ids.move_id.filtered(lambda move: move.state == 'draft')
        )

    # === CREDITED BY QUANTITY === #

    def test_days_credited_by_quantity_are_not_charged_again(self):
        for end in (self.close, self.suspend, self.shorten):
            for prorate in (True, False):
                with self.subTest(end=end.__name__, prorate=prorate):
                    contract, move = self.bill_september()
                    contract.line_ids.prorate = prorate
                    end(contract)
                    self.credit(move, quantity=0.67)
                    self.assert_billed_to_the_end(contract)
                    self.assertEqual(sum(self.live(contract).mapped('amount')), 99.0)

    def test_days_credited_before_the_end_are_not_charged_again_after_it(self):
        contract, move = self.bill_september()
        self.credit(move, quantity=0.67)
        self.assertEqual(contract._preview_billing()[0]['quantity'], 0.67)
        self.close(contract)
        self.assert_billed_to_the_end(contract)

    def test_what_is_covered_is_charged_again(self):
        contract, move = self.bill_september()
        self.close(contract)
        self.credit(move, quantity=0.8)
        again = contract._bill()
        self.assertEqual(again.invoice_line_ids.quantity, 0.13)
        self.assertEqual(again.amount_untaxed, 40.0, 'ten days of thirty are 100')
        self.assert_ledger_says_the_documents(contract)
        again.action_post()
        self.assert_billed_to_the_end(contract)

    def test_credited_days_are_charged_when_the_contract_covers_them_again(self):
        contract, move = self.bill_september()
        self.suspend(contract)
        self.credit(move, quantity=0.67)
        self.assertFalse(contract._bill('2026-09-30'))
        contract.action_resume('2026-09-21')
        self.assertEqual(str(contract.next_billing_date), '2026-09-01')
        again = contract._bill('2026-09-30')
        self.assertEqual(again.invoice_line_ids.quantity, 0.34)
        self.assertEqual(again.amount_untaxed, 101.0, 'twenty days of thirty are 200')
        self.assert_ledger_says_the_documents(contract)

    def test_corrected_invoice_of_a_closed_contract_is_all_there_is(self):
        """Reverse and Create Invoice, with the quantity of the days that were used."""
        contract, move = self.bill_september()
        self.close(contract)
        wizard = (
            self.env['account.move.reversal']
            .with_context(active_model='account.move', active_ids=move.ids)
            .create({'journal_id': move.journal_id.id})
        )
        corrected = self.env['account.move'].browse(wizard.modify_moves()['res_id'])
        corrected.invoice_line_ids = [
            Command.update(corrected.invoice_line_ids.id, {'quantity': 0.33})
        ]
        corrected.action_post()
        self.assert_billed_to_the_end(contract)
        self.assertEqual(sum(self.live(contract).mapped('amount')), 99.0)

    def test_credits_that_are_taken_back_count_no_more(self):
        contract, move = self.bill_september()
        self.close(contract)
        refund = self.credit(move, quantity=0.67)
        refund.button_draft()
        refund.unlink()
        self.assertEqual(sum(self.live(contract).mapped('amount')), 300.0)
        self.assertEqual(contract.unused_amount, 200.0)

    def assert_ledger_says_the_documents(self, contract):
        lines = contract.billing_ids.move_line_ids
        charged = lines.filtered(lambda line: line.move_type == 'out_invoice')
        credited = lines.filtered(
            lambda line: line.move_type == 'out_refund' and line.parent_state == 'posted'
        )
        net = sum(charged.mapped('price_subtotal')) - sum(credited.mapped('price_subtotal'))
        self.assertAlmostEqual(sum(self.live(contract).mapped('amount')), net, 2)

    # === CREDIT NOTES OF UNUSED DAYS === #

    def test_days_that_are_covered_again_come_to_the_cent_however_they_come(self):
        """Of a year of 1,000, in steps of a month."""
        line = self.monthly(
            price_unit=1000.0, interval_unit='year', prorate=True, date_start='2026-01-01'
        )
        contract = self.create_contract(line)
        contract._bill('2026-01-01').action_post()
        contract.date_end = '2026-03-31'
        contract.action_credit_unused()
        refund = contract.billing_ids.move_line_ids.move_id.filtered(
            lambda move: move.move_type == 'out_refund'
        )
        refund.invoice_date = '2026-09-10'
        refund.action_post()
        for end, days in (('2026-04-30', 120), ('2026-05-31', 151), ('2026-12-31', 365)):
            contract.date_end = end
            contract._bill('2026-12-31').action_post()
            amount = sum(self.live(contract).mapped('amount'))
            self.assertAlmostEqual(amount, 1000.0 * days / 365, 1, end)
            self.assertAlmostEqual(contract.amount_invoiced, amount, 2)
            self.assert_ledger_says_the_documents(contract)
        self.assertEqual(amount, 1000.0)
        self.assertFalse(contract._bill('2026-12-31'))

    def test_unused_days_are_credited_to_the_cent(self):
        tax = self.company_data['default_tax_sale']
        self.support.taxes_id = tax
        for end in (self.close, self.suspend, self.shorten):
            with self.subTest(end=end.__name__):
                contract, move = self.bill_september()
                end(contract)
                self.assertEqual(contract.unused_amount, 200.0)
                contract.with_user(self.salesman).action_credit_unused()
                refund = move.reversal_move_ids
                self.assertRecordValues(
                    refund, [{'state': 'draft', 'move_type': 'out_refund', 'amount_untaxed': 200.0}]
                )
                self.assertRecordValues(
                    refund.invoice_line_ids, [{'quantity': 0.67, 'tax_ids': tax.ids}]
                )
                self.assertIn('09/11/2026 to 09/30/2026', refund.invoice_line_ids.name)
                self.assertFalse(contract.unused_amount, 'the draft answers for it')
                with self.assertRaisesRegex(UserError, 'No days are charged'):
                    contract.action_credit_unused()
                refund.action_post()
                self.assertEqual(sum(self.live(contract).mapped('amount')), 100.0)
                self.assert_billed_to_the_end(contract)
                self.assertFalse(contract.unused_amount)

    def test_what_was_credited_to_the_cent_is_charged_to_the_cent_again(self):
        contract, move = self.bill_september()
        self.suspend(contract)
        contract.action_credit_unused()
        move.reversal_move_ids.action_post()
        contract.action_resume('2026-09-11')
        again = contract._bill('2026-09-30')
        self.assertEqual(again.amount_untaxed, 200.0)
        self.assertEqual(sum(self.live(contract).mapped('amount')), 300.0)

    def test_days_are_credited_to_the_cent_in_steps(self):
        contract, _move = self.bill_september()
        contract.action_suspend('2026-09-11', '2026-09-15')
        contract.action_credit_unused()
        self.get_refunds(contract).action_post()
        self.assertEqual(sum(self.live(contract).mapped('amount')), 250.0)
        contract.date_end = '2026-09-20'
        self.assertEqual(contract.unused_amount, 100.0)
        contract.action_credit_unused()
        self.get_refunds(contract).filtered(lambda move: move.state == 'draft').action_post()
        self.assertEqual(sum(self.live(contract).mapped('amount')), 150.0)
        self.assert_billed_to_the_end(contract)

    def test_drafts_answer_for_their_days_to_the_cent(self):
        contract, _move = self.bill_september()
        contract.action_suspend('2026-09-11', '2026-09-15')
        contract.action_credit_unused()
        contract.date_end = '2026-09-20'
        self.assertEqual(contract.unused_amount, 100.0)

    def test_half_a_hundredth_that_is_credited_is_not_charged_again(self):
        contract, move = self.bill_september(quantity=0.25)
        contract.date_end = '2026-09-27'
        contract.action_credit_unused()
        refund = move.reversal_move_ids
        self.assertEqual((refund.invoice_line_ids.quantity, refund.amount_untaxed), (0.03, 7.5))
        refund.action_post()
        self.assertEqual(sum(self.live(contract).mapped('amount')), 67.5)
        self.assert_billed_to_the_end(contract)

    def test_a_day_of_a_year_is_credited_too(self):
        line = self.monthly(
            price_unit=12000.0, prorate=True, date_start='2026-09-01', interval_unit='year'
        )
        contract = self.create_contract(line, date_start='2026-09-01', date_end='2027-08-31')
        move = contract._bill('2026-09-01')
        move.action_post()
        contract.date_end = '2027-08-30'
        self.assertEqual(contract.unused_amount, 32.88)
        contract.action_credit_unused()
        refund = move.reversal_move_ids
        self.assertEqual((refund.invoice_line_ids.quantity, refund.amount_untaxed), (0.01, 32.88))
        refund.action_post()
        self.assertFalse(contract._bill('2027-12-31'))
        contract.date_end = '2027-08-31'
        self.assertEqual(contract._bill('2026-12-31').amount_untaxed, 32.88)

    def test_draft_with_another_price_is_a_rebate_and_gives_no_days_back(self):
        contract, move = self.bill_september()
        self.close(contract)
        self.credit(move, post=False, price_unit=10.0)
        self.assertEqual(contract.unused_amount, 200.0)

    def test_only_the_billing_says_what_is_unused(self):
        _contract, move = self.bill_september()
        line = self.credit(move, post=False, price_unit=10.0).invoice_line_ids
        with self.assertRaisesRegex(AccessError, 'Only the billing'):
            line.with_user(self.accountant).crm_contract_is_unused = True

    def get_refunds(self, contract):
        return contract.billing_ids.move_line_ids.move_id.filtered(
            lambda move: move.move_type == 'out_refund'
        )

    def test_taxes_that_prices_include_are_credited_with_them(self):
        tax = self.env['account.tax'].create(
            {'name': '21 % incl.', 'amount': 21.0, 'price_include_override': 'tax_included'}
        )
        self.support.taxes_id = tax
        contract, move = self.bill_september()
        self.assertEqual(move.amount_total, 363.0)
        self.close(contract)
        contract.action_credit_unused()
        self.assertEqual(move.reversal_move_ids.amount_untaxed, 200.0)
        self.assertEqual(move.reversal_move_ids.amount_total, 242.0)

    def test_begun_period_without_proration_stays_charged_and_a_whole_one_is_credited(self):
        line = self.monthly(price_unit=300.0)
        contract = self.create_contract(line, date_start='2026-09-01', date_end='2027-08-31')
        september, october = contract._bill('2026-09-01'), contract._bill('2026-10-01')
        (september | october).action_post()
        self.close(contract)
        self.assertEqual(contract.unused_amount, 300.0)
        contract.action_credit_unused()
        self.assertFalse(september.reversal_move_ids)
        self.assertEqual(october.reversal_move_ids.amount_untaxed, 300.0)

    def test_only_the_lines_of_the_contract_are_credited(self):
        contract, move = self.bill_september(post=False)
        move.invoice_line_ids = [Command.create({'name': 'Journey', 'price_unit': 80.0})]
        move.action_post()
        self.close(contract)
        contract.action_credit_unused()
        self.assertEqual(move.reversal_move_ids.amount_untaxed, 200.0)

    def test_draft_invoice_is_billed_anew_instead_of_credited(self):
        contract, move = self.bill_september(post=False)
        self.close(contract)
        contract.with_user(self.salesman).action_credit_unused()
        self.assertFalse(move.exists())
        self.assertEqual(contract._bill().amount_untaxed, 100.0)

    def test_only_who_may_change_the_contract_credits_it(self):
        contract, move = self.bill_september()
        self.close(contract)
        for user in (self.colleague, self.accountant):
            with self.assertRaises(AccessError):
                contract.with_user(user).action_credit_unused()
        self.assertFalse(move.reversal_move_ids)
        contract.with_user(self.salesman).action_credit_unused()
        self.assertTrue(move.reversal_move_ids)

    # === DIALOGUES === #

    def open_dialogue(self, model, contract, **defaults):
        context = {
            'default_contract_ids': contract.ids,
            **{f'default_{name}': value for name, value in defaults.items()},
        }
        return Form(self.env[model].with_user(self.salesman).with_context(**context))

    def test_closing_offers_the_credit_note(self):
        contract, move = self.bill_september()
        contract.line_ids = [Command.create(self.milestone(date_due='2026-12-01'))]
        with self.open_dialogue('crm.contract.closing', contract) as dialogue:
            self.assertIn('200.00', dialogue.unused_text)
            self.assertIn('Delivery', dialogue.called_off)
            dialogue.reason = 'Moved away'
        action = dialogue.record.action_close()
        self.assertEqual(contract.state, 'closed')
        self.assertEqual(move.reversal_move_ids.amount_untaxed, 200.0)
        self.assertIn(action.get('res_id'), (None, move.reversal_move_ids.id))
        notes = ' '.join(contract.message_ids.mapped('body'))
        self.assertIn('Called off', notes)
        self.assertIn('Unused days are credited', notes)

    def test_closing_leaves_the_credit_note_to_the_accountant_on_request(self):
        contract, move = self.bill_september()
        with self.open_dialogue('crm.contract.closing', contract) as dialogue:
            dialogue.reason = 'Moved away'
            dialogue.credit_unused = False
        dialogue.record.action_close()
        self.assertFalse(move.reversal_move_ids)
        self.assertEqual(contract.unused_amount, 200.0)

    def test_suspending_offers_the_credit_note_of_its_days(self):
        contract, move = self.bill_september()
        with self.open_dialogue('crm.contract.suspending', contract) as dialogue:
            dialogue.date_from = '2026-09-11'
            self.assertIn('200.00', dialogue.unused_text)
            dialogue.date_to = '2026-09-20'
            self.assertIn('100.00', dialogue.unused_text)
        dialogue.record.action_apply()
        self.assertEqual(move.reversal_move_ids.amount_untaxed, 100.0)

    def test_contract_of_which_nothing_is_charged_closes_without_a_word(self):
        contract = self.create_contract()
        with self.open_dialogue('crm.contract.closing', contract) as dialogue:
            self.assertFalse(dialogue.unused_text)
            dialogue.reason = 'Moved away'
        self.assertEqual(dialogue.record.action_close(), {'type': 'ir.actions.act_window_close'})
        self.assertNotIn('Called off', ' '.join(contract.message_ids.mapped('body')))

    def test_queries_do_not_grow_with_the_contracts(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [
                    self.prepare_contract(self.monthly(prorate=True), date_start='2026-09-01')
                    for _number in range(size)
                ]
            )
            contracts._bill('2026-09-01').action_post()
            contracts.date_end = '2026-09-20'
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            unused = self.env['crm.contract.biller']._get_unused(contracts)
            self.assertEqual(len(unused), size)
            return self.env.cr.sql_log_count - before

        measure(2)
        self.assertEqual(measure(10), measure(40))
