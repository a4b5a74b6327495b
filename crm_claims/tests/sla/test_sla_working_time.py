from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import EVERY_DAY, WEEKDAYS, ServiceSlaCommon

TO_DATETIME = fields.Datetime.to_datetime

# calendar, from, to (UTC), pauses, minutes of work between them
MINUTES = [
    # Spans: the working day, the lunch break, the evening, the weekend
    ('office', '2026-03-02 08:00', '2026-03-02 17:00', (), 480),
    ('office', '2026-03-02 13:00', '2026-03-02 14:00', (), 0),
    ('office', '2026-03-02 12:30', '2026-03-02 14:30', (), 60),
    ('office', '2026-03-02 05:00', '2026-03-02 08:30', (), 30),
    ('office', '2026-03-02 16:59', '2026-03-03 08:01', (), 2),
    ('office', '2026-03-06 16:00', '2026-03-09 09:00', (), 120),
    ('office', '2026-03-07 00:00', '2026-03-08 23:00', (), 0),
    ('office', '2026-03-02 10:00', '2026-03-02 10:00', (), 0),
    ('office', '2026-03-02 10:00', '2026-03-02 09:00', (), 0),
    ('office', '2026-03-02 08:00', '2027-03-01 08:00', (), 124_800),
    # Holidays: a day, half a day, one of the whole company, one of another company
    ('office', '2026-01-05 16:00', '2026-01-07 09:00', (), 120),
    ('office', '2026-01-08 08:00', '2026-01-08 17:00', (), 180),
    ('office', '2026-01-12 08:00', '2026-01-12 17:00', (), 0),
    ('office', '2026-01-13 08:00', '2026-01-13 17:00', (), 480),
    ('always', '2026-01-11 23:00', '2026-01-13 23:00', (), 1440),
    # Zones: the same hours on the wall
    ('new_york', '2026-03-02 14:00', '2026-03-02 23:00', (), 480),
    ('new_york', '2026-03-02 08:00', '2026-03-02 14:00', (), 0),
    ('new_york', '2026-03-06 22:00', '2026-03-09 14:00', (), 120),
    ('kolkata', '2026-03-02 03:30', '2026-03-02 12:30', (), 480),
    # Summer time begins on 29 March at 02:00 and ends on 25 October at 03:00
    ('office', '2026-03-27 16:00', '2026-03-30 08:00', (), 120),
    ('office', '2026-10-23 15:00', '2026-10-26 09:00', (), 120),
    ('always', '2026-03-28 23:00', '2026-03-29 22:00', (), 1380),
    ('always', '2026-10-24 22:00', '2026-10-25 23:00', (), 1500),
    ('nights', '2026-03-28 12:00', '2026-03-29 12:00', (), 300),
    ('nights', '2026-10-24 12:00', '2026-10-25 12:00', (), 420),
    ('none', '2026-03-28 23:00', '2026-03-29 22:00', (), 1380),
    # Around the clock no minute gets lost at midnight
    ('always', '2026-03-02 00:00', '2026-03-09 00:00', (), 10_080),
    ('always', '2026-03-02 22:59', '2026-03-02 23:01', (), 2),
    ('none', '2026-03-02 00:00', '2026-03-09 00:00', (), 10_080),
    # Two weeks: mornings in the one that begins on 2 March, afternoons in the other
    ('two_weeks', '2026-03-02 00:00', '2026-03-08 23:00', (), 1500),
    ('two_weeks', '2026-03-09 00:00', '2026-03-15 23:00', (), 900),
    ('two_weeks', '2026-03-02 00:00', '2026-03-30 00:00', (), 4800),
    # Flexible: eight hours around noon from Monday on until forty are full
    ('flexible', '2026-03-02 00:00', '2026-03-08 23:00', (), 2400),
    ('flexible', '2026-03-04 07:00', '2026-03-04 15:00', (), 480),
    ('flexible', '2026-03-04 11:00', '2026-03-11 11:00', (), 2400),
    # Pauses: inside, and two of them in the night in which summer time begins
    ('office', '2026-03-02 08:00', '2026-03-02 17:00', [('03-02 09:00', '03-02 11:00')], 360),
    (
        'always',
        '2026-03-28 23:00',
        '2026-03-29 22:00',
        [('03-29 00:30', '03-29 01:30'), ('03-29 10:00', '03-29 10:20')],
        1300,
    ),
]

