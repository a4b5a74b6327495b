from datetime import date, datetime, timedelta
from itertools import pairwise, product
from unittest import TestCase

from dateutil.relativedelta import relativedelta

from crm_segmentation.core.rhythm import (
    get_ages,
    get_current_period,
    get_doubled,
    get_next,
    get_period,
    get_remainders,
)

NOON = datetime(2026, 6, 15, 12)


class TestNext(TestCase):
    def test_without_a_unit_nothing_is_due(self):
        for unit in (None, False, ''):
            self.assertIsNone(get_next(NOON, NOON, unit, 1))

    def test_a_date_to_come_stays(self):
        soon = NOON + timedelta(seconds=1)
        self.assertEqual(get_next(soon, NOON, 'days', 1), soon)

    def test_a_date_that_has_come_is_followed_in_its_rhythm(self):
        for unit, number, expected in [
            ('hours', 5, datetime(2026, 6, 15, 17)),
            ('days', 1, datetime(2026, 6, 16, 12)),
            ('weeks', 2, datetime(2026, 6, 29, 12)),
            ('months', 3, datetime(2026, 9, 15, 12)),
        ]:
            with self.subTest(unit=unit):
                self.assertEqual(get_next(NOON, NOON, unit, number), expected)
        late = NOON - timedelta(hours=3)
        self.assertEqual(get_next(late, NOON, 'days', 1), late + timedelta(days=1))

    def test_dates_that_were_missed_are_left_out(self):
        tomorrow = NOON + timedelta(days=1)
        self.assertEqual(get_next(NOON - timedelta(days=9), NOON, 'days', 1), tomorrow)
        exactly = NOON - timedelta(days=1)
        self.assertEqual(get_next(exactly, NOON, 'days', 1), tomorrow, 'now is not to come')
        just = NOON - timedelta(days=1) + timedelta(seconds=1)
        self.assertEqual(get_next(just, NOON, 'days', 1), NOON + timedelta(seconds=1))

    def test_who_was_never_planned_starts_from_now(self):
        for nothing in (None, False):
            self.assertEqual(get_next(nothing, NOON, 'hours', 2), datetime(2026, 6, 15, 14))

    def test_a_month_ends_where_the_calendar_does(self):
        last = datetime(2028, 1, 31, 8)
        self.assertEqual(get_next(last, last, 'months', 1), datetime(2028, 2, 29, 8))


class TestPortions(TestCase):
    def test_what_is_left_after_each_portion(self):
        for count, size, expected in [
            (0, 2, []),
            (1, 2, [0]),
            (2, 2, [0]),
            (3, 2, [1, 0]),
            (4, 2, [2, 0]),
            (5, 2, [3, 1, 0]),
            (5, 1, [4, 3, 2, 1, 0]),
        ]:
            with self.subTest(count=count, size=size):
                self.assertEqual(get_remainders(count, size), expected)

    def test_without_a_size_everything_is_one_portion(self):
        for nothing in (None, 0):
            self.assertEqual(get_remainders(7, nothing), [0])
            self.assertEqual(get_remainders(0, nothing), [])

    def test_no_portion_is_larger_than_the_size_and_all_make_the_whole(self):
        for count, size in product(range(1, 30), range(1, 12)):
            left = [count, *get_remainders(count, size)]
            portions = [before - after for before, after in pairwise(left)]
            self.assertEqual(sum(portions), count)
            self.assertEqual(set(portions[:-1]) - {size}, set(), (count, size))
            self.assertTrue(1 <= portions[-1] <= size)


class TestPeriod(TestCase):
    def test_the_last_days_months_or_years(self):
        self.assertEqual(
            [get_period(7, 'day'), get_period(3, 'month'), get_period(1, 'year')],
            ['-7d', '-3m', '-1y'],
        )

    def test_the_current_month_and_year(self):
        self.assertEqual(get_current_period(date(2026, 11, 30), 'month'), '=1d =11m')
        self.assertEqual(get_current_period(date(2026, 11, 30), 'year'), '=1d =1m')

    def test_the_current_quarter_begins_in_january_april_july_or_october(self):
        found = [get_current_period(date(2026, month, 28), 'quarter') for month in range(1, 13)]
        firsts = [1, 1, 1, 4, 4, 4, 7, 7, 7, 10, 10, 10]
        self.assertEqual(found, [f'=1d ={first}m' for first in firsts])

    def test_the_period_before_is_as_long(self):
        for number, unit in [(7, 'day'), (12, 'month'), (1, 'year')]:
            self.assertEqual(get_doubled(get_period(number, unit)), get_period(2 * number, unit))
        self.assertIsNone(get_doubled(get_current_period(date(2026, 11, 30), 'month')))
        self.assertIsNone(get_doubled(''))


class TestAges(TestCase):
    def test_time_changes_nothing_without_a_period_or_days(self):
        self.assertEqual(get_ages(None), ())
        self.assertEqual(get_ages(None, []), ())

    def test_documents_fall_out_of_a_period_and_come_of_the_future(self):
        for unit, age in [
            ('day', relativedelta(days=3)),
            ('month', relativedelta(months=3)),
            ('year', relativedelta(years=3)),
        ]:
            self.assertEqual(get_ages((3, unit)), (age, relativedelta()))

    def test_documents_reach_the_days_that_are_compared(self):
        self.assertEqual(
            get_ages(None, [30, 60.9]),
            (relativedelta(days=30), relativedelta(days=60), relativedelta()),
        )
        self.assertEqual(get_ages(None, [0]), (relativedelta(), relativedelta()))

    def test_period_and_days_change_values_both(self):
        self.assertEqual(
            get_ages((1, 'year'), [90]),
            (relativedelta(years=1), relativedelta(days=90), relativedelta()),
        )

    def test_days_stay_within_the_calendar(self):
        for limit, days in [
            (-1, 0),
            (1, 1),
            (365_000, 365_000),
            (365_001, 365_000),
            (1e300, 365_000),
        ]:
            age, _future = get_ages(None, [limit])
            self.assertEqual(age, relativedelta(days=days))
            self.assertTrue(datetime(2026, 6, 15) - age)
