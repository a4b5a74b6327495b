from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...core.clock import (
    IS_PAST,
    OTHERWISE,
    STATE_RULES,
    get_progress,
    get_reached_at,
    get_state,
    get_usage,
    is_kept,
)

TARGETS = [
    ('first_response', 'First Response'),
    ('next_response', 'Next Response'),
    ('resolution', 'Resolution'),
]
# From the target of a response to the field of the case that tells when it was given
RESPONSES = {'first_response': 'date_first_response', 'next_response': 'date_next_response'}
STATES = [
    ('running', 'Running'),
    ('paused', 'Paused'),
    ('warning', 'Due Soon'),
    ('breached', 'Overdue'),
    ('met', 'Met'),
    ('missed', 'Missed'),
]


class ServiceSlaClock(models.Model):
    """One promise to one case: until when something has to be reached, and when it was.

    Only cases move their clocks. What time alone changes (due soon, overdue) is never stored.
    A case has one current clock for each target; those that ended are its history.
    """

    _name = 'service.sla.clock'
    _description = 'Service Level Clock'
    _inherit = ['crm.batch.mixin', 'service.case.row.mixin']
    _order = 'deadline, id'

    # The case
    case_model = fields.Char(string='Claim or Ticket', required=True)
    company_id = fields.Many2one('res.company', required=True)

    # The promise, as it was given
    target = fields.Selection(TARGETS, required=True)
    policy_id = fields.Many2one(
        'service.sla.policy',
        required=True,
        index=True,
        ondelete='restrict',
    )
    team_id = fields.Many2one(
        'service.team',
        index='btree_not_null',
        ondelete='set null',
        help='The team that made the promise.',
    )
    target_hours = fields.Float(string='Promised', help='Working hours that were promised.')
    warning_hours = fields.Float(help='Working hours before the deadline at which to warn.')
    calendar_id = fields.Many2one(
        'resource.calendar',
        string='Working Hours',
        help='Hours in which the clock runs; empty means around the clock.',
    )

    # Progress
    date_start = fields.Datetime(string='Started on', required=True)
    starts_on_opening = fields.Boolean(
        default=True,
        help='Whether the promise began when the case was opened, and not later.',
    )
    deadline = fields.Datetime(
        help='Empty if the working hours do not offer as much in fifty years.',
    )
    warning_at = fields.Datetime(string='Warning on')
    paused_since = fields.Datetime(help='A clock that was overdue already does not pause.')
    reached_at = fields.Datetime(string='Reached on')
    ended_at = fields.Datetime(
        string='Ended on',
        help='When another promise took the place of this one: of the next team, which this one '
        'was broken for, or for what the customer wrote later.',
    )
    is_met = fields.Boolean(
        compute='_compute_is_met',
        store=True,
        help='Reached, and not after the deadline.',
    )
    state = fields.Selection(STATES, compute='_compute_state', search='_search_state')
    used_hours = fields.Float(
        string='Used',
        compute='_compute_used_hours',
        help='Working hours since the start, without those paused.',
    )
    remaining_hours = fields.Float(
        string='Remaining',
        compute='_compute_used_hours',
        help='Working hours until the deadline; negative once it has passed.',
    )
    progress = fields.Float(
        compute='_compute_used_hours',
        help='Percentage of the promised time that is used.',
    )

    _case_target_unique = models.UniqueIndex(
        '(case_id, case_model, target) WHERE ended_at IS NULL',
        'A case has one current clock for each target.',
    )
    _case_idx = models.Index('(case_id, case_model)')
    _open_deadline_idx = models.Index('(deadline) WHERE reached_at IS NULL')
    _missed_idx = models.Index(
        '(case_model, case_id) WHERE reached_at IS NOT NULL AND is_met IS NOT TRUE'
    )
    _ended_idx = models.Index('(case_model, case_id) WHERE ended_at IS NOT NULL')
    _open_warning_idx = models.Index('(warning_at) WHERE reached_at IS NULL')

    # === COMPUTE METHODS === #

    @api.depends('target', 'policy_id')
    def _compute_display_name(self):
        targets = dict(self._fields['target']._description_selection(self.env))
        for clock in self:
            clock.display_name = f'{targets.get(clock.target)} ({clock.policy_id.name})'

    @api.depends('deadline', 'reached_at')
    def _compute_is_met(self):
        for clock in self:
            clock.is_met = is_kept(clock.reached_at, clock.deadline)

    @api.depends(*(rule.field for rule in STATE_RULES))
    def _compute_state(self):
        now = fields.Datetime.now()
        for clock in self:
            clock.state = get_state({rule.field: clock[rule.field] for rule in STATE_RULES}, now)

    @api.model
    def _search_state(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domains = self._get_state_domains()
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends('date_start', 'target_hours', 'calendar_id', 'paused_since', 'reached_at')
    def _compute_used_hours(self):
        now = fields.Datetime.now()
        times = self._get_working_times()
        for clock, case in self._get_cases().items():
            stop = min(filter(None, (clock.reached_at, clock.ended_at, clock.paused_since, now)))
            used = times[clock.calendar_id, clock.company_id].count(
                clock.date_start, stop, case._get_sla_pauses().get_spans(clock.reached_at)
            )
            clock.used_hours, clock.remaining_hours, clock.progress = get_usage(
                used, clock.target_hours
            )

    # === BUSINESS METHODS === #

    @api.model
    def _get_state_rules(self):
        """Return [(state, its rule now, as a domain)]; the first that holds is the state."""
        now = fields.Datetime.now()
        return [
            (
                rule.state,
                Domain(rule.field, '<=', now)
                if rule.test == IS_PAST
                else Domain(rule.field, '!=', False),
            )
            for rule in STATE_RULES
        ]

    @api.model
    def _get_state_domains(self):
        """Return {state: its domain now}. They exclude each other and leave nothing out."""
        domains, rest = defaultdict(lambda: Domain.FALSE), Domain.TRUE
        for state, rule in self._get_state_rules():
            domains[state] |= rest & rule
            rest &= ~rule
        return {**domains, OTHERWISE: rest}

    def _get_cases(self):
        """Return {clock: case}."""
        cases = {
            model_name: {
                case.id: case
                # sudo: the pauses of a case are for no user to read
                for case in self.env[model_name].sudo().browse(clocks.mapped('case_id'))
            }
            for model_name, clocks in self.grouped('case_model').items()
        }
        return {clock: cases[clock.case_model][clock.case_id] for clock in self}

    def _get_working_times(self):
        """Return {(calendar, company): working time}; each calendar is read once for all."""
        start = min(
            (min(clock.date_start, case.date_open) for clock, case in self._get_cases().items()),
            default=False,
        )
        return {
            (calendar, company): calendar._get_service_working_time(company, start)
            for calendar, company in {(clock.calendar_id, clock.company_id) for clock in self}
        }

    def _sync_with_cases(self):
        """Bring deadlines in line with what happened to the cases; twice changes nothing.

        What was reached stays as it was reached, unless the case is closed no longer. What ended
        stays as it was when it did.
        """
        current = self.filtered(lambda clock: not clock.ended_at)
        times = current._get_working_times()
        for clock, case in current._get_cases().items():
            reached_at = clock._get_reached_at(case)
            if not reached_at or reached_at != clock.reached_at:
                working_time = times[clock.calendar_id, clock.company_id]
                clock.write(clock._prepare_progress(case, reached_at, working_time))
        self._sync_notices()

    def _get_reached_at(self, case):
        """Return when the case reached the target."""
        response = case[RESPONSES[self.target]] if self.target in RESPONSES else False
        return get_reached_at(self.target, self.reached_at, response, case.date_closed)

    def _is_broken(self):
        """Tell whether the promise is or was overdue, or was told to be."""
        is_overdue = self.state in ('breached', 'missed')
        return is_overdue or bool(self.breached_at and not self.reached_at)

    def _is_broken_by_another(self, team):
        return self.team_id != team and self._is_broken()

    def _end(self):
        """Leave the clocks to history: another promise takes their place."""
        self.write({'ended_at': fields.Datetime.now(), 'notice_at': False})
        # their places are free before the next ones are created
        self.flush_recordset(['ended_at'])

    def _apply_promise(self, values):
        """Change what is promised; another team is warned of its own deadline."""
        is_others = self.team_id.id != values['team_id']
        self.write({**values, 'warned_at': False} if is_others else values)

    def _prepare_progress(self, case, reached_at, working_time):
        start = case.date_open if self.starts_on_opening else self.date_start
        progress = get_progress(
            working_time,
            start,
            self.target_hours,
            self.warning_hours,
            case._get_sla_pauses(),
            reached_at,
        )
        return {**progress._asdict(), 'date_start': start, 'reached_at': reached_at}
