from datetime import date
from fractions import Fraction
from itertools import product
from unittest import TestCase

from crm_contracts.core.tiers import (
    GRADUATED,
    Scale,
    Step,
    Tier,
    get_missing,
    get_step_amounts,
    get_tiers_on,
)

TIERS = (Tier(10.0, 0.8), Tier(20.0, 0.5))
GRADED = Scale(1.0, TIERS)
VOLUME = Scale(1.0, TIERS, 'volume')


class TestScale(TestCase):
    def test_each_tier_of_a_graduated_price_has_its_own(self):
        for quantity, steps in [
            (0.0, [(0.0, 1.0)]),
            (10.0, [(10.0, 1.0)]),
            (15.0, [(10.0, 1.0), (5.0, 0.8)]),
            (20.0, [(10.0, 1.0), (10.0, 0.8)]),
            (21.0, [(10.0, 1.0), (10.0, 0.8), (1.0, 0.5)]),
        ]:
            with self.subTest(quantity=quantity):
                self.assertEqual(GRADED.get_steps(quantity), [Step(*step) for step in steps])

    def test_the_volume_decides_on_one_price_for_all(self):
        for quantity, price in [(10.0, 1.0), (10.01, 0.8), (20.0, 0.8), (21.0, 0.5)]:
            with self.subTest(quantity=quantity):
                self.assertEqual(VOLUME.get_steps(quantity), [Step(quantity, price)])

    def test_amount_and_average_price(self):
        self.assertEqual(GRADED.get_amount(15.0), 14.0)
        self.assertAlmostEqual(GRADED.get_price(15.0), 14 / 15)
        self.assertEqual(VOLUME.get_amount(15.0), 12.0)
        self.assertEqual(GRADED.get_price(0.0), 1.0, 'of nothing')
        self.assertEqual(Scale(3.0).get_price(7.0, 5.0), 3.0, 'without tiers, exactly')
        self.assertEqual(Scale(3.0).mode, GRADUATED)

    def test_corrections_below_nothing_have_the_base_price(self):
        self.assertEqual(GRADED.get_amount(-5.0), -5.0)
        self.assertEqual(VOLUME.get_amount(-5.0), -5.0)

    def test_what_comes_later_goes_on_where_the_period_stands(self):
        self.assertAlmostEqual(GRADED.get_amount_after(8.0, 4.0), 2 + 2 * 0.8)
        self.assertAlmostEqual(GRADED.get_price(4.0, 8.0), 3.6 / 4)
        self.assertAlmostEqual(VOLUME.get_amount_after(9.0, 2.0), 11 * 0.8 - 9.0)
        self.assertAlmostEqual(GRADED.get_amount_after(12.0, -4.0), -3.6)

    def test_steps_go_on_where_the_period_stands(self):
        for before, quantity, steps in [
            (0.0, 15.0, [(10.0, 1.0), (5.0, 0.8)]),
            (8.0, 4.0, [(2.0, 1.0), (2.0, 0.8)]),
            (10.0, 4.0, [(4.0, 0.8)]),
            (12.0, 9.0, [(8.0, 0.8), (1.0, 0.5)]),
            (30.0, 2.0, [(2.0, 0.5)]),
            (8.0, 0.0, []),
            (8.0, -4.0, []),
            (-1.0, 4.0, []),
        ]:
            with self.subTest(before=before, quantity=quantity):
                found = GRADED.get_steps_after(before, quantity)
                self.assertEqual(found, [Step(*step) for step in steps])
        self.assertEqual(VOLUME.get_steps_after(0.0, 15.0), [Step(15.0, 0.8)])
        self.assertEqual(VOLUME.get_steps_after(5.0, 15.0), [], 'the five cost less now, too')

    def test_amounts_of_steps_add_up_to_the_total(self):
        def cents(amount):
            return round(amount, 2)

        steps = [Step(0.333, 1.0), Step(1.0, 0.8)]
        self.assertEqual(get_step_amounts(steps, 100.0, 1.13, cents), [0.33, 0.8])
        self.assertEqual(get_step_amounts(steps, 50.0, 0.57, cents), [0.17, 0.4])
        self.assertEqual(get_step_amounts(steps[:1], 100.0, 0.34, cents), [0.34])

    def test_a_period_costs_the_same_in_whatever_parts_it_comes(self):
        """Against fractions, unit by unit."""
        for scale, one, other in product((GRADED, VOLUME), (0, 3, 9, 14), (1, 8, 15)):
            total = one + other
            prices = [1.0 if n < 10 else 0.8 if n < 20 else 0.5 for n in range(total)]
            if scale is VOLUME:
                prices = prices[-1:] * total
            exact = sum(map(Fraction, prices))
            parts = scale.get_amount_after(0, one) + scale.get_amount_after(one, other)
            self.assertAlmostEqual(parts, float(exact))


class TestDays(TestCase):
    def test_the_latest_tier_of_a_quantity_holds(self):
        old, new = Tier(10.0, 0.8), Tier(10.0, 0.9, date(2027, 1, 1))
        high = Tier(20.0, 0.5, date(2026, 6, 1))
        tiers = [new, high, old]
        self.assertEqual(get_tiers_on(tiers, date(2026, 5, 31)), (old,))
        self.assertEqual(get_tiers_on(tiers, date(2026, 6, 1)), (old, high))
        self.assertEqual(get_tiers_on(tiers, date(2027, 1, 1)), (new, high))
        self.assertEqual(get_tiers_on([], date(2026, 6, 1)), ())


class TestMinimum(TestCase):
    def test_what_is_missing_to_the_minimum_is_charged_once(self):
        self.assertEqual(get_missing(100.0, 60.0, 0.0), 40.0)
        self.assertEqual(get_missing(100.0, 60.0, 40.0), 0.0)
        self.assertEqual(get_missing(100.0, 100.0, 0.0), 0.0)
        self.assertEqual(get_missing(100.0, 130.0, 0.0), 0.0)

    def test_late_usage_gives_back_what_made_up_for_the_minimum(self):
        self.assertEqual(get_missing(100.0, 80.0, 40.0), -20.0)
        self.assertEqual(get_missing(100.0, 130.0, 40.0), -40.0)
