from datetime import date
from unittest import TestCase

from crm_contracts.core.deferral import get_earned_share, get_worked_share

YEAR = (date(2026, 1, 1), date(2027, 1, 1))


class TestEarnedShare(TestCase):
    def test_closing_day_counts_as_earned(self):
        for closing_day, days in (
            (date(2025, 12, 31), 0),
            (date(2026, 1, 1), 1),
            (date(2026, 1, 31), 31),
            (date(2026, 12, 30), 364),
            (date(2026, 12, 31), 365),
            (date(2027, 6, 30), 365),
            (date(2020, 1, 1), 0),
        ):
            with self.subTest(closing_day=closing_day):
                self.assertEqual(get_earned_share([YEAR], closing_day), days / 365)

    def test_days_may_lie_in_several_parts(self):
        parts = [(date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 3, 1), date(2026, 4, 1))]
        for closing_day, days in (
            (date(2026, 1, 30), 30),
            (date(2026, 2, 10), 31),
            (date(2026, 3, 1), 32),
            (date(2026, 12, 31), 62),
        ):
            with self.subTest(closing_day=closing_day):
                self.assertEqual(get_earned_share(iter(parts), closing_day), days / 62)

    def test_no_day_is_earned_at_once(self):
        self.assertEqual(get_earned_share([], date(2026, 1, 1)), 1.0)

    def test_closing_day_at_the_end_of_the_calendar(self):
        self.assertEqual(get_earned_share([YEAR], date.max), 1.0)


class TestWorkedShare(TestCase):
    def test_each_weighs_what_it_came_to(self):
        items = [(date(2026, 1, 31), 6.0), (date(2026, 2, 1), 2.0)]
        self.assertEqual(get_worked_share(iter(items), date(2026, 1, 30)), 0.0)
        self.assertEqual(get_worked_share(iter(items), date(2026, 1, 31)), 0.75)
        self.assertEqual(get_worked_share(iter(items), date(2026, 2, 1)), 1.0)

    def test_nothing_is_earned_at_once(self):
        self.assertEqual(get_worked_share([], date(2026, 1, 1)), 1.0)
        refunded = [(date(2026, 3, 1), 5.0), (date(2026, 3, 1), -5.0)]
        self.assertEqual(get_worked_share(refunded, date(2026, 1, 1)), 1.0)
