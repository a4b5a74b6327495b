from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from unittest import TestCase

from crm_contracts.core.ledger import (
    LIVE_STATES,
    TRANSITIONS,
    Carried,
    Charge,
    Grid,
    TakenBack,
    Unused,
    carry,
    get_charged_status,
    get_opened,
    get_share,
    get_standing,
    get_unused,
    overlap,
    take_back,
)


def grid(digits):
    """Return the steps of so many decimals, halves away from zero."""
    step = Decimal(1).scaleb(-digits)

    def round_(value):
        return float(Decimal(repr(value)).quantize(step, ROUND_HALF_UP))

    return Grid(float(step), round_)


CENTS = grid(2)
MARCH = (date(2026, 3, 1), date(2026, 4, 1))


def charge(quantity, amount=None, price=100.0, is_split=False):
    amount = quantity * price if amount is None else amount
    return Charge(quantity, amount, price, CENTS, CENTS, is_split)


class TestStates(TestCase):
    def test_only_what_is_released_stands_again_or_is_waived(self):
        self.assertEqual(LIVE_STATES, ('invoiced', 'covered'))
        self.assertEqual(
            {(source, target) for source, targets in TRANSITIONS.items() for target in targets},
            {
                ('invoiced', 'released'),
                ('covered', 'released'),
                ('released', 'invoiced'),
                ('released', 'waived'),
            },
        )
        self.assertEqual(TRANSITIONS['waived'], set(), 'settled for good')


class TestQuantities(TestCase):
    def test_numbers_are_compared_as_documents_show_them(self):
        for one, other, expected in [
            (1.0, 1.0, 0),
            (1.004, 0.996, 0),
            (1.005, 1.004, 1),
            (1.004, 1.005, -1),
            (0.006, 0.002, 1),
            (-0.006, 0.0, -1),
        ]:
            with self.subTest(one=one, other=other):
                difference = CENTS.compare(one, other)
                self.assertEqual((difference > 0) - (difference < 0), expected)

    def test_quantity_comes_to_a_rounded_amount(self):
        self.assertEqual(charge(1.0, price=33.333).get_amount_of(3), 100.0)
        self.assertEqual(charge(1.0, price=10.005).get_amount_of(1), 10.01)
        self.assertFalse(charge(1.0).is_split, 'a row is whole unless it says otherwise')

    def test_price_makes_up_for_a_rounded_quantity(self):
        row = charge(1.0, price=100.0)
        self.assertEqual(row.fit_price(100.0, 0.33, 33.0), 100.0)
        self.assertEqual(row.fit_price(100.0, 0.33, 33.004), 100.0, 'the same cent')
        fitted = row.fit_price(100.0, 0.33, 33.33)
        self.assertAlmostEqual(0.33 * fitted, 33.33)
        small = charge(0.08, price=1004.56).fit_price(1004.56, 0.08, 84.93)
        self.assertAlmostEqual(0.08 * small, 84.93, msg='though 0.08 come to 80.3648')
        with_taxes = row.fit_price(121.0, 0.33, 33.33)
        self.assertAlmostEqual(with_taxes / fitted, 1.21, msg='any price in proportion')

    def test_days_have_the_quantity_of_their_amount(self):
        # ten of 31 days at 100 are 0.32 units on a document, and 32.26
        self.assertAlmostEqual(charge(0.32, 32.26).get_exact_quantity(), 0.3226)
        self.assertEqual(charge(0.32, 32.0).get_exact_quantity(), 0.32)
        self.assertEqual(charge(0.32, 32.01).get_exact_quantity(), 0.32, 'a cent says nothing')
        self.assertEqual(charge(0.32, 31.99).get_exact_quantity(), 0.32, 'nor one less')
        self.assertAlmostEqual(charge(0.32, 32.02).get_exact_quantity(), 0.3202)
        self.assertAlmostEqual(charge(0.32, 31.98).get_exact_quantity(), 0.3198)
        self.assertEqual(charge(2.0, 5.0, price=0.0).get_exact_quantity(), 2.0)
        self.assertAlmostEqual(charge(9.0, 9.0).get_unrounded(0.5, 51.0), 0.51)

    def test_smallest_quantity_credits_a_day_that_rounds_to_nothing(self):
        year = charge(1.0, price=3650.0)
        self.assertEqual(year.get_credited_quantity(0.005), 0.01)
        self.assertEqual(year.get_credited_quantity(0.026), 0.03)
        self.assertEqual(year.get_credited_quantity(1 / 365), 0.01, 'it comes to 10.00')
        self.assertEqual(year.get_credited_quantity(0.000001), 0.0, 'it comes to nothing')
        self.assertEqual(year.get_credited_quantity(0.0), 0.0)
        self.assertEqual(year.get_credited_quantity(-1 / 365), 0.0)
        self.assertEqual(year._replace(is_split=True).get_credited_quantity(1 / 365), 0.0)
        self.assertEqual(year._replace(is_split=True).get_credited_quantity(0.026), 0.03)

    def test_part_of_an_amount_has_a_part_of_the_quantity(self):
        for quantity, amount, part, expected in (
            (1.0, 250.0, 100.0, 0.4),
            (1.0, -10.0, -2.5, 0.25),
            (0.6, 150.0, 50.0, 0.2),
            (1.0, 250.0, 250.0, 1.0),
            (1.0, 250.0, 300.0, 1.0),
            (1.0, -10.0, -10.0, 1.0),
            (1.0, 250.0, 0.01, 0.01),
            (1.0, 250.0, 249.99, 0.99),
            (0.01, 2.5, 1.0, 0.0),
            (0.02, 5.0, 1.0, 0.01),
        ):
            row = charge(quantity, amount)
            self.assertEqual(row.get_quantity_of(part), expected, (quantity, amount, part))


