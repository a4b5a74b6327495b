from itertools import repeat

from odoo import Command, fields
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractBillingSpeed(BillingCase):
    def _count_queries(self, function):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _measure(self, size):
        """Return the queries of previewing, billing and summing up many contracts."""
        contracts = self.env['crm.contract'].create(
            [
                self.prepare_contract(self.monthly(), self.milestone(date_due='2026-02-01'))
                for _number in range(size)
            ]
        )
        return [
            self._count_queries(lambda: contracts._preview_billing()),
            self._count_queries(lambda: contracts._bill('2026-02-10')),
            self._count_queries(lambda: contracts.mapped('amount_remaining')),
            self._count_queries(lambda: contracts.mapped('mrr')),
        ]

    def test_queries_do_not_grow_with_the_contracts(self):
        self._measure(2)
        few = self._measure(10)
        many = self._measure(200)
        for name, small, large in zip(
            ('preview', 'bill', 'amounts', 'mrr'), few, many, strict=True
        ):
            with self.subTest(name, few=small, many=large):
                # The ORM writes in chunks of 100 rows; nothing grows with the contract.
                self.assertLessEqual(large - small, 60 if name == 'bill' else 0)

    def _measure_preparation(self, size):
        """Return the queries for the invoices of as many customers with an address."""
        customers = self.env['res.partner'].create(
            [
                {'name': 'Customer', 'child_ids': [Command.create({'type': 'invoice'})]}
                for _number in range(size)
            ]
        )
        contracts = self.env['crm.contract'].create(
            [
                {**self.prepare_contract(self.monthly()), 'partner_id': customer.id}
                for customer in customers
            ]
        )
        biller = self.env['crm.contract.biller']
        plan = biller._plan(contracts, fields.Date.today()).with_rows(repeat(0))
        return self._count_queries(lambda: biller._prepare_invoices(contracts, plan))

    def test_queries_do_not_grow_with_the_customers(self):
        self._measure_preparation(2)
        self.assertEqual(self._measure_preparation(10), self._measure_preparation(60))
