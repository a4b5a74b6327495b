from datetime import datetime, timedelta
from unittest import TestCase

from crm_contracts.core.timer import get_booked_hours, is_forgotten

START = datetime(2026, 3, 2, 9, 0)


def after(**passed):
    return START + timedelta(**passed)


class TestTimer(TestCase):
    def test_steps_that_were_begun_are_booked(self):
        for passed, step, hours in (
            ({'minutes': 45}, 15, 0.75),
            ({'minutes': 45, 'seconds': 1}, 15, 1.0),
            ({'minutes': 1}, 15, 0.25),
            ({'minutes': 15}, 15, 0.25),
            ({'minutes': 30}, 1, 0.5),
            ({'minutes': 29, 'seconds': 30}, 1, 0.5),
            ({'minutes': 30}, 0, 0.5),
            ({'minutes': 90}, 2, 1.5),
        ):
            with self.subTest(**passed, step=step):
                self.assertEqual(get_booked_hours(START, after(**passed), step), hours)

    def test_one_step_is_booked_at_least(self):
        self.assertEqual(get_booked_hours(START, START, 15), 0.25)
        self.assertEqual(get_booked_hours(START, after(seconds=-5), 6), 0.1)

    def test_who_left_a_timer_running_over_night_forgot_it(self):
        self.assertFalse(is_forgotten(START, after(hours=12)))
        self.assertTrue(is_forgotten(START, after(hours=12, seconds=1)))
