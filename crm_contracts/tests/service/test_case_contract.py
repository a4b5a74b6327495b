import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_claims.tests.common import CASE_MODELS

from ..common import ContractCase

AGENT = 'crm_claims.crm_claims_group_agent'
TIMESHEETS = 'hr_timesheet.group_hr_timesheet_user'


@tagged('post_install', '-at_install')
class TestCaseContract(ContractCase):
    """Claims and tickets are handled under a contract of their customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = new_test_user(cls.env, 'case_agent', AGENT)
        cls.team = cls.env['service.team'].create(
            {'name': 'Repairs', 'member_ids': [Command.set(cls.agent.ids)]}
        )
        cls.contract = cls.create_running()

    def create_case(self, model_name='service.ticket', **values):
        return self.env[model_name].create(
            {
                'name': 'The shop is down',
                'partner_id': self.contact.id,
                'team_id': self.team.id,
                **values,
            }
        )

    def test_only_running_contract_of_the_company_is_proposed(self):
        for model_name in CASE_MODELS:
            self.assertEqual(self.create_case(model_name).contract_id, self.contract)
        draft = self.create_contract(name='Draft')
        self.assertEqual(self.create_case().contract_id, self.contract)
        draft.action_confirm()
        self.assertFalse(self.create_case().contract_id, 'which of two is for people to say')

    def test_agent_gets_the_proposal_in_the_form_and_chooses_another(self):
        other = self.create_running(name='Second')
        with Form(self.env['service.ticket'].with_user(self.agent)) as form:
            form.name = 'The shop is down'
            form.team_id = self.team
            form.partner_id = self.contact
            self.assertFalse(form.contract_id)
            form.contract_id = other.with_user(self.agent)
        self.assertEqual(form.record.contract_id, other)

    def test_salesperson_on_cases_gets_the_proposal_of_what_he_may_not_read(self):
        both = new_test_user(self.env, 'case_both', f'{AGENT},sales_team.group_sale_salesman')
        self.team.member_ids |= both
        for model_name in CASE_MODELS:
            with self.subTest(model=model_name):
                with Form(self.env[model_name].with_user(both)) as form:
                    form.name = 'The shop is down'
                    form.team_id = self.team
                    form.partner_id = self.contact
                self.assertEqual(form.record.contract_id, self.contract)
        self.assertFalse(self.contract.with_user(both).has_access('read'))
        bare = self.create_case(partner_id=False, user_id=both.id).with_user(both)
        with Form(bare) as form:
            form.partner_id = self.contact
        self.assertEqual(bare.contract_id, self.contract)
        # what is not proposed is no way in
        self.create_running(name='Second')
        with self.assertRaises(AccessError):
            self.create_case().with_user(both).contract_id = self.contract
        values = {'name': 'The shop is down', 'partner_id': self.contact.id}
        with self.assertRaises(AccessError):
            self.env['service.ticket'].with_user(both).create(
                {**values, 'team_id': self.team.id, 'contract_id': self.contract.id}
            )

    def test_contract_of_another_customer_or_company_is_refused(self):
        stranger = self.env['res.partner'].create({'name': 'Stranger'})
        foreign = self.create_running(partner_id=stranger.id)
        for model_name in CASE_MODELS:
            with self.assertRaisesRegex(ValidationError, 'another customer'):
                self.create_case(model_name, contract_id=foreign.id)
            with self.assertRaises(ValidationError):
                self.create_case(model_name, partner_id=False, contract_id=self.contract.id)
        company = self.env['res.company'].create({'name': 'Contract Company B'})
        abroad = self.create_running(company_id=company.id, manager_id=False)
        with self.assertRaises(UserError):
            self.create_case(contract_id=abroad.id)

    def test_other_customer_takes_the_contract_off(self):
        stranger = self.env['res.partner'].create({'name': 'Stranger'})
        own = self.create_running(partner_id=stranger.id)
        case = self.create_case()
        case.partner_id = stranger
        self.assertEqual(case.contract_id, own)
        case.partner_id = False
        self.assertFalse(case.contract_id)

    def test_closed_contract_stays_on_its_cases(self):
        case = self.create_case()
        self.contract.action_close()
        case.partner_id = self.customer
        self.assertEqual(case.contract_id, self.contract)
        self.assertFalse(self.create_case().contract_id)

    def test_proposal_takes_the_same_queries_for_one_and_for_many(self):
        def count_queries(number):
            values = {'name': 'x', 'partner_id': self.contact.id, 'team_id': self.team.id}
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env['service.ticket'].create([values] * number)._get_running_contracts()
            return self.env.cr.sql_log_count - before

        count_queries(2)
        self.assertLessEqual(count_queries(20), count_queries(2))

    def test_claim_made_of_a_ticket_keeps_its_contract(self):
        self.create_running(name='Second')
        ticket = self.create_case(contract_id=self.contract.id)
        ticket.action_convert_to_claim()
        self.assertEqual(ticket.claim_id.contract_id, self.contract)

    def test_what_is_made_of_a_case_keeps_a_contract_that_its_maker_may_not_read(self):
        both = new_test_user(self.env, 'case_both', f'{AGENT},sales_team.group_sale_salesman')
        self.team.member_ids |= both
        self.create_running(name='Second')
        ticket = self.create_case(contract_id=self.contract.id, user_id=both.id)
        message = ticket.message_post(body='Two things', message_type='comment')
        ticket = ticket.with_user(both)
        self.assertFalse(self.contract.with_user(both).has_access('read'))
        self.assertEqual(ticket._split(message, 'The second').contract_id, self.contract)
        bare = self.create_case(user_id=both.id).with_user(both)
        self.assertFalse(bare.contract_id)
        self.assertEqual((bare | ticket).action_merge(force=True).contract_id, self.contract)
        other = self.create_case(contract_id=self.contract.id, user_id=both.id).with_user(both)
        other.action_convert_to_claim()
        self.assertEqual(other.claim_id.contract_id, self.contract)

    def test_contract_goes_along_although_the_contact_changed_company(self):
        ticket = self.create_case()
        message = ticket.message_post(body='Two things', message_type='comment')
        self.assertEqual(ticket.contract_id, self.contract)
        self.contact.parent_id = self.env['res.partner'].create({'name': 'B', 'is_company': True})
        second = ticket._split(message, 'The second')
        ticket.action_convert_to_claim()
        for case in (second, ticket.claim_id):
            self.assertEqual(case.contract_id, self.contract)
            self.assertEqual(case.commercial_partner_id, self.customer)

    def test_survivor_of_a_merge_takes_no_contract_of_another_customer(self):
        stranger = self.env['res.partner'].create({'name': 'Stranger'})
        first, second = self.create_case(partner_id=stranger.id), self.create_case()
        self.assertFalse((first | second).action_merge(force=True).contract_id)
        self.create_running(name='Second')
        third = self.create_case()
        fourth = self.create_case(contract_id=self.contract.id)
        self.assertEqual((third | fourth).action_merge().contract_id, self.contract)

    # === RIGHTS === #

    def test_agent_reads_of_a_contract_what_the_work_needs(self):
        contract = self.contract.with_user(self.agent)
        self.assertEqual(contract.read(['name', 'state'])[0]['state'], 'open')
        for name in ('fixed_amount', 'margin', 'mrr', 'line_ids', 'terms', 'manager_id'):
            with self.assertRaises(AccessError, msg=name):
                contract.read([name])
            with self.assertRaises(AccessError, msg=name):
                contract.search([(name, '!=', False)])
        for name in ('line', 'rate', 'billing', 'term'):
            with self.assertRaises(AccessError, msg=name):
                self.env[f'crm.contract.{name}'].with_user(self.agent).search([])
        self.assertFalse(contract.has_access('write'))

    def test_salesperson_who_is_an_agent_sees_no_contract_more(self):
        both = new_test_user(self.env, 'case_both', f'{AGENT},sales_team.group_sale_salesman')
        self.assertFalse(self.contract.with_user(both).has_access('read'))
        own = self.create_running(manager_id=both.id)
        self.assertEqual(own.with_user(both).fixed_amount, 1200.0)

    # === SERVICE LEVELS === #

    @freeze_time('2026-03-04 10:00:00')
    def test_clock_is_chosen_by_the_contract_and_again_when_it_changes(self):
        gold, basic = self.env['service.sla.policy'].create(
            [
                {
                    'name': 'Gold',
                    'sequence': -2,
                    'resolution_hours': 2,
                    'contract_ids': [Command.set(self.contract.ids)],
                },
                {'name': 'Basic', 'sequence': -1, 'resolution_hours': 20},
            ]
        )
        self.assertEqual(self.contract.sla_policy_ids, gold)
        for model_name in CASE_MODELS:
            case = self.create_case(model_name)
            self.assertEqual(case.sla_clock_ids.policy_id, gold)
            case.contract_id = False
            self.assertEqual(case.sla_clock_ids.policy_id, basic)
            case.with_user(self.agent).contract_id = self.contract.with_user(self.agent)
            self.assertEqual(case.sla_clock_ids.policy_id, gold)

    def test_contract_with_a_service_level_is_not_deleted(self):
        draft = self.create_contract()
        self.env['service.sla.policy'].create(
            {'name': 'Gold', 'resolution_hours': 2, 'contract_ids': [Command.set(draft.ids)]}
        )
        with (
            mute_logger('odoo.sql_db'),
            self.assertRaises(psycopg2.errors.ForeignKeyViolation),
            self.cr.savepoint(),
        ):
            draft.unlink()


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestTicketTime(ContractCase):
    """Hours on tickets are timesheets on the account of the contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = new_test_user(cls.env, 'time_agent', f'{AGENT},{TIMESHEETS}')
        cls.employee = cls.env['hr.employee'].create({'name': 'Ada', 'user_id': cls.agent.id})
        cls.project = cls.env['project.project'].create({'name': 'Repairs'})
        cls.team = cls.env['service.team'].create(
            {
                'name': 'Repairs',
                'member_ids': [Command.set(cls.agent.ids)],
                'project_id': cls.project.id,
            }
        )
        cls.contract = cls.create_running()
        cls.column = cls.contract.analytic_account_id.root_plan_id._column_name()
        cls.ticket = cls.env['service.ticket'].create(
            {'name': 'Down', 'partner_id': cls.contact.id, 'team_id': cls.team.id}
        )

    def book(self, hours=2.0, **values):
        ticket = self.ticket.with_user(self.agent)
        ticket.write(
            {'crm_timesheet_ids': [Command.create({'name': 'Fix', 'unit_amount': hours, **values})]}
        )
        return self.ticket.crm_timesheet_ids.sorted('id')[-1:]

    def test_agent_books_on_the_contract_and_the_project_of_the_team(self):
        line = self.book()
        self.assertRecordValues(
            line,
            [
                {
                    'project_id': self.project.id,
                    'employee_id': self.employee.id,
                    self.column: self.contract.analytic_account_id.id,
                    'crm_contract_kind': 'time',
                }
            ],
        )
        self.book(1.5)
        self.assertEqual(self.ticket.with_user(self.agent).crm_hours_spent, 3.5)
        self.assertEqual(self.contract.timesheet_count, 2)

    def test_project_of_the_contract_goes_first(self):
        self.env.user.group_ids |= self.env.ref('project.group_project_manager')
        action = self.contract.action_create_project()
        project = self.env['project.project'].browse(action['res_id'])
        self.assertEqual(self.contract.project_ids, project)
        self.assertEqual(self.book().project_id, project)
        self.ticket.action_convert_to_task()
        self.assertEqual(self.ticket.task_id.project_id, project)
        self.assertEqual(self.book().task_id, self.ticket.task_id)

    def test_unbilled_hours_follow_the_ticket_to_another_contract(self):
        line = self.book()
        other = self.create_running(name='Second')
        self.ticket.contract_id = other
        self.assertEqual(line[self.column], other.analytic_account_id)
        self.ticket.contract_id = False
        self.assertFalse(line[self.column])

    def test_billed_hours_stay_where_they_were_billed(self):
        line = self.book()
        line.crm_contract_billing_id = self.env['crm.contract.billing'].create(
            {
                'contract_id': self.contract.id,
                'kind': 'time',
                'currency_id': self.contract.currency_id.id,
            }
        )
        self.ticket.contract_id = self.create_running(name='Second')
        self.assertEqual(line[self.column], self.contract.analytic_account_id)

    def test_ticket_without_any_project_says_what_to_do(self):
        self.team.project_id = False
        with self.assertRaisesRegex(UserError, 'No time can be booked'):
            self.book()

    def test_nobody_books_on_a_ticket_that_they_may_not_see(self):
        stranger = new_test_user(self.env, 'time_stranger', TIMESHEETS)
        self.env['hr.employee'].create({'name': 'Ben', 'user_id': stranger.id})
        with self.assertRaises(AccessError):
            self.env['account.analytic.line'].with_user(stranger).create(
                {'name': 'x', 'unit_amount': 1, 'crm_ticket_id': self.ticket.id}
            )
