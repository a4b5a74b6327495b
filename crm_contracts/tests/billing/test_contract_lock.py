from odoo.exceptions import UserError
from odoo.tests import freeze_time, new_test_user, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractLock(ItemCase):
    """What a contract billed is locked for everybody, over RPC too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls.create_user('employee', 'hr_timesheet.group_hr_timesheet_user')
        cls.manager = new_test_user(
            cls.env,
            login='billing_timesheets',
            groups='hr_timesheet.group_timesheet_manager,project.group_project_manager,'
            'account.group_account_manager',
            company_id=cls.env.company.id,
            company_ids=[(6, 0, cls.env.company.ids)],
        )
        cls.ada.user_id = cls.employee
        cls.task, cls.other_task = cls.env['project.task'].create(
            [
                {'name': 'Ours', 'project_id': cls.project.id},
                {
                    'name': 'Elsewhere',
                    'project_id': cls.env['project.project'].create({'name': 'Elsewhere'}).id,
                },
            ]
        )

    def _changes(self):
        other = self.env['project.project'].create({'name': 'Other'})
        return (
            {'unit_amount': 1.0},
            {'date': '2026-02-01'},
            {'employee_id': self.ben.id},
            {'project_id': other.id, 'task_id': False},
            {'task_id': self.other_task.id},
            {'crm_contract_non_billable': True},
        )

    def test_billed_hours_are_locked_for_employee_and_manager(self):
        hours = self.book(self.ada, 8, task_id=self.task.id, user_id=self.employee.id)
        open_hours = self.book(self.ada, 2, '2026-04-10', user_id=self.employee.id)
        move = self.contract._bill()
        for user in (self.employee, self.manager):
            for values in self._changes():
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaisesRegex(UserError, 'was billed by the contract'),
                    self.cr.savepoint(),
                ):
                    hours.with_user(user).write(values)
            with self.assertRaisesRegex(UserError, 'was billed by the contract'):
                hours.with_user(user).unlink()
            open_hours.with_user(user).unit_amount = 3.0
        hours.with_user(self.employee).name = 'Words may change'
        move.unlink()
        hours.with_user(self.employee).unit_amount = 4.0
        self.assertEqual(self.contract._bill().amount_untaxed, 325.0)

    def test_sale_of_billed_costs_is_locked_for_the_accountant(self):
        other = self.create_contract().analytic_account_id
        cost = self.spend(100.0).invoice_line_ids.analytic_line_ids
        self.contract._bill().action_post()
        item = cost.with_user(self.manager)
        for values in (
            {'date': '2026-02-01'},
            {self.column: other.id},
            {'crm_contract_non_billable': True},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, 'was billed by the contract'),
                self.cr.savepoint(),
            ):
                item.write(values)
        self.assertEqual(self.contract.amount_invoiced, 100.0)

    def test_billed_costs_are_corrected_by_the_accountant(self):
        other = self.create_contract().analytic_account_id
        changes = {
            'amount': lambda item, line: item.write({'amount': -50.0}),
            'deleting': lambda item, line: item.unlink(),
            'vendor bill': lambda item, line: line.move_id.button_draft(),
            'distribution': lambda item, line: line.write(
                {'analytic_distribution': {str(other.id): 100}}
            ),
        }
        for name, change in changes.items():
            with self.subTest(name):
                contract = self.create_contract(bill_costs=True)
                distribution = {str(contract.analytic_account_id.id): 100}
                bill = self.spend(100.0, analytic_distribution=distribution)
                contract._bill().action_post()
                line = bill.invoice_line_ids.with_user(self.manager)
                change(line.analytic_line_ids, line)
                self.assertRecordValues(
                    contract.billing_ids.filtered(lambda row: row.kind == 'cost'),
                    [{'state': 'invoiced', 'amount': 100.0, 'is_corrected': True}],
                )
