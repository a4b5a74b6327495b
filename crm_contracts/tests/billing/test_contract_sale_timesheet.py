from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractSaleTimesheet(ItemCase):
    """An hour is sold by an order of Odoo's or billed by the contract, never both."""

    def setUp(self):
        super().setUp()
        if 'timesheet_invoice_id' not in self.env['account.analytic.line']._fields:
            self.skipTest('sale_timesheet is not installed')
        service = self.env['product.product'].create(
            {
                'name': 'Hours on order',
                'type': 'service',
                'service_type': 'timesheet',
                'invoice_policy': 'delivery',
                'list_price': 90.0,
                'uom_id': self.hour.id,
                'taxes_id': False,
            }
        )
        order = self.env['sale.order'].create(
            {
                'partner_id': self.partner_a.id,
                'order_line': [Command.create({'product_id': service.id, 'product_uom_qty': 10})],
            }
        )
        order.action_confirm()
        self.sold = order.order_line
        self.project.allow_billable = True

    def _sell(self):
        """Let the project's hours be sold by the order, as somebody would on its form."""
        self.project.write({'partner_id': self.partner_a.id, 'sale_line_id': self.sold.id})
        self.env.flush_all()

    def _invoice_order(self):
        if self.sold.qty_to_invoice:
            return self.sold.order_id._create_invoices()
        return self.env['account.move']

    def test_hour_sold_first_is_left_to_the_order(self):
        self._sell()
        item = self.book(self.ben, 3)
        self.assertEqual(item.so_line, self.sold)
        self.assertFalse(self.contract._bill())
        move = self._invoice_order()
        self.assertEqual(move.amount_untaxed, 270.0)
        move.action_post()
        self.assertFalse(self.contract._bill())

    def test_hour_billed_by_the_contract_is_never_offered_to_the_order(self):
        item = self.book(self.ben, 3)
        self.assertEqual(self.contract._bill().amount_untaxed, 180.0)
        self._sell()
        self.assertFalse(item.so_line)
        self.assertFalse(self._invoice_order())
        with self.assertRaisesRegex(UserError, 'was billed'), self.cr.savepoint():
            item.so_line = self.sold
        self.book(self.ben, 1)
        self.assertEqual(self._invoice_order().amount_untaxed, 90.0, 'the next hour is sold')
        self.assertFalse(self.contract._bill())

    def test_hour_that_came_back_may_be_sold_by_hand(self):
        item = self.book(self.ben, 3)
        self.contract._bill().unlink()
        self._sell()
        item.so_line = self.sold
        self.assertFalse(self.contract._bill())
        self.assertEqual(self._invoice_order().amount_untaxed, 270.0)