# calendar, from (UTC), promised hours, pauses, when they are used up
DEADLINES = [
    ('office', '2026-03-02 08:00', 4, (), '2026-03-02 12:00'),
    ('office', '2026-03-02 08:00', 8, (), '2026-03-02 17:00'),
    ('office', '2026-03-02 08:00', 8.5, (), '2026-03-03 08:30'),
    ('office', '2026-03-02 12:00', 2, (), '2026-03-02 15:00'),
    ('office', '2026-03-06 16:00', 2, (), '2026-03-09 09:00'),
    ('office', '2026-03-07 10:00', 1, (), '2026-03-09 09:00'),
    ('office', '2026-01-05 16:00', 2, (), '2026-01-07 09:00'),
    ('office', '2026-03-27 16:00', 2, (), '2026-03-30 08:00'),
    ('office', '2026-03-02 08:00', 12_000, (), '2031-11-28 17:00'),
    ('always', '2026-03-28 23:00', 24, (), '2026-03-29 23:00'),
    ('always', '2026-10-24 22:00', 24, (), '2026-10-25 22:00'),
    ('always', '2026-03-02 08:00', 1 / 60, (), '2026-03-02 08:01'),
    ('nights', '2026-03-28 23:00', 6, (), '2026-03-29 23:00'),
    ('none', '2026-03-07 10:00', 48, (), '2026-03-09 10:00'),
    ('new_york', '2026-03-02 08:00', 1, (), '2026-03-02 15:00'),
    ('two_weeks', '2026-03-06 13:00', 1, (), '2026-03-09 15:00'),
    ('flexible', '2026-03-06 14:00', 2, (), '2026-03-09 08:00'),
    # A pause moves what comes after it
    ('office', '2026-03-02 08:00', 4, [('03-02 09:00', '03-02 11:00')], '2026-03-02 15:00'),
    # Nobody will ever work as much
    ('retired', '2026-03-02 08:00', 1, (), False),
]


