import psycopg2

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from ..common import ServiceCommon

# A Friday; the team works from Monday to Friday, 8 to 17 with a lunch break, in UTC.
FRIDAY = '2026-03-06 10:00:00'


@tagged('post_install', '-at_install')
class TestTicketWaiting(ServiceCommon, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls.env['resource.calendar'].create({'name': 'Week', 'tz': 'UTC'})
        cls.repairs.write(
            {
                'calendar_id': calendar.id,
                'waiting_warning_days': 2,
                'waiting_close_days': 4,
            }
        )
        cls.env['res.lang']._activate_lang('es_ES')
        cls.template = cls.env.ref('crm_claims.mail_template_ticket_waiting')

    def wait(self, moment=FRIDAY, **values):
        with freeze_time(moment):
            ticket = self.create_case(**values)
            ticket.stage_id = self.stages['waiting']
            self.env.flush_all()
        return ticket

    def run_at(self, moment):
        """Run the cron at a moment; return the mails that left."""
        with freeze_time(moment), self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref('crm_claims.ir_cron_follow_up_waiting').method_direct_trigger()
            self.env.invalidate_all()
            return self._new_mails

    def test_customer_is_warned_and_the_ticket_closed_in_working_days(self):
        ticket = self.wait()
        for moment, warned, kind in (
            ('2026-03-09 18:00:00', False, 'waiting'),  # one working day: Monday
            ('2026-03-10 07:00:00', False, 'waiting'),  # Tuesday has not begun
            ('2026-03-10 09:00:00', True, 'waiting'),
            ('2026-03-11 18:00:00', True, 'waiting'),
            ('2026-03-12 09:00:00', False, 'solved'),
        ):
            self.run_at(moment)
            self.assertEqual(bool(ticket.date_waiting_warned), warned, moment)
            self.assertEqual(ticket.stage_kind, kind, moment)
        self.assertIn('Closed without an answer', str(ticket.message_ids.mapped('body')))

    def test_each_customer_is_warned_once_and_in_the_own_language(self):
        self.customer.lang = 'es_ES'
        self.template.with_context(lang='es_ES').subject = '{{ object.number }}: esperamos'
        ticket = self.wait()
        mails = self.run_at('2026-03-10 09:00:00')
        self.assertEqual(mails.subject, f'{ticket.number}: esperamos')
        self.assertIn(self.customer, mails.recipient_ids)
        self.assertFalse(self.run_at('2026-03-10 10:00:00'))

    def test_answer_starts_the_wait_anew(self):
        ticket = self.wait()
        self.run_at('2026-03-10 09:00:00')
        with freeze_time('2026-03-11 09:00:00'):
            ticket.stage_id = self.stages['open']
            self.env.flush_all()
        self.assertFalse(ticket.date_waiting)
        self.assertFalse(ticket.date_waiting_warned)
        self.run_at('2026-03-13 09:00:00')
        self.assertEqual(ticket.stage_kind, 'open')
        with freeze_time('2026-03-13 10:00:00'):
            ticket.stage_id = self.stages['waiting']
            self.env.flush_all()
        self.run_at('2026-03-16 10:00:00')
        self.assertFalse(ticket.date_waiting_warned)

    def test_holiday_of_the_team_does_not_count(self):
        self.env['resource.calendar.leaves'].create(
            {
                'name': 'Holiday',
                'calendar_id': self.repairs.calendar_id.id,
                'date_from': '2026-03-09 00:00:00',
                'date_to': '2026-03-09 23:59:59',
            }
        )
        ticket = self.wait()
        self.run_at('2026-03-10 12:00:00')
        self.assertFalse(ticket.date_waiting_warned)
        self.run_at('2026-03-11 12:00:00')
        self.assertTrue(ticket.date_waiting_warned)

    def test_late_cron_still_warns_before_it_closes(self):
        ticket = self.wait()
        self.run_at('2026-04-30 12:00:00')
        self.assertEqual(ticket.stage_kind, 'waiting')
        self.assertTrue(ticket.date_waiting_warned)
        self.run_at('2026-04-30 13:00:00')
        self.assertEqual(ticket.stage_kind, 'waiting')
        self.run_at('2026-05-05 12:00:00')
        self.assertEqual(ticket.stage_kind, 'solved')

    def test_after_a_late_warning_there_are_all_the_working_days_between(self):
        ticket = self.wait()
        self.run_at('2026-04-30 12:00:00')  # a Thursday; two working days are left
        for moment, kind in (
            ('2026-05-01 09:00:00', 'waiting'),
            ('2026-05-01 18:00:00', 'waiting'),
            ('2026-05-03 18:00:00', 'waiting'),
            ('2026-05-04 09:00:00', 'solved'),
        ):
            self.run_at(moment)
            self.assertEqual(ticket.stage_kind, kind, moment)

    def test_off_by_default_and_for_other_teams(self):
        ticket = self.wait(team_id=self.desk.id)
        self.run_at('2026-06-30 12:00:00')
        self.assertEqual(ticket.stage_kind, 'waiting')
        self.assertFalse(ticket.date_waiting_warned)

    def test_stranger_without_an_address_is_closed_all_the_same(self):
        stranger = self.wait(partner_id=False)
        writer = self.wait(partner_id=False, email_from='who@example.com')
        mails = self.run_at('2026-03-10 09:00:00')
        self.assertEqual(mails.mapped('email_to'), ['who@example.com'])
        self.run_at('2026-03-12 09:00:00')
        self.assertEqual((stranger | writer).mapped('stage_kind'), ['solved', 'solved'])

    def test_calendar_without_hours_and_no_calendar_never_crash(self):
        self.repairs.calendar_id.attendance_ids.unlink()
        ticket = self.wait()
        self.run_at('2026-03-08 12:00:00')
        self.assertTrue(ticket.date_waiting_warned)

    @mute_logger('odoo.addons.crm_extended.models.shared.crm_batch_mixin')
    def test_team_without_a_closing_stage_stops_nobody(self):
        self.stages['solved'].team_ids = self.repairs
        self.desk.write({'waiting_warning_days': 1, 'waiting_close_days': 2, 'sequence': -1})
        blocked = self.wait(team_id=self.desk.id)
        ticket = self.wait()
        for moment in ('2026-03-10 12:00:00', '2026-03-12 12:00:00'):
            self.run_at(moment)
        self.assertEqual(blocked.stage_kind, 'waiting')
        self.assertEqual(ticket.stage_kind, 'solved')

    def test_closing_without_a_warning_is_refused(self):
        for warn, close in ((0, 3), (3, 3), (-1, 0)):
            with (
                mute_logger('odoo.sql_db'),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.desk.write({'waiting_warning_days': warn, 'waiting_close_days': close})
                self.env.flush_all()