class TestCarry(TestCase):
    def test_row_gives_back_what_its_documents_do_not_charge(self):
        self.assertEqual(carry(charge(3.0), 1.0, 100.0, is_by_days=False), Carried(2.0, None, 0.0))

    def test_unused_days_are_given_back_to_the_cent(self):
        self.assertEqual(
            carry(charge(1.0), 0.68, 67.74, is_by_days=True),
            Carried(1.0 - 0.68, 100.0 - 67.74, 0.0),
        )

    def test_row_takes_back_what_its_documents_charge_again(self):
        for is_by_days in (False, True):
            carried = carry(charge(1.0), 3.0, 300.0, is_by_days)
            self.assertEqual(carried, Carried(0.0, None, 2.0))

    def test_row_stays_that_says_the_same(self):
        for quantity in (1.0, 1.004, 0.996):
            with self.subTest(quantity=quantity):
                self.assertEqual(carry(charge(1.0), quantity, 0.0, True), Carried())


class TestTakeBack(TestCase):
    def test_parts_are_taken_in_order_until_it_is_enough(self):
        for wanted, parts, expected in [
            (1.0, [1.0, 5.0], TakenBack(1, 0.0, False)),
            (1.0, [5.0, 1.0], TakenBack(0, 1.0, False)),
            (2.5, [1.0, 5.0], TakenBack(1, 1.5, False)),
            (6.0, [1.0, 5.0], TakenBack(2, 0.0, False)),
            (6.004, [1.0, 5.0], TakenBack(2, 0.0, False)),
            (7.0, [1.0, 5.0], TakenBack(2, 0.0, True)),
            (1.0, [], TakenBack(0, 0.0, True)),
        ]:
            with self.subTest(wanted=wanted, parts=parts):
                self.assertEqual(take_back(wanted, parts, CENTS), expected)

    def test_what_is_taken_and_what_is_missing_is_what_was_wanted(self):
        for wanted, *parts in product((1, 2, 3, 5), (1, 2, 4), (1, 3), (2,)):
            taken = take_back(float(wanted), map(float, parts), CENTS)
            found = sum(parts[: taken.whole]) + taken.split
            self.assertEqual(found, min(wanted, sum(parts)))
            self.assertEqual(taken.is_missing, wanted > sum(parts))

    def test_given_back_and_taken_back_the_row_is_as_before(self):
        for charged, kept in product(range(1, 6), range(1, 6)):
            given = carry(charge(float(charged)), float(kept), 100.0 * kept, False)
            rest = charged - given.given_back + given.taken_back
            self.assertEqual(rest, kept)
            back = carry(charge(float(kept)), float(charged), 100.0 * charged, False)
            self.assertEqual((back.given_back, back.taken_back), given[2::-2])


