from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractOrder(BillingCase):
    """Orders on the account of a contract: Odoo bills them, the contract shows them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.create_contract(cls.milestone(date_due='2030-01-01'))
        cls.support.invoice_policy = 'order'

    def _order(self, price, percent=100, confirm=True, contract=None):
        account = (contract or self.contract).analytic_account_id
        order = self.env['sale.order'].create(
            {
                'partner_id': self.partner_a.id,
                'order_line': [
                    Command.create(
                        {
                            'product_id': self.support.id,
                            'price_unit': price,
                            'analytic_distribution': {str(account.id): percent},
                        }
                    )
                ],
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def test_orders_are_mentioned_and_never_billed(self):
        order = self._order(1000.0)
        self._order(50.0, confirm=False)
        (entry,) = self.contract._preview_billing()
        self.assertEqual((entry['kind'], entry['amount']), ('order', 1000.0))
        self.assertIn(order.name, entry['held'])
        self.assertFalse(self.contract._bill())
        self.run_cron()
        self.assertFalse(self.contract.billing_error)

    def _figures(self, contract=None):
        contract = contract or self.contract
        contract.invalidate_recordset()
        figures = ('expected', 'invoiced', 'to_invoice', 'remaining')
        return [contract[f'amount_{figure}_order'] for figure in figures]

    def test_orders_are_summed_by_their_share(self):
        order = self._order(1000.0, percent=50)
        self.assertEqual(self._figures(), [500.0, 0.0, 500.0, 500.0])
        invoice = order._create_invoices()
        self.assertEqual(self._figures(), [500.0, 500.0, 0.0, 0.0], 'on a draft')
        invoice.action_post()
        self.assertEqual(self._figures(), [500.0, 500.0, 0.0, 0.0], 'and posted')
        self.assertFalse(self.contract._preview_billing())

    def test_totals_hold_the_orders_once(self):
        self._order(1000.0)._create_invoices().action_post()
        self.contract._bill('2030-01-01')
        self.assertEqual(self._figures(), [1000.0, 1000.0, 0.0, 0.0])
        self.assertRecordValues(
            self.contract,
            [
                {
                    'amount_expected': 6000.0,
                    'amount_invoiced': 6000.0,
                    'amount_to_invoice': 0.0,
                    'amount_remaining': 0.0,
                    'amount_invoiced_milestone': 5000.0,
                }
            ],
        )

    def test_down_payment_and_credit_note_count_by_what_they_charge(self):
        order = self._order(1000.0)
        self.env['sale.advance.payment.inv'].create(
            {
                'sale_order_ids': order.ids,
                'advance_payment_method': 'percentage',
                'amount': 30,
            }
        ).create_invoices()
        order.invoice_ids.action_post()
        self.assertEqual(self._figures(), [1000.0, 300.0, 700.0, 700.0])
        final = order._create_invoices(final=True)
        final.action_post()
        self.assertEqual(self._figures(), [1000.0, 1000.0, 0.0, 0.0])
        self.credit(final)
        self.assertEqual(self._figures(), [1000.0, 300.0, 700.0, 700.0])

    def test_cancelled_invoice_and_order_count_no_longer(self):
        order = self._order(1000.0)
        order._create_invoices().button_cancel()
        self.assertEqual(self._figures(), [1000.0, 0.0, 1000.0, 1000.0])
        order._action_cancel()
        self.assertEqual(self._figures(), [0.0, 0.0, 0.0, 0.0])

    def test_order_of_a_contract_that_is_over_is_still_to_invoice(self):
        self._order(1000.0)
        self.contract.action_close()
        self.assertEqual(self._figures(), [1000.0, 0.0, 1000.0, 1000.0])

    def test_foreign_money_counts_at_the_rates_of_its_documents(self):
        foreign = self.setup_other_currency('EUR', rates=[('2026-03-01', 2.0), ('2026-03-20', 4.0)])
        order = self._order(1000.0, confirm=False)
        order.pricelist_id = self.env['product.pricelist'].create(
            {'name': 'Foreign', 'currency_id': foreign.id}
        )
        order.order_line.price_unit = 1000.0
        order.action_confirm()
        order.date_order = '2026-03-05 10:00:00'
        self.assertEqual(self._figures(), [500.0, 0.0, 500.0, 500.0])
        invoice = order._create_invoices()
        invoice.invoice_date = '2026-03-25'
        invoice.action_post()
        self.assertEqual(self._figures(), [500.0, 250.0, 0.0, 250.0])
        self.assertEqual(self.contract.revenue, 250.0)

    def test_customer_is_told_of_the_own_orders_alone(self):
        order, other = self._order(1000.0), self._order(7000.0)
        other.partner_id = self.partner_b
        self.assertEqual([*self.contract._get_customer_orders()], [order])
        statement = self.contract._get_statement('2026-03-01', '2026-03-31')
        self.assertEqual([*statement.orders.values()], [(1000.0, 0.0, 1000.0, 0.0)])
        self.assertFalse(self.contract._get_statement('2026-01-01', '2026-01-31').orders)
        (order | other)._create_invoices().action_post()
        self.assertEqual(self.contract._get_portal_invoices(), order.invoice_ids)

    def test_orders_of_many_contracts_take_as_many_queries_as_of_few(self):
        contracts = self.env['crm.contract'].create(
            [self.prepare_contract(name=f'Many {number}') for number in range(12)]
        )
        for contract in contracts:
            self._order(10.0, contract=contract)._create_invoices()

        def count_queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped('amount_to_invoice_order')
            return self.env.cr.sql_log_count - before

        count_queries(contracts)
        self.assertEqual(count_queries(contracts[:2]), count_queries(contracts))
