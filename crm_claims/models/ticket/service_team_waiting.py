from datetime import datetime, time, timedelta

from pytz import UTC, timezone

from odoo import fields, models


class ServiceTeam(models.Model):
    """After how many working days of the team a ticket waits no longer."""

    _inherit = 'service.team'

    waiting_warning_days = fields.Integer(
        string='Warn after',
        help='Working days without an answer after which the customer is warned.',
    )
    waiting_close_days = fields.Integer(
        string='Close after',
        help='Working days without an answer after which the ticket is closed. 0: never.',
    )

    _waiting_warned_before_closed = models.Constraint(
        'CHECK (COALESCE(waiting_close_days, 0) = 0 '
        'OR (waiting_warning_days > 0 AND waiting_close_days > waiting_warning_days))',
        'The customer must be warned at least one working day before the ticket is closed.',
    )
    _waiting_not_negative = models.Constraint(
        'CHECK (waiting_warning_days >= 0 AND waiting_close_days >= 0)',
        'Working days cannot be negative.',
    )

    def _get_working_days_ago(self, days, company):
        """Return when the day began that many working days ago, today included, as naive UTC.

        What began before it has lasted that many working days. Without a calendar, or with one
        in which nobody works, every day counts.
        """
        self.ensure_one()
        calendar = self.calendar_id or self.company_id.resource_calendar_id
        calendar = calendar or company.resource_calendar_id
        zone = timezone(calendar.tz or 'UTC')
        now = UTC.localize(fields.Datetime.now()).astimezone(zone)
        moment = calendar and calendar.plan_days(-days, now, compute_leaves=True)
        day = (moment or now - timedelta(days=days - 1)).date()
        return zone.localize(datetime.combine(day, time.min)).astimezone(UTC).replace(tzinfo=None)
