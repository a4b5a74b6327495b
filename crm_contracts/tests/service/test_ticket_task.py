from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

AGENT = 'crm_claims.crm_claims_group_agent'


@tagged('post_install', '-at_install')
class TestTicketTask(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = new_test_user(cls.env, 'task_agent', f'{AGENT},project.group_project_user')
        cls.project = cls.env['project.project'].create({'name': 'Repairs'})
        cls.team = cls.env['service.team'].create(
            {
                'name': 'Repairs',
                'member_ids': [Command.set(cls.agent.ids)],
                'project_id': cls.project.id,
            }
        )
        cls.customer = cls.env['res.partner'].create({'name': 'Bodegas Altozano'})
        cls.ticket = cls.env['service.ticket'].create(
            {
                'name': 'The press leaks oil',
                'partner_id': cls.customer.id,
                'team_id': cls.team.id,
                'user_id': cls.agent.id,
            }
        )

    def test_task_is_made_once_and_linked_back(self):
        ticket = self.ticket.with_user(self.agent)
        action = ticket.action_convert_to_task()
        task = self.ticket.task_id
        self.assertEqual((action['res_model'], action['res_id']), ('project.task', task.id))
        self.assertRecordValues(
            task,
            [
                {
                    'name': 'The press leaks oil',
                    'project_id': self.project.id,
                    'partner_id': self.customer.id,
                    'user_ids': self.agent.ids,
                }
            ],
        )
        self.assertEqual(ticket.action_convert_to_task()['res_id'], task.id)
        back = task.with_user(self.agent).action_view_service_ticket()
        self.assertEqual(back['res_id'], self.ticket.id)

    def test_team_without_a_project_is_told_so(self):
        self.team.project_id = False
        with self.assertRaisesRegex(UserError, 'its team has no project'):
            self.ticket.with_user(self.agent).action_convert_to_task()
        self.assertFalse(self.ticket.task_id)

    def test_agent_without_projects_makes_none(self):
        stranger = new_test_user(self.env, 'task_stranger', AGENT)
        self.team.member_ids = [Command.link(stranger.id)]
        with self.assertRaises(AccessError):
            self.ticket.with_user(stranger).action_convert_to_task()

    def test_line_of_a_claim_may_be_a_line_of_an_invoice(self):
        models = self.env['service.claim.line']._selection_document_line()
        self.assertIn('account.move.line', dict(models))
