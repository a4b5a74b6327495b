from odoo import Command
from odoo.tests import freeze_time, tagged

from .billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractOrder(BillingCase):
    """Orders on the account of a contract: Odoo bills them, the contract shows them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.create_contract(cls.milestone(date_due='2030-01-01'))
        cls.support.invoice_policy = 'order'

    def _order(self, price, percent=100, confirm=True):
        order = self.env['sale.order'].create(
            {
                'partner_id': self.partner_a.id,
                'order_line': [
                    Command.create(
                        {
                            'product_id': self.support.id,
                            'price_unit': price,
                            'analytic_distribution': {
                                str(self.contract.analytic_account_id.id): percent
                            },
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

    def test_orders_are_summed_by_their_share(self):
        order = self._order(1000.0, percent=50)
        amounts = self.contract._get_order_amounts()[self.contract.id]
        self.assertEqual(
            amounts, {'expected': 500, 'invoiced': 0, 'to_invoice': 500, 'remaining': 500}
        )
        order._create_invoices().action_post()
        amounts = self.contract._get_order_amounts()[self.contract.id]
        self.assertEqual(
            amounts, {'expected': 500, 'invoiced': 500, 'to_invoice': 0, 'remaining': 0}
        )
        self.assertFalse(self.contract._preview_billing())
