from datetime import date, datetime, timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from ..common import CrmExtendedCase

# moment in UTC, the day on which the user is reminded, by time zone
DEADLINES = {
    'Europe/Madrid': (
        (datetime(2026, 3, 11, 22, 59), date(2026, 3, 11)),
        (datetime(2026, 3, 11, 23, 0), date(2026, 3, 12)),
        # clocks go forward on 29 March: midnight is an hour earlier in UTC
        (datetime(2026, 3, 28, 22, 59), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 23, 0), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 59), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0), date(2026, 3, 30)),
        # and back on 25 October
        (datetime(2026, 10, 24, 22, 0), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 30), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0), date(2026, 10, 26)),
    ),
    'America/Mexico_City': (
        (datetime(2026, 3, 12, 5, 59), date(2026, 3, 11)),
        (datetime(2026, 3, 12, 6, 0), date(2026, 3, 12)),
        (datetime(2026, 7, 12, 5, 59), date(2026, 7, 11)),
        (datetime(2026, 7, 12, 6, 0), date(2026, 7, 12)),
    ),
    'UTC': (
        (datetime(2026, 3, 28, 23, 59), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 0, 0), date(2026, 3, 29)),
    ),
}

# where, when the call is in UTC, the day to which its activity is moved, when it is then
MOVES = (
    ('Europe/Madrid', datetime(2026, 3, 27, 9), date(2026, 3, 30), datetime(2026, 3, 30, 8)),
    ('Europe/Madrid', datetime(2026, 10, 23, 8), date(2026, 10, 26), datetime(2026, 10, 26, 9)),
    # half past two does not exist on that day; half past three does
    (
        'Europe/Madrid',
        datetime(2026, 3, 27, 1, 30),
        date(2026, 3, 29),
        datetime(2026, 3, 29, 1, 30),
    ),
    (
        'Europe/Madrid',
        datetime(2026, 3, 11, 23, 30),
        date(2026, 3, 20),
        datetime(2026, 3, 19, 23, 30),
    ),
    ('America/Mexico_City', datetime(2026, 3, 12, 3), date(2026, 4, 6), datetime(2026, 4, 7, 3)),
    ('UTC', datetime(2026, 3, 27, 9), date(2026, 3, 30), datetime(2026, 3, 30, 9)),
)


@tagged('post_install', '-at_install')
class TestCrmCallTimeZone(CrmExtendedCase):
    """Reminders come on the day and at the hour of the user's own clock."""

    def test_deadline_is_the_users_own_day(self):
        for timezone, cases in DEADLINES.items():
            self.salesman.tz = timezone
            for moment, day in cases:
                with self.subTest(timezone=timezone, moment=moment):
                    call = self._new_call(date=moment)
                    self.assertEqual(call.activity_ids.date_deadline, day)

    def test_moved_activity_keeps_the_hour_on_the_clock(self):
        for timezone, moment, day, expected in MOVES:
            self.salesman.tz = timezone
            with self.subTest(timezone=timezone, moment=moment):
                call = self._new_call(date=moment)
                call.activity_ids.with_user(self.salesman).date_deadline = day
                self.assertEqual(call.date, expected)
                self.assertEqual(call.activity_ids.date_deadline, day)

    def test_bell_turns_at_the_users_midnight(self):
        self._new_call(date=datetime(2026, 3, 11, 22, 30))  # 23:30 in Madrid
        for moment, state in (
            (datetime(2026, 3, 10, 22, 59), 'planned_count'),
            (datetime(2026, 3, 10, 23, 0), 'today_count'),
            (datetime(2026, 3, 11, 22, 59), 'today_count'),
            (datetime(2026, 3, 11, 23, 0), 'overdue_count'),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                self.env.invalidate_all()
                users = self.env['res.users'].with_user(self.salesman)
                users = users.with_context(tz=self.salesman.tz)
                bell = next(
                    group for group in users._get_activity_groups() if group['model'] == 'crm.call'
                )
                self.assertEqual(bell[state], 1)

    def test_handing_over_across_the_ocean_moves_the_day(self):
        self.colleague.tz = 'America/Mexico_City'
        call = self._new_call(user=self.manager, user_id=self.salesman.id, date='2026-03-12 03:00')
        self.assertEqual(call.activity_ids.date_deadline, date(2026, 3, 12))
        call.user_id = self.colleague
        self.assertEqual(call.activity_ids.date_deadline, date(2026, 3, 11))
        self.assertEqual(call.date, datetime(2026, 3, 12, 3))

    def test_weekly_meeting_stays_at_its_hour_across_summer_time(self):
        meeting = (
            self.env['calendar.event']
            .with_user(self.salesman)
            .create(
                {
                    'name': 'Weekly visit',
                    'start': datetime(2026, 3, 25, 9),
                    'stop': datetime(2026, 3, 25, 10),
                    'partner_ids': (self.salesman.partner_id | self.contact).ids,
                    'recurrency': True,
                    'rrule_type': 'weekly',
                    'wed': True,
                    'end_type': 'count',
                    'count': 2,
                    'event_tz': 'Europe/Madrid',
                }
            )
        )
        starts = meeting.recurrence_id.calendar_event_ids.sorted('start').mapped('start')
        self.assertEqual(starts, [datetime(2026, 3, 25, 9), datetime(2026, 4, 1, 8)])

    def test_alarm_of_a_meeting_rings_its_time_before_whatever_the_clocks_do(self):
        alarm = self.env['calendar.alarm'].create(
            {
                'name': 'Two hours before',
                'alarm_type': 'notification',
                'interval': 'hours',
                'duration': 2,
            }
        )
        changes = (
            datetime(2026, 3, 29, 1, 30),  # clocks go forward at 01:00 UTC
            datetime(2026, 10, 25, 1, 30),  # and back at 01:00 UTC
        )
        for start in changes:
            for timezone in ('Europe/Madrid', 'America/Mexico_City', 'UTC'):
                self.salesman.tz = timezone
                with self.subTest(start=start, timezone=timezone):
                    self._assert_rings(alarm, start, start - timedelta(hours=2))

    def _assert_rings(self, alarm, start, expected):
        """Assert when the alarm rings, and that it names the hour on the user's clock."""
        meeting = self.env['calendar.event'].create(
            {
                'name': 'Night shift',
                'start': start,
                'stop': start + timedelta(hours=1),
                'partner_ids': self.salesman.partner_id.ids,
                'alarm_ids': alarm.ids,
            }
        )
        alarms = self.env['calendar.alarm_manager'].with_user(self.salesman)
        alarms = alarms.with_context(tz=self.salesman.tz)
        with freeze_time(expected - timedelta(minutes=1)):
            [alert] = alarms.do_check_alarm_for_one_date(
                start, meeting, alarm.duration_minutes, 24 * 3600, 'notification'
            )
            notice = alarms.do_notif_reminder(alert)
        self.assertEqual(alert['notify_at'], expected)
        self.assertEqual(notice['timer'], 60)
        local_start = fields.Datetime.context_timestamp(alarms, start)
        self.assertIn(local_start.strftime('%I:%M'), notice['message'])
