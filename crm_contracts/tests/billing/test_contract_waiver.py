from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-04-01')
class TestContractWaiver(ItemCase):
    """Who decides that hours and costs are never billed to the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {'company_id': cls.env.company.id, 'company_ids': [(6, 0, cls.env.company.ids)]}
        cls.worker = new_test_user(
            cls.env,
            login='waiver_worker',
            groups='hr_timesheet.group_hr_timesheet_user',
            **company,
        )
        cls.approver = new_test_user(
            cls.env,
            login='waiver_approver',
            groups='hr_timesheet.group_hr_timesheet_approver',
            **company,
        )
        cls.ben.user_id = cls.worker
        (cls.salesman | cls.colleague).group_ids += cls.env.ref(
            'hr_timesheet.group_hr_timesheet_user'
        )
        cls.project.privacy_visibility = 'employees'

    def test_worker_does_not_take_own_hours_off_the_bill(self):
        item = self.book(self.ben, 5).with_user(self.worker)
        item.name = 'Work on the shop'
        with self.assertRaises(AccessError):
            item.crm_contract_non_billable = True
        with self.assertRaises(AccessError):
            item.crm_contract_kind = 'revenue'
        with self.assertRaises(AccessError):
            self.env['account.analytic.line'].with_user(self.worker).create(
                {
                    'name': 'Work',
                    'project_id': self.project.id,
                    'unit_amount': 3,
                    'date': '2026-03-10',
                    'crm_contract_non_billable': True,
                }
            )
        self.assertEqual(self.contract._bill().amount_untaxed, 300.0)

    def test_worker_does_not_put_hours_on_the_bill_again(self):
        item = self.book(self.ben, 5, crm_contract_non_billable=True)
        with self.assertRaises(AccessError):
            item.with_user(self.worker).crm_contract_non_billable = False
        self.assertFalse(self.contract._bill())

    def test_approvers_and_invoicing_users_decide(self):
        journey = self.spend_without_entry(50.0)
        journey.user_id = self.accountant  # Odoo opens those of others to approvers alone
        for user, item in ((self.approver, self.book(self.ben, 5)), (self.accountant, journey)):
            item.with_user(user).crm_contract_non_billable = True
            self.assertTrue(item.crm_contract_non_billable)
        self.assertFalse(self.contract._bill())

    def test_who_may_change_the_contract_decides_on_own_hours(self):
        for user, may in ((self.salesman, True), (self.colleague, False)):
            employee = self.env['hr.employee'].create({'name': user.name, 'user_id': user.id})
            item = self.book(employee, 5).with_user(user)
            if may:
                item.crm_contract_non_billable = True
            else:
                with self.assertRaises(AccessError):
                    item.crm_contract_non_billable = True
        self.assertEqual(self.contract._bill().amount_untaxed, 300.0)
