from fractions import Fraction
from itertools import product
from unittest import TestCase

from crm_contracts.core.time import (
    ChargedTime,
    PrepaidUsage,
    TermUnits,
    TimePrice,
    add_up,
    cover,
    get_charged_time,
    get_unsettled,
    get_usages,
    is_nothing,
)

HOURS_A_DAY = 8


class TestPrices(TestCase):
    def test_ratio_is_charged_and_the_rest_is_a_discount(self):
        price = TimePrice('service', 'hour', 60.0, 80.0)
        self.assertEqual(price.discount, 20.0)
        self.assertEqual(price.get_amount(2.0, 60.0), 96.0)
        self.assertEqual(price.get_amount(0.25, 480.0), 96.0, 'by the day')
        whole = TimePrice('service', 'hour', 60.0, 100.0)
        self.assertEqual((whole.discount, whole.get_amount(2.0, 60.0)), (0.0, 120.0))

    def test_time_is_nothing_when_corrections_took_all_of_it(self):
        for time, expected in [(0.0, True), (-1.0, True), (9e-7, True), (1e-6, False), (1, False)]:
            with self.subTest(time=time):
                self.assertEqual(is_nothing(time), expected)


class TestChargedTime(TestCase):
    def test_hours_are_charged_by_the_day_where_that_is_exact(self):
        for hours, expected in [
            (8.0, ChargedTime(1.0, 650.0, True)),
            (2.0, ChargedTime(0.25, 650.0, True)),
            (0.08, ChargedTime(0.01, 650.0, True)),
            (1.0, ChargedTime(1.0, 81.25, False)),
            (0.04, ChargedTime(0.04, 81.25, False)),
        ]:
            with self.subTest(hours=hours):
                self.assertEqual(get_charged_time(hours, 650.0, 1 / HOURS_A_DAY, 2), expected)

    def test_what_a_quantity_loses_is_in_the_price(self):
        third = get_charged_time(1 / 3, 60.0, 1.0, 2)
        self.assertEqual((third.quantity, third.is_converted), (0.33, False))
        self.assertAlmostEqual(third.quantity * third.price, 20.0)
        self.assertEqual(get_charged_time(1 / 3, 60.0, 1.0, 2).quantity, 0.33)

    def test_little_time_has_the_smallest_quantity(self):
        little = get_charged_time(0.001, 60.0, 1.0, 2)
        self.assertEqual((little.quantity, little.is_converted), (0.01, False))
        self.assertAlmostEqual(little.quantity * little.price, 0.06)
        self.assertEqual(get_charged_time(0.001, 60.0, 1.0, 3), ChargedTime(0.001, 60.0, True))

    def test_no_time_costs_nothing_whatever_its_quantity(self):
        self.assertEqual(get_charged_time(0.0, 60.0, 1.0, 6), ChargedTime(1e-6, 0.0, False))
        self.assertEqual(get_charged_time(0.0, 60.0, 1.0, 2), ChargedTime(0.01, 0.0, False))

    def test_noise_of_a_conversion_loses_no_exactness(self):
        exact = get_charged_time(0.3 - 1e-9, 60.0, 1.0, 2)
        self.assertEqual(exact, ChargedTime(0.3, 60.0, True))
        booked = get_charged_time(1.0 + 1e-9, 650.0, 1 / HOURS_A_DAY, 2)
        self.assertEqual(booked, ChargedTime(1.0, 81.25, False))
        noticed = get_charged_time(0.300002, 60.0, 1.0, 2)
        self.assertFalse(noticed.is_converted)
        self.assertGreater(noticed.price, 60.0)

    def test_no_time_is_lost_or_won(self):
        """Against exact fractions, for minutes charged by the hour and by the day."""
        for minutes, factor, digits in product(
            range(1, 600, 7), (Fraction(1), Fraction(1, HOURS_A_DAY)), (0, 2, 4)
        ):
            time = Fraction(minutes, 60)
            charged = get_charged_time(float(time), 650.0, float(factor), digits)
            self.assertAlmostEqual(
                charged.quantity * charged.price, float(time * factor * 650), places=2
            )
            self.assertEqual(charged.quantity, round(charged.quantity, digits))
            self.assertGreater(charged.quantity, 0.0)


