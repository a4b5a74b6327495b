from collections import defaultdict
from datetime import timedelta

import pytz

from odoo import api, fields, models

from ...core.hours import choose_hours, get_hours, get_next_full_hour

# What a salesperson needs between planning a call and making it.
TIME_TO_PREPARE = timedelta(minutes=30)
HORIZON = timedelta(days=60)


def get_working_hours(moment, timezone, calendar, resource, domain):
    """Return the full hours of sixty days in working time, from the next with time to prepare on.

    :param datetime moment: from when on, in UTC, naive
    :param timezone: where hours are full and working time is told
    :param calendar: ``resource.calendar`` with the working time. Without one, with a
        flexible one or without working time within sixty days, any hour will do
    :param resource: ``resource.resource`` of the user with its own leaves, or none
    :param domain: which ``resource.calendar.leaves`` count
    :return: an iterator of moments in UTC, naive
    """
    earliest = get_next_full_hour(moment + TIME_TO_PREPARE, timezone)
    latest = earliest + HORIZON
    intervals = []
    if calendar and not calendar.flexible_hours:
        intervals = calendar._work_intervals_batch(
            *(pytz.utc.localize(bound).astimezone(timezone) for bound in (earliest, latest)),
            resources=resource,
            domain=domain,
            tz=timezone,
        )[resource.id]
    spans = [
        tuple(bound.astimezone(pytz.utc).replace(tzinfo=None) for bound in interval[:2])
        for interval in intervals
    ]
    return get_hours(spans or [(earliest, latest)])


class CrmCall(models.Model):
    """When a call takes place if nobody says so.

    A logged call has just taken place. A planned one is proposed for the next working hour
    of its salesperson that no other planned call has: it would be overdue the minute after, if
    it were planned for now, and nobody makes ten calls at once.
    """

    _inherit = 'crm.call'

    date = fields.Datetime(
        required=True,
        compute='_compute_date',
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        index=True,
        tracking=True,
        help='When the call is planned or took place. A planned call is proposed for the next '
        'working hour of the salesperson without a planned call.',
    )

    # === COMPUTE === #

    @api.depends('state', 'user_id', 'company_id')
    def _compute_date(self):
        undated = self.filtered(lambda call: not call.date)
        planned = undated.filtered(lambda call: call.state == 'planned')
        (undated - planned).date = fields.Datetime.now()
        taken = self._get_planned_dates(planned.user_id)
        for (user, company), calls in planned.grouped(
            lambda call: (call.user_id, call.company_id)
        ).items():
            hours = self._get_free_hours(user, company, taken[user], len(calls))
            for call, hour in zip(calls, hours, strict=True):
                call.date = hour
            taken[user].update(hours)

    # === BUSINESS === #

    @api.model
    def _get_timezone(self, user):
        """Return where the user lives; without a user, where the reader of the call does."""
        return pytz.timezone(user.sudo().tz or self.env.context.get('tz') or 'UTC')

    @api.model
    def _get_next_working_hour(self, user, company):
        """Return when the user may make a call: the next working hour without a planned one."""
        taken = self._get_planned_dates(user)[user]
        return self._get_free_hours(user, company, taken, 1)[0]

    @api.model
    def _get_planned_dates(self, users):
        """Return ``{user: dates}`` of the calls to come, whoever may see them."""
        domain = [
            ('state', '=', 'planned'),
            ('user_id', 'in', [*users.ids, False]),
            ('date', '>', fields.Datetime.now()),
        ]
        groups = self.env['crm.call'].sudo()._read_group(domain, ['user_id'], ['date:array_agg'])
        return defaultdict(set, {user: set(dates) for user, dates in groups})

    @api.model
    def _get_free_hours(self, user, company, taken, number):
        """Return so many working hours that are not taken; the same again when they run out."""
        return choose_hours(self._get_working_hours(user, company), taken, number)

    @api.model
    def _get_working_hours(self, user, company):
        """Return when the user may make calls; the working time is not the caller's secret."""
        company_sudo = (company or user.company_id or self.env.company).sudo()
        resource_sudo = user.sudo().resource_ids.filtered(
            lambda resource: resource.company_id == company_sudo
        )[:1]
        leaves = [('time_type', '=', 'leave'), ('company_id', 'in', [False, company_sudo.id])]
        return get_working_hours(
            fields.Datetime.now(),
            self._get_timezone(user),
            resource_sudo.calendar_id or company_sudo.resource_calendar_id,
            resource_sudo,
            leaves,
        )
