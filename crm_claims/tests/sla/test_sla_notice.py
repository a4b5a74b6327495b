from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import CRON, ServiceSlaNoticeCommon


@tagged('post_install', '-at_install')
class TestSlaNotice(ServiceSlaNoticeCommon):
    """Promised on Monday 2 March 2026 at 08:00 UTC: warned at 10:00, due at 12:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')
        cls.policy = cls.create_policy(resolution_hours=0)
        cls.leader.lang = 'es_ES'

    def open_case(self, **values):
        values = {'user_id': self.agent.id, **values}
        return self.at('2026-03-02 08:00:00', self.create_case, **values)

    def test_warning_and_breach_are_told_once_each(self):
        case = self.open_case()
        for moment, activities, state in (
            ('2026-03-02 09:59:00', 0, 'running'),
            ('2026-03-02 10:00:00', 1, 'warning'),
            ('2026-03-02 10:30:00', 1, 'warning'),
            ('2026-03-02 12:00:00', 2, 'breached'),
            ('2026-03-02 12:30:00', 2, 'breached'),
            ('2026-03-05 12:30:00', 2, 'breached'),
        ):
            with self.subTest(moment=moment):
                self.run_cron(moment)
                self.assertEqual(len(self.get_activities(case)), activities)
                self.assertEqual(self.at(moment, lambda: case.sla_state), state)
        self.assertEqual(self.get_activities(case).user_id, self.agent)
        clock = case.sla_clock_ids
        to_datetime = fields.Datetime.to_datetime
        self.assertEqual(clock.warned_at, to_datetime('2026-03-02 10:00:00'))
        self.assertEqual(clock.breached_at, to_datetime('2026-03-02 12:00:00'))

    def test_mail_goes_to_the_agent_and_the_leader_in_their_languages(self):
        case = self.open_case()
        self.run_cron('2026-03-02 12:00:00')
        notices = self.get_notices(case)
        self.assertEqual(notices.partner_ids, self.agent.partner_id | self.leader.partner_id)
        by_partner = {notice.partner_ids: notice.subject for notice in notices}
        self.assertIn('First response overdue', by_partner[self.agent.partner_id])
        self.assertIn('Primera respuesta', by_partner[self.leader.partner_id])
        self.assertEqual(len(self.get_activities(case)), 1, 'the warning was overtaken')

    def test_leader_decides_on_what_nobody_has_taken(self):
        case = self.open_case(user_id=False)
        self.run_cron('2026-03-02 10:00:00')
        self.assertEqual(self.get_activities(case).user_id, self.leader)
        orphan = self.open_case(user_id=False)
        self.repairs.leader_id = False
        self.run_cron('2026-03-02 12:00:00')
        self.assertFalse(self.get_activities(orphan))
        self.assertTrue(orphan.sla_clock_ids.breached_at)

    def test_who_is_archived_gets_no_notice(self):
        case = self.open_case()
        self.agent.active = False
        self.run_cron('2026-03-02 10:00:00')
        self.assertEqual(self.get_activities(case).user_id, self.leader)
        self.assertEqual(self.get_notices(case).partner_ids, self.leader.partner_id)
        self.leader.active = False
        self.run_cron('2026-03-02 12:00:00')
        self.assertEqual(len(self.get_activities(case)), 1)
        self.assertEqual(len(self.get_notices(case)), 1)
        self.assertTrue(case.sla_clock_ids.breached_at)

    def test_answered_paused_closed_and_archived_cases_are_quiet(self):
        answered, paused, closed, archived = cases = self.env['service.ticket'].concat(
            *(self.open_case() for _index in range(4))
        )
        with freeze_time('2026-03-02 09:00:00'):
            answered.with_user(self.agent).message_post(
                body='Yes', message_type='comment', subtype_xmlid='mail.mt_comment'
            )
            self.move(paused, 'waiting')
            closed.action_solve()
            archived.action_archive()
        self.run_cron('2026-03-02 13:00:00')
        self.assertFalse(self.get_activities(cases))
        self.assertFalse(cases.sla_clock_ids.filtered('breached_at'))
        self.at('2026-03-02 15:00:00', self.move, paused, 'open')
        self.run_cron('2026-03-03 09:00:00')
        self.assertTrue(self.get_activities(paused))

    def test_scheduled_action_is_triggered_for_the_moment_itself(self):
        cron = self.env.ref(CRON)
        to_datetime = fields.Datetime.to_datetime
        with self.capture_triggers(cron.id) as capture:
            case = self.open_case()
        self.assertIn(to_datetime('2026-03-02 10:00:00'), capture.records.mapped('call_at'))
        with self.capture_triggers(cron.id) as capture:
            self.run_cron('2026-03-02 10:00:00')
        self.assertIn(to_datetime('2026-03-02 12:00:00'), capture.records.mapped('call_at'))
        self.assertEqual(case.sla_clock_ids.notice_at, to_datetime('2026-03-02 12:00:00'))
        with self.capture_triggers(cron.id) as capture:
            self.run_cron('2026-03-02 11:00:00')
        self.assertIn(to_datetime('2026-03-02 12:00:00'), capture.records.mapped('call_at'))

    def test_case_that_fails_stops_nobody(self):
        broken, good = self.open_case(), self.open_case()
        clock_class = self.env.registry['service.sla.clock']
        original = clock_class._send_notices

        def _send_notices(clocks, kind):
            if broken.id in clocks.mapped('case_id'):
                raise ValueError('The mail server has gone')
            return original(clocks, kind)

        self.patch(clock_class, '_send_notices', _send_notices)
        with mute_logger('odoo.addons.crm_extended.models.shared.crm_batch_mixin'):
            self.run_cron('2026-03-02 12:00:00')
        self.assertFalse(broken.sla_clock_ids.breached_at)
        self.assertFalse(self.get_activities(broken))
        self.assertEqual(len(self.get_activities(good)), 1)
        self.patch(clock_class, '_send_notices', original)
        self.run_cron('2026-03-02 13:00:00')
        self.assertEqual(len(self.get_activities(broken)), 1)
        self.assertEqual(len(self.get_activities(good)), 1)

    def test_run_that_breaks_off_loses_and_repeats_nothing(self):
        """The server was stopped after the first batch was committed."""
        cases = self.env['service.ticket'].concat(*(self.open_case() for _index in range(3)))
        clocks = cases.sla_clock_ids.sorted('id')
        with freeze_time('2026-03-02 12:00:00'):
            clocks[:2]._notify_due()
            self.env.flush_all()
        self.run_cron('2026-03-02 12:01:00')
        self.assertEqual(len(cases), 3)
        for case in cases:
            self.assertEqual(len(self.get_activities(case)), 1)

    def test_change_of_policy_does_not_repeat_a_notice(self):
        case = self.open_case()
        self.run_cron('2026-03-02 12:00:00')
        self.create_policy(sequence=1, priority_min='3', first_response_hours=8)
        self.at('2026-03-02 12:30:00', case.write, {'priority': '3'})
        self.assertEqual(self.at('2026-03-02 12:30:00', lambda: case.sla_state), 'running')
        self.run_cron('2026-03-02 17:00:00')
        self.assertEqual(len(self.get_activities(case)), 1)
