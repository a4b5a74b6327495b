from datetime import date, timedelta
from unittest import TestCase

from crm_claims.core.wording import get_day_word, get_elapsed

MONDAY = date(2026, 3, 2)


class TestDays(TestCase):
    def test_near_days_have_names_and_others_a_date(self):
        for days, expected in (
            (-7, 'date'),
            (-1, 'date'),
            (0, 'today'),
            (1, 'tomorrow'),
            (2, 'weekday'),
            (6, 'weekday'),
            (7, 'date'),
            (400, 'date'),
        ):
            with self.subTest(days=days):
                self.assertEqual(get_day_word(MONDAY + timedelta(days=days), MONDAY), expected)

    def test_elapsed_time_is_told_in_the_unit_that_fits(self):
        second = timedelta(seconds=1)
        for elapsed, expected in (
            (timedelta(), (1, 'minute')),
            (timedelta(seconds=59), (1, 'minute')),
            (timedelta(minutes=2) - second, (1, 'minute')),
            (timedelta(minutes=2), (2, 'minute')),
            (timedelta(hours=1) - second, (59, 'minute')),
            (timedelta(hours=1), (1, 'hour')),
            (timedelta(hours=2, minutes=59), (2, 'hour')),
            (timedelta(days=2) - second, (47, 'hour')),
            (timedelta(days=2), (2, 'day')),
            (timedelta(days=3) - second, (2, 'day')),
        ):
            with self.subTest(elapsed=elapsed):
                self.assertEqual(get_elapsed(elapsed), expected)
