from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractSold(BillingCase):
    """An order becomes a contract: what it took over is billed once, by the contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env['crm.contract.template'].create(
            {'name': 'Care', 'renewal_type': 'tacit', 'span_months': 12, 'notice_days': 45}
        )
        cls.monthly_care, cls.setup, cls.hour_of_work, cls.pack, cls.router = (
            cls._create_sold(name, kind, **values)
            for name, kind, values in (
                ('Care', 'recurring', {'crm_contract_template_id': cls.template.id}),
                ('Set-up', 'milestone', {}),
                ('Hour', 'rate', {'uom_id': cls.env.ref('uom.product_uom_hour').id}),
                (
                    'Pack',
                    'prepaid',
                    {
                        'uom_id': cls.env.ref('uom.product_uom_hour').id,
                        'crm_contract_interval_unit': 'year',
                    },
                ),
                ('Router', 'none', {}),
            )
        )

    @classmethod
    def _create_sold(cls, name, kind, **values):
        return cls.env['product.product'].create(
            {
                'name': name,
                'type': 'service',
                'invoice_policy': 'order',
                'taxes_id': False,
                'crm_contract_kind': kind,
                **values,
            }
        )

    def _order(self, *lines, confirm=True, **values):
        """Create an order of the salesman, its lines as (product, quantity, price)."""
        order = (
            self.env['sale.order']
            .with_user(self.salesman)
            .create(
                {
                    'partner_id': self.partner_a.id,
                    'user_id': self.salesman.id,
                    'client_order_ref': 'PO 7',
                    'order_line': [
                        Command.create(
                            {
                                'product_id': product.id,
                                'product_uom_qty': quantity,
                                'price_unit': price,
                                'discount': 10.0 if product == self.monthly_care else 0.0,
                            }
                        )
                        for product, quantity, price in lines
                    ],
                    **values,
                }
            )
        )
        if confirm:
            order.action_confirm()
        return order

    def _make(self, order):
        action = order.action_create_crm_contract()
        return self.env['crm.contract'].browse(action['res_id'])

    def test_products_say_what_becomes_of_the_lines(self):
        order = self._order(
            (self.monthly_care, 2, 50.0),
            (self.setup, 1, 900.0),
            (self.hour_of_work, 40, 60.0),
            (self.pack, 20, 45.0),
            (self.router, 1, 80.0),
        )
        contract = self._make(order)
        self.assertRecordValues(
            contract,
            [
                {
                    'partner_id': self.partner_a.id,
                    'manager_id': self.salesman.id,
                    'customer_ref': 'PO 7',
                    'template_id': self.template.id,
                    'renewal_type': 'tacit',
                    'notice_days': 45,
                    'bill_time': True,
                    'prepaid_quantity': 20.0,
                    'sale_order_ids': order.ids,
                }
            ],
        )
        self.assertRecordValues(
            contract.line_ids.sorted('id'),
            [
                {'kind': 'recurring', 'interval_unit': 'month', 'amount': 90.0, 'discount': 10.0},
                {'kind': 'milestone', 'interval_unit': 'month', 'amount': 900.0, 'discount': 0.0},
                {'kind': 'recurring', 'interval_unit': 'year', 'amount': 900.0, 'discount': 0.0},
            ],
        )
        self.assertEqual(contract.rate_ids.price_unit, 60.0)
        contract.with_user(self.salesman).action_confirm()
        self.assertEqual(contract.state, 'open')

    def test_order_invoices_only_what_the_contract_left(self):
        order = self._order((self.monthly_care, 1, 50.0), (self.router, 1, 80.0))
        contract = self._make(order)
        care, router = order.order_line
        self.assertEqual((care.qty_to_invoice, router.qty_to_invoice), (0.0, 1.0))
        self.assertEqual(care.untaxed_amount_to_invoice, 0.0)
        self.assertEqual(care.crm_contract_id, contract)
        invoice = order.sudo()._create_invoices()
        self.assertEqual(invoice.invoice_line_ids.product_id, self.router)
        contract.action_confirm()
        entries = contract._preview_billing()
        self.assertEqual([entry['kind'] for entry in entries], ['recurring'])

    def test_order_on_the_account_of_its_contract_is_not_mentioned_twice(self):
        order = self._order((self.monthly_care, 1, 50.0))
        contract = self._make(order)
        contract.action_confirm()
        account = str(contract.analytic_account_id.id)
        order.order_line.sudo().analytic_distribution = {account: 100}
        self.assertFalse(self.env['crm.contract.biller']._get_order_amounts(contract))

    def test_line_is_taken_once(self):
        order = self._order((self.monthly_care, 1, 50.0))
        contract = self._make(order)
        with self.assertRaisesRegex(UserError, contract.code):
            order.action_create_crm_contract()

    def test_cancelled_contract_gives_the_lines_back(self):
        order = self._order((self.monthly_care, 1, 50.0))
        contract = self._make(order)
        contract.action_cancel()
        self.assertEqual(order.order_line.qty_to_invoice, 1.0)
        self.assertFalse(order.order_line.crm_contract_id)
        self.assertNotEqual(self._make(order), contract)

    def test_deleted_draft_or_line_gives_the_order_line_back(self):
        order = self._order((self.monthly_care, 1, 50.0), (self.hour_of_work, 1, 60.0))
        contract = self._make(order)
        contract.line_ids.unlink()
        self.assertEqual(order.order_line.mapped('qty_to_invoice'), [1.0, 0.0])
        contract.unlink()
        self.assertEqual(order.order_line.mapped('qty_to_invoice'), [1.0, 1.0])

    def test_cancelled_contract_that_billed_keeps_what_it_took(self):
        order = self._order((self.monthly_care, 1, 50.0))
        contract = self._make(order)
        contract.action_confirm()
        contract._bill()
        contract.action_cancel()
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_what_was_invoiced_by_the_order_stays_there(self):
        order = self._order((self.monthly_care, 1, 50.0), (self.setup, 1, 900.0))
        invoice = order.sudo()._create_invoices()
        with self.assertRaisesRegex(UserError, 'invoiced already'):
            order.action_create_crm_contract()
        invoice.unlink()
        self.assertEqual(len(self._make(order).line_ids), 2)

    def test_orders_that_cannot_become_a_contract_say_why(self):
        plain = self._order((self.router, 1, 80.0))
        with self.assertRaisesRegex(UserError, 'In a Contract'):
            plain.action_create_crm_contract()
        cancelled = self._order((self.monthly_care, 1, 50.0), confirm=False)
        cancelled._action_cancel()
        with self.assertRaisesRegex(UserError, 'cancelled'):
            cancelled.action_create_crm_contract()
        reduced = self._order((self.monthly_care, 1, 50.0), (self.router, 1, -5.0))
        with self.assertRaisesRegex(UserError, 'discount'):
            reduced.action_create_crm_contract()
        self.assertFalse((plain | cancelled | reduced).crm_contract_id)

    def test_down_payment_is_not_lost(self):
        order = self._order((self.monthly_care, 1, 50.0))
        wizard = self.env['sale.advance.payment.inv'].create(
            {
                'sale_order_ids': order.ids,
                'advance_payment_method': 'percentage',
                'amount': 30,
            }
        )
        wizard.create_invoices()
        with self.assertRaisesRegex(UserError, 'down payment'):
            order.action_create_crm_contract()

    def test_many_orders_become_one_contract_each(self):
        orders = self._order((self.monthly_care, 1, 50.0)) | self._order((self.setup, 1, 9.0))
        action = orders.action_create_crm_contract()
        contracts = self.env['crm.contract'].search(action['domain'])
        self.assertEqual(contracts, orders.crm_contract_id)
        self.assertEqual(len(contracts), 2)

    def test_won_opportunity_takes_the_order_that_was_agreed(self):
        lead = self.env['crm.lead'].create(
            {
                'name': 'Web shop',
                'type': 'opportunity',
                'partner_id': self.partner_a.id,
                'user_id': self.salesman.id,
                'expected_revenue': 5000.0,
            }
        )
        self._order((self.monthly_care, 9, 50.0), confirm=False, opportunity_id=lead.id)
        order = self._order((self.monthly_care, 1, 50.0), opportunity_id=lead.id)
        contract = self._make(lead.with_user(self.salesman))
        self.assertRecordValues(
            contract,
            [{'name': 'Web shop', 'opportunity_id': lead.id, 'sale_order_ids': order.ids}],
        )
        self.assertEqual(contract.line_ids.sale_line_id, order.order_line)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_several_quotations_or_customers_are_refused(self):
        lead = self.env['crm.lead'].create(
            {'name': 'Web shop', 'type': 'opportunity', 'partner_id': self.partner_a.id}
        )
        quotations = self.env['sale.order']
        for _number in range(2):
            quotations |= self._order(
                (self.monthly_care, 1, 50.0), confirm=False, opportunity_id=lead.id
            )
        with self.assertRaisesRegex(UserError, 'several quotations'):
            lead.action_create_crm_contract()
        quotations[0].partner_id = self.partner_b
        quotations.action_confirm()
        with self.assertRaisesRegex(UserError, 'other customers'):
            lead.action_create_crm_contract()

    def test_price_with_taxes_in_it_is_taken_without_them(self):
        tax = self.env['account.tax'].create(
            {'name': '21 %', 'amount': 21.0, 'price_include_override': 'tax_included'}
        )
        order = self._order((self.setup, 1, 121.0), confirm=False)
        order.order_line.tax_ids = tax
        order.action_confirm()
        line = self._make(order).line_ids
        self.assertAlmostEqual(line.price_unit, 100.0)
        self.assertEqual(line.tax_ids, tax)

    def test_nobody_takes_lines_from_an_order_by_hand(self):
        contract = self.create_contract()
        order = self._order((self.monthly_care, 1, 50.0))
        for record in (order, order.order_line):
            with self.assertRaises(AccessError):
                record.crm_contract_id = contract.id
        with self.assertRaises(AccessError):
            contract.with_user(self.salesman).line_ids.sale_line_id = order.order_line.id
        with self.assertRaises(AccessError):
            order.with_user(self.colleague).action_create_crm_contract()

    def test_line_is_entered_in_the_list(self):
        form = Form(self.env['crm.contract'].with_user(self.salesman))
        form.name, form.partner_id = 'Care', self.partner_a
        with form.line_ids.new() as line:
            line.product_id = self.support
            line.quantity = 2
            line.price_unit = 70.0
            line.interval_unit = 'year'
        contract = form.save()
        self.assertEqual(contract.line_ids.amount, 140.0)
        self.assertEqual(contract.line_ids.name, 'Support')
