from datetime import date
from unittest import TestCase

from crm_contracts.core.documents import (
    ChargedDays,
    get_charged_span,
    get_invoice_date,
    get_operation_date,
    get_quarter,
    is_early,
)

TODAY = date(2026, 3, 10)
OPEN = date.min


def days(due, first=None, last=None):
    return ChargedDays(date(2026, *due), first and date(2026, *first), last and date(2026, *last))


JANUARY = days((2, 1), (1, 1), (1, 31))
FEBRUARY = days((3, 1), (2, 1), (2, 28))
MARCH = days((3, 1), (3, 1), (3, 31))
DELIVERY = days((2, 15))


class TestInvoiceDate(TestCase):
    def test_day_of_the_run_is_left_to_the_confirmation(self):
        self.assertIsNone(get_invoice_date('run', [JANUARY], TODAY, OPEN))

    def test_due_day_is_that_of_the_latest_charge(self):
        self.assertEqual(get_invoice_date('due', [JANUARY, FEBRUARY], TODAY, OPEN), FEBRUARY.due)

    def test_last_day_is_that_of_the_latest_period_or_milestone(self):
        for charges, day in (
            ([JANUARY, FEBRUARY], date(2026, 2, 28)),
            ([JANUARY], date(2026, 1, 31)),
            ([DELIVERY], date(2026, 2, 15)),
            ([JANUARY, DELIVERY], date(2026, 2, 15)),
        ):
            with self.subTest(charges=charges):
                self.assertEqual(get_invoice_date('last', charges, TODAY, OPEN), day)

    def test_no_invoice_bears_a_day_to_come(self):
        self.assertEqual(get_invoice_date('last', [MARCH], TODAY, OPEN), TODAY)

    def test_books_that_are_closed_are_left_alone(self):
        for locked, day in (
            (date(2026, 1, 30), date(2026, 1, 31)),
            (date(2026, 1, 31), date(2026, 2, 1)),
            (date(2026, 3, 31), TODAY),
        ):
            with self.subTest(locked=locked):
                self.assertEqual(get_invoice_date('last', [JANUARY], TODAY, locked), day)

    def test_nothing_charged_has_no_day(self):
        self.assertIsNone(get_invoice_date('due', [], TODAY, OPEN))


class TestOperation(TestCase):
    def test_operation_is_on_the_last_day_charged_as_far_as_it_has_come(self):
        for charges, day in (
            ([JANUARY, FEBRUARY], date(2026, 2, 28)),
            ([JANUARY, MARCH], TODAY),
            ([JANUARY, DELIVERY], date(2026, 1, 31)),
            ([DELIVERY], None),
            ([], None),
        ):
            with self.subTest(charges=charges):
                self.assertEqual(get_operation_date(charges, TODAY), day)

    def test_span_goes_from_the_first_day_to_the_last(self):
        self.assertEqual(
            get_charged_span([FEBRUARY, JANUARY, DELIVERY]), (date(2026, 1, 1), date(2026, 2, 28))
        )
        self.assertIsNone(get_charged_span([DELIVERY]))
        self.assertIsNone(get_charged_span([days((2, 1), (1, 1)), days((2, 1), None, (1, 31))]))


class TestQuarter(TestCase):
    def test_quarter_has_three_months(self):
        for month, quarter in ((1, 1), (3, 1), (4, 2), (6, 2), (7, 3), (9, 3), (10, 4), (12, 4)):
            with self.subTest(month=month):
                self.assertEqual(get_quarter(date(2026, month, 1)), (2026, quarter))

    def test_early_is_what_begins_in_a_later_quarter(self):
        for charges, day, early in (
            ([JANUARY], date(2025, 12, 28), True),
            ([JANUARY], date(2026, 1, 1), False),
            ([JANUARY], date(2026, 4, 1), False),
            ([JANUARY, days((4, 1), (4, 1), (4, 30))], date(2026, 3, 31), True),
            ([DELIVERY], date(2025, 12, 28), False),
        ):
            with self.subTest(day=day):
                self.assertEqual(is_early(charges, day), early)
