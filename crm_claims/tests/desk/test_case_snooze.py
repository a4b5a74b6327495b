from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from ..common import CASE_MODELS
from .common import DeskCommon

MONDAY = '2026-06-01 21:30:00'  # in Madrid 23:30, still Monday


@tagged('post_install', '-at_install')
class TestCaseSnooze(DeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.agent | cls.leader).write({'tz': 'Europe/Madrid', 'notification_type': 'inbox'})

    def create_owned(self, model_name='service.ticket', **values):
        return self.create_case(model_name, user_id=self.agent.id, **values)

    def open_dialog(self, cases):
        context = {'active_model': cases._name, 'active_ids': cases.ids}
        return Form(self.env['service.case.snooze'].with_user(self.agent).with_context(**context))

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref('crm_claims.ir_cron_wake_snoozed').method_direct_trigger()

    def get_notices(self, case):
        return case.env['mail.notification'].search(
            [
                ('mail_message_id.model', '=', case._name),
                ('mail_message_id.res_id', '=', case.id),
                ('mail_message_id.message_type', '=', 'user_notification'),
                ('mail_message_id.subject', 'like', 'is back'),
            ]
        )

    @freeze_time(MONDAY)
    def test_dialog_offers_days_in_the_zone_of_the_user(self):
        form = self.open_dialog(self.create_owned() | self.create_owned())
        for until, day in (
            ('tomorrow', date(2026, 6, 2)),
            ('three_days', date(2026, 6, 4)),
            ('monday', date(2026, 6, 8)),
            ('month', date(2026, 7, 1)),
        ):
            form.until = until
            self.assertEqual(form.date, day)
        form.until = 'day'
        form.date = date(2026, 6, 10)
        dialog = form.save()
        dialog.action_snooze()
        for case in dialog._get_cases():
            self.assertEqual(case.date_snoozed, datetime(2026, 6, 9, 22))

    def test_snoozed_leaves_the_lists_and_comes_back_when_its_day_begins(self):
        for model_name in CASE_MODELS:
            with freeze_time(MONDAY):
                case = self.create_owned(model_name)
                case.with_user(self.agent).action_snooze(date(2026, 6, 3))
                self.check_listed(case, False)
            with freeze_time('2026-06-02 21:59:59'):
                self.check_listed(case, False)
            with freeze_time('2026-06-02 22:00:00'):
                self.check_listed(case, True)

    def check_listed(self, case, is_listed):
        case.invalidate_recordset(['is_snoozed'])
        self.assertEqual(case.is_snoozed, not is_listed)
        for value in (True, False):
            found = case.search([('id', '=', case.id), ('is_snoozed', '=', value)])
            self.assertEqual(bool(found), is_listed != value)
        noun = case._name.rpartition('.')[2]
        action = getattr(self.repairs.with_user(self.agent), f'action_view_my_{noun}s')()
        self.assertEqual(case in case.search(action['domain']), is_listed)
        case.user_id = False
        self.assertEqual(
            case in case.search(case._get_next_domain(self.repairs)),
            is_listed,
        )
        case.user_id = self.agent

    def test_who_has_it_is_told_once_when_it_is_back(self):
        with freeze_time(MONDAY):
            tickets = self.create_owned() | self.create_owned() | self.create_case(user_id=False)
            tickets.with_user(self.leader).action_snooze('2026-06-02')
            claim = self.create_owned('service.claim')
            claim.with_user(self.agent).action_snooze('2026-06-02')
            later = self.create_owned()
            later.with_user(self.agent).action_snooze('2026-06-03')
        with freeze_time('2026-06-01 21:59:00'):
            self.run_cron()
            self.assertFalse(self.get_notices(tickets[0]))
        with freeze_time('2026-06-01 22:00:00'):
            self.run_cron()
            self.run_cron()
        for case in (tickets[0], tickets[1], claim):
            self.assertEqual(self.get_notices(case).res_partner_id, self.agent.partner_id)
            self.assertFalse(case.date_snoozed)
        self.assertFalse(self.get_notices(tickets[2]))
        self.assertFalse(self.get_notices(later))
        self.assertTrue(later.date_snoozed)

    def test_answer_of_the_customer_wakes_and_that_of_an_agent_does_not(self):
        ticket = self.create_owned(partner_id=self.contact.id)
        ticket.with_user(self.agent).action_snooze('2099-01-01')
        ticket.with_user(self.leader).action_send_and_wait('We wait for the part')
        self.assertTrue(ticket.is_snoozed)
        ticket.message_post(
            body='It works again',
            author_id=self.contact.id,
            message_type='email',
            subtype_xmlid='mail.mt_comment',
        )
        self.assertFalse(ticket.date_snoozed)
        self.assertEqual(ticket.stage_kind, 'open')

    def test_closing_and_taking_up_wake(self):
        solved, taken = self.create_owned(), self.create_owned()
        (solved | taken).with_user(self.agent).action_snooze('2099-01-01')
        solved.action_solve()
        taken.with_user(self.agent).action_wake()
        self.assertFalse(any((solved | taken).mapped('date_snoozed')))

    def test_clocks_go_on(self):
        self.env['service.sla.policy'].create(
            {'name': 'Snoozed', 'team_id': self.repairs.id, 'sequence': -1, 'resolution_hours': 8}
        )
        ticket = self.create_owned()
        deadline = ticket.date_deadline
        ticket.with_user(self.agent).action_snooze('2099-01-01')
        self.assertTrue(deadline)
        self.assertEqual((ticket.date_deadline, ticket.sla_state), (deadline, 'running'))

    @freeze_time(MONDAY)
    def test_past_days_closed_cases_and_strangers_are_refused(self):
        ticket = self.create_owned()
        for day in ('2026-06-01', '2026-05-31', False, 'soon', 5):
            with self.assertRaisesRegex(UserError, 'in the future'):
                ticket.with_user(self.agent).action_snooze(day)
        for user in (self.salesman, self.colleague):
            with self.assertRaises(AccessError):
                ticket.with_user(user).action_snooze('2026-06-02')
        ticket.action_solve()
        with self.assertRaisesRegex(UserError, 'is closed'):
            ticket.with_user(self.agent).action_snooze('2026-06-02')
