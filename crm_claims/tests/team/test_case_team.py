from odoo.tests import tagged

from ...core.stages import OPEN_KINDS
from ..common import CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestCaseTeam(ServiceCommon):
    def test_own_team_is_the_default_of_an_agent(self):
        for user, team in ((self.agent, self.repairs), (self.colleague, self.desk)):
            ticket = self.env['service.ticket'].with_user(user).create({'name': 'x'})
            self.assertEqual(ticket.team_id, team)

    def test_first_team_is_the_default_of_who_has_none(self):
        self.desk.sequence = -1
        ticket = self.env['service.ticket'].with_user(self.manager).create({'name': 'x'})
        self.assertEqual(ticket.team_id, self.desk)

    def test_archived_team_is_not_proposed(self):
        self.repairs.active = False
        ticket = self.env['service.ticket'].with_user(self.agent).create({'name': 'x'})
        self.assertNotEqual(ticket.team_id, self.repairs)
        self.assertTrue(ticket.team_id)

    def test_context_names_the_team(self):
        tickets = self.env['service.ticket'].with_context(default_team_id=self.desk.id)
        self.assertEqual(tickets.create({'name': 'x'}).team_id, self.desk)

    def test_case_without_any_team_can_be_created_and_closed(self):
        for model_name in CASE_MODELS:
            self.env[model_name].search([('stage_kind', 'in', OPEN_KINDS)]).action_reject()
        self.env['service.team'].search([]).active = False
        ticket = self.env['service.ticket'].create({'name': 'x'})
        self.assertFalse(ticket.team_id)
        ticket.action_solve()
        self.assertEqual(ticket.stage_kind, 'solved')
