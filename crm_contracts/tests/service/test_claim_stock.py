from unittest import SkipTest

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-02 10:00:00')
class TestClaimStock(ClaimCase):
    """Deliveries, returns and repairs: MORE=1 make test has the applications for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'repair.order' not in cls.env or 'stock.picking' not in cls.env:
            raise SkipTest('needs MORE=1 make test')
        cls.biller.group_ids |= cls.env.ref('stock.group_stock_user')
        cls.chair.write({'is_storable': True, 'tracking': 'lot'})
        cls.lot = cls.env['stock.lot'].create({'name': 'B-12', 'product_id': cls.chair.id})
        warehouse = cls.env['stock.warehouse'].search(
            [('company_id', '=', cls.env.company.id)], limit=1
        )
        cls.env['stock.quant']._update_available_quantity(
            cls.chair, warehouse.lot_stock_id, 10, lot_id=cls.lot
        )
        cls.order = cls.env['sale.order'].create(
            {
                'partner_id': cls.customer.id,
                'warehouse_id': warehouse.id,
                'order_line': [
                    Command.create(
                        {
                            'product_id': cls.chair.id,
                            'product_uom_qty': 5,
                            'price_unit': 40,
                            'tax_ids': False,
                        }
                    )
                ],
            }
        )
        cls.order.action_confirm()
        cls.delivery = cls.order.picking_ids
        cls.delivery.move_ids.write({'quantity': 5, 'picked': True})
        cls.delivery.button_validate()

    def claim_delivery(self, outcome, quantity=2):
        claim = self.choose(self.open_picker(self.delivery, self.biller), chair=quantity)
        claim.user_id = self.biller
        claim.line_ids.outcome = outcome
        return claim.with_user(self.biller)

    def test_delivery_is_claimed_with_lot_and_the_price_of_its_order(self):
        claim = self.claim_delivery('return')
        self.assertRecordValues(
            claim.line_ids,
            [
                {
                    'lot_name': 'B-12',
                    'quantity': 2.0,
                    'amount_claimed': 80.0,
                    'document': self.delivery,
                }
            ],
        )
        with self.assertRaises(ValidationError):
            self.create_claim()._add_items({f'sale.order.line,{self.order.order_line.id}': 4})

    def test_return_is_that_of_the_delivery(self):
        claim = self.claim_delivery('return')
        claim.action_create_documents()
        back = claim.line_ids.outcome_document
        self.assertEqual((back.return_id, back.state != 'done'), (self.delivery, True))
        self.assertRecordValues(
            back.move_ids,
            [
                {
                    'product_id': self.chair.id,
                    'product_uom_qty': 2.0,
                    'origin_returned_move_id': self.delivery.move_ids.id,
                }
            ],
        )
        claim.action_create_documents()
        self.assertEqual(len(self.delivery.return_ids), 1)

    def test_what_was_never_delivered_cannot_be_returned(self):
        claim = self.claim_items(self.invoice, chair=1)
        claim.user_id = self.biller
        claim.line_ids.outcome = 'return'
        with self.assertRaisesRegex(UserError, 'nothing is known of its delivery'):
            claim.with_user(self.biller).action_create_documents()

    def test_repair_knows_customer_product_and_lot(self):
        claim = self.claim_delivery('repair', 1)
        claim.action_create_documents()
        self.assertRecordValues(
            claim.line_ids.outcome_document,
            [
                {
                    'partner_id': self.customer.id,
                    'product_id': self.chair.id,
                    'product_qty': 1.0,
                    'lot_id': self.lot.id,
                    'state': 'draft',
                }
            ],
        )
