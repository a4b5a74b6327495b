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
            ('2026-03-05 12:00:00', self.desk),
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
        for case in last, other:
            self.assertTrue(all(case.sla_clock_ids.mapped('breached_at')))
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
