from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import Form, freeze_time, tagged

from ..common import ContractCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractNoticeGiven(ContractCase):
    """The customer gives notice: when the contract ends, and that it does."""

    def give(self, contract, *args):
        return contract.with_user(self.salesman).action_give_notice(*args)

    def test_notice_in_time_ends_a_tacit_contract_with_its_term(self):
        contract = self.create_running(renewal_type='tacit')
        self.assertEqual(self.give(contract, False, 'The shop closes'), Date.to_date('2026-12-31'))
        self.assertEqual(contract.date_notice_given, Date.to_date('2026-03-31'))
        self.assertEqual(contract.date_closing, Date.to_date('2026-12-31'))
        self.assertEqual(contract.activity_ids.user_id, self.salesman)
        self.assertIn('12/31/2026', contract.activity_ids.summary)
        self.assertIn('shop closes', contract.activity_ids.note)
        with freeze_time('2027-01-01'):
            self.run_cron()
        self.assertEqual(contract.state, 'closed')
        self.assertEqual(contract.close_reason, 'The shop closes')
        self.assertEqual(self.term_dates(contract), [('2026-01-01', '2026-12-31')])

    def test_late_notice_ends_it_with_the_next_term(self):
        contract = self.create_running(renewal_type='tacit')
        with freeze_time('2026-12-15'):
            self.assertEqual(self.give(contract), Date.to_date('2027-12-31'))
        self.assertEqual(contract.date_end, Date.to_date('2026-12-31'))
        with freeze_time('2027-01-01'):
            self.run_cron()
            self.assertEqual(contract.date_end, Date.to_date('2027-12-31'))
            self.assertEqual(contract.state, 'open')
        with freeze_time('2027-12-31'):
            self.run_cron()
            self.assertEqual(contract.state, 'open')
        with freeze_time('2028-01-01'):
            self.run_cron()
            self.assertEqual(contract.state, 'closed')

    def test_letter_of_yesterday_is_in_time_and_one_of_tomorrow_is_refused(self):
        contract = self.create_running(renewal_type='tacit')
        with freeze_time('2026-12-02'):
            with self.assertRaisesRegex(UserError, 'today or before'):
                self.give(contract, '2026-12-03')
            self.assertEqual(self.give(contract, '2026-12-01'), Date.to_date('2026-12-31'))

    def test_contract_without_end_ends_after_the_days_of_notice(self):
        contract = self.create_running(date_end=False)
        self.assertEqual(self.give(contract), Date.to_date('2026-04-30'))
        with freeze_time('2026-04-30'):
            self.run_cron()
            self.assertEqual(contract.state, 'open')
        with freeze_time('2026-05-01'):
            self.run_cron()
        self.assertEqual(contract.state, 'closed')
        self.assertEqual(contract.date_closed, Date.to_date('2026-04-30'))

    def test_what_was_to_renew_is_not_any_more(self):
        contract = self.create_running()
        with freeze_time('2026-12-05'):
            self.run_cron()
            self.assertEqual(contract.state, 'to_renew')
            self.give(contract)
            self.assertEqual(contract.state, 'open')
            self.assertFalse(self.renewal_activities(contract))
            self.run_cron()
            self.assertEqual(contract.state, 'open')

    def test_contract_that_goes_on_has_no_notice(self):
        contract = self.create_running(renewal_type='tacit')
        closed = self.create_running(date_end=False, notice_days=0)
        for one in (contract, closed):
            self.give(one)
            one.with_user(self.salesman).action_reopen()
            self.assertFalse(one.date_notice_given or one.date_notice_end or one.activity_ids)
            self.assertEqual(one.state, 'open')
        with freeze_time('2027-01-01'):
            self.run_cron()
        self.assertEqual(contract.date_end, Date.to_date('2027-12-31'))

    def test_no_notice_of_what_does_not_run_ends_anyway_or_has_one(self):
        ending = self.create_running(renewal_type='none')
        closed = self.create_running()
        closed.action_close()
        noticed = self.create_running()
        self.give(noticed)
        past = self.create_running()
        for contract in (self.create_contract(), ending, closed, noticed):
            self.assertFalse(contract._get_notice_end(Date.to_date('2026-03-31')))
            with self.assertRaises(UserError):
                self.give(contract)
        with freeze_time('2027-02-01'), self.assertRaises(UserError):
            self.give(past)

    def test_dialogue_shows_the_day_and_confirms_by_mail(self):
        self.customer.email = 'bodegas@example.com'
        contract = self.create_running(renewal_type='tacit')
        dialogue = self.env['crm.contract.noticing'].with_user(self.salesman)
        form = Form(dialogue.with_context(default_contract_id=contract.id))
        self.assertEqual(form.date_end, Date.to_date('2026-12-31'))
        form.save().action_apply()
        self.assertTrue(contract.date_notice_given)
        mail = self.env['mail.mail'].sudo().search([('res_id', '=', contract.id)], limit=1)
        self.assertIn('12/31/2026', mail.body_html)
        self.assertEqual(mail.recipient_ids, self.customer)

    def test_who_may_not_write_the_contract_enters_no_notice(self):
        contract = self.create_running()
        with self.assertRaises(AccessError):
            contract.with_user(self.colleague).action_give_notice()
        with self.assertRaises(AccessError):
            contract.with_user(self.salesman).date_notice_end = '2026-04-01'
