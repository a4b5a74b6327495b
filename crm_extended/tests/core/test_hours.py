import os
import time
from datetime import date, datetime, timedelta, timezone
from itertools import islice
from unittest import TestCase
from unittest.mock import patch

from dateutil.tz import gettz

from crm_extended.core.hours import (
    choose_hours,
    get_day,
    get_hours,
    get_next_full_hour,
    move_to_day,
    to_local,
    to_utc,
)

MADRID = gettz('Europe/Madrid')  # clocks go forward on 29 March and back on 25 October 2026
MEXICO = gettz('America/Mexico_City')
KOLKATA = gettz('Asia/Kolkata')
UTC = timezone.utc


def at(text):
    return datetime.strptime(f'2026-{text}', '%Y-%m-%d %H:%M')


class TestClocks(TestCase):
    def test_clocks_show_the_hour_of_their_zone(self):
        for moment, zone, shown in (
            ('03-11 09:00', MADRID, '03-11 10:00'),
            ('07-11 09:00', MADRID, '07-11 11:00'),
            ('03-11 03:00', MEXICO, '03-10 21:00'),
            ('03-11 09:00', KOLKATA, '03-11 14:30'),
            ('03-11 09:00', UTC, '03-11 09:00'),
        ):
            with self.subTest(moment=moment, zone=zone):
                self.assertEqual(to_local(at(moment), zone), at(shown))
                self.assertEqual(to_utc(at(shown), zone), at(moment))

    def test_clock_of_the_machine_does_not_matter(self):
        with patch.dict(os.environ, TZ='Asia/Tokyo'):
            time.tzset()
            shown = to_local(at('03-11 09:00'), MADRID)
        time.tzset()
        self.assertEqual(shown, at('03-11 10:00'))

    def test_hour_that_is_shown_twice_is_the_later_one(self):
        self.assertEqual(to_local(at('10-25 00:30'), MADRID), at('10-25 02:30'))
        self.assertEqual(to_local(at('10-25 01:30'), MADRID), at('10-25 02:30'))
        self.assertEqual(to_utc(at('10-25 02:30'), MADRID), at('10-25 01:30'))

    def test_hour_that_is_never_shown_is_the_one_an_hour_later(self):
        self.assertEqual(to_utc(at('03-29 02:30'), MADRID), at('03-29 01:30'))
        self.assertEqual(to_local(at('03-29 01:30'), MADRID), at('03-29 03:30'))

    def test_hours_beside_a_change_of_the_clocks_are_what_they_are(self):
        for moment in ('03-29 00:59', '03-29 01:00', '10-24 23:59', '10-25 01:00', '10-25 02:00'):
            with self.subTest(moment=moment):
                self.assertEqual(to_utc(to_local(at(moment), MADRID), MADRID), at(moment))

    def test_every_hour_of_a_year_comes_back_but_the_one_that_is_shown_twice(self):
        moments = [datetime(2026, 1, 1) + timedelta(hours=hours) for hours in range(365 * 24)]
        lost = [moment for moment in moments if to_utc(to_local(moment, MADRID), MADRID) != moment]
        self.assertEqual(lost, [at('10-25 00:00')])


class TestDays(TestCase):
    def test_day_turns_at_midnight_where_somebody_lives(self):
        for moment, zone, day in (
            ('03-11 22:59', MADRID, date(2026, 3, 11)),
            ('03-11 23:00', MADRID, date(2026, 3, 12)),
            ('03-29 21:59', MADRID, date(2026, 3, 29)),
            ('03-29 22:00', MADRID, date(2026, 3, 30)),
            ('03-12 05:59', MEXICO, date(2026, 3, 11)),
            ('03-12 06:00', MEXICO, date(2026, 3, 12)),
        ):
            with self.subTest(moment=moment, zone=zone):
                self.assertEqual(get_day(at(moment), zone), day)

    def test_what_is_moved_keeps_its_hour_on_the_clock(self):
        for moment, day, zone, moved in (
            ('03-27 09:00', date(2026, 3, 30), MADRID, '03-30 08:00'),
            ('10-23 08:00', date(2026, 10, 26), MADRID, '10-26 09:00'),
            ('03-27 01:30', date(2026, 3, 29), MADRID, '03-29 01:30'),
            ('03-11 23:30', date(2026, 3, 20), MADRID, '03-19 23:30'),
            ('03-12 03:00', date(2026, 4, 6), MEXICO, '04-07 03:00'),
            ('03-27 09:00', date(2026, 3, 30), UTC, '03-30 09:00'),
        ):
            with self.subTest(moment=moment, zone=zone):
                self.assertEqual(move_to_day(at(moment), day, zone), at(moved))


class TestNextFullHour(TestCase):
    def test_full_hour_is_itself_and_any_other_moment_is_before_the_next(self):
        for moment, zone, expected in (
            ('03-11 09:00', MADRID, '03-11 09:00'),
            ('03-11 09:01', MADRID, '03-11 10:00'),
            ('03-11 09:59', MADRID, '03-11 10:00'),
            ('03-11 23:30', MADRID, '03-12 00:00'),
            ('03-11 09:30', KOLKATA, '03-11 09:30'),
            ('03-11 09:00', KOLKATA, '03-11 09:30'),
            ('03-29 00:30', MADRID, '03-29 01:00'),
            ('10-25 00:30', MADRID, '10-25 01:00'),
        ):
            with self.subTest(moment=moment, zone=zone):
                self.assertEqual(get_next_full_hour(at(moment), zone), at(expected))

    def test_seconds_and_their_parts_are_no_full_hour(self):
        full = at('03-11 09:00')
        for little in (timedelta(seconds=1), timedelta(microseconds=1)):
            self.assertEqual(get_next_full_hour(full + little, MADRID), full + timedelta(hours=1))
            self.assertEqual(get_next_full_hour(full - little, MADRID), full)


class TestHours(TestCase):
    def test_hours_of_spans_from_the_beginning_of_each(self):
        spans = [
            (at('03-11 09:00'), at('03-11 11:00')),
            (at('03-11 15:30'), at('03-11 17:31')),
            (at('03-12 09:00'), at('03-12 09:00')),
        ]
        expected = ['03-11 09:00', '03-11 10:00', '03-11 15:30', '03-11 16:30', '03-11 17:30']
        self.assertEqual(list(get_hours(spans)), [at(text) for text in expected])

    def test_hours_are_only_made_when_asked_for(self):
        def spans():
            yield at('03-11 09:00'), at('03-11 11:00')
            raise AssertionError('asked for too much')

        self.assertEqual(
            list(islice(get_hours(spans()), 2)), [at('03-11 09:00'), at('03-11 10:00')]
        )

    def test_free_hours_come_first_and_in_order(self):
        self.assertEqual(choose_hours([1, 2, 3, 4], {2}, 2), [1, 3])
        self.assertEqual(choose_hours([1, 2, 3, 4], (), 0), [])

    def test_hours_come_again_when_they_run_out(self):
        self.assertEqual(choose_hours([1, 2, 3], {2}, 5), [1, 3, 1, 3, 1])

    def test_taken_ones_will_do_where_there_are_no_others(self):
        self.assertEqual(choose_hours([1, 2], {1, 2, 3}, 3), [1, 2, 1])

    def test_no_hours_give_none(self):
        self.assertEqual(choose_hours([], set(), 2), [])
