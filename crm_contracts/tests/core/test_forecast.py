from datetime import date
from unittest import TestCase

from crm_contracts.core.forecast import (
    AGES,
    get_age,
    get_averaged_months,
    get_coming_months,
    get_invoice_month,
    get_month,
)


class TestForecast(TestCase):
    def test_month_is_its_first_day(self):
        self.assertEqual(get_month(date(2026, 3, 31)), date(2026, 3, 1))

    def test_what_is_overdue_is_invoiced_now(self):
        today = date(2026, 3, 10)
        self.assertEqual(get_invoice_month(date(2025, 12, 1), today), date(2026, 3, 1))
        self.assertEqual(get_invoice_month(date(2026, 4, 30), today), date(2026, 4, 1))

    def test_average_is_of_months_that_are_over_a_year_at_most(self):
        today = date(2026, 3, 10)
        for start, months in (
            (date(2026, 3, 1), 0),
            (date(2026, 4, 1), 0),
            (date(2026, 2, 28), 1),
            (date(2025, 12, 31), 3),
            (date(2025, 3, 1), 12),
            (date(2019, 1, 1), 12),
        ):
            with self.subTest(start=start):
                self.assertEqual(get_averaged_months(start, today), months)

    def test_coming_months_begin_after_this_one_and_end_with_the_last_day(self):
        months = get_coming_months(date(2026, 11, 30), date(2027, 2, 1))
        self.assertEqual(months, [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)])
        self.assertEqual(get_coming_months(date(2026, 11, 1), date(2026, 11, 30)), [])

    def test_months_end_where_the_calendar_does(self):
        self.assertEqual(get_coming_months(date(9999, 11, 5), date.max), [date(9999, 12, 1)])

    def test_age_goes_by_the_days_since_it_was_due(self):
        today = date(2026, 3, 31)
        for date_due, age in (
            (date(2026, 4, 15), 'days_30'),
            (date(2026, 3, 1), 'days_30'),
            (date(2026, 2, 28), 'days_60'),
            (date(2026, 1, 30), 'days_60'),
            (date(2026, 1, 29), 'days_90'),
            (date(2025, 12, 31), 'days_90'),
            (date(2025, 12, 30), 'older'),
            (date.min, 'older'),
        ):
            with self.subTest(date_due=date_due):
                self.assertEqual(get_age(date_due, today), age)
        self.assertEqual(list(AGES), ['days_30', 'days_60', 'days_90', 'older'])
