from datetime import datetime, timedelta
from itertools import islice

import pytz

from odoo import Command
from odoo.tests import TransactionCase, freeze_time, tagged

from ...models.call.crm_call_planning import get_working_hours
from ..common import NOW, CrmExtendedCase

MADRID = pytz.timezone('Europe/Madrid')
MEXICO = pytz.timezone('America/Mexico_City')
KOLKATA = pytz.timezone('Asia/Kolkata')

# now in UTC, where, what is proposed in UTC: working time is 9:00-14:00 and 16:00-19:00 of
# Monday to Friday; 19 March 2026, a Thursday, is a holiday
PROPOSALS = (
    ('2026-03-11 09:00', MADRID, '2026-03-11 10:00', 'the next full hour'),
    ('2026-03-11 09:29', MADRID, '2026-03-11 10:00', 'half an hour is enough to prepare'),
    ('2026-03-11 09:31', MADRID, '2026-03-11 11:00', 'less is not'),
    ('2026-03-11 12:40', MADRID, '2026-03-11 15:00', 'after lunch'),
    ('2026-03-11 17:45', MADRID, '2026-03-12 08:00', 'the next morning'),
    ('2026-03-11 03:00', MADRID, '2026-03-11 08:00', 'not before opening'),
    ('2026-03-13 18:00', MADRID, '2026-03-16 08:00', 'after the weekend'),
    ('2026-03-18 18:30', MADRID, '2026-03-20 08:00', 'after the holiday'),
    ('2026-03-27 18:30', MADRID, '2026-03-30 07:00', 'nine in the morning is earlier in summer'),
    ('2026-10-23 18:30', MADRID, '2026-10-26 08:00', 'and later again in winter'),
    ('2026-03-11 09:00', MEXICO, '2026-03-11 15:00', 'where the user lives'),
    ('2026-04-03 19:40', MEXICO, '2026-04-03 22:00', 'Mexico has no summer time'),
    ('2026-03-11 09:00', pytz.utc, '2026-03-11 10:00', 'without a time zone'),
    ('2026-03-11 05:10', KOLKATA, '2026-03-11 06:30', 'full hours of half-hour zones'),
)


def at(text):
    return datetime.strptime(text, '%Y-%m-%d %H:%M')


