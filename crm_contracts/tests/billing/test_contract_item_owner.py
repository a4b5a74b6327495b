from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractItemOwner(ItemCase):
    """What lies on the accounts of two contracts is billed by exactly one of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_plan = cls.env['account.analytic.plan'].create({'name': 'Framework contracts'})
        cls.other_column = cls.other_plan._column_name()
        cls.other = cls.create_framework_contract(cls.env.company)
        cls.both = cls.other | cls.contract

    @classmethod
    def create_framework_contract(cls, company, **values):
        """Create a contract whose account is in another plan."""
        account = cls.env['account.analytic.account'].create(
            {'name': 'Framework', 'plan_id': cls.other_plan.id, 'company_id': False}
        )
        return cls.env['crm.contract'].create(
            {
                **cls.prepare_contract(cls.milestone(date_due='2030-01-01')),
                'company_id': company.id,
                'manager_id': False,
                'analytic_account_id': account.id,
                'bill_time': True,
                'bill_costs': True,
                'rate_ids': [
                    Command.create({'price_unit': 70.0, 'product_uom_id': cls.hour.id}),
                ],
                **values,
            }
        )

    def book_on(self, contract, hours=2):
        """Book hours on the accounts of two contracts."""
        return self.book(self.ben, hours, **{self.other_column: contract.analytic_account_id.id})

    def spend_on_both(self, contract, **values):
        """Enter a cost on the accounts of two contracts."""
        return self.env['account.analytic.line'].create(
            {
                'name': 'Mileage',
                'date': '2026-03-05',
                'amount': -40.0,
                self.column: self.contract.analytic_account_id.id,
                self.other_column: contract.analytic_account_id.id,
                **values,
            }
        )

    def test_hours_on_two_accounts_are_billed_once_by_the_older_contract(self):
        item = self.book_on(self.other)
        held = self.other._preview_billing()
        self.assertEqual([entry['kind'] for entry in held], ['time'])
        self.assertEqual(held[0]['held'], f'Billed by the contract {self.contract.code}.')
        move = self.both._bill()
        self.assertRecordValues(move.invoice_line_ids, [{'quantity': 2.0, 'price_unit': 60.0}])
        self.assertEqual(item.crm_contract_billing_id.contract_id, self.contract)
        self.assertFalse(self.both._bill())

    def test_hours_on_two_accounts_are_billed_once_by_runs_apart(self):
        self.book_on(self.other)
        self.assertFalse(self.other._bill())
        self.assertEqual(self.contract._bill().amount_untaxed, 120.0)
        self.assertFalse(self.other._bill())
        self.assertFalse(self.other._preview_billing())

    def test_costs_on_two_accounts_are_billed_by_the_one_that_bills_costs(self):
        self.contract.bill_costs = False
        self.spend_on_both(self.other)
        move = self.both._bill()
        self.assertEqual(move.amount_untaxed, 40.0)
        self.assertEqual(move.crm_contract_ids, self.other)
        self.contract.bill_costs = True
        self.assertFalse(self.both._bill())

    def test_contract_that_is_not_billed_leaves_the_hours_to_the_other(self):
        self.contract.state = 'cancelled'
        self.book_on(self.other)
        self.assertEqual(self.both._bill().amount_untaxed, 140.0)

    def test_contracts_on_one_account_bill_its_hours_once(self):
        twin = self.create_framework_contract(
            self.env.company, analytic_account_id=self.contract.analytic_account_id.id
        )
        self.book(self.ben, 2)
        self.assertFalse(twin._bill())
        self.assertEqual((twin | self.contract)._bill().amount_untaxed, 120.0)
        self.assertFalse(twin._bill())

    def test_contract_of_the_company_that_worked_goes_first(self):
        company = self.setup_other_company()['company']
        foreign = self.create_framework_contract(company, partner_id=self.partner_b.id)
        self.contract.analytic_account_id.company_id = False
        hours = self.book_on(foreign)
        cost = self.spend_on_both(foreign, company_id=company.id)
        contracts = foreign | self.contract
        self.assertEqual(len(contracts._bill().invoice_line_ids), 2)
        self.assertEqual(hours.crm_contract_billing_id.contract_id, self.contract)
        self.assertEqual(cost.crm_contract_billing_id.contract_id, foreign, 'newer, but its own')
        self.assertFalse(contracts._bill())

    def test_run_does_not_park_the_contract_that_waits_for_nothing(self):
        self.book_on(self.other)
        with freeze_time('2026-04-01'):
            self.run_cron()
        self.assertFalse(self.other.billing_error)
        self.assertEqual(sum(self.live(self.contract).mapped('amount')), 120.0)

    def test_owners_are_found_by_as_many_queries_for_few_and_many(self):
        def count(size):
            for _number in range(size):
                self.book_on(self.create_framework_contract(self.env.company))
            contracts = self.env['crm.contract'].search([('bill_time', '=', True)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._preview_billing()
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(2), count(12))
