from datetime import date, datetime, time, timedelta
from itertools import pairwise, product
from unittest import TestCase

from crm_claims.core.working_time import (
    DAY,
    FIRST_WINDOW,
    HORIZON,
    WorkingTime,
    read_around_the_clock,
)

MONDAY = datetime(2026, 3, 2)

# from, to, pauses, minutes of work in the office between them
MINUTES = [
    ('03-02 08:00', '03-02 17:00', (), 480),
    ('03-02 13:00', '03-02 14:00', (), 0),
    ('03-02 12:30', '03-02 14:30', (), 60),
    ('03-02 05:00', '03-02 08:30', (), 30),
    ('03-02 16:59', '03-03 08:01', (), 2),
    ('03-06 16:00', '03-09 09:00', (), 120),
    ('03-07 00:00', '03-08 23:00', (), 0),
    ('03-02 10:00', '03-02 10:00', (), 0),
    ('03-02 10:00', '03-02 09:00', (), 0),
    # Pauses: inside, over the lunch break, over the weekend, around everything, two of them
    ('03-02 08:00', '03-02 17:00', [('03-02 09:00', '03-02 11:00')], 360),
    ('03-02 08:00', '03-02 17:00', [('03-02 12:30', '03-02 14:30')], 420),
    ('03-06 08:00', '03-09 17:00', [('03-06 16:00', '03-09 09:00')], 840),
    ('03-02 08:00', '03-02 17:00', [('03-01 08:00', '03-05 11:00')], 0),
    (
        '03-02 08:00',
        '03-02 17:00',
        [('03-02 08:30', '03-02 09:30'), ('03-02 15:00', '03-02 15:20')],
        400,
    ),
    # Pauses that are over before, and such as come after
    ('03-02 10:00', '03-02 17:00', [('03-02 08:00', '03-02 09:00')], 360),
    ('03-02 08:00', '03-02 10:00', [('03-02 11:00', '03-02 12:00')], 120),
    ('03-02 10:00', '03-02 12:00', [('03-02 09:00', '03-02 11:00')], 60),
    ('03-02 10:00', '03-02 12:00', [('03-02 11:00', '03-02 16:00')], 60),
]

# from, promised hours, pauses, when they are used up in the office
DEADLINES = [
    ('03-02 08:00', 4, (), '03-02 12:00'),
    ('03-02 08:00', 5, (), '03-02 13:00'),
    ('03-02 08:00', 8, (), '03-02 17:00'),
    ('03-02 08:00', 8.5, (), '03-03 08:30'),
    ('03-02 12:00', 2, (), '03-02 15:00'),
    ('03-06 16:00', 2, (), '03-09 09:00'),
    ('03-07 10:00', 1, (), '03-09 09:00'),
    ('03-02 08:00', 1 / 60, (), '03-02 08:01'),
    ('03-02 08:00', 400, (), '05-08 17:00'),
    # No work is done at once, also where nobody works
    ('03-02 10:00', 0, (), '03-02 10:00'),
    ('03-07 10:00', 0, (), '03-07 10:00'),
    # A pause moves what comes after it, and nothing that was over before
    ('03-02 08:00', 4, [('03-02 09:00', '03-02 11:00')], '03-02 15:00'),
    ('03-06 08:00', 8, [('03-06 16:00', '03-09 09:00')], '03-09 10:00'),
    ('03-02 08:00', 4, [('03-02 12:00', '03-02 15:00')], '03-02 12:00'),
    ('03-02 08:00', 4, [('03-02 11:59', '03-02 12:59')], '03-02 13:00'),
    ('03-02 08:00', 4, [('03-02 06:00', '03-02 09:00')], '03-02 13:00'),
    (
        '03-02 08:00',
        4,
        [('03-02 09:00', '03-02 10:00'), ('03-02 12:30', '03-02 14:30')],
        '03-02 15:00',
    ),
    # What begins after the end is nobody's business, nor is what comes after that
    (
        '03-02 08:00',
        2,
        [('03-02 11:00', '03-02 12:00'), ('03-02 09:00', '03-02 10:00')],
        '03-02 10:00',
    ),
]


def moment(text):
    return datetime.fromisoformat(f'2026-{text}')


