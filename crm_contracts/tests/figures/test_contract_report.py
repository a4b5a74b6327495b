from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from ..billing_common import BillingCase

COSTS = ('time', 'purchase', 'expense', 'other')


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractReport(BillingCase):
    """What contracts earn and cost, by month and employee, for who may see the contracts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for group in (
            'hr.group_hr_user',
            'hr_timesheet.group_timesheet_manager',
            'project.group_project_manager',
        ):
            cls.env.user.group_ids |= cls.env.ref(group)
        cls.contract = cls.create_contract()
        cls.foreign = cls.create_contract(name='Foreign', manager_id=cls.colleague.id)
        cls.account = cls.contract.analytic_account_id
        column = cls.account.root_plan_id._column_name()
        cls.project = cls.env['project.project'].create({'name': 'Shop', column: cls.account.id})
        cls.ada, cls.ben = cls.env['hr.employee'].create(
            [{'name': 'Ada', 'hourly_cost': 40.0}, {'name': 'Ben', 'hourly_cost': 30.0}]
        )
        cls.env['account.analytic.line'].create(
            [
                {
                    'name': 'Work',
                    'project_id': cls.project.id,
                    'employee_id': employee.id,
                    'unit_amount': hours,
                    'date': day,
                }
                for employee, hours, day in (
                    (cls.ada, 2.0, '2026-02-10'),
                    (cls.ada, 3.0, '2026-03-10'),
                    (cls.ben, 4.0, '2026-03-11'),
                )
            ]
        )
        for move_type, amount in (('in_invoice', 300), ('in_receipt', 50), ('out_invoice', 1000)):
            cls.book(cls.contract, move_type, amount)
        cls.book(cls.foreign, 'out_invoice', 777)

    @classmethod
    def book(cls, contract, move_type, amount, currency=None):
        move = cls.env['account.move'].create(
            {
                'move_type': move_type,
                'partner_id': cls.partner_a.id,
                'invoice_date': '2026-03-05',
                'currency_id': (currency or cls.env.company.currency_id).id,
                'invoice_line_ids': [
                    Command.create(
                        {
                            'name': 'x',
                            'price_unit': amount,
                            'tax_ids': False,
                            'analytic_distribution': {str(contract.analytic_account_id.id): 100},
                        }
                    )
                ],
            }
        )
        move.action_post()

    def rows(self, user=None, contract=None):
        report = self.env['crm.contract.report'].with_user(user or self.env.user)
        return report.search([('contract_id', 'in', (contract or self.contract).ids)])

    def test_rows_sum_up_to_the_figures_of_the_contract(self):
        rows = self.rows()
        self.assertEqual(sum(rows.mapped('revenue')), self.contract.revenue)
        self.assertEqual(sum(rows.mapped('margin')), self.contract.margin)
        for kind in COSTS:
            own = rows.filtered(lambda row, kind=kind: row.kind == kind)
            self.assertEqual(sum(own.mapped('cost')), self.contract[f'cost_{kind}'], kind)
        self.assertEqual(
            [self.contract[f'cost_{kind}'] for kind in COSTS], [320.0, 300.0, 50.0, 0.0]
        )

    def test_hours_come_by_month_and_employee(self):
        groups = self.env['crm.contract.report']._read_group(
            [('contract_id', '=', self.contract.id), ('kind', '=', 'time')],
            ['date:month', 'employee_id'],
            ['hours:sum', 'cost:sum'],
        )
        self.assertEqual(
            [(day.month, employee, hours, cost) for day, employee, hours, cost in groups],
            [
                (2, self.ada, 2.0, 80.0),
                (3, self.ada, 3.0, 120.0),
                (3, self.ben, 4.0, 120.0),
            ],
        )

    def test_days_are_told_in_hours(self):
        line = self.env['account.analytic.line'].search(
            [('employee_id', '=', self.ben.id)], limit=1
        )
        line.write({'product_uom_id': self.env.ref('uom.product_uom_day').id, 'unit_amount': 1.0})
        rows = self.rows().filtered(lambda row: row.employee_id == self.ben)
        self.assertEqual(rows.hours, 8.0)

    def test_foreign_currency_counts_at_the_rate_of_the_invoice(self):
        currency = self.setup_other_currency(
            'EUR', rates=[('2026-01-01', 2.0), ('2026-03-20', 4.0)]
        )
        contract = self.create_contract(name='Abroad', currency_id=currency.id)
        self.book(contract, 'out_invoice', 1000, currency)
        self.assertEqual(contract.revenue, 500.0)
        self.assertEqual(sum(self.rows(contract=contract).mapped('revenue')), 500.0)

    def test_button_opens_the_rows_of_the_contract(self):
        action = self.contract.action_view_results()
        self.assertEqual(self.env[action['res_model']].search(action['domain']), self.rows())

    def test_margin_comes_by_account_manager(self):
        groups = self.env['crm.contract.report']._read_group(
            [('contract_id', 'in', (self.contract | self.foreign).ids)],
            ['manager_id'],
            ['revenue:sum', 'cost:sum', 'margin:sum'],
        )
        self.assertEqual(
            {manager: figures for manager, *figures in groups},
            {self.salesman: [1000.0, 670.0, 330.0], self.colleague: [777.0, 0.0, 777.0]},
        )

    # === RIGHTS === #

    def test_who_sees_the_contract_sees_its_results_and_no_others(self):
        both = self.contract | self.foreign
        self.assertEqual(self.rows(self.salesman, both).contract_id, self.contract)
        self.assertEqual(self.rows(self.colleague, both).contract_id, self.foreign)
        for user in (self.administrator, self.accountant):
            self.assertEqual(self.rows(user, both).contract_id, both)
        movements = self.env['crm.contract.mrr.movement'].with_user(self.salesman)
        self.assertEqual(
            movements.search([('contract_id', 'in', both.ids)]).contract_id, self.contract
        )

    def test_salesperson_groups_by_employee(self):
        report = self.env['crm.contract.report'].with_user(self.salesman)
        groups = report.formatted_read_group(
            [('contract_id', '=', self.contract.id), ('kind', '=', 'time')],
            ['employee_id'],
            ['hours:sum'],
        )
        self.assertEqual(
            {
                group['employee_id'][1]: group['hours:sum']
                for group in groups
                if group['employee_id']
            },
            {'Ada': 5.0, 'Ben': 4.0},
        )

    def _get_time(self, user, groupby):
        """Return [(*groups, hours, cost, margin)] of the time as the web client and RPC ask it."""
        report = self.env['crm.contract.report'].with_user(user)
        groups = report.formatted_read_group(
            [('contract_id', '=', self.contract.id), ('kind', '=', 'time')],
            groupby,
            ['hours:sum', 'cost:sum', 'margin:sum'],
        )
        return [
            (
                *(group[name] and group[name][1] for name in groupby),
                group['hours:sum'],
                group['cost:sum'],
                group['margin:sum'],
            )
            for group in groups
        ]

    def test_cost_of_an_employee_is_for_who_reads_it_in_the_timesheets(self):
        self.assertEqual(
            self._get_time(self.salesman, ['employee_id']),
            [('Ada', 5.0, 0.0, 0.0), ('Ben', 4.0, 0.0, 0.0), (False, 0.0, 320.0, -320.0)],
        )
        approver = self.create_user(
            'approver',
            'sales_team.group_sale_salesman_all_leads,hr_timesheet.group_hr_timesheet_approver',
        )
        for reader in (approver, self.accountant):
            self.assertEqual(
                self._get_time(reader, ['employee_id']),
                [('Ada', 5.0, 200.0, -200.0), ('Ben', 4.0, 120.0, -120.0)],
            )

    def test_sales_managers_read_no_cost_of_employees_either(self):
        self.assertEqual(
            self._get_time(self.administrator, ['employee_id']),
            [('Ada', 5.0, 0.0, 0.0), ('Ben', 4.0, 0.0, 0.0), (False, 0.0, 320.0, -320.0)],
        )

    def test_no_row_and_no_condition_tells_the_cost_of_an_employee(self):
        rows = self.rows(self.salesman).filtered(lambda row: row.kind == 'time')
        self.assertEqual(sum(rows.mapped('hours')), 9.0)
        self.assertFalse(rows.filtered(lambda row: row.hours and (row.cost or row.margin)))
        costs = rows.filtered('cost')
        self.assertEqual(sorted(costs.mapped('cost')), [80.0, 240.0], 'one row a month')
        for name in ('employee_id', 'project_id', 'product_id'):
            self.assertFalse(costs[name], name)
        report = self.env['crm.contract.report'].with_user(self.salesman)
        for domain in (
            [('employee_id', '=', self.ada.id)],
            [('employee_id.name', '=', 'Ada')],
            [('project_id', '=', self.project.id)],
            [('date', '=', '2026-03-10')],
        ):
            ((cost, margin),) = report._read_group(
                [*domain, ('kind', '=', 'time')], [], ['cost:sum', 'margin:sum']
            )
            self.assertFalse(cost or margin, domain)
            ((hours, known),) = self.env['crm.contract.report']._read_group(
                [*domain, ('kind', '=', 'time')], [], ['hours:sum', 'cost:sum']
            )
            self.assertTrue(hours and known, 'who may read the cost finds it so')

    def test_totals_by_contract_and_month_are_the_same_for_everybody(self):
        for groupby in (['contract_id'], ['date:month']):
            self.assertEqual(
                self._get_time(self.salesman, groupby), self._get_time(self.accountant, groupby)
            )
        rows = self.rows(self.salesman)
        self.assertEqual(sum(rows.mapped('margin')), self.contract.margin)
        self.assertEqual(sum(rows.mapped('hours')), 9.0)

    def test_others_see_nothing_and_nobody_writes(self):
        employee = new_test_user(self.env, 'report_employee', 'base.group_user')
        portal = new_test_user(self.env, 'report_portal', 'base.group_portal')
        for name in ('crm.contract.report', 'crm.contract.mrr.movement'):
            for user in (employee, portal):
                with self.assertRaises(AccessError):
                    self.env[name].with_user(user).search([])
            for operation in ('write', 'create', 'unlink'):
                self.assertFalse(self.env[name].with_user(self.administrator).has_access(operation))

    def test_other_company_is_out_of_sight(self):
        company = self.env['res.company'].create({'name': 'Results Abroad'})
        self.env['res.users'].browse(self.administrator.id).company_ids |= company
        inside = self.rows(self.administrator)
        self.assertTrue(inside.with_context(allowed_company_ids=self.env.company.ids).exists())
        report = self.env['crm.contract.report'].with_user(self.administrator)
        abroad = report.with_context(allowed_company_ids=company.ids)
        self.assertFalse(abroad.search([('contract_id', '=', self.contract.id)]))

    # === PRICE PER HOUR === #

    def test_price_per_hour_is_what_billed_time_brought(self):
        day = self.env.ref('uom.product_uom_day')
        self.contract.write(
            {
                'bill_time': True,
                'rate_ids': [
                    Command.create(
                        {
                            'product_id': self.support.id,
                            'price_unit': 640.0,
                            'product_uom_id': day.id,
                        }
                    )
                ],
            }
        )
        self.assertEqual(self.contract.hourly_price, 0.0)
        move = self.contract._bill()
        self.assertRecordValues(self.contract, [{'hours_billed': 9.0, 'hourly_price': 80.0}])
        move.button_cancel()
        self.assertRecordValues(self.contract, [{'hours_billed': 0.0, 'hourly_price': 0.0}])

    def test_yearly_is_twelve_times_monthly(self):
        self.assertRecordValues(self.contract, [{'mrr': 100.0, 'arr': 1200.0}])
