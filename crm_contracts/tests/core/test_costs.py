from itertools import product
from unittest import TestCase

from crm_contracts.core.costs import Cost, Markup, net_refunds


def to_cents(amount):
    return round(amount, 2)


def at_cost(costs):
    return Markup(0.0, to_cents).charge(costs)


def costs(**amounts):
    """Return {product: one cost of the amount}, numbered in order."""
    return {product: [Cost(n, amount)] for n, (product, amount) in enumerate(amounts.items(), 1)}


def net(**amounts):
    """Return {product: ids of its costs} after refunds."""
    netted = net_refunds(costs(**amounts), at_cost)
    return {product: [cost.item_id for cost in own] for product, own in netted.items()}


class TestCosts(TestCase):
    def test_markup_is_added_and_the_sum_is_rounded_once(self):
        three = [Cost(1, 0.333), Cost(2, 0.333), Cost(3, 0.333)]
        self.assertEqual(Markup(0.0, to_cents).charge(three), 1.0)
        self.assertEqual(Markup(10.0, to_cents).charge([Cost(1, 100.0)]), 110.0)
        self.assertEqual(Markup(10.0, to_cents).charge([Cost(1, -100.0)]), -110.0)
        self.assertEqual(Markup(10.0, to_cents).charge([]), 0.0)

    def test_costs_without_refunds_stay(self):
        self.assertEqual(net(cable=10.0, desk=20.0), {'cable': [1], 'desk': [2]})
        self.assertEqual(net(), {})

    def test_refund_is_settled_with_the_dearest(self):
        self.assertEqual(net(refund=-5.0, cable=10.0, desk=20.0), {'desk': [1, 3], 'cable': [2]})

    def test_refund_that_the_dearest_does_not_cover_goes_on(self):
        self.assertEqual(net(refund=-25.0, cable=10.0, desk=20.0), {'cable': [1, 3, 2]})

    def test_costs_of_some_cents_are_costs_too(self):
        self.assertEqual(net(refund=-25.0, desk=20.0, pin=0.5), {'pin': [1, 2, 3]})
        self.assertEqual(net(refund=-5.0, desk=5.5, pin=0.3), {'desk': [1, 2], 'pin': [3]})

    def test_refund_of_exactly_the_costs_waits_with_them(self):
        self.assertEqual(net(refund=-20.0, desk=20.0), {'desk': [1, 2]})
        self.assertEqual(at_cost(net_refunds(costs(refund=-20.0, desk=20.0), at_cost)['desk']), 0.0)

    def test_refunds_alone_wait(self):
        self.assertEqual(net(refund=-5.0), {'refund': [1]})
        self.assertEqual(net(small=-5.0, large=-9.0), {'large': [1, 2]})
        self.assertEqual(net(free=0.0), {'free': [1]}, 'what costs nothing is no invoice line')

    def test_products_are_compared_with_their_markup(self):
        dearer = Markup(100.0, to_cents)
        netted = net_refunds(costs(refund=-5.0, desk=10.0), dearer.charge)
        self.assertEqual([*netted], ['desk'])
        self.assertEqual(dearer.charge(netted['desk']), 10.0)

    def test_nothing_is_lost_and_at_most_one_product_is_below_zero(self):
        for amounts in product((-30.0, -7.0, 0.0, 7.0, 20.0), repeat=4):
            groups = costs(**dict(zip('abcd', amounts, strict=True)))
            netted = net_refunds(groups, at_cost)
            own = [cost for some in netted.values() for cost in some]
            self.assertEqual(sorted(own), [cost for (cost,) in groups.values()])
            totals = [at_cost(some) for some in netted.values()]
            self.assertLessEqual(sum(total <= 0 for total in totals), 1, amounts)
            if sum(amounts) > 0:
                self.assertTrue(all(total > 0 for total in totals), amounts)