def span(pair):
    return tuple(moment(text) for text in pair)


def read_office(first_day, last_day):
    """Monday to Friday from 8 to 13 and from 14 to 17 o'clock."""
    days = (first_day + n * DAY for n in range((last_day - first_day).days))
    return [
        (datetime.combine(day, time(start)), datetime.combine(day, time(stop)))
        for day in days
        if day.weekday() < 5
        for start, stop in ((8, 13), (14, 17))
    ]


def count_minutes(start, stop, pauses):
    """Count the minutes of the office one by one."""
    minutes = 0
    while start < stop:
        is_work = start.weekday() < 5 and start.hour in (8, 9, 10, 11, 12, 14, 15, 16)
        minutes += is_work and not any(begin <= start < end for begin, end in pauses)
        start += timedelta(minutes=1)
    return timedelta(minutes=minutes)


class Calendar:
    """A calendar that remembers what was asked of it."""

    def __init__(self, read=read_office):
        self.read, self.asked = read, []

    def __call__(self, first_day, last_day):
        self.asked.append((first_day, last_day))
        return self.read(first_day, last_day)


class TestWorkingTime(TestCase):
    def test_work_between_two_moments_without_the_pauses(self):
        for start, stop, pauses, minutes in MINUTES:
            with self.subTest(start=start, stop=stop, pauses=pauses):
                work = WorkingTime(read_office, moment(start)).count(
                    moment(start), moment(stop), [span(pause) for pause in pauses]
                )
                self.assertEqual(work, timedelta(minutes=minutes))

    def test_moment_when_the_promised_time_is_used_up(self):
        for start, hours, pauses, deadline in DEADLINES:
            with self.subTest(start=start, hours=hours, pauses=pauses):
                end = WorkingTime(read_office, moment(start)).plan(
                    moment(start), timedelta(hours=hours), [span(pause) for pause in pauses]
                )
                self.assertEqual(end, moment(deadline))

    def test_agrees_with_counting_minutes(self):
        moments = [MONDAY + timedelta(hours=7 * n, minutes=n) for n in range(0, 30, 5)]
        pauses = [span(('03-03 09:30', '03-03 15:10')), span(('03-05 16:00', '03-06 08:20'))]
        working_time = WorkingTime(read_office, MONDAY)
        for start, stop in product(moments, moments):
            with self.subTest(start=start, stop=stop):
                expected = count_minutes(start, stop, pauses)
                self.assertEqual(working_time.count(start, stop, pauses), expected)

    def test_plan_and_count_undo_each_other(self):
        pauses = [span(('03-03 09:30', '03-03 15:10'))]
        working_time = WorkingTime(read_office, MONDAY)
        for minutes in range(1, 3000, 97):
            work = timedelta(minutes=minutes)
            end = working_time.plan(MONDAY, work, pauses)
            with self.subTest(minutes=minutes):
                self.assertEqual(working_time.count(MONDAY, end, pauses), work)
                earlier = end - timedelta(minutes=1)
                self.assertLess(working_time.count(MONDAY, earlier, pauses), work)

    def test_span_over_midnight_is_one(self):
        read = {date(2026, 3, 2): [span(('03-02 20:00', '03-03 04:00'))]}
        working_time = WorkingTime(lambda first, _last: read.get(first, []), moment('03-03 12:00'))
        self.assertEqual(working_time.count(*span(('03-02 23:00', '03-03 12:00'))), 5 * DAY / 24)
        self.assertEqual(
            working_time.plan(moment('03-03 01:00'), timedelta(hours=3)), moment('03-03 04:00')
        )

    # === READING === #

    def test_windows_are_whole_weeks_from_the_monday_before(self):
        self.assertEqual((DAY, FIRST_WINDOW), (timedelta(hours=24), timedelta(days=28)))
        for start, first_day in (
            ('03-02 00:00', date(2026, 2, 23)),
            ('03-03 00:00', date(2026, 3, 2)),
            ('03-08 23:59', date(2026, 3, 2)),
            ('03-09 12:00', date(2026, 3, 2)),
            ('03-10 00:00', date(2026, 3, 9)),
        ):
            with self.subTest(start=start):
                calendar = Calendar()
                WorkingTime(calendar, moment(start)).count(moment(start), moment('03-10 01:00'))
                self.assertEqual(calendar.asked, [(first_day, first_day + FIRST_WINDOW)])

    def test_nothing_is_read_before_it_is_needed(self):
        calendar = Calendar()
        working_time = WorkingTime(calendar, MONDAY)
        self.assertEqual(calendar.asked, [])
        self.assertEqual(working_time.count(MONDAY, MONDAY), timedelta())
        self.assertEqual(calendar.asked, [])

    def test_the_day_after_is_known_before_a_moment_is_counted(self):
        for stop, windows in (('03-21 23:59', 1), ('03-22 00:00', 2)):
            with self.subTest(stop=stop):
                calendar = Calendar()
                WorkingTime(calendar, MONDAY).count(MONDAY, moment(stop))
                self.assertEqual(len(calendar.asked), windows)

    def test_windows_grow_and_follow_each_other(self):
        calendar = Calendar()
        WorkingTime(calendar, MONDAY).count(MONDAY, MONDAY + 400 * DAY)
        first_day = date(2026, 2, 23)
        weeks = [0, 4, 8, 16, 32, 64]
        self.assertEqual(
            calendar.asked,
            [
                (first_day + 7 * start * DAY, first_day + 7 * stop * DAY)
                for start, stop in pairwise(weeks)
            ],
        )

    def test_what_is_known_is_not_read_again(self):
        calendar = Calendar()
        working_time = WorkingTime(calendar, MONDAY)
        for days in (9, 3, 9):
            working_time.count(MONDAY, MONDAY + days * DAY)
            working_time.plan(MONDAY, timedelta(hours=days))
        self.assertEqual(len(calendar.asked), 1)

    def test_nobody_waits_longer_than_fifty_years_for_work(self):
        self.assertEqual(HORIZON, timedelta(days=7 * 52 * 50))
        calendar = Calendar(lambda _first, _last: [])
        working_time = WorkingTime(calendar, MONDAY)
        self.assertIsNone(working_time.plan(MONDAY, timedelta(hours=1)))
        first_day, last_day = calendar.asked[0][0], calendar.asked[-1][1]
        self.assertGreater(last_day - first_day, HORIZON)
        self.assertLessEqual(calendar.asked[-1][0] - first_day, HORIZON)

    def test_a_year_that_was_mistyped_is_not_read_to_its_end(self):
        calendar = Calendar()
        working_time = WorkingTime(calendar, MONDAY)
        counted = working_time.count(MONDAY, datetime.max)
        self.assertGreater(counted, timedelta(hours=40 * 52 * 50))
        self.assertLessEqual(calendar.asked[-1][0] - calendar.asked[0][0], HORIZON)
        self.assertEqual(working_time.count(MONDAY, MONDAY + DAY), timedelta(hours=8))

    def test_work_that_ends_in_a_pause_of_the_calendar_has_no_end(self):
        last = span(('03-02 08:00', '03-02 17:00'))
        calendar = Calendar(lambda first, _last: [last] if first == date(2026, 2, 23) else [])
        working_time = WorkingTime(calendar, MONDAY)
        hours, pause = timedelta(hours=8), [span(('03-02 09:00', '03-02 11:00'))]
        self.assertEqual(working_time.plan(MONDAY, hours), moment('03-02 16:00'))
        self.assertIsNone(working_time.plan(MONDAY, hours, pause))
        later = [*pause, span(('03-02 12:00', '03-02 13:00'))]
        self.assertIsNone(working_time.plan(MONDAY, hours, later))

    def test_around_the_clock_no_minute_gets_lost(self):
        first_day, last_day = date(2026, 3, 2), date(2026, 3, 9)
        self.assertEqual(
            read_around_the_clock(first_day, last_day), [(MONDAY, datetime(2026, 3, 9))]
        )
        working_time = WorkingTime(read_around_the_clock, MONDAY)
        self.assertEqual(working_time.count(MONDAY, MONDAY + 100 * DAY), 100 * DAY)
        self.assertEqual(working_time.plan(MONDAY, 100 * DAY), MONDAY + 100 * DAY)
