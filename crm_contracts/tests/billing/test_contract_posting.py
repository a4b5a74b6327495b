from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..billing_common import BillingCase

LOGGER = 'odoo.addons.crm_contracts.models.billing.crm_contract_biller_invoices'


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractPosting(BillingCase):
    """Invoices that post and send themselves, and contracts that share an invoice."""

    def _close_books(self):
        """Let nobody post before the next month."""
        self.env.company.sale_lock_date = '2026-03-31'

    def test_invoices_stay_drafts_unless_agreed(self):
        drafts = self.create_contract()._bill()
        self.assertEqual(drafts.state, 'draft')
        posted = self.create_contract(invoice_auto_post=True)._bill()
        self.assertEqual(posted.state, 'posted')
        self.assertFalse(posted.sending_data)

    def test_invoice_that_cannot_be_posted_stays_a_draft_and_says_why(self):
        foreign = self.setup_other_currency('CAD', rates=[('2025-01-01', 2.0)])
        good = self.create_contract(invoice_auto_post=True)
        bad = self.create_contract(
            invoice_auto_post=True, partner_id=self.partner_b.id, currency_id=foreign.id
        )
        self.partner_b.commercial_partner_id.active = True
        contracts = good | bad
        moves = contracts._bill('2026-01-01')
        self.assertEqual(moves.mapped('state'), ['posted', 'posted'])
        self.env['account.journal'].search([('type', '=', 'sale')]).active = True
        foreign.active = False
        with mute_logger(LOGGER):
            moves = contracts._bill('2026-02-01')
        states = {move.crm_contract_ids: move.state for move in moves}
        self.assertEqual(states, {good: 'posted', bad: 'draft'})
        draft = moves.filtered(lambda move: move.state == 'draft')
        self.assertIn('could not be confirmed', draft.message_ids[0].body)
        self.assertEqual(len(self.live(bad)), 2)
        self.assertFalse(contracts._bill('2026-02-01'))

    def test_failing_mail_never_makes_a_second_invoice(self):
        self.partner_a.email = False
        contract = self.create_contract(invoice_auto_post=True, invoice_auto_send=True)
        for _call in range(3):
            with mute_logger('odoo.addons.account.models.account_move_send'):
                self.run_cron()
                with self.enter_registry_test_mode():
                    self.env.ref('account.ir_cron_account_move_send').method_direct_trigger()
        moves = contract.billing_ids.move_line_ids.move_id
        self.assertEqual(moves.mapped('state'), ['posted'])
        self.assertEqual(
            [start for start, _end, _amount in self.periods(contract)],
            ['2026-01-01', '2026-02-01', '2026-03-01'],
        )
        self.assertEqual(len(moves.invoice_line_ids), 3)

    def test_sending_is_left_to_the_scheduled_action_once(self):
        contract = self.create_contract(invoice_auto_post=True, invoice_auto_send=True)
        mails = self.env['mail.mail'].search_count([])
        move = contract._bill()
        self.assertEqual(move.sending_data['author_user_id'], self.env.user.id)
        self.assertEqual(self.env['mail.mail'].search_count([]), mails, 'not before the commit')
        draft = self.create_contract(invoice_auto_send=True)._bill()
        self.assertFalse(draft.sending_data, 'a draft is never sent')

    def test_customer_gets_one_invoice_for_contracts_that_say_so(self):
        together = [self.create_contract(invoice_grouping='customer') for _number in range(2)]
        alone = self.create_contract()
        other = self.create_contract(invoice_grouping='customer', partner_id=self.partner_b.id)
        contracts = self.env['crm.contract'].concat(*together, alone, other)
        moves = contracts._bill('2026-02-01')
        shared = moves.filtered(lambda move: len(move.crm_contract_ids) == 2)
        self.assertEqual(len(moves), 3)
        self.assertEqual(shared.crm_contract_ids, together[0] | together[1])
        self.assertEqual(shared.amount_untaxed, 400.0)
        self.assertEqual(shared.invoice_origin, ', '.join(c.code for c in together))
        self.assertEqual(shared.invoice_user_id, self.salesman)
        for contract in contracts:
            self.assertEqual(sum(self.live(contract).mapped('amount')), 200.0)
            accounts = contract.billing_ids.move_line_ids.mapped('analytic_distribution')
            self.assertEqual(accounts, [{str(contract.analytic_account_id.id): 100.0}] * 2)

    def test_another_currency_or_salesperson_is_kept_apart_or_left_out(self):
        first, second = (self.create_contract(invoice_grouping='customer') for _number in range(2))
        second.manager_id = self.colleague
        self.assertFalse((first | second)._bill('2026-01-01').invoice_user_id)
        euro = self.setup_other_currency('EUR')
        abroad = self.create_contract(invoice_grouping='customer', currency_id=euro.id)
        self.assertEqual(len((first | abroad)._bill('2026-02-01')), 2)

    def test_currency_and_company_stay_once_something_was_billed(self):
        contract, free = self.create_contract(), self.create_contract()
        contract._bill('2026-01-01')
        euro = self.setup_other_currency('EUR')
        company = self.env['res.company'].create({'name': 'Elsewhere'})
        for values in ({'currency_id': euro.id}, {'company_id': company.id}):
            with self.subTest(values), self.assertRaisesRegex(UserError, 'was billed in USD'):
                (free | contract).with_user(self.administrator).write(values)
        contract.write({'currency_id': contract.currency_id.id, 'name': 'Another name'})
        free.currency_id = euro
        self.assertEqual(free._bill('2026-01-01').currency_id, euro)

    def test_reference_of_the_customer_stands_on_the_invoice_and_the_date_is_of_the_posting(self):
        contract = self.create_contract(customer_ref='PO-4711', invoice_grouping='period')
        moves = contract._bill('2026-02-01')
        self.assertEqual(moves.mapped('ref'), ['PO-4711'] * 2)
        self.assertEqual(moves.mapped('invoice_date'), [False] * 2)
        moves.action_post()
        self.assertEqual({str(day) for day in moves.mapped('invoice_date')}, {'2026-03-10'})

    def test_scheduled_run_keeps_a_customer_together(self):
        first = self.create_contract(invoice_grouping='customer')
        self.create_contract()
        last = self.create_contract(invoice_grouping='customer')
        due = self.env['crm.contract']._get_billing_due_domain()
        self.assertEqual(first._complete_batch(due), first | last)
        self.run_cron()
        moves = (first | last).billing_ids.move_line_ids.move_id
        self.assertEqual(len(moves), 1)
        with self.assertRaises(UserError):
            first.unlink()
