from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...core.cases import CASE_MODELS
from ...core.recurrence import UNITS, get_last, get_next
from ..case.service_case_mixin import PRIORITIES
from ..mail.service_team_alias import CASE_KINDS

# So far a day is moved to work at most; a calendar without any work moves nothing.
LONGEST_SHIFT = 31


class ServiceRecurrence(models.Model):
    """Cases that come back: a maintenance visit every three months, a check every year.

    The days are counted from the first. A scheduled action makes each case once, some days ahead;
    what was missed makes one case, not all of them.
    """

    _name = 'service.recurrence'
    _description = 'Recurring Case'
    _inherit = [
        'crm.program.mixin',
        'crm.linked.mixin',
        'crm.counter.mixin',
        'crm.batch.mixin',
        'mail.thread',
        'mail.activity.mixin',
    ]
    _order = 'date_next, id'
    _check_company_auto = True

    name = fields.Char(
        string='Subject',
        required=True,
        tracking=True,
        help='What its cases are called.',
    )
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        'res.company',
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    # What the cases get
    partner_id = fields.Many2one(
        'res.partner',
        string='Customer',
        required=True,
        check_company=True,
        index=True,
        tracking=True,
    )
    case_model = fields.Selection(
        CASE_KINDS,
        string='Makes',
        default='service.ticket',
        required=True,
    )
    team_id = fields.Many2one(
        'service.team',
        required=True,
        check_company=True,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        'res.users',
        string='Assigned to',
        check_company=True,
        domain=lambda self: self.env['service.team']._get_assignee_domain(),
        tracking=True,
        help='Without one the rule of the team decides each time.',
    )
    category_id = fields.Many2one('service.category')
    priority = fields.Selection(
        PRIORITIES,
        default='1',
        required=True,
    )
    description = fields.Html()

    # When
    interval_count = fields.Integer(string='Every', default=1, required=True, tracking=True)
    interval_unit = fields.Selection(
        [('day', 'Days'), ('week', 'Weeks'), ('month', 'Months'), ('year', 'Years')],
        string='Unit',
        default='month',
        required=True,
        tracking=True,
    )
    date_start = fields.Date(
        string='First Day',
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help='All days are counted from this one: 31 January, 28 February, 31 March.',
    )
    date_end = fields.Date(
        string='Last Day',
        tracking=True,
        help='No case is made for a later day. Empty: it goes on.',
    )
    advance_days = fields.Integer(
        string='Days Ahead',
        help='So many days before its day a case is made.',
    )
    shift = fields.Selection(
        [
            ('none', 'Stays'),
            ('next', 'Moves to the next working day'),
            ('previous', 'Moves to the working day before'),
        ],
        string='A Day Without Work',
        default='none',
        required=True,
        help='What becomes of a day on which the team does not work, by its working hours and '
        'holidays. The days after it are not moved.',
    )
    date_made = fields.Date(
        string='Last Made',
        readonly=True,
        copy=False,
        help='The day, before it was moved, up to which cases were made.',
    )
    date_next = fields.Date(
        string='Next Day',
        compute='_compute_date_next',
        store=True,
        help='Empty when it is over.',
    )
    date_due = fields.Date(
        string='Next Case on',
        compute='_compute_date_next',
        store=True,
        index='btree_not_null',
        help='When the next case is made.',
    )

    case_count = fields.Integer(string='Cases', compute='_compute_case_count')

    _interval_positive = models.Constraint(
        'CHECK (interval_count BETWEEN 1 AND 1000)',
        'A case recurs every 1 to 1,000 days, weeks, months or years.',
    )
    _advance_positive = models.Constraint(
        'CHECK (advance_days BETWEEN 0 AND 366)',
        'A case is made on its day, or up to 366 days ahead.',
    )
    _dates_ordered = models.Constraint(
        'CHECK (date_end >= date_start)',
        'The last day cannot come before the first.',
    )

    # === COMPUTE METHODS === #

    @api.depends(lambda self: self._get_day_fields())
    def _compute_date_next(self):
        for recurrence in self:
            day = recurrence._get_next_day()
            recurrence.date_next = day
            recurrence.date_due = day and day - timedelta(days=recurrence.advance_days)

    @api.model
    def _get_day_fields(self):
        """Return the fields on which the days depend; override together with the next day."""
        return (
            'date_start',
            'date_end',
            'date_made',
            'interval_count',
            'interval_unit',
            'advance_days',
        )

    def _get_next_day(self):
        """Return the day of the next case, False when it is over; override to end it."""
        if not self.date_start or self.interval_count < 1 or self.interval_unit not in UNITS:
            return False
        interval = self.interval_count, self.interval_unit
        made = self.date_made
        day = get_next(self.date_start, made, *interval) if made else self.date_start
        return False if self.date_end and day > self.date_end else day

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_case_count(self):
        counts = {}
        for model_name in CASE_MODELS:
            cases = self.env[model_name].with_context(active_test=False)
            domain = [('recurrence_id', 'in', self.ids)]
            for recurrence, count in cases._read_group(domain, ['recurrence_id'], ['__count']):
                counts[model_name, recurrence] = count
        for recurrence in self:
            recurrence.case_count = counts.get((recurrence.case_model, recurrence._origin), 0)

    # === CONSTRAINTS === #

    @api.constrains('user_id', 'team_id')
    def _check_user_id(self):
        for recurrence in self.filtered('user_id'):
            team = recurrence.team_id
            if recurrence.user_id not in team.member_ids | team.leader_id:
                raise ValidationError(
                    self.env._(
                        '%(user)s is no member of the team %(team)s. Choose one, or nobody.',
                        user=recurrence.user_id.name,
                        team=team.display_name,
                    )
                )

    # === ACTIONS === #

    def action_view_cases(self):
        """Open the cases that the button counts."""
        self.ensure_one()
        return self._get_crm_list_action(
            f'crm_claims.{self.case_model.replace(".", "_")}_action',
            [('recurrence_id', 'in', self.ids)],
            {'active_test': False, 'create': False},
        )

    def action_make_now(self):
        """Make the next case of each now, whatever its day.

        Who may change a recurrence may: the case goes to its team as those of the program do.
        """
        self.check_access('write')
        for recurrence in self.filtered('date_next'):
            recurrence.sudo()._create_cases({recurrence.sudo(): recurrence.date_next})
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _cron_make_cases(self):
        """Make the cases that are due, in committed batches; each once."""
        due = Domain('date_due', '<=', fields.Date.today()) & Domain('active', '=', True)
        self._run_in_batches(due, lambda found: found._make_due_cases())

    def _make_due_cases(self):
        """Make one case for each, for the last day that is due; the days before it are past."""
        today = fields.Date.today()
        days = {recurrence: recurrence._get_last_due(today) for recurrence in self}
        occurring = self._filter_occurring(days)
        self._create_cases({recurrence: days[recurrence] for recurrence in occurring})
        for recurrence in self - occurring:
            recurrence.date_made = days[recurrence]

    def _get_last_due(self, today):
        """Return the last day for which a case is due today."""
        until = today + timedelta(days=self.advance_days)
        if self.date_end:
            until = min(until, self.date_end)
        return get_last(self.date_start, until, self.interval_count, self.interval_unit)

    def _filter_occurring(self, days):
        """Return those that take place on their days; override to leave days out.

        :param days: {recurrence: day}
        """
        return self

    def _create_cases(self, days):
        """Create the case of each for its day, in one batch for each kind.

        :param days: {recurrence: day}
        """
        planned = self._get_planned_days(days)
        values = defaultdict(list)
        for recurrence, day in days.items():
            values[recurrence.case_model].append(
                {
                    **recurrence._prepare_case_values(),
                    'recurrence_id': recurrence.id,
                    'recurrence_date': day,
                    'date_planned': planned[recurrence],
                }
            )
            recurrence.date_made = day
        for model_name, vals_list in values.items():
            self.env[model_name].create(vals_list)

    def _prepare_case_values(self):
        """Return the values of a case, without its day; override to say more.

        Who has left gets none, nor does a team that is archived.
        """
        self.ensure_one()
        team = self.team_id._get_successor(self.company_id)
        user = self.user_id & team._get_people(self.company_id)
        values = {
            'name': self.name,
            'partner_id': self.partner_id.id,
            'company_id': self.company_id.id,
            'team_id': team.id,
            'category_id': self.category_id.id,
            'priority': self.priority,
            'description': self.description,
        }
        return {**values, 'user_id': user.id} if user else values

    # === WORKING DAYS === #

    @api.model
    def _get_planned_days(self, days):
        """Return {recurrence: its day, moved to a working day where it is to be moved}."""
        workdays = self._get_workdays(days)
        planned = {}
        for recurrence, day in days.items():
            step = {'next': 1, 'previous': -1}.get(recurrence.shift, 0)
            candidates = [day + timedelta(days=step * offset) for offset in range(LONGEST_SHIFT)]
            open_days = workdays.get(recurrence.team_id, ())
            found = (candidate for candidate in candidates if not step or candidate in open_days)
            planned[recurrence] = next(found, day)
        return planned

    @api.model
    def _get_workdays(self, days):
        """Return {team: days on which it works, around the given ones}; once for each team."""
        moved = defaultdict(list)
        for recurrence, day in days.items():
            if recurrence.shift != 'none':
                moved[recurrence.team_id].append(day)
        return {
            team: self._get_workdays_of(
                team, min(given) - timedelta(LONGEST_SHIFT), max(given) + timedelta(LONGEST_SHIFT)
            )
            for team, given in moved.items()
        }

    @api.model
    def _get_workdays_of(self, team, start, end):
        company = team.company_id or self.env.company
        calendar = team.calendar_id or company.resource_calendar_id
        zone = pytz.timezone(calendar.tz or 'UTC')
        first, last = (zone.localize(datetime.combine(day, time())) for day in (start, end))
        intervals = calendar._work_intervals_batch(first, last)[False]
        return {begin.astimezone(zone).date() for begin, _end, _attendance in intervals}
