from datetime import datetime, time, timedelta
from functools import partial

from pytz import timezone, utc

from odoo import models
from odoo.fields import Domain

from ...core.working_time import WorkingTime, read_around_the_clock


class ResourceCalendar(models.Model):
    _inherit = 'resource.calendar'

    def _filter_with_service_hours(self):
        """Keep the calendars in which there is anything to count."""
        return self.filtered(
            lambda calendar: (
                calendar.hours_per_day and calendar.full_time_required_hours
                if calendar.flexible_hours
                else calendar.attendance_ids.filtered(
                    lambda span: span._is_work_period() and span.hour_to > span.hour_from
                )
            )
        )

    def _get_service_working_time(self, company, start):
        """Return the working time of a company from a moment on.

        No calendar at all means around the clock.
        """
        # sudo: whoever opens a case, also from the portal, is promised the hours of the team
        read = partial(self.sudo()._read_service_spans, company) if self else read_around_the_clock
        return WorkingTime(read, start)

    def _read_service_spans(self, company, first_day, last_day):
        """Return the spans of work between two days, as naive UTC.

        Holidays are those of the calendar and of the company; those of other companies are not,
        although Odoo finds them too where a holiday names no calendar.
        """
        self.ensure_one()
        zone = timezone(self.tz)
        start, stop = (
            zone.localize(datetime.combine(day, time.min)) for day in (first_day, last_day)
        )
        holidays = Domain('time_type', '=', 'leave') & (
            Domain('calendar_id', '=', self.id) | Domain('company_id', 'in', (company.id, False))
        )
        intervals = self._work_intervals_batch(start, stop, domain=list(holidays), tz=zone)[False]
        spans = (
            (self._round_to_minute(start), self._round_to_minute(stop))
            for start, stop, _attendances in intervals
        )
        return [(start, stop) for start, stop in spans if start < stop]

    def _round_to_minute(self, moment):
        """Close the gap that 23:59:59 as the end of a day would leave before midnight."""
        moment = moment.astimezone(utc).replace(tzinfo=None) + timedelta(seconds=30)
        return moment.replace(second=0, microsecond=0)
