from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class BillingCase(AccountTestInvoicingCommon):
    """A company with its accounts, a salesperson, a colleague, an administrator, an accountant.

    The contracts bill services without taxes, so that amounts are easy to follow.
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
        cls.support = cls.env['product.product'].create(
            {'name': 'Support', 'type': 'service', 'list_price': 100.0, 'taxes_id': False}
        )

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