class TestUsage(TestCase):
    def test_usage_of_a_term(self):
        usage = PrepaidUsage(10.0, 2.0, 3.0)
        self.assertEqual((usage.available, usage.left, usage.percentage), (12.0, 9.0, 25.0))

    def test_more_than_everything_is_consumed(self):
        usage = PrepaidUsage(10.0, 0.0, 15.0)
        self.assertEqual((usage.left, usage.percentage), (0.0, 150.0))

    def test_nothing_is_prepaid(self):
        usage = PrepaidUsage(consumed=3.0)
        self.assertEqual((usage.available, usage.left, usage.percentage), (0.0, 0.0, 0.0))

    def test_usage_in_another_unit(self):
        days = PrepaidUsage(16.0, 8.0, 4.0).convert(lambda hours: hours / HOURS_A_DAY)
        self.assertEqual(days, PrepaidUsage(2.0, 1.0, 0.5))

    def test_units_left_go_to_the_next_term_if_they_roll_over(self):
        terms = [TermUnits(10.0, 4.0, float), TermUnits(10.0, 13.0, float)]
        terms.append(TermUnits(5.0, 0.0, float))
        usages = get_usages(terms, rolls_over=True)
        self.assertEqual([usage.carried for usage in usages], [0.0, 6.0, 3.0])
        usages = get_usages(terms, rolls_over=False)
        self.assertEqual([usage.carried for usage in usages], [0.0, 0.0, 0.0])
        self.assertEqual([usage.granted for usage in usages], [10.0, 10.0, 5.0])
        self.assertEqual([usage.consumed for usage in usages], [4.0, 13.0, 0.0])

    def test_units_roll_over_in_the_unit_of_the_next_term(self):
        in_days = TermUnits(1.0, 0.0, lambda hours: hours / HOURS_A_DAY)
        usages = get_usages([TermUnits(12.0, 0.0, float), in_days], rolls_over=True)
        self.assertEqual(usages[1].carried, 1.5)
        elsewhere = TermUnits(1.0, 0.0, lambda hours: None)
        usages = get_usages([TermUnits(12.0, 0.0, float), elsewhere], rolls_over=True)
        self.assertEqual(usages[1], PrepaidUsage(1.0, 0.0, 0.0), 'not convertible')

    def test_nothing_is_converted_without_anything_left(self):
        def refuse(_units):
            raise AssertionError('converted in vain')

        used_up = TermUnits(1.0, 1.0, refuse)
        usages = get_usages([used_up, used_up], rolls_over=True)
        self.assertEqual([usage.left for usage in usages], [0.0, 0.0])
        usages = get_usages([TermUnits(2.0, 0.0, refuse), used_up], rolls_over=False)
        self.assertEqual([usage.left for usage in usages], [2.0, 0.0])

    def test_unsettled_units_are_what_the_ledger_did_not_use(self):
        self.assertEqual(get_unsettled(10.0, 4.0), 6.0)
        self.assertEqual(get_unsettled(1.0, 3.0), -2.0, 'more was used than there is now')
        self.assertEqual(get_unsettled(0.3, 0.1), 0.2, 'without the noise of floats')

    def test_booked_units_add_up_by_term(self):
        booked = [('a', 0.1), ('b', 1.0), ('a', 0.2), ('b', None)]
        self.assertEqual(add_up(booked), {'a': 0.3, 'b': 1.0})
        self.assertEqual(add_up([])['a'], 0, 'nothing booked')
        self.assertEqual(add_up([('a', 0.0000004)])['a'], 0.0)
        self.assertEqual(add_up([('a', 0.0000006)])['a'], 0.000001)


class TestCover(TestCase):
    def test_hours_are_covered_in_their_order_and_one_crosses(self):
        covered = cover({'mon': 3.0, 'tue': 4.0, 'wed': 2.0}, 5.0)
        self.assertEqual(covered, {'mon': 3.0, 'tue': 2.0, 'wed': 0.0})

    def test_corrections_come_first(self):
        covered = cover({'mon': 4.0, 'tue': 4.0, 'back': -3.0}, 5.0)
        self.assertEqual(covered, {'back': -3.0, 'mon': 4.0, 'tue': 4.0})
        self.assertEqual(list(covered), ['back', 'mon', 'tue'])

    def test_no_hour_is_a_correction_that_is_nothing(self):
        self.assertEqual(
            list(cover({'mon': 1.0, 'none': 0.0, 'unknown': None}, 5.0)), ['mon', 'none', 'unknown']
        )

    def test_what_cannot_be_converted_is_not_covered(self):
        self.assertEqual(cover({'mon': None, 'tue': 1.0}, 5.0), {'mon': 0.0, 'tue': 1.0})

    def test_nothing_is_covered_when_more_is_used_than_there_was(self):
        self.assertEqual(cover({'mon': 1.0}, -2.0), {'mon': 0.0})
        self.assertEqual(cover({'mon': 1.0}, 0.0), {'mon': 0.0})
        self.assertEqual(cover({'mon': 1.0, 'back': -3.0}, -2.0), {'back': -3.0, 'mon': 1.0})

    def test_noise_leaves_no_unit_over(self):
        covered = cover({'a': 0.1, 'b': 0.2, 'c': 1.0}, 0.3)
        self.assertEqual(covered, {'a': 0.1, 'b': 0.2, 'c': 0.0})

    def test_covered_units_are_those_of_an_exact_model(self):
        """Against fractions: oldest first, after corrections, never more than there is."""
        quarters = [Fraction(number, 4) for number in (-3, -1, 0, 2, 5)]
        for *booked, left in product(quarters, quarters, quarters, (Fraction(-1), 0, 1, 3)):
            rest, exact = Fraction(left), {}
            for number, units in sorted(enumerate(booked), key=lambda item: item[1] >= 0):
                exact[number] = min(units, max(rest, 0))
                rest -= exact[number]
            covered = cover({n: float(units) for n, units in enumerate(booked)}, float(left))
            self.assertEqual(covered, exact)