@tagged('post_install', '-at_install')
class TestSlaWorkingTime(ServiceSlaCommon):
    """The matrix of spans, holidays, zones and summer time; that of pauses needs no calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        office_hours = [(9, 14), (15, 18)]
        cls.calendars = {
            'none': cls.env['resource.calendar'],
            'office': cls.office,
            'always': cls.always,
            'nights': cls.create_calendar('Nights', EVERY_DAY, [(0, 6)]),
            'new_york': cls.create_calendar('NY', WEEKDAYS, office_hours, 'America/New_York'),
            'kolkata': cls.create_calendar('IN', WEEKDAYS, office_hours, 'Asia/Kolkata'),
            'retired': cls.create_calendar('Retired', WEEKDAYS, office_hours),
            'flexible': cls.create_calendar(
                'Flexible',
                '',
                [],
                schedule_type='flexible',
                flexible_hours=True,
                hours_per_day=8,
                full_time_required_hours=40,
            ),
            'two_weeks': cls._create_two_weeks(),
        }
        foreign, _team = cls.create_foreign_company()
        company = cls.env.company
        for calendar, owner, start, stop in (
            (cls.office, company, '2026-01-05 23:00:00', '2026-01-06 22:59:59'),
            (cls.office, company, '2026-01-08 08:00:00', '2026-01-08 13:00:00'),
            (None, company, '2026-01-11 23:00:00', '2026-01-12 22:59:59'),
            (None, foreign, '2026-01-12 23:00:00', '2026-01-13 22:59:59'),
            (cls.calendars['retired'], company, '2020-01-01 00:00:00', '2190-01-01 00:00:00'),
        ):
            cls.env['resource.calendar.leaves'].with_company(owner).create(
                {
                    'name': 'Holiday',
                    'calendar_id': calendar and calendar.id,
                    'date_from': start,
                    'date_to': stop,
                }
            ).flush_recordset()  # while the company is the current one

    @classmethod
    def _create_two_weeks(cls):
        return cls.create_calendar(
            'Two weeks',
            '',
            [],
            two_weeks_calendar=True,
            attendance_ids=[
                Command.clear(),
                *(
                    Command.create(
                        {
                            'name': f'{week} {day}',
                            'dayofweek': day,
                            'week_type': week,
                            'hour_from': hour_from,
                            'hour_to': hour_to,
                            'day_period': 'full_day',
                        }
                    )
                    for week, hour_from, hour_to in (('0', 9, 14), ('1', 15, 18))
                    for day in WEEKDAYS
                ),
            ],
        )

    def get_working_time(self, name, start):
        return self.calendars[name]._get_service_working_time(self.env.company, TO_DATETIME(start))

    def get_pauses(self, pauses):
        return [tuple(TO_DATETIME(f'2026-{moment}:00') for moment in pause) for pause in pauses]

    def test_work_between_two_moments(self):
        for name, start, stop, pauses, minutes in MINUTES:
            with self.subTest(calendar=name, start=start, stop=stop, pauses=pauses):
                start, stop = TO_DATETIME(f'{start}:00'), TO_DATETIME(f'{stop}:00')
                work = self.get_working_time(name, start).count(
                    start, stop, self.get_pauses(pauses)
                )
                self.assertEqual(work, timedelta(minutes=minutes))

    def test_moment_when_the_promised_time_is_used_up(self):
        for name, start, hours, pauses, deadline in DEADLINES:
            with self.subTest(calendar=name, start=start, hours=hours, pauses=pauses):
                start = TO_DATETIME(f'{start}:00')
                moment = self.get_working_time(name, start).plan(
                    start, timedelta(hours=hours), self.get_pauses(pauses)
                )
                self.assertEqual(moment or False, deadline and TO_DATETIME(f'{deadline}:00'))

    def test_long_stretches_agree_with_the_calendar_itself(self):
        start = TO_DATETIME('2026-02-04 10:17:00')
        for name in ('office', 'new_york', 'two_weeks', 'nights'):
            calendar = self.calendars[name]
            working_time = self.get_working_time(name, start)
            for days in (1, 13, 200, 700):
                stop = start + timedelta(days=days)
                hours = calendar.get_work_hours_count(start, stop)
                work = working_time.count(start, stop)
                with self.subTest(calendar=name, days=days):
                    self.assertAlmostEqual(work / timedelta(hours=1), hours, places=1)
                    self.assertLessEqual(working_time.plan(start, work), stop)

    def test_answer_does_not_depend_on_where_the_reading_began(self):
        start, stop = TO_DATETIME('2026-03-02 08:00:00'), TO_DATETIME('2026-04-01 08:00:00')
        names = self.calendars.keys() - {'retired'}
        self.assertTrue(names)
        for name in names:
            with self.subTest(calendar=name):
                self.assertEqual(
                    self.get_working_time(name, start).count(start, stop),
                    self.get_working_time(name, '2025-01-01 00:00:00').count(start, stop),
                )

    def test_calendar_without_hours_counts_as_none(self):
        empty = self.create_calendar('Empty', '', [])
        lazy = self.create_calendar(
            'Lazy', '', [], schedule_type='flexible', flexible_hours=True, hours_per_day=0
        )
        usable = empty | lazy | self.office | self.calendars['flexible']
        self.assertEqual(
            usable._filter_with_service_hours(), self.office | self.calendars['flexible']
        )
