from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import CASE_MODELS
from .common import ServiceSlaCommon


@tagged('post_install', '-at_install')
class TestSlaAccess(ServiceSlaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.create_policy(team_id=False, company_id=False)
        cls.foreign_company, cls.foreign_team = cls.create_foreign_company()

    def create_cases(self, model_name):
        """One of the agent's team, one that another team has taken, one of another company."""
        return (
            self.create_case(model_name, user_id=self.manager.id),
            self.create_case(model_name, team_id=self.desk.id, user_id=self.colleague.id),
            self.create_case(
                model_name, team_id=self.foreign_team.id, partner_id=False, user_id=False
            ),
        )

    def test_clocks_are_seen_by_those_who_see_the_case(self):
        for model_name in CASE_MODELS:
            own, foreign, abroad = self.create_cases(model_name)
            clocks = (own | foreign | abroad).sudo().sla_clock_ids
            for user, cases in (
                (self.agent, own),
                (self.colleague, foreign),
                (self.manager, own | foreign),
                (self.salesman, own | foreign),
            ):
                with self.subTest(user=user.login, model=model_name):
                    visible = cases.sudo().sla_clock_ids
                    hidden = clocks - visible
                    self.assertTrue(hidden)
                    as_user = clocks.with_user(user)
                    found = as_user.search([('id', 'in', clocks.ids)])
                    self.assertEqual(set(found.ids), set(visible.ids))
                    self.assertTrue(as_user.browse(visible.ids).read(['deadline', 'state']))
                    for clock in hidden:
                        with self.assertRaises(AccessError):
                            clock.with_user(user).read(['deadline'])
            with self.assertRaises(AccessError):
                clocks.with_user(self.employee).read(['deadline'])

    def test_nobody_writes_clocks(self):
        case = self.create_case()
        for user in (self.agent, self.leader, self.manager, self.salesman):
            clock = self.get_clock(case).with_user(user)
            self.assertTrue(clock.read(['deadline']))
            for attempt in (
                lambda c=clock: c.write({'deadline': '2030-01-01'}),
                clock.copy,
                clock.unlink,
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()
        case.with_user(self.manager).unlink()
        self.assertFalse(clock.sudo().exists(), 'the case takes its clocks along')

    def test_pauses_are_read_and_written_by_nobody(self):
        case = self.create_case()
        for user in (self.agent, self.manager):
            with self.assertRaises(AccessError):
                case.with_user(user).write({'sla_pauses': []})
            with self.assertRaises(AccessError):
                case.with_user(user).read(['sla_pauses'])
            case.with_user(user).write({'priority': '2'})
            self.assertEqual(case.with_user(user).read(['sla_state'])[0]['sla_state'], 'running')
        self.move(case.with_user(self.agent), 'waiting')
        self.assertEqual(len(case.sudo().sla_pauses), 1)

    def test_only_manager_configures_policies(self):
        self.policy.with_user(self.manager).write({'resolution_hours': 20})
        for user in (self.agent, self.salesman):
            policy = self.policy.with_user(user)
            self.assertTrue(policy.read(['name']))
            for operation in ('write', 'create', 'unlink'):
                self.assertFalse(policy.has_access(operation))
            with self.assertRaises(AccessError):
                policy.action_apply()
        self.assertFalse(self.policy.with_user(self.employee).has_access('read'))

    def test_policy_of_another_company_is_not_seen(self):
        policy = self.create_policy(team_id=False, company_id=self.foreign_company.id)
        policies = self.env['service.sla.policy'].with_user(self.manager)
        self.assertFalse(policies.search([('id', '=', policy.id)]))
        self.assertTrue(policies.search([('id', '=', self.policy.id)]))
        self.manager.company_ids = [Command.link(self.foreign_company.id)]
        abroad = policies.with_company(self.foreign_company)
        self.assertEqual(abroad.search([('id', '=', policy.id)]), policy)

    def test_agent_whose_change_moves_the_clocks_needs_no_right_on_them(self):
        case = self.create_case().with_user(self.agent)
        self.move(case, 'waiting')
        case.action_solve()
        self.assertEqual(case.sla_state, 'met')

    def test_analysis_shows_the_cases_that_the_user_sees(self):
        for model_name in CASE_MODELS:
            own, foreign, abroad = self.create_cases(model_name)
            ids = (own | foreign | abroad).sudo().sla_clock_ids.ids
            for user, cases in (
                (self.agent, own),
                (self.colleague, foreign),
                (self.manager, own | foreign),
            ):
                with self.subTest(user=user.login, model=model_name):
                    report = self.env['service.sla.report'].with_user(user)
                    rows = report.search([('id', 'in', ids)])
                    self.assertEqual(set(rows.mapped('case_id')), set(cases.ids))
            for user in (self.salesman, self.employee):
                with self.assertRaises(AccessError):
                    self.env['service.sla.report'].with_user(user).search([])
