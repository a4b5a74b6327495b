from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestCampaignCost(ContractCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env['account.analytic.account'].create(
            {'name': 'Stand', 'plan_id': cls.plan.id}
        )
        cls.campaign, cls.typed = cls.env['utm.campaign'].create(
            [
                {'title': 'Fair', 'crm_cost': 1, 'crm_analytic_account_id': cls.account.id},
                {'title': 'Radio', 'crm_cost': 70},
            ]
        )
        cls._book(-250.0)
        cls._book(-50.0, category='vendor_bill')
        cls._book(900.0, category='invoice')

    @classmethod
    def _book(cls, amount, **values):
        column = cls.plan._column_name()
        cls.env['account.analytic.line'].create(
            {'name': 'Item', 'amount': amount, column: cls.account.id, **values}
        )

    def test_cost_is_what_was_spent_on_the_account(self):
        campaigns = (self.campaign | self.typed).with_user(self.salesman)
        self.assertEqual(campaigns.mapped('crm_total_cost'), [300, 70])
        self.assertEqual(campaigns.mapped('crm_roi'), [-1, -1])

    def test_analysis_agrees(self):
        [(cost,)] = self.env['crm.campaign.report']._read_group(
            [('campaign_id', 'in', (self.campaign | self.typed).ids)], [], ['cost:sum']
        )
        self.assertEqual(cost, 370)

    def test_items_of_companies_that_are_not_selected_do_not_count(self):
        branch = self.env['res.company'].create({'name': 'Branch'})
        self._book(-40.0, company_id=branch.id)
        one, both = self.env.company, self.env.company | branch
        self.env.user.company_ids = [Command.link(branch.id)]
        for companies, cost in ((one, 300), (both, 340), (branch, 40)):
            campaign = self.campaign.with_context(allowed_company_ids=companies.ids)
            self.assertEqual(campaign.crm_total_cost, cost)

    def test_salesperson_does_not_choose_the_account(self):
        self.salesman.group_ids = [
            Command.link(self.env.ref('analytic.group_analytic_accounting').id)
        ]
        with self.assertRaises(AccessError):
            self.typed.with_user(self.salesman).crm_analytic_account_id = self.account
        self.administrator.group_ids = [
            Command.link(self.env.ref('analytic.group_analytic_accounting').id)
        ]
        self.typed.with_user(self.administrator).crm_analytic_account_id = self.account
        self.assertEqual(self.typed.crm_total_cost, 300)
