from fractions import Fraction
from itertools import product
from unittest import TestCase

from crm_contracts.core.time import (
    ChargedTime,
    Rounding,
    TimePrice,
    get_charged_time,
    is_nothing,
)

HOURS_A_DAY = 8


class TestRounding(TestCase):
    def test_each_entry_is_charged_in_steps_that_were_begun(self):
        quarters = Rounding(0.25)
        for hours, expected in [
            (0.0, 0.0),
            (0.01, 0.25),
            (0.25, 0.25),
            (0.26, 0.5),
            (3.0, 3.0),
            (0.1 + 0.2 - 0.05, 0.25),
        ]:
            with self.subTest(hours=hours):
                self.assertEqual(quarters.charge(hours), expected)
        self.assertEqual(Rounding(1 / 3).charge(2 / 3), 2 / 3, 'twenty minutes, twice')

    def test_each_entry_has_a_minimum_and_none_has_one_without_time(self):
        half = Rounding(0.25, 0.5)
        self.assertEqual([half.charge(hours) for hours in (0.1, 0.5, 0.6, 0)], [0.5, 0.5, 0.75, 0])
        self.assertEqual(Rounding(0.0, 0.5).charge(0.6), 0.6)

    def test_corrections_take_back_begun_steps_and_know_no_minimum(self):
        half = Rounding(0.25, 0.5)
        self.assertEqual(half.charge(-0.1), -0.25)
        self.assertEqual(half.charge(-0.75), -0.75)
        self.assertEqual(Rounding(0.0, 0.5).charge(-0.1), -0.1)

    def test_time_is_charged_as_booked_without_a_rounding(self):
        self.assertEqual([Rounding().charge(hours) for hours in (0.07, -0.07, 0)], [0.07, -0.07, 0])


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
