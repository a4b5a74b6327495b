from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..billing_common import BillingCase

BATCHES = 'odoo.addons.crm_extended.models.shared.crm_batch_mixin'


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractInvoiceFailures(BillingCase):
    """An automatic invoice that cannot be posted or sent is told once, listed and tried again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')
        cls.salesman.lang = 'es_ES'
        cls.partner_a.write({'email': 'books@example.com', 'invoice_sending_method': 'email'})
        cls.contract = cls.create_contract(
            cls.monthly(date_start='2026-03-01'),
            invoice_auto_post=True,
            invoice_auto_send=True,
            invoice_user_id=cls.accountant.id,
        )

    def close_books(self, day='2026-03-31'):
        self.env.company.sale_lock_date = day

    def run_on(self, day):
        with freeze_time(day), mute_logger(BATCHES), self.enter_registry_test_mode():
            self.env.ref('crm_contracts.ir_cron_bill_contracts').method_direct_trigger()

    def send_on(self, day):
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref('account.ir_cron_account_move_send').method_direct_trigger()

    def get_move(self):
        return self.contract.billing_ids.move_line_ids.move_id

    def get_activities(self, with_done=False):
        failed = self.env.ref('crm_contracts.mail_activity_type_invoice')
        activities = self.env['mail.activity'].with_context(active_test=not with_done)
        return activities.search(
            [('res_id', '=', self.contract.id), ('activity_type_id', '=', failed.id)]
        )

    def get_failed(self, user=None):
        moves = self.env['account.move'].with_user(user or self.accountant)
        return moves.search(
            moves._get_crm_contract_failed_domain()
            & moves._search_crm_contract_ids('in', self.contract.ids)
        )

    def test_what_cannot_be_posted_is_told_to_both_in_their_language(self):
        self.close_books()
        self.run_on('2026-03-10')
        move = self.get_move()
        self.assertEqual(move.state, 'draft')
        activities = self.get_activities()
        self.assertEqual(activities.user_id, self.salesman | self.accountant)
        mine = activities.filtered(lambda one: one.user_id == self.salesman)
        english = activities - mine
        self.assertIn('could not be confirmed automatically', english.note)
        self.assertNotIn('could not be confirmed', mine.note)
        self.assertEqual(self.get_failed(), move)

    def test_it_is_told_once_and_tried_again_every_day(self):
        self.close_books()
        self.run_on('2026-03-10')
        told = self.get_activities()
        self.run_on('2026-03-11')
        self.assertEqual(str(self.get_move().crm_contract_date_tried), '2026-03-11')
        self.assertEqual(self.get_activities(with_done=True), told)
        self.close_books('2026-02-28')
        self.run_on('2026-03-11')
        self.assertEqual(self.get_move().state, 'draft', 'once a day')
        self.run_on('2026-03-12')
        move = self.get_move()
        self.assertEqual((move.state, move.crm_contract_error), ('posted', False))
        self.assertTrue(move.sending_data)
        self.assertFalse(self.get_activities())
        self.assertFalse(self.get_failed())

    def test_who_posts_or_deletes_it_by_hand_settles_it(self):
        self.close_books()
        self.run_on('2026-03-10')
        self.close_books('2026-02-28')
        self.get_move().action_post()
        self.assertFalse(self.get_failed() or self.get_activities())
        other = self.create_contract(self.monthly(date_start='2026-03-01'), invoice_auto_post=True)
        self.close_books()
        with mute_logger(BATCHES):
            draft = other._bill()
        self.assertTrue(draft.crm_contract_error)
        draft.unlink()
        self.assertFalse(other.sudo().activity_ids)

    def test_each_of_several_invoices_is_named_in_one_activity(self):
        self.contract.invoice_grouping = 'period'
        self.contract.line_ids.date_start = '2026-02-01'
        self.close_books()
        self.run_on('2026-03-10')
        moves = self.get_move()
        self.assertEqual(len(moves), 2)
        self.assertEqual(len(self.get_activities()), 2, 'one of each user')
        for move in moves:
            self.assertIn(f'data-oe-id="{move.id}"', self.get_activities()[0].note)

    def test_what_nobody_can_get_is_told_and_sent_when_there_is_an_address(self):
        self.partner_a.email = False
        self.run_on('2026-03-10')
        self.send_on('2026-03-10')
        move = self.get_move()
        self.assertIn('no email address', move.with_context(lang='en_US').crm_contract_error)
        self.assertEqual(self.get_activities().user_id, self.salesman | self.accountant)
        self.partner_a.email = 'books@example.com'
        self.run_on('2026-03-11')
        self.assertTrue(move.sending_data)
        self.send_on('2026-03-11')
        self.assertFalse(move.crm_contract_error)
        self.assertFalse(self.get_activities())
        self.assertIn(self.partner_a, move.message_ids.partner_ids)

    def test_what_odoo_could_not_send_is_told_and_sent_again(self):
        self.run_on('2026-03-10')
        move = self.get_move()
        sender = self.env['account.move.send']
        error = {'error': {'error_title': 'No certificate'}, 'author_partner_id': False}
        sender._hook_if_errors({move: error}, allow_raising=False)
        move.sending_data = False
        self.assertIn('No certificate', self.get_failed().crm_contract_error)
        self.run_on('2026-03-11')
        self.send_on('2026-03-11')
        self.assertFalse(self.get_failed() or self.get_activities())

    def test_who_is_responsible_sends_what_the_program_posts(self):
        self.run_on('2026-03-10')
        author = self.get_move().sending_data['author_user_id']
        self.assertEqual(author, self.accountant.id)

    def test_what_is_sent_by_hand_is_no_concern_of_the_contract(self):
        self.contract.invoice_auto_send = False
        self.run_on('2026-03-10')
        move = self.get_move()
        error = {'error': {'error_title': 'No certificate'}, 'author_partner_id': False}
        self.env['account.move.send']._hook_if_errors({move: error}, allow_raising=False)
        self.assertFalse(move.crm_contract_error)

    def test_reason_of_a_parked_contract_is_in_the_language_of_who_is_told(self):
        currency = self.setup_other_currency('CAD', rates=[])
        currency.rate_ids.unlink()
        self.contract.currency_id = currency
        self.run_on('2026-03-10')
        self.assertIn('CAD', self.contract.billing_error)
        self.assertNotIn('has no rate', self.contract.billing_error)

    def test_colleague_who_may_not_read_the_contract_is_not_told(self):
        self.close_books()
        self.contract.invoice_user_id = self.colleague
        self.run_on('2026-03-10')
        self.assertEqual(self.get_activities().user_id, self.salesman)
