from unittest import TestCase

from crm_contracts.core.orders import OrderAmounts


class TestOrders(TestCase):
    def test_amounts_of_orders_add_up(self):
        both = OrderAmounts(100.0, 40.0, 30.0) + OrderAmounts(1.0, 2.0, 3.0)
        self.assertEqual(both, OrderAmounts(101.0, 42.0, 33.0))
        self.assertEqual(OrderAmounts(), OrderAmounts(0.0, 0.0, 0.0))

    def test_order_gives_nothing_back(self):
        owing = OrderAmounts(100.0, 120.0, -20.0)
        self.assertEqual(owing.without_debts(), OrderAmounts(100.0, 120.0, 0.0))
        self.assertEqual(OrderAmounts(1.0, 0.0, 0.5).without_debts().to_invoice, 0.5)

    def test_remaining_is_what_was_ordered_or_what_the_order_says(self):
        self.assertEqual(OrderAmounts(100.0, 40.0, 30.0).remaining, 60.0)
        self.assertEqual(OrderAmounts(100.0, 90.0, 30.0).remaining, 30.0, 'more was delivered')
        self.assertEqual(OrderAmounts(100.0, 120.0, 0.0).remaining, 0.0)