class TestDays(TestCase):
    def test_periods_overlap_that_share_a_day(self):
        first, middle, last = (date(2026, 3, day) for day in (1, 11, 21))
        self.assertFalse(overlap((first, middle), (middle, last)), 'ends are days after the last')
        self.assertFalse(overlap((middle, last), (first, middle)))
        self.assertTrue(overlap((first, last), (middle, last)))
        self.assertTrue(overlap((first, date(2026, 3, 12)), (middle, last)))
        self.assertTrue(overlap((middle, last), (first, date(2026, 3, 12))))
        self.assertTrue(overlap(None, (first, last)), 'a milestone is one and the same')
        self.assertTrue(overlap((first, last), None))
        self.assertTrue(overlap(None, None))

    def test_days_are_a_part_of_their_period(self):
        self.assertEqual(get_share([], MARCH), 0.0)
        self.assertEqual(get_share([MARCH], MARCH), 1.0)
        ten, one = (date(2026, 3, 1), date(2026, 3, 11)), (date(2026, 3, 31), date(2026, 4, 1))
        self.assertEqual(get_share([ten, one], MARCH), 11 / 31)

    def test_what_stands_beyond_what_is_covered(self):
        self.assertEqual(get_standing([1.0], [1.0], 0.0), 0.0)
        self.assertEqual(get_standing([1.0], [1.0], 0.25), 0.25)
        self.assertEqual(get_standing([0.5], [0.5, 0.5], 0.0), -0.5, 'half of it is open')
        self.assertEqual(get_standing([], [1.0, 2.0], 1.0), 0.0)

    def test_all_that_waits_is_open_while_everything_is_covered(self):
        self.assertEqual(get_opened([0.333, 2.0], 0.0, 0.0, CENTS), [(0.333, 0.333), (2.0, 2.0)])
        self.assertEqual(get_opened([0.004, 0.005], 0.0, 0.0, CENTS), [None, (0.005, 0.005)])

    def test_what_is_not_covered_stays_given_back(self):
        # of three units two are given back, and one and a half are not covered
        standing = get_standing([1.0], [1.0, 1.0, 1.0], 0.5)
        self.assertEqual(get_opened([1.0, 1.0], standing, 0.5, CENTS), [(0.5, 0.5), None])
        first, second = get_opened([0.3, 1.0], standing, 0.5, CENTS)
        self.assertEqual((first, second.quantity), ((0.3, 0.3), 0.2))
        self.assertEqual(get_opened([1.0], 0.25, 0.5, CENTS), [None], 'too much stands')
        self.assertEqual(get_opened([1.0], -0.333, 0.5, CENTS), [(0.33, 0.333)])

    def test_open_and_standing_never_exceed_what_is_covered(self):
        """Against exact fractions."""
        thirds = [Fraction(number, 4) for number in range(5)]
        for stands, one, two, spared in product(thirds, repeat=4):
            whole = stands + one + two
            standing = get_standing([float(stands)], map(float, (stands, one, two)), float(spared))
            opened = [
                own.quantity if own else 0.0
                for own in get_opened([float(one), float(two)], standing, float(spared), CENTS)
            ]
            covered = whole * (1 - spared)
            expected = max(min(one + two, covered - stands), 0) if spared else one + two
            self.assertAlmostEqual(sum(opened), float(expected), delta=0.011)
            self.assertLessEqual(opened[0], float(one))
            self.assertLessEqual(opened[1], float(two))


