from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractDocuments(BillingCase):
    """Each button of a contract opens exactly what it counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for group in (
            'hr.group_hr_user',
            'hr_timesheet.group_timesheet_manager',
            'project.group_project_manager',
            'crm_claims.crm_claims_group_manager',
        ):
            cls.env.user.group_ids |= cls.env.ref(group)
        cls.contract, cls.other = cls.create_contract() | cls.create_contract(name='Other')
        cls.ada = cls.env['hr.employee'].create({'name': 'Ada', 'hourly_cost': 40.0})
        cls.account = cls.contract.analytic_account_id
        cls.column = cls.account.root_plan_id._column_name()
        cls.project = cls.env['project.project'].create(
            {'name': 'Shop', cls.column: cls.account.id}
        )
        cls.task = cls.env['project.task'].create({'name': 'T', 'project_id': cls.project.id})
        cls.env['account.analytic.line'].create(
            [
                {'name': 'W', 'project_id': cls.project.id, 'employee_id': cls.ada.id, **values}
                for values in ({'unit_amount': 2.0}, {'unit_amount': 3.0})
            ]
        )
        for model_name in ('service.ticket', 'service.claim'):
            cls.env[model_name].create(
                {
                    'name': 'Down',
                    'partner_id': cls.partner_a.id,
                    'contract_id': cls.contract.id,
                    'company_id': cls.contract.company_id.id,
                }
            )
        cls.book('in_invoice', 300)
        cls.book('in_refund', 100)
        cls.book('in_receipt', 50)
        cls.contract._bill()
        cls.book('out_invoice', 70, post=False)
        for state in ('draft', 'sale', 'cancel'):
            cls.order().state = state
        cls.env['ir.attachment'].create(
            {
                'name': 'signed.txt',
                'raw': b'Signed',
                'res_model': 'crm.contract',
                'res_id': cls.contract.id,
            }
        )
        cls.contract.message_post(body='Ours', attachments=[('annex.txt', b'Annex')])

    @classmethod
    def book(cls, move_type, amount, post=True):
        line = {
            'name': 'x',
            'price_unit': amount,
            'tax_ids': False,
            'analytic_distribution': {str(cls.account.id): 60},
        }
        move = cls.env['account.move'].create(
            {
                'move_type': move_type,
                'partner_id': cls.partner_b.id,
                'invoice_date': '2026-03-05',
                'invoice_line_ids': [Command.create(dict(line)) for _line in range(2)],
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def order(cls):
        """Return an order of which two lines are for the contract."""
        line = {
            'product_id': cls.support.id,
            'analytic_distribution': {str(cls.account.id): 50},
        }
        return cls.env['sale.order'].create(
            {
                'partner_id': cls.partner_b.id,
                'order_line': [Command.create(dict(line)) for _line in range(2)],
            }
        )

    def count(self, contract, counter):
        action = getattr(contract, f'action_view_{counter.removesuffix("_count")}s')()
        documents = contract.env[action['res_model']].with_context(**action['context'])
        return documents.search_count(action['domain'])

    def test_buttons_open_exactly_what_they_count(self):
        expected = {
            'project_count': 1,
            'task_count': 1,
            'timesheet_count': 2,
            'ticket_count': 1,
            'claim_count': 1,
            'order_count': 2,
            'purchase_count': 4,
            'expense_count': 2,
            'invoice_count': 2,
            'document_count': 2,
        }
        for counter, number in expected.items():
            with self.subTest(counter):
                self.assertEqual(self.contract[counter], number)
                self.assertEqual(self.count(self.contract, counter), number)
                self.assertEqual(self.other[counter], 0)
                self.assertEqual(self.count(self.other, counter), 0)

    def test_counts_are_of_what_the_user_may_read(self):
        contract = self.contract.with_user(self.salesman)
        for counter in ('timesheet_count', 'purchase_count', 'expense_count'):
            self.assertEqual(contract[counter], 0, counter)
        for user in (self.salesman, self.accountant):
            contract = self.contract.with_user(user)
            for counter in ('ticket_count', 'invoice_count', 'document_count'):
                if contract[counter]:
                    found = self.count(contract, counter)
                    self.assertEqual(found, contract[counter], (user.login, counter))
        contract = self.contract.with_user(self.accountant)
        self.assertTrue(contract.analytic_item_count)
        self.assertLess(contract.analytic_item_count, self.contract.analytic_item_count)
        self.assertEqual(self.count(contract, 'analytic_item_count'), contract.analytic_item_count)
        self.assertEqual(self.contract.with_user(self.accountant).invoice_count, 2)
        self.assertEqual(self.contract.with_user(self.salesman).ticket_count, 1)
        self.assertEqual(self.contract.with_user(self.salesman).document_count, 2)
        documents = self.env['ir.attachment'].with_user(self.colleague)
        self.assertFalse(documents.search([('res_model', '=', 'crm.contract')]))

    def test_application_that_is_missing_is_said_so(self):
        links = self.env['crm.contract']._get_document_links()
        missing = {'order_count': links['order_count']._replace(model='crm.contract.not_installed')}
        with patch.object(
            type(self.env['crm.contract']), '_get_document_links', lambda contract: links | missing
        ):
            self.assertEqual(self.contract.order_count, 0)
            with self.assertRaisesRegex(UserError, 'not installed'):
                self.contract.action_view_orders()

    def test_archived_documents_count_and_are_opened(self):
        self.task.active = False
        self.assertEqual(self.contract.task_count, 1)
        self.assertEqual(self.count(self.contract, 'task_count'), 1)

    def test_counters_take_the_same_queries_for_few_and_for_many(self):
        many = self.env['crm.contract'].create(
            [self.prepare_contract(name=f'Many {number}') for number in range(40)]
        )

        def count_queries(contracts):
            self.env.flush_all()
            self.env.invalidate_all()
            contracts.mapped('analytic_account_id.root_plan_id')
            before = self.env.cr.sql_log_count
            contracts.mapped('ticket_count')
            return self.env.cr.sql_log_count - before

        count_queries(many)
        self.assertEqual(count_queries(many[:4]), count_queries(many))

    def test_costs_are_told_apart(self):
        self.env['account.analytic.line'].create(
            {'name': 'By hand', 'amount': -7.0, self.column: self.account.id}
        )
        self.assertRecordValues(
            self.contract,
            [
                {
                    'revenue': 0.0,
                    'cost_time': 200.0,
                    'cost_purchase': 240.0,
                    'cost_expense': 60.0,
                    'cost_other': 7.0,
                    'cost_total': 507.0,
                    'margin': -507.0,
                }
            ],
        )
