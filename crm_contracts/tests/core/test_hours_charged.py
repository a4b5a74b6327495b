from datetime import date
from unittest import TestCase

from crm_contracts.core.hours_charged import HoursCharged, get_amount_within
from crm_contracts.core.periods import Period

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1), 1)


class TestHoursCharged(TestCase):
    def test_amounts_are_those_of_the_ledger_and_of_the_plan(self):
        hours = HoursCharged(((date(2026, 3, 1), 60.0),), ((date(2026, 3, 31), 40.0),))
        self.assertEqual(hours.amounts, (*hours.settled, *hours.planned))
        self.assertEqual(hours.planned_days, (date(2026, 3, 31),))
        self.assertEqual(HoursCharged().amounts, ())

    def test_amount_of_a_period_has_its_first_day_and_not_the_one_after_its_last(self):
        amounts = [
            (date(2026, 2, 28), 1.0),
            (date(2026, 3, 1), 10.0),
            (date(2026, 3, 31), 100.0),
            (date(2026, 4, 1), 1000.0),
        ]
        self.assertEqual(get_amount_within(amounts, MARCH), 110.0)
        self.assertEqual(get_amount_within([], MARCH), 0)

    def test_period_waits_for_what_is_held_back_of_its_own_days(self):
        for day, is_held in (
            (date(2026, 2, 28), False),
            (date(2026, 3, 1), True),
            (date(2026, 3, 31), True),
            (date(2026, 4, 1), False),
        ):
            with self.subTest(day=day):
                self.assertEqual(HoursCharged(held_days=(day,)).are_held(MARCH), is_held)
        self.assertFalse(HoursCharged().are_held(MARCH))
