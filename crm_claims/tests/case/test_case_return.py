from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import AGENT, CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestCaseReturn(ServiceCommon):
    """People and teams that go leave no case behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = new_test_user(cls.env, 'service_second', AGENT)
        cls.desk.write(
            {
                'assignment': 'balanced',
                'member_ids': [Command.set((cls.colleague | cls.second).ids)],
            }
        )

    def test_moved_case_leaves_who_is_not_of_the_new_team(self):
        for model_name in CASE_MODELS:
            case = self.create_case(model_name, user_id=self.agent.id)
            case.team_id = self.desk
            self.assertIn(case.user_id, self.desk.member_ids, 'its rule assigns')
            case.team_id = self.repairs
            self.assertFalse(case.user_id, 'the other team has no rule')
        self.desk.leader_id = self.leader
        led = self.create_case(user_id=self.leader.id)
        led.team_id = self.desk
        self.assertEqual(led.user_id, self.leader, 'leads both')
        named = self.create_case()
        named.write({'team_id': self.desk.id, 'user_id': self.agent.id})
        self.assertEqual(named.user_id, self.agent, 'whoever is named stays')

    def test_case_moved_while_closed_is_assigned_when_it_is_reopened(self):
        case = self.create_case(user_id=self.agent.id)
        case.action_solve()
        case.team_id = self.desk
        self.assertEqual(case.user_id, self.agent, 'who solved it')
        case.action_reopen()
        self.assertIn(case.user_id, self.desk.member_ids)

    def test_who_reopens_his_own_case_keeps_it(self):
        case = self.create_case(team_id=self.desk.id, user_id=self.manager.id)
        case.action_solve()
        case.with_user(self.manager).action_reopen()
        self.assertEqual(case.user_id, self.manager)

    def test_open_cases_of_who_is_archived_go_back_to_the_teams(self):
        for model_name in CASE_MODELS:
            shared, own, solved = (
                self.create_case(model_name, user_id=self.colleague.id, team_id=team.id)
                for team in (self.desk, self.repairs, self.desk)
            )
            solved.action_solve()
            self.colleague.active = False
            self.assertEqual(shared.user_id, self.second)
            self.assertFalse(own.user_id)
            self.assertEqual(solved.user_id, self.colleague, 'history')
            solved.action_reopen()
            self.assertEqual(solved.user_id, self.second)
            self.colleague.active = True

    def test_archived_team_hands_its_cases_to_its_next_tier_or_the_first_team(self):
        third = self.env['service.team'].create({'name': 'Third', 'sequence': 0})
        self.repairs.escalation_team_id = self.desk
        for expected in (self.desk, third):
            self.repairs.active = True
            case, closed = self.create_case(), self.create_case('service.claim')
            closed.action_solve()
            self.desk.active = expected == self.desk
            self.repairs.with_user(self.manager).action_archive()
            self.assertEqual(case.team_id, expected)
            self.assertEqual(closed.team_id, self.repairs)
            closed.action_reopen()
            self.assertEqual(closed.team_id, expected)
            self.assertIn('Handed over from Repairs', str(case.message_ids.mapped('body')))

    def test_last_team_is_not_archived_with_open_cases(self):
        company, team = self.create_foreign_company()
        case = self.create_case(team_id=team.id, company_id=company.id, partner_id=False)
        others = self.env['service.team'].search(
            [('company_id', 'in', [company.id, False]), ('id', '!=', team.id)]
        )
        others.company_id = self.env.company
        with self.assertRaisesRegex(UserError, 'Lisboa still has 1 open cases'):
            team.active = False
        case.action_solve()
        team.active = False
        self.assertEqual(case.team_id, team)

    def test_team_with_cases_is_archived_and_not_deleted(self):
        case = self.create_case()
        case.action_solve()
        with self.assertRaisesRegex(UserError, 'Archive the team instead'):
            self.repairs.unlink()
        case.unlink()
        self.repairs.unlink()

    def test_team_without_the_stage_gives_the_nearest_and_reopens_nothing(self):
        self.stages['waiting'].team_ids = self.repairs
        case, solved = self.create_case(), self.create_case()
        case.stage_id = self.stages['waiting']
        case.team_id = self.desk
        self.assertEqual(case.stage_kind, 'open')
        self.stages['solved'].team_ids = self.repairs
        solved.action_solve()
        with self.assertRaisesRegex(UserError, 'cannot be in the stage'), self.env.cr.savepoint():
            solved.team_id = self.desk

    def test_archiving_costs_the_same_for_few_and_many(self):
        def archive(count):
            user = new_test_user(self.env, f'service_leaver_{count}', AGENT)
            self.env['service.ticket'].create(
                [
                    {'name': 'x', 'team_id': self.desk.id, 'user_id': user.id}
                    for _number in range(count)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            user.active = False
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        archive(9)
        few = archive(10)
        self.assertLessEqual(archive(100), few)
