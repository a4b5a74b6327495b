from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestCaseCompany(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_b, cls.team_b = cls.create_foreign_company()

    def test_cases_of_another_company_are_invisible_to_every_role(self):
        for model_name in CASE_MODELS:
            foreign = self.create_case(model_name, team_id=self.team_b.id)
            self.assertEqual(foreign.company_id, self.company_b)
            for user in (self.agent, self.manager, self.salesman):
                cases = foreign.with_user(user)
                self.assertFalse(cases.search([('id', '=', foreign.id)]))
                self.assertFalse(cases._read_group([('id', '=', foreign.id)], ['team_id']))
                with self.assertRaises(AccessError):
                    cases.read(['name'])

    def test_user_of_both_companies_sees_what_is_selected(self):
        self.agent.company_ids = [Command.link(self.company_b.id)]
        foreign = self.create_case(team_id=self.team_b.id)
        domain = [('id', '=', foreign.id)]
        tickets = self.env['service.ticket'].with_user(self.agent)
        home, both = self.env.company.ids, (self.env.company | self.company_b).ids
        self.assertFalse(tickets.with_context(allowed_company_ids=home).search(domain))
        self.assertEqual(
            tickets.with_context(allowed_company_ids=both).search(domain).ids,
            foreign.ids,
        )

    def test_case_cannot_enter_another_company(self):
        for model_name in CASE_MODELS:
            with self.assertRaises(AccessError):
                self.env[model_name].with_user(self.agent).create(
                    {
                        'name': 'x',
                        'company_id': self.company_b.id,
                    }
                )
            with self.assertRaises(AccessError):
                self.env[model_name].with_user(self.agent).create(
                    {
                        'name': 'x',
                        'team_id': self.team_b.id,
                    }
                )

    def test_team_of_another_company_is_refused(self):
        with self.assertRaises(UserError):
            self.create_case(company_id=self.env.company.id, team_id=self.team_b.id)
        with self.assertRaises(UserError):
            self.create_case().team_id = self.team_b

    def test_teams_of_another_company_are_invisible(self):
        shared = self.env['service.team'].create({'name': 'All', 'company_id': False})
        teams = (self.team_b | shared).with_user(self.manager)
        self.assertEqual(teams.search([('id', 'in', teams.ids)]).ids, shared.ids)

    def test_team_of_the_company_is_the_default(self):
        ticket = self.env['service.ticket'].with_company(self.company_b).create({'name': 'x'})
        self.assertIn(ticket.team_id.company_id.id, (self.company_b.id, False))
        self.assertEqual(ticket.company_id, self.company_b)
