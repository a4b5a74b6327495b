"""What is bought and spent for contracts, with the documents of Purchase and Expenses."""

from odoo import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_contracts.tests.billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractCosts(BillingCase):
    """Two contracts that bill costs: the first at cost, the second with a markup by kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for group in (
            'hr.group_hr_user',
            'hr_expense.group_hr_expense_manager',
            'purchase.group_purchase_manager',
        ):
            cls.env.user.group_ids |= cls.env.ref(group)
        later = cls.milestone(date_due='2030-01-01')
        cls.first = cls.create_contract(later, name='First', bill_costs=True)
        cls.second = cls.create_contract(
            later,
            name='Second',
            bill_costs=True,
            cost_markup=10,
            cost_markup_expense=5,
        )
        cls.both = cls.first | cls.second
        cls.all_on_first = {cls._key(cls.first): 100}
        cls.on_both = {cls._key(cls.first): 40, cls._key(cls.second): 60}
        cls.licence = cls.env['product.product'].create(
            {'name': 'Licence', 'type': 'service', 'purchase_method': 'purchase', 'taxes_id': False}
        )
        cls.travel = cls.env['product.product'].create(
            {'name': 'Travel', 'type': 'service', 'can_be_expensed': True, 'taxes_id': False}
        )
        cls.employee = cls.env['hr.employee'].create(
            {'name': 'Ada Byron', 'work_contact_id': cls.partner_b.id}
        )

    @classmethod
    def _key(cls, contract):
        return str(contract.analytic_account_id.id)

    def _buy(self, *lines):
        """Order, and post the vendor bill: of 1000 and of what is shared."""
        order = self.env['purchase.order'].create(
            {
                'partner_id': self.partner_b.id,
                'order_line': [
                    Command.create(
                        {
                            'product_id': self.licence.id,
                            'product_qty': 1,
                            'price_unit': price,
                            'tax_ids': False,
                            'analytic_distribution': distribution,
                        }
                    )
                    for price, distribution in lines
                ],
            }
        )
        order.button_confirm()
        order.action_create_invoice()
        bill = order.invoice_ids
        bill.invoice_date = '2026-03-05'
        bill.action_post()
        return bill

    def _spend(self, amount, distribution, payer='own_account', **values):
        expense = self.env['hr.expense'].create(
            {
                'name': 'Train to the customer',
                'employee_id': self.employee.id,
                'product_id': self.travel.id,
                'total_amount_currency': amount,
                'tax_ids': False,
                'date': '2026-03-06',
                'payment_mode': payer,
                'analytic_distribution': distribution,
                **values,
            }
        )
        expense.action_submit()
        if expense.state != 'approved':
            expense.action_approve()
        action = expense.action_post()
        if payer == 'own_account':
            wizard = self.env['hr.expense.post.wizard'].with_context(action['context'])
            wizard.browse(action['res_id']).action_post_entry()
        return expense

    def _costs(self, kind):
        self.env.invalidate_all()
        return self.both.mapped(f'cost_{kind}')

    def _billed(self):
        moves = self.both._bill()
        return [
            moves.filtered(lambda move, own=contract: own in move.crm_contract_ids).amount_untaxed
            for contract in self.both
        ]

    def _check_button(self, contract, counter, action, amount):
        found = action()
        items = self.env[found['res_model']].with_context(found['context']).search(found['domain'])
        self.assertEqual(len(items), contract[counter])
        self.assertEqual(sum(items.mapped('amount')), -amount)

    def test_purchases_are_costs_by_their_share_and_are_billed_on(self):
        self._buy((1000.0, self.all_on_first), (500.0, self.on_both))
        self.assertEqual(self._costs('purchase'), [1200.0, 300.0])
        self.assertEqual(self._costs('total'), [1200.0, 300.0])
        self.assertEqual(self.both.mapped('amount_to_invoice_cost'), [1200.0, 330.0])
        self.assertEqual(self._billed(), [1200.0, 330.0], 'at cost, and with 10 %')
        self.assertEqual(self._billed(), [0.0, 0.0])

    def test_refund_of_the_vendor_lowers_cost_and_bill(self):
        bill = self._buy((1000.0, self.all_on_first), (500.0, self.on_both))
        refund = bill._reverse_moves([{'invoice_date': '2026-03-20'}])
        refund.invoice_line_ids[0].price_unit = 200.0
        refund.invoice_line_ids[1].price_unit = 100.0
        refund.action_post()
        self.assertEqual(self._costs('purchase'), [960.0, 240.0])
        self.assertEqual(self._billed(), [960.0, 264.0])
        self._check_button(self.first, 'purchase_count', self.first.action_view_purchases, 960.0)

    def test_expenses_are_costs_by_their_share_and_are_billed_on(self):
        self._spend(100.0, self.all_on_first)
        self._spend(50.0, self.on_both, payer='company_account')
        self.assertEqual(self._costs('expense'), [120.0, 30.0])
        self.assertEqual(self._costs('purchase'), [0.0, 0.0])
        self.assertEqual(self._billed(), [120.0, 31.5], 'at cost, and with 5 %')

    def _sell(self):
        """Confirm an order of the project on the first contract's account."""
        self.env.user.group_ids |= self.env.ref('project.group_project_manager')
        column = self.first.analytic_account_id.root_plan_id._column_name()
        project = self.env['project.project'].create(
            {'name': 'Web shop', column: self.first.analytic_account_id.id}
        )
        order = self.env['sale.order'].create(
            {'partner_id': self.partner_a.id, 'project_id': project.id}
        )
        order.action_confirm()
        return order

    def _assert_sold_once(self, order, amount):
        """What the order bills on is never the contract's."""
        self.assertEqual(order.order_line.mapped('is_expense'), [True])
        self.assertFalse(self.first._bill())
        self.assertEqual(order._create_invoices().amount_untaxed, amount)
        self.assertFalse(self.first._bill())
        self.assertEqual(order.invoice_status, 'invoiced')

    def test_vendor_bill_that_an_order_bills_on_is_left_to_it(self):
        self.licence.expense_policy = 'cost'
        order = self._sell()
        self._buy((1000.0, order.project_id._get_analytic_distribution()))
        self._assert_sold_once(order, 1000.0)

    def test_expense_that_an_order_bills_on_is_left_to_it(self):
        self.travel.expense_policy = 'cost'
        order = self._sell()
        self._spend(100.0, self.all_on_first, sale_order_id=order.id)
        self._assert_sold_once(order, 100.0)

    def test_buttons_open_what_they_count(self):
        self._buy((1000.0, self.all_on_first), (500.0, self.on_both))
        self._spend(100.0, self.all_on_first)
        self._spend(50.0, self.on_both)
        for contract, purchases, expenses in (
            (self.first, 1200.0, 120.0),
            (self.second, 300.0, 30.0),
        ):
            self._check_button(
                contract, 'purchase_count', contract.action_view_purchases, purchases
            )
            self._check_button(contract, 'expense_count', contract.action_view_expenses, expenses)
        self.assertEqual(self.both.mapped('purchase_count'), [2, 1])
        self.assertEqual(self.both.mapped('expense_count'), [2, 1])
        self.assertEqual(self.both.mapped('margin'), [-1320.0, -330.0])
