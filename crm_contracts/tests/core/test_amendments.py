from datetime import date
from unittest import TestCase

from crm_contracts.core.amendments import (
    AMENDMENT_TRANSITIONS,
    Split,
    Terms,
    get_boundary,
    get_difference,
    get_split,
)
from crm_contracts.core.days import Span
from crm_contracts.core.periods import Schedule


class TestBoundary(TestCase):
    def test_a_day_on_which_a_period_starts_is_its_own_boundary(self):
        monthly = Schedule(date(2026, 1, 31), 1, 'month', date(2026, 1, 31))
        self.assertEqual(get_boundary(monthly, date(2026, 1, 31)), date(2026, 1, 31))
        self.assertEqual(get_boundary(monthly, date(2026, 2, 28)), date(2026, 2, 28))

    def test_within_a_period_it_is_the_start_of_the_next_one(self):
        monthly = Schedule(date(2026, 1, 31), 1, 'month', date(2026, 1, 31))
        self.assertEqual(get_boundary(monthly, date(2026, 2, 1)), date(2026, 2, 28))
        self.assertEqual(get_boundary(monthly, date(2026, 3, 1)), date(2026, 3, 31))

    def test_the_end_of_the_line_does_not_move_it(self):
        ended = Schedule(date(2026, 1, 1), 1, 'month', date(2026, 1, 1), date(2026, 1, 20))
        self.assertEqual(get_boundary(ended, date(2026, 1, 10)), date(2026, 2, 1))


class TestSplit(TestCase):
    DAY, BOUNDARY = date(2026, 1, 11), date(2026, 2, 1)

    def test_what_costs_more_is_charged_beside_the_line(self):
        self.assertEqual(
            get_split(self.DAY, self.BOUNDARY, None, is_more=True),
            Split(date(2026, 1, 31), Span(self.DAY, date(2026, 1, 31)), self.BOUNDARY),
        )

    def test_what_costs_less_ends_the_line_the_day_before(self):
        self.assertEqual(
            get_split(self.DAY, self.BOUNDARY, None, is_more=False),
            Split(date(2026, 1, 10), Span(self.DAY, date(2026, 1, 31)), self.BOUNDARY),
        )

    def test_on_a_boundary_nothing_is_charged_apart(self):
        for is_more in (True, False):
            self.assertEqual(
                get_split(self.BOUNDARY, self.BOUNDARY, None, is_more),
                Split(date(2026, 1, 31), None, self.BOUNDARY),
            )

    def test_the_end_of_the_line_stays(self):
        for end, starts in ((date(2026, 1, 20), None), (date(2026, 1, 31), None)):
            self.assertEqual(
                get_split(self.DAY, self.BOUNDARY, end, is_more=True),
                Split(end, Span(self.DAY, end), starts),
            )
        self.assertEqual(
            get_split(self.DAY, self.BOUNDARY, self.BOUNDARY, is_more=True).starts, self.BOUNDARY
        )
        self.assertEqual(
            get_split(self.DAY, self.BOUNDARY, self.DAY, is_more=False),
            Split(date(2026, 1, 10), Span(self.DAY, self.DAY), None),
        )


class TestDifference(TestCase):
    def test_difference_and_line_come_to_the_new_terms(self):
        before = Terms(10.0, 50.0)
        for after, difference in (
            (Terms(12.0, 50.0), Terms(2.0, 50.0)),
            (Terms(10.0, 55.0), Terms(10.0, 5.0)),
            (Terms(12.0, 55.0), Terms(1.0, 160.0)),
        ):
            with self.subTest(after=after):
                self.assertEqual(get_difference(before, after), difference)


class TestStates(TestCase):
    def test_what_was_applied_stays_and_what_was_called_off_may_come_back(self):
        self.assertEqual(AMENDMENT_TRANSITIONS['applied'], set())
        self.assertEqual(AMENDMENT_TRANSITIONS['draft'], {'offered', 'applied', 'cancelled'})
        self.assertEqual(AMENDMENT_TRANSITIONS['offered'], {'draft', 'applied', 'cancelled'})
        self.assertEqual(AMENDMENT_TRANSITIONS['cancelled'], {'draft'})
