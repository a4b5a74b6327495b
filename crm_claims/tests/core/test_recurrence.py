from datetime import date, timedelta
from unittest import TestCase

from crm_claims.core.recurrence import UNITS, get_day, get_last, get_next

FIRST = date(2024, 1, 31)


class TestRecurrence(TestCase):
    def test_days_are_counted_from_the_first(self):
        for number, unit, day in (
            (0, 'month', FIRST),
            (1, 'month', date(2024, 2, 29)),
            (2, 'month', date(2024, 3, 31)),
            (13, 'month', date(2025, 2, 28)),
            (1, 'year', date(2025, 1, 31)),
            (2, 'week', date(2024, 2, 14)),
            (3, 'day', date(2024, 2, 3)),
        ):
            self.assertEqual(get_day(FIRST, number, 1, unit), day)
        self.assertEqual(get_day(FIRST, 2, 3, 'month'), date(2024, 7, 31))

    def test_next_comes_after_and_last_includes_the_day(self):
        for after, expected in (
            (date(2023, 5, 1), FIRST),
            (FIRST - timedelta(days=1), FIRST),
            (FIRST, date(2024, 2, 29)),
            (date(2024, 2, 28), date(2024, 2, 29)),
            (date(2024, 2, 29), date(2024, 3, 31)),
        ):
            self.assertEqual(get_next(FIRST, after, 1, 'month'), expected)
        for until, expected in (
            (FIRST - timedelta(days=1), None),
            (FIRST, FIRST),
            (date(2024, 2, 28), FIRST),
            (date(2024, 2, 29), date(2024, 2, 29)),
            (date(2034, 1, 30), date(2033, 12, 31)),
        ):
            self.assertEqual(get_last(FIRST, until, 1, 'month'), expected)

    def test_they_agree_with_counting_day_by_day(self):
        for first in (FIRST, date(2024, 2, 29), date(2025, 12, 31)):
            for unit in UNITS:
                for count in (1, 2, 5):
                    days = [get_day(first, number, count, unit) for number in range(1500)]
                    for offset in (0, 1, 27, 28, 31, 365, 366, 1460):
                        day = first + timedelta(days=offset)
                        earlier = [found for found in days if found <= day]
                        later = [found for found in days if found > day]
                        with self.subTest(first=first, unit=unit, count=count, offset=offset):
                            self.assertEqual(get_last(first, day, count, unit), max(earlier))
                            self.assertEqual(get_next(first, day, count, unit), min(later))

    def test_a_century_of_days_is_found_at_once(self):
        far = date(2124, 1, 30)
        self.assertEqual(get_last(FIRST, far, 1, 'day'), far)
        self.assertEqual(get_next(FIRST, far, 1, 'day'), far + timedelta(days=1))