class TestUnused(TestCase):
    def test_days_are_credited_to_the_cent(self):
        parts = [(date(2026, 3, 22), date(2026, 4, 1))]
        (unused,) = get_unused([charge(1.0)], get_share(parts, MARCH), parts)
        self.assertEqual(unused, Unused(0.32, 100.0 - 67.74, parts))

    def test_whole_period_is_credited_whole(self):
        (unused,) = get_unused([charge(2.0, price=50.0)], 2.0, [MARCH])
        self.assertEqual(unused[:2], (2.0, 100.0))

    def test_latest_row_is_credited_first(self):
        latest, first = get_unused([charge(1.0), charge(2.0)], 1.5, [MARCH])
        self.assertEqual(latest[:2], (1.0, 100.0))
        self.assertEqual(first[:2], (0.5, 50.0))

    def test_nothing_is_credited_that_is_covered_or_credited_already(self):
        for standing in (0.0, -0.5, 0.000001):
            with self.subTest(standing=standing):
                self.assertEqual(get_unused([charge(1.0), charge(1.0)], standing, []), [None] * 2)

    def test_row_without_quantity_is_passed_over(self):
        nothing, something = get_unused([charge(0.0), charge(1.0)], 0.25, [MARCH])
        self.assertIsNone(nothing)
        self.assertEqual(something[:2], (0.25, 25.0))

    def test_what_is_credited_day_by_day_is_what_was_charged(self):
        """However a month is given back, its days come to the amount of the month."""
        for amount in (100.0, 99.99, 0.31, 1234.56):
            row, credited = charge(1.0, amount, price=amount), 0.0
            for days in range(31, 0, -7):
                (unused,) = get_unused([row], (31 - days + 7) / 31 - (31 - days) / 31, [MARCH])
                if unused:
                    credited += unused.amount
                    rest = CENTS.round(row.amount - unused.amount)
                    row = Charge(row.quantity - 7 / 31, rest, amount, CENTS, CENTS, True)
            self.assertAlmostEqual(CENTS.round(credited + row.amount), amount)


class TestExactQuantity(TestCase):
    """The price of a part makes up for a rounded quantity: the first price says what it is."""

    def get_exact(self, quantity, amount, price, base_price):
        charged = charge(quantity, amount, price, is_split=True)
        return charged._replace(base_price=base_price).get_exact_quantity()

    def test_part_of_days_is_what_its_amount_comes_to(self):
        self.assertAlmostEqual(self.get_exact(0.08, 82.19, 1027.375, 1000.0), 0.08219)
        self.assertAlmostEqual(self.get_exact(0.5, 505.0, 1010.0, 1000.0), 0.505)
        self.assertAlmostEqual(self.get_exact(0.5, 495.0, 990.0, 1000.0), 0.495)

    def test_part_with_another_price_is_its_quantity(self):
        self.assertEqual(self.get_exact(0.5, 505.1, 1010.2, 1000.0), 0.5)
        self.assertEqual(self.get_exact(4.0, 20.0, 5.0, 10.0), 4.0)

    def test_what_was_billed_first_goes_by_its_own_price(self):
        self.assertAlmostEqual(self.get_exact(0.33, 33.333, 100.0, 0.0), 0.33333)


class TestStatus(TestCase):
    """What customers are told of hours, by the rows that stand for them."""

    def test_status_of_hours(self):
        for states, charged, drafted, status in [
            ([], 0.0, 0.0, 'open'),
            (['released'], 0.0, 0.0, 'open'),
            (['released', 'released'], 10.0, 0.0, 'open'),
            (['covered'], 0.0, 0.0, 'covered'),
            (['invoiced'], 10.0, 10.0, 'drafted'),
            (['invoiced'], 10.0, 0.0, 'charged'),
            (['invoiced'], 10.0, 4.0, 'charged'),
            (['invoiced'], 0.0, 0.0, 'given_up'),
            (['waived'], 0.0, 0.0, 'given_up'),
            (['released', 'waived'], 0.0, 0.0, 'open'),
            (['invoiced', 'released'], 0.0, 0.0, 'open'),
            (['invoiced', 'released'], 6.0, 0.0, 'partly'),
            (['invoiced', 'waived'], 6.0, 6.0, 'partly'),
            (['invoiced', 'invoiced'], 6.0, 6.0, 'drafted'),
        ]:
            with self.subTest(states=states, charged=charged, drafted=drafted):
                self.assertEqual(get_charged_status(states, charged, drafted), status)