@tagged('post_install', '-at_install')
class TestNextWorkingHour(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nobody = cls.env['resource.resource']
        cls.calendar = cls.env['resource.calendar'].create(
            {
                'name': 'Split shift',
                'tz': 'Asia/Tokyo',  # where the user lives counts
                'attendance_ids': [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                'name': str(day),
                                'dayofweek': str(day),
                                'day_period': period,
                                'hour_from': start,
                                'hour_to': stop,
                            }
                        )
                        for day in range(5)
                        for period, start, stop in (('morning', 9, 14), ('afternoon', 16, 19))
                    ),
                ],
                'leave_ids': [
                    Command.create(
                        {
                            'name': 'San José',
                            'date_from': datetime(2026, 3, 18, 23),
                            'date_to': datetime(2026, 3, 19, 23),
                        }
                    )
                ],
            }
        )

    def _propose(self, moment, timezone=MADRID, calendar=None, resource=None, domain=None):
        calendar = self.calendar if calendar is None else calendar
        resource = self.nobody if resource is None else resource
        return next(get_working_hours(moment, timezone, calendar, resource, domain))

    def test_next_working_hour(self):
        for moment, timezone, expected, why in PROPOSALS:
            with self.subTest(why, moment=moment):
                self.assertEqual(self._propose(at(moment), timezone), at(expected))

    def test_leave_of_the_user_counts(self):
        user = self.env.ref('base.user_admin')
        resource = self.env['resource.resource'].create(
            {'name': 'Ana', 'user_id': user.id, 'calendar_id': self.calendar.id}
        )
        self.env['resource.calendar.leaves'].create(
            {
                'resource_id': resource.id,
                'calendar_id': self.calendar.id,
                'date_from': datetime(2026, 3, 11),
                'date_to': datetime(2026, 3, 12, 23),
            }
        )
        self.assertEqual(
            self._propose(NOW, resource=resource),
            datetime(2026, 3, 13, 8),
        )
        self.assertEqual(self._propose(NOW), datetime(2026, 3, 11, 10))

    def test_any_hour_will_do_where_working_time_says_nothing(self):
        empty = self.env['resource.calendar'].create(
            {'name': 'Empty', 'attendance_ids': [Command.clear()]}
        )
        flexible = self.env['resource.calendar'].create(
            {'name': 'Flexible', 'schedule_type': 'flexible', 'hours_per_day': 8}
        )
        saturday = datetime(2026, 3, 14, 9, 10)
        for calendar in (empty, flexible, self.env['resource.calendar']):
            with self.subTest(calendar=calendar.name):
                self.assertEqual(
                    self._propose(saturday, calendar=calendar), datetime(2026, 3, 14, 10)
                )

    def test_an_hour_that_summer_time_skips_or_repeats_is_no_obstacle(self):
        empty = self.env['resource.calendar']
        spring, autumn = datetime(2026, 3, 29, 0, 20), datetime(2026, 10, 25, 0, 20)
        self.assertEqual(self._propose(spring, calendar=empty), datetime(2026, 3, 29, 1))
        self.assertEqual(self._propose(autumn, calendar=empty), datetime(2026, 10, 25, 1))

    def test_hours_follow_each_other_in_working_time(self):
        hours = get_working_hours(at('2026-03-11 12:40'), MADRID, self.calendar, self.nobody, None)
        expected = ['03-11 15:00', '03-11 16:00', '03-11 17:00', '03-12 08:00', '03-12 09:00']
        self.assertEqual(
            list(islice(hours, 5)),
            [at(f'2026-{text}') for text in expected],
            'over lunch and night',
        )


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestCrmCallPlanning(CrmExtendedCase):
    def test_calls_without_a_date_do_not_pile_up_on_one_hour(self):
        first = self._new_call()
        calls = self.env['crm.call'].with_user(self.salesman).create([{'name': 'Call'}] * 3)
        dates = [first.date, *calls.mapped('date')]
        self.assertEqual(
            dates, [NOW + timedelta(hours=hours) for hours in (1, 3, 4, 5)], 'not at lunch'
        )
        self.assertEqual(self._new_call(user=self.colleague).date, first.date)
        first.action_cancel()
        self.assertEqual(self._new_call().date, first.date, 'what is free again is proposed again')

    def test_an_hour_that_a_hidden_call_takes_is_not_proposed(self):
        other = self.env['res.company'].create({'name': 'Lisboa'})
        self.salesman.company_ids += other
        calls = self.env['crm.call'].with_user(self.salesman)
        taken = NOW + timedelta(hours=1)
        calls.create({'name': 'Hidden', 'company_id': other.id, 'date': taken})
        here = calls.with_context(allowed_company_ids=self.env.company.ids)
        self.assertFalse(here.search([('name', '=', 'Hidden')]))
        self.assertEqual(
            here.create({'name': 'Call'}).date, taken + timedelta(hours=2), 'after lunch'
        )

    def test_when_all_hours_are_taken_calls_are_planned_all_the_same(self):
        calls = self.env['crm.call'].with_user(self.salesman).create([{'name': 'Call'}] * 1000)
        self.assertGreater(len(set(calls.mapped('date'))), 300)
        self.assertTrue(all(calls.mapped('date')))
        self.assertTrue(self._new_call().date)

    def test_planned_call_is_not_overdue_a_minute_later(self):
        call = self._new_call()
        with freeze_time(NOW + timedelta(minutes=1)):
            call.invalidate_recordset()
            self.assertFalse(call.is_overdue)

    def test_logged_call_took_place_now(self):
        self.assertEqual(self._new_call(state='held').date, NOW)

    def test_date_that_was_given_stays(self):
        yesterday = NOW - timedelta(days=1)
        call = self._new_call(date=yesterday)
        self.assertEqual(call.date, yesterday)
        call.user_id = self.colleague
        self.assertEqual(call.date, yesterday)

    def test_working_time_is_that_of_the_salesperson(self):
        self.colleague.tz = 'America/Mexico_City'
        call = self._new_call(user=self.manager, user_id=self.colleague.id)
        opening = min(
            self.env.company.resource_calendar_id.attendance_ids.filtered(
                lambda attendance: attendance.dayofweek == '2'
            ).mapped('hour_from')
        )
        self.assertEqual(call.date, datetime(2026, 3, 11) + timedelta(hours=opening + 6))

    def test_holidays_of_another_company_do_not_count(self):
        other = self.env['res.company'].create({'name': 'Sucursal Lisboa'})
        leaves = self.env['resource.calendar.leaves']
        values = {'date_from': datetime(2026, 3, 11), 'date_to': datetime(2026, 3, 12, 22)}
        # at once, while the company is the other: core fills it in later, with that of the day
        leaves.with_company(other).create({**values, 'calendar_id': False}).flush_recordset()
        self.assertEqual(self._new_call().date.date(), NOW.date())
        leaves.create({**values, 'calendar_id': False})
        self.assertGreater(self._new_call().date.date(), NOW.date() + timedelta(days=1))
