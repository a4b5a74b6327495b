from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestCaseEscalation(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.repairs.escalation_team_id = cls.desk

    def test_next_tier_gets_the_case_in_the_same_kind_of_stage(self):
        for model_name in CASE_MODELS:
            case = self.create_case(model_name, user_id=self.agent.id)
            case.stage_id = self.stages['waiting']
            case.with_user(self.agent).action_escalate()
            self.assertRecordValues(
                case, [{'team_id': self.desk.id, 'user_id': False, 'stage_kind': 'waiting'}]
            )
            self.assertIn('Escalated from Repairs', str(case.message_ids.mapped('body')))

    def test_leader_of_the_next_tier_gets_it(self):
        self.desk.leader_id = self.manager
        case = self.create_case(user_id=self.agent.id)
        case.with_user(self.agent).action_escalate()
        self.assertEqual(case.user_id, self.manager)

    def test_balanced_next_tier_assigns_it(self):
        self.desk.write({'assignment': 'balanced', 'leader_id': False})
        case = self.create_case(user_id=self.agent.id)
        case.with_user(self.agent).action_escalate()
        self.assertEqual(case.user_id, self.colleague)

    def test_many_of_several_teams_go_each_their_way(self):
        third = self.env['service.team'].create({'name': 'Third'})
        self.desk.escalation_team_id = third
        cases = self.create_case() | self.create_case(team_id=self.desk.id)
        cases.action_escalate()
        self.assertEqual(cases.mapped('team_id'), self.desk | third)

    def test_last_tier_and_closed_cases_are_refused_with_a_sentence(self):
        last = self.create_case(team_id=self.desk.id)
        with self.assertRaisesRegex(UserError, 'Front Desk has no next tier'):
            last.action_escalate()
        closed = self.create_case()
        closed.action_solve()
        with self.assertRaisesRegex(UserError, 'closed'):
            (self.create_case() | closed).action_escalate()

    def test_archived_tier_is_passed_over(self):
        third = self.env['service.team'].create({'name': 'Third'})
        self.desk.active = False
        self.assertFalse(self.create_case().can_escalate)
        self.desk.escalation_team_id = third
        case = self.create_case()
        case.action_escalate()
        self.assertEqual(case.team_id, third)

    def test_button_shows_where_it_works(self):
        case = self.create_case()
        self.assertTrue(case.can_escalate)
        case.action_solve()
        self.assertFalse(case.can_escalate)
        self.assertFalse(self.create_case(team_id=self.desk.id).can_escalate)

    def test_tiers_in_a_circle_are_refused(self):
        with self.assertRaises(ValidationError):
            self.repairs.escalation_team_id = self.repairs
        with self.assertRaises(ValidationError):
            self.desk.escalation_team_id = self.repairs

    def test_stage_of_the_old_team_gives_way_to_one_of_the_same_kind(self):
        own = self.env['service.stage'].create(
            {'name': 'Bench', 'kind': 'open', 'team_ids': [Command.set(self.repairs.ids)]}
        )
        case = self.create_case(stage_id=own.id)
        case.action_escalate()
        self.assertEqual(case.stage_kind, 'open')
        self.assertNotEqual(case.stage_id, own)
