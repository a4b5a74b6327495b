import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestContractProject(ContractCase):
    """The project that confirming makes, and what is booked when the contract is over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls.env['hr.employee'].create({'name': 'Ada'})
        cls.column = cls.plan._column_name()

    def _book(self, project, hours=1.0):
        return self.env['account.analytic.line'].create(
            [
                {
                    'name': f'Work {number}',
                    'project_id': project.id,
                    'employee_id': self.employee.id,
                    'unit_amount': hours,
                }
                for number in (1, 2)
            ]
        )

    def test_draft_makes_no_project_and_says_why(self):
        contract = self.create_contract()
        with self.assertRaisesRegex(UserError, 'Confirm it'):
            contract.action_create_project()
        contract.action_confirm()
        contract.action_create_project()
        self.assertEqual(len(contract.project_ids), 1)

    def test_confirming_makes_the_project_that_is_asked_for(self):
        contract = self.create_contract(create_project=True)
        self.assertFalse(contract.project_ids)
        contract.with_user(self.salesman).action_confirm()
        self.assertRecordValues(
            contract.project_ids,
            [
                {
                    'name': contract.name,
                    'partner_id': self.customer.id,
                    'company_id': self.env.company.id,
                    'allow_timesheets': True,
                    self.column: contract.analytic_account_id.id,
                }
            ],
        )
        self.assertEqual(
            self._book(contract.project_ids)[self.column], contract.analytic_account_id
        )
        self.assertFalse(self.create_running().project_ids, 'nobody asked for one')

    def test_project_is_shown_to_who_may_see_it_and_to_nobody_else(self):
        contract = self.create_running(create_project=True)
        worker = new_test_user(
            self.env,
            login='contract_worker',
            groups='sales_team.group_sale_salesman_all_leads,project.group_project_user',
        )
        self.env.invalidate_all()
        project = contract.sudo().project_ids
        self.assertEqual(contract.with_user(worker).project_ids, project)
        project.privacy_visibility = 'followers'
        self.env.invalidate_all()
        self.assertFalse(contract.with_user(worker).project_ids)

    def test_renewal_makes_no_second_project(self):
        contract = self.create_running(create_project=True)
        contract._transition_to('to_renew')
        contract.with_user(self.salesman)._renew()
        self.assertEqual(len(contract.project_ids), 1)

    def test_renewal_makes_no_second_project_beside_an_archived_one(self):
        contract = self.create_running(create_project=True)
        project = contract.project_ids
        project.active = False
        contract._transition_to('to_renew')
        contract.with_user(self.salesman)._renew()
        self.assertFalse(contract.project_ids)
        self.assertEqual(contract.with_context(active_test=False).project_ids, project)

    def test_hours_on_a_contract_that_is_over_are_noted_not_refused(self):
        running = self.create_running(create_project=True)
        over = self.create_running(create_project=True)
        over.action_close(reason='Sold')
        worker = new_test_user(
            self.env, login='contract_worker', groups='hr_timesheet.group_hr_timesheet_user'
        )
        self.employee.user_id = worker
        before = running.message_ids
        told = len(self._get_warnings(worker))
        items = self.env['account.analytic.line'].with_user(worker)
        for project in (running.project_ids, over.project_ids):
            warning = items.new({'project_id': project.id})._onchange_crm_contract_over()
            self.assertEqual(bool(warning), project == over.project_ids)
            items.create({'name': 'Late', 'project_id': project.id, 'unit_amount': 1.0})
        self.assertEqual(running.message_ids, before)
        note = over.message_ids.sorted('id')[-1]
        self.assertIn('Booked although the contract is over', note.body)
        self.assertEqual(note.author_id, worker.partner_id)
        self.assertEqual(len(self._get_warnings(worker)) - told, 1, 'who books is told at once')
        self.assertIn(over.display_name, self._get_warnings(worker)[-1])

    def _get_warnings(self, user):
        """Return the messages about contracts that are over on the bus of a user."""
        self.env.cr.precommit.run()
        channel = f'"res.partner",{user.partner_id.id}]'
        payloads = [
            json.loads(message)
            for message in self.env['bus.bus']
            .search([('channel', '=like', f'%{channel}')], order='id')
            .mapped('message')
        ]
        return [
            payload['payload']['message']
            for payload in payloads
            if payload['type'] == 'simple_notification'
            and payload['payload']['title'] == 'The contract is over'
        ]

    def test_order_on_a_contract_that_is_over_is_noted_not_refused(self):
        """Odoo checks the distribution of each line when it confirms an order."""
        running, over = self.create_running(), self.create_running()
        over.action_cancel()
        for contract in (running, over):
            order = self.env['sale.order'].create(
                {
                    'partner_id': self.customer.id,
                    'order_line': [
                        Command.create(
                            {
                                'product_id': self.env['product.product']
                                .create({'name': 'Extra work', 'type': 'service'})
                                .id,
                                'analytic_distribution': {
                                    str(contract.analytic_account_id.id): 100.0
                                },
                            }
                        )
                    ],
                }
            )
            warning = order.order_line._onchange_crm_contract_over()
            self.assertEqual(bool(warning), contract == over)
            before = len(contract.message_ids)
            told = len(self._get_warnings(self.env.user))
            order.action_confirm()
            self.assertEqual(order.state, 'sale')
            warnings = self._get_warnings(self.env.user)
            self.assertEqual(len(warnings) - told, int(contract == over))
            self.assertEqual(len(contract.message_ids) - before, int(contract == over))
        self.assertIn(order.name, contract.message_ids.sorted('id')[-1].body)

    def test_account_that_a_running_contract_shares_is_not_over(self):
        over = self.create_running()
        over.action_close()
        self.assertEqual(over.analytic_account_id._get_crm_contracts_over(), over)
        self.create_running(analytic_account_id=over.analytic_account_id.id)
        self.assertFalse(over.analytic_account_id._get_crm_contracts_over())

    def test_queries_do_not_grow_with_the_hours_or_contracts(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [self.prepare_contract(create_project=True) for _number in range(size)]
            )
            contracts.action_confirm()
            contracts.action_close()
            items = [self._book(project) for project in contracts.project_ids]
            items = self.env['account.analytic.line'].concat(*items)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env['account.analytic.account']._report_crm_booking_when_over(
                {item: item._get_analytic_accounts() for item in items}
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        measure(1)
        self.assertEqual(measure(3), measure(30))


@tagged('post_install', '-at_install')
class TestContractTag(ContractCase):
    def test_salespeople_make_tags_and_administrators_delete_them(self):
        tag = self.env['crm.contract.tag'].with_user(self.salesman).create({'name': 'Key account'})
        contract = self.create_contract(tag_ids=tag.ids)
        self.assertEqual(
            self.env['crm.contract'].search([('tag_ids.name', '=', 'Key account')]), contract
        )
        with self.assertRaises(AccessError):
            tag.unlink()
        portal = new_test_user(self.env, login='contract_tag_portal', groups='base.group_portal')
        with self.assertRaises(AccessError):
            tag.with_user(portal).read(['name'])
        tag.with_user(self.administrator).unlink()
        self.assertFalse(contract.tag_ids)
