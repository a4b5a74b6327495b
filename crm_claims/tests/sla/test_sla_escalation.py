from odoo import fields
from odoo.tests import tagged

from .common import ServiceSlaNoticeCommon

LOGGER = 'odoo.addons.crm_claims.models.sla.service_sla_notice'


@tagged('post_install', '-at_install')
class TestSlaEscalation(ServiceSlaNoticeCommon):
    """Repairs, front desk and experts are three tiers. Both promises are due on Monday 2 March
    2026 at 12:00 UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.experts = cls.env['service.team'].create(
            {'name': 'Experts', 'calendar_id': cls.office.id}
        )
        cls.desk.write({'calendar_id': cls.office.id, 'escalation_team_id': cls.experts.id})
        cls.repairs.escalation_team_id = cls.desk
        cls.policy = cls.create_policy(team_id=False, resolution_hours=4, escalate=True)

    def open_case(self, **values):
        values = {'user_id': self.agent.id, **values}
        return self.at('2026-03-02 08:00:00', self.create_case, **values)

    def get_log(self, case, text):
        return case.message_ids.filtered(lambda message: text in str(message.body))

    def test_broken_promises_escalate_a_case_once(self):
        case = self.open_case()
        for moment, team in (
            ('2026-03-02 11:59:00', self.repairs),
            ('2026-03-02 12:00:00', self.desk),
            ('2026-03-02 12:30:00', self.desk),
            ('2026-03-02 16:59:00', self.desk),
        ):
            with self.subTest(moment=moment):
                self.run_cron(moment)
                self.assertEqual(case.team_id, team)
        self.assertEqual(len(self.get_log(case, 'Escalated from')), 1)

    def test_policy_that_does_not_ask_for_it_escalates_nothing(self):
        self.policy.escalate = False
        case = self.open_case()
        self.run_cron('2026-03-02 12:00:00')
        self.assertEqual(case.team_id, self.repairs)
        self.assertTrue(self.get_activities(case))

    def test_team_without_next_tier_keeps_its_case_and_stops_nobody(self):
        last, other = self.open_case(team_id=self.experts.id), self.open_case()
        with self.assertNoLogs(LOGGER):
            self.run_cron('2026-03-02 12:00:00')
            self.run_cron('2026-03-02 12:30:00')
        self.assertEqual(last.team_id, self.experts)
        self.assertEqual(other.team_id, self.desk)
        self.assertEqual(len(self.get_log(last, 'Experts has no next tier')), 1)
        broken = other.sla_clock_ids.filtered('ended_at')
        for case, clocks in ((last, last.sla_clock_ids), (other, broken)):
            self.assertEqual(len(clocks.filtered('breached_at')), 2)
            self.assertEqual(len(self.get_activities(case)), 2)

    def test_next_tier_without_promises_does_not_undo_the_broken_one(self):
        self.policy.write({'team_id': self.repairs.id, 'resolution_hours': 16})
        case = self.open_case()
        with self.assertNoLogs(LOGGER):
            self.run_cron('2026-03-02 12:00:00')
        self.assertEqual(case.team_id, self.desk)
        clock = case.sla_clock_ids
        self.assertEqual(clock.target, 'first_response', 'the other promise was not broken')
        self.assertEqual(self.at('2026-03-02 12:00:00', lambda: clock.state), 'breached')
        self.assertEqual(clock.team_id, self.repairs)

    def test_next_tier_promises_anew_and_what_was_broken_stays_broken(self):
        self.policy.write({'team_id': self.repairs.id, 'resolution_hours': 16})
        second = self.create_policy(
            name='Second', team_id=self.desk.id, first_response_hours=2, warning_hours=1
        )
        self.desk.leader_id = self.colleague
        case = self.open_case()
        self.run_cron('2026-03-02 12:00:00')
        broken, promised = self.get_clock(case, 'first_response').sorted('id')
        self.assertEqual((broken.team_id, broken.policy_id), (self.repairs, self.policy))
        self.assertEqual((promised.team_id, promised.policy_id), (self.desk, second))
        to_datetime = fields.Datetime.to_datetime
        self.assertEqual(broken.deadline, to_datetime('2026-03-02 12:00:00'))
        self.assertEqual(promised.deadline, to_datetime('2026-03-02 15:00:00'))
        with self.subTest('what was not broken goes on with the time used'):
            resolution = self.get_clock(case)
            self.assertEqual((resolution.team_id, resolution.policy_id), (self.desk, second))
            self.assertEqual(resolution.deadline, to_datetime('2026-03-03 17:00:00'))
        with self.subTest('the next tier is warned and told of its own deadline'):
            told = len(self.get_notices(case))
            self.run_cron('2026-03-02 14:00:00')
            self.assertEqual(len(self.get_notices(case)), told + 1)
            self.assertEqual(promised.warned_at, to_datetime('2026-03-02 14:00:00'))
            self.assertEqual(self.get_activities(case)[-1:].user_id, self.colleague)
        self.at(
            '2026-03-02 14:30:00',
            case.with_user(self.colleague).message_post,
            body='It is on its way',
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
        )
        self.at('2026-03-02 16:00:00', case.action_solve)
        self.assertEqual(broken.state, 'missed')
        self.assertEqual(promised.state, 'met')
        self.assertEqual(case.sla_state, 'breached', 'one promise was not kept')
        rows = self.env['service.sla.report']._read_group(
            [('case_model', '=', case._name), ('case_id', '=', case.id)],
            ['team_id'],
            ['met_count:sum', 'missed_count:sum'],
        )
        self.assertEqual(rows, [(self.repairs, 0, 1), (self.desk, 2, 0)])

    def test_third_tier_gets_what_the_second_breaks_too(self):
        case = self.open_case()
        for moment, team, history in (
            ('2026-03-02 12:00:00', self.desk, 2),
            ('2026-03-02 17:00:00', self.experts, 4),
            ('2026-03-09 17:00:00', self.experts, 4),
        ):
            with self.subTest(moment=moment):
                self.run_cron(moment)
                self.assertEqual(case.team_id, team)
                ended = case.sla_clock_ids.filtered('ended_at')
                self.assertEqual(len(ended), history)
                self.assertEqual(set(ended.mapped('state')), {'missed'})
        self.assertEqual(len(case.sla_clock_ids - ended), 2)
