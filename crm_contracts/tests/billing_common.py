from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class BillingCase(AccountTestInvoicingCommon):
    """A company with its accounts, a salesperson, a colleague, an administrator, an accountant.

    The contracts bill services without taxes or exempt, so that amounts are easy to follow.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref('sales_team.group_sale_manager')
        cls.env.company.crm_contract_plan_id = cls.env['res.company']._get_or_create_contract_plan()
        cls.salesman = cls.create_user('salesman', 'sales_team.group_sale_salesman')
        cls.colleague = cls.create_user('colleague', 'sales_team.group_sale_salesman')
        cls.administrator = cls.create_user('administrator', 'sales_team.group_sale_manager')
        cls.accountant = cls.create_user('accountant', 'account.group_account_invoice')
        cls.exempt = cls.env['account.tax'].create(
            {'name': 'Exempt', 'amount': 0.0, 'type_tax_use': 'sale'}
        )
        cls.env.company.account_sale_tax_id = cls.exempt
        cls.support = cls.env['product.product'].create(
            {'name': 'Support', 'type': 'service', 'list_price': 100.0, 'taxes_id': False}
        )

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """Take the company that the test template has ready, where there is one.

        Loading a chart of accounts takes longer than most of these classes.
        """
        prepared = [('name', '=', 'Prepared for tests'), ('active', '=', False)]
        company = cls.env['res.company'].search(prepared)
        if kwargs or not company:
            return super().setup_independent_company(**kwargs)
        company.active = True
        cls.env.user.company_ids = [Command.link(company.id)]
        return company

    @classmethod
    def create_user(cls, name, group):
        return new_test_user(
            cls.env,
            login=f'billing_{name}',
            groups=group,
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    @classmethod
    def prepare_contract(cls, *lines, **values):
        return {
            'name': 'Support of the web shop',
            'partner_id': cls.partner_a.id,
            'manager_id': cls.salesman.id,
            'date_start': '2026-01-01',
            'date_end': '2026-12-31',
            'renewal_type': 'manual',
            'state': 'open',
            'line_ids': [Command.create(line) for line in lines or [cls.monthly()]],
            **values,
        }

    @classmethod
    def create_contract(cls, *lines, **values):
        return cls.env['crm.contract'].create(cls.prepare_contract(*lines, **values))

    @classmethod
    def monthly(cls, **values):
        return {'product_id': cls.support.id, 'price_unit': 100.0, **values}

    @classmethod
    def milestone(cls, **values):
        return {
            'kind': 'milestone',
            'name': 'Delivery',
            'price_unit': 5000.0,
            'date_due': '2026-03-15',
            **values,
        }

    def credit(self, move, quantity=None, post=True, **changes):
        """Make a credit note of an invoice, in full or of a quantity of each line."""
        refund = move._reverse_moves([{'invoice_date': move.invoice_date}])
        if quantity is not None:
            changes['quantity'] = quantity
        if changes:
            refund.write(
                {
                    'invoice_line_ids': [
                        Command.update(line.id, changes) for line in refund.invoice_line_ids
                    ]
                }
            )
        if post:
            refund.action_post()
        return refund

    def live(self, contract):
        return contract.billing_ids.filtered(lambda row: row.state == 'invoiced')

    def periods(self, contract):
        rows = self.live(contract).sorted('period_start')
        return [(str(row.period_start), str(row.period_end), row.amount) for row in rows]

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref('crm_contracts.ir_cron_bill_contracts').method_direct_trigger()


class ItemCase(BillingCase):
    """A contract that bills hours and costs, with its project.

    Ada is a developer at 650 a day, everybody else costs 60 an hour.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for group in (
            'hr.group_hr_user',
            'hr_timesheet.group_timesheet_manager',
            'project.group_project_manager',
        ):
            cls.env.user.group_ids |= cls.env.ref(group)
        cls.day = cls.env.ref('uom.product_uom_day')
        cls.hour = cls.env.ref('uom.product_uom_hour')
        cls.developer_job = cls.env['hr.job'].create({'name': 'Developer'})
        cls.ada, cls.ben = cls.env['hr.employee'].create(
            [
                {'name': 'Ada', 'job_id': cls.developer_job.id},
                {'name': 'Ben'},
            ]
        )
        cls.contract = cls.env['crm.contract'].create(
            {
                **cls.prepare_contract(cls.milestone(date_due='2030-01-01')),
                'bill_time': True,
                'bill_costs': True,
                'rate_ids': [
                    Command.create(rate)
                    for rate in (
                        cls.rate(price_unit=60.0, product_uom_id=cls.hour.id),
                        cls.rate(
                            price_unit=650.0,
                            product_uom_id=cls.day.id,
                            job_id=cls.developer_job.id,
                        ),
                    )
                ],
            }
        )
        cls.column = cls.contract.analytic_account_id.root_plan_id._column_name()
        cls.project = cls.env['project.project'].create(
            {'name': 'Web shop', cls.column: cls.contract.analytic_account_id.id}
        )

    @classmethod
    def rate(cls, **values):
        return {'product_id': cls.support.id, **values}

    def book(self, employee, hours, date='2026-03-10', **values):
        return self.env['account.analytic.line'].create(
            {
                'name': 'Work',
                'project_id': self.project.id,
                'employee_id': employee.id,
                'unit_amount': hours,
                'date': date,
                **values,
            }
        )

    def spend(self, amount, move_type='in_invoice', percent=100, document=(), **values):
        """Post a document of a vendor with one line, its own values and those of the document."""
        move = self.env['account.move'].create(
            {
                'move_type': move_type,
                'partner_id': self.partner_b.id,
                'invoice_date': '2026-03-05',
                **dict(document),
                'invoice_line_ids': [
                    Command.create(
                        {
                            'name': 'Licences',
                            'price_unit': amount,
                            'tax_ids': False,
                            'analytic_distribution': {
                                str(self.contract.analytic_account_id.id): percent
                            },
                            **values,
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def enter(self, amount, account):
        """Post a journal entry that costs an amount, or earns a negative one."""
        move = self.env['account.move'].create(
            {
                'move_type': 'entry',
                'date': '2026-03-05',
                'line_ids': [
                    Command.create(
                        {
                            'name': 'Entry',
                            'account_id': account.id,
                            'balance': amount,
                            'analytic_distribution': {
                                str(self.contract.analytic_account_id.id): 100
                            },
                        }
                    ),
                    Command.create(
                        {
                            'name': 'Counterpart',
                            'account_id': self.company_data['default_account_assets'].id,
                            'balance': -amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move

    def spend_without_entry(self, amount):
        return self.env['account.analytic.line'].create(
            {
                'name': 'Mileage',
                'date': '2026-03-05',
                'amount': -amount,
                self.column: self.contract.analytic_account_id.id,
            }
        )
