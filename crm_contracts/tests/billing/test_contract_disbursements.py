from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractDisbursements(ItemCase):
    """What is paid in the customer's name is passed on as it is, and is nobody's revenue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat = cls.env['account.tax'].create(
            {'name': 'VAT', 'amount': 21.0, 'type_tax_use': 'sale'}
        )
        cls.env.company.account_sale_tax_id = cls.vat
        cls.env.company.crm_contract_tax_required = True
        cls.fee = cls.env['product.product'].create(
            {
                'name': 'Registry fee',
                'type': 'service',
                'crm_is_disbursement': True,
                'taxes_id': [Command.set(cls.vat.ids)],
            }
        )
        cls.contract.write({'cost_markup': 10.0, 'cost_tax_ids': [Command.set(cls.vat.ids)]})

    def pay(self, amount, ref, **values):
        move = self.spend(amount, product_id=self.fee.id, name='Entry of the deed', **values)
        move.ref = ref
        return move

    def test_each_document_is_a_line_of_the_exact_amount_without_taxes(self):
        self.pay(123.45, 'R-1')
        self.pay(76.55, 'R-2')
        self.spend(100.0)
        lines = self.contract._bill().invoice_line_ids.sorted('price_unit')
        self.assertEqual(lines.mapped('price_unit'), [76.55, 110.0, 123.45])
        self.assertEqual(lines.mapped('price_total'), [76.55, 133.1, 123.45])
        second, _cost, first = lines
        self.assertEqual((first | second).tax_ids, self.env['account.tax'])
        self.assertIn(f'Registry fee: {self.partner_b.name}, R-1\nEntry of the deed', first.name)
        self.assertIn('R-2', second.name)

    def test_it_is_neither_revenue_nor_cost_of_the_contract(self):
        self.pay(123.45, 'R-1')
        self.contract._bill().action_post()
        self.assertEqual(self.contract.revenue, 0.0)
        self.assertEqual((self.contract.cost_total, self.contract.margin), (0.0, 0.0))
        rows = self.env['crm.contract.report'].search([('contract_id', '=', self.contract.id)])
        self.assertEqual(set(rows.mapped('cost') + rows.mapped('revenue')), {0.0})
        self.assertEqual(set(rows.mapped('margin')), {0.0})

    def test_other_costs_keep_markup_and_refunds_of_their_own(self):
        self.pay(100.0, 'R-1')
        self.spend(50.0)
        self.spend(20.0, move_type='in_refund')
        lines = self.contract._bill().invoice_line_ids
        self.assertEqual(sorted(lines.mapped('price_unit')), [33.0, 100.0])

    def test_what_the_registry_gives_back_comes_off_as_it_is(self):
        self.pay(100.0, 'R-1')
        self.pay(30.0, 'R-2', move_type='in_refund')
        move = self.contract._bill()
        self.assertEqual(sorted(move.invoice_line_ids.mapped('price_unit')), [-30.0, 100.0])
        self.assertEqual(move.amount_total, 70.0)

    def test_document_is_billed_once_and_again_when_it_is_credited(self):
        self.pay(100.0, 'R-1')
        move = self.contract._bill()
        move.action_post()
        self.assertFalse(self.contract._bill())
        self.credit(move)
        again = self.contract._bill()
        self.assertEqual((again.amount_total, again.invoice_line_ids.tax_ids.ids), (100.0, []))

    def test_document_that_is_corrected_afterwards_comes_as_it_is_too(self):
        bill = self.pay(100.0, 'R-1')
        self.contract._bill().action_post()
        bill.button_draft()
        bill.invoice_line_ids.price_unit = 130.0
        bill.action_post()
        moves = self.contract._bill()
        self.assertEqual(
            {move.move_type: move.amount_total for move in moves},
            {'out_refund': 100.0, 'out_invoice': 130.0},
            'no markup, no VAT',
        )
        self.assertFalse(moves.invoice_line_ids.tax_ids)
