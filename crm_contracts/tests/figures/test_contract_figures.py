from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


@tagged('post_install', '-at_install')
class TestContractFigures(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref('sales_team.group_sale_manager')
        cls.salesman = new_test_user(
            cls.env,
            login='figures_salesman',
            groups='sales_team.group_sale_salesman',
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )
        cls.env.company.crm_contract_plan_id = cls.env['res.company']._get_or_create_contract_plan()
        cls.contract, cls.other = cls.env['crm.contract'].create(
            [
                {
                    'name': name,
                    'partner_id': cls.partner_a.id,
                    'manager_id': cls.salesman.id,
                    'state': 'open',
                }
                for name in ('First', 'Second')
            ]
        )

    def _book(self, move_type, amount, distribution, post=True):
        move = self.env['account.move'].create(
            {
                'move_type': move_type,
                'partner_id': self.partner_a.id,
                'invoice_date': '2026-03-01',
                'invoice_line_ids': [
                    Command.create(
                        {
                            'name': 'Work',
                            'quantity': 1,
                            'price_unit': amount,
                            'tax_ids': False,
                            'analytic_distribution': distribution,
                        }
                    )
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def _on(self, contract, percent=100):
        return {str(contract.analytic_account_id.id): percent}

    def test_posted_items_make_revenue_cost_and_margin(self):
        self._book('out_invoice', 1000, self._on(self.contract))
        self._book('out_refund', 200, self._on(self.contract))
        self._book('in_invoice', 300, self._on(self.contract))
        self._book('in_refund', 100, self._on(self.contract))
        self._book('out_invoice', 5000, self._on(self.contract), post=False)
        account = self.contract.analytic_account_id
        self.env['account.analytic.line'].create(
            {'name': 'Time', 'amount': -100, account.plan_id._column_name(): account.id}
        )
        self.assertRecordValues(
            self.contract,
            [
                {
                    'revenue': 800.0,
                    'cost_total': 300.0,
                    'margin': 500.0,
                    'margin_rate': 0.625,
                    'analytic_item_count': 5,
                }
            ],
        )

    def test_distribution_shares_an_item_between_contracts(self):
        self._book('out_invoice', 1000, {**self._on(self.contract, 60), **self._on(self.other, 40)})
        self.assertEqual(self.contract.revenue, 600.0)
        self.assertEqual(self.other.revenue, 400.0)

    def test_contract_without_items_has_no_figures(self):
        self.assertRecordValues(
            self.contract,
            [
                {
                    'revenue': 0.0,
                    'cost_total': 0.0,
                    'margin': 0.0,
                    'margin_rate': 0.0,
                    'analytic_item_count': 0,
                }
            ],
        )

    def test_button_opens_exactly_the_items_that_are_counted(self):
        self._book('out_invoice', 1000, self._on(self.contract))
        self._book('in_invoice', 300, self._on(self.contract))
        action = self.contract.action_view_analytic_items()
        search = self.env.ref('crm_contracts.account_analytic_line_view_search')
        self.assertEqual(action['search_view_id'][0], search.id)
        items = self.env[action['res_model']].search(action['domain'])
        self.assertEqual(len(items), self.contract.analytic_item_count)
        self.assertEqual(sum(items.mapped('amount')), self.contract.margin)

    def test_salesperson_reads_the_totals_and_not_the_items(self):
        self._book('out_invoice', 1000, self._on(self.contract))
        self.env.invalidate_all()
        contract = self.contract.with_user(self.salesman)
        self.assertEqual(contract.revenue, 1000.0)
        items = self.env['account.analytic.line'].with_user(self.salesman)
        with self.assertRaises(AccessError):
            items.search([('auto_account_id', '=', self.contract.analytic_account_id.id)]).read()

    def test_figures_of_many_contracts_take_one_grouped_query(self):
        contracts = (
            self.contract
            | self.other
            | self.env['crm.contract'].create(
                [
                    {
                        'name': f'Many {number}',
                        'partner_id': self.partner_a.id,
                        'state': 'open',
                    }
                    for number in range(30)
                ]
            )
        )
        self._book('out_invoice', 1000, self._on(self.contract))

        def count_queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            records.mapped('analytic_account_id.root_plan_id')
            before = self.env.cr.sql_log_count
            records.mapped('revenue')
            return self.env.cr.sql_log_count - before

        count_queries(contracts)
        self.assertEqual(count_queries(contracts[:2]), count_queries(contracts))
