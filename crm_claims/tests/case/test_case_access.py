from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import CASE_MODELS, ServiceCommon

CONFIGURATION = (
    'service.stage',
    'service.team',
    'service.category',
    'service.claim.type',
    'service.claim.cause',
)


@tagged('post_install', '-at_install')
class TestCaseAccess(ServiceCommon):
    def see(self, user, cases):
        return cases.with_user(user).search([('id', 'in', cases.ids)]).with_user(self.env.user)

    def test_agent_sees_own_unassigned_and_team_cases_only(self):
        for model_name in CASE_MODELS:
            own = self.create_case(model_name, team_id=self.desk.id, user_id=self.agent.id)
            free = self.create_case(model_name, team_id=self.desk.id)
            team = self.create_case(model_name, user_id=self.manager.id)
            foreign = self.create_case(
                model_name,
                team_id=self.desk.id,
                user_id=self.colleague.id,
            )
            cases = own | free | team | foreign
            self.assertEqual(self.see(self.agent, cases), (own | free | team).sorted())
            self.assertEqual(self.see(self.leader, cases), (free | team).sorted())
            self.assertEqual(self.see(self.colleague, cases), (own | free | foreign).sorted())
            self.assertEqual(self.see(self.manager, cases), cases.sorted())
            self.assertEqual(self.see(self.salesman, cases), cases.sorted())

    def test_agent_works_on_what_he_sees_and_not_on_the_rest(self):
        for model_name in CASE_MODELS:
            team = self.create_case(model_name, user_id=self.manager.id).with_user(self.agent)
            team.action_assign_to_me()
            team.action_solve()
            foreign = self.create_case(
                model_name,
                team_id=self.desk.id,
                user_id=self.colleague.id,
            ).with_user(self.agent)
            for attempt in (
                lambda case=foreign: case.read(['name']),
                lambda case=foreign: case.write({'priority': '3'}),
                foreign.action_assign_to_me,
                foreign.action_solve,
                foreign.action_reject,
                lambda case=foreign: case.message_post(body='hello'),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_agent_creates_but_only_manager_deletes(self):
        for model_name in CASE_MODELS:
            values = {'name': 'New', 'team_id': self.repairs.id}
            case = self.env[model_name].with_user(self.agent).create(values)
            with self.assertRaises(AccessError):
                case.unlink()
            case.with_user(self.manager).unlink()
            self.assertFalse(case.exists())

    def test_salesperson_reads_every_case_and_changes_none(self):
        for model_name in CASE_MODELS:
            case = self.create_case(model_name, user_id=self.agent.id).with_user(self.salesman)
            self.assertEqual(case.read(['name', 'stage_id', 'team_id'])[0]['name'], case.name)
            for attempt in (
                lambda case=case: case.write({'name': 'x'}),
                case.action_solve,
                case.action_reject,
                case.action_assign_to_me,
                case.unlink,
                case.copy,
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_salesperson_who_is_an_agent_still_writes_only_an_agents_cases(self):
        self.agent.group_ids = [Command.link(self.env.ref('sales_team.group_sale_salesman').id)]
        own = self.create_case().with_user(self.agent)
        foreign = self.create_case(
            team_id=self.desk.id,
            user_id=self.colleague.id,
        ).with_user(self.agent)
        own.priority = '3'
        self.assertTrue(foreign.read(['name']))
        with self.assertRaises(AccessError):
            foreign.priority = '3'

    def test_employee_without_a_role_sees_nothing(self):
        for model_name in CASE_MODELS:
            case = self.create_case(model_name).with_user(self.employee)
            with self.assertRaises(AccessError):
                case.read(['name'])
            with self.assertRaises(AccessError):
                case.search([])

    def test_only_manager_configures(self):
        for model_name in CONFIGURATION:
            with self.subTest(model=model_name):
                record = self.env[model_name].create({'name': f'Test {model_name}'})
                record.with_user(self.manager).write({'name': 'Changed'})
                for user in (self.agent, self.salesman):
                    self.assertTrue(record.with_user(user).read(['name']))
                    for operation in ('write', 'create', 'unlink'):
                        self.assertFalse(record.with_user(user).has_access(operation))
                self.assertFalse(record.with_user(self.employee).has_access('read'))

    def test_agent_makes_tags_and_only_manager_deletes_them(self):
        tag = self.env['service.tag'].with_user(self.agent).create({'name': 'Cellar'})
        self.assertFalse(tag.has_access('unlink'))
        tag.with_user(self.manager).unlink()
        self.assertFalse(self.env['service.tag'].with_user(self.salesman).has_access('create'))
