from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.clock import CASE_STATES, NOT_PROMISED, get_case_state
from ...core.pauses import Pauses
from ...core.stages import STANDING_KINDS

PROGRESS_FIELDS = {
    'active',
    'date_closed',
    'date_customer_waiting',
    'date_first_response',
    'date_next_response',
    'date_open',
    'stage_id',
}


class ServiceCaseMixin(models.AbstractModel):
    """What a case has to do with service levels: its clocks, its pauses and its deadline."""

    _inherit = 'service.case.mixin'

    sla_clock_ids = fields.One2many(
        'service.sla.clock',
        'case_id',
        string='Service Level',
        bypass_search_access=True,
        readonly=True,
        copy=False,
    )
    sla_state = fields.Selection(
        [
            ('none', 'Not Promised'),
            ('running', 'Running'),
            ('warning', 'Due Soon'),
            ('breached', 'Overdue'),
            ('met', 'Met'),
            ('paused', 'Paused'),
        ],
        string='Service Level Status',
        compute='_compute_sla_state',
        search='_search_sla_state',
        help='The most urgent of the clocks that run; once none does, whether all promises were '
        'kept.',
    )
    sla_deadline = fields.Datetime(
        string='Service Level Deadline',
        readonly=True,
        copy=False,
        help='The earliest deadline that is still to be met. The deadline of the case follows it '
        'until somebody sets another one by hand.',
    )
    sla_pauses = fields.Json(
        string='Pauses',
        copy=False,
        groups=fields.NO_ACCESS,
        help='When the clocks stood: a list of [from, to] in UTC, in order; the last one has no '
        'end while the case is waiting, closed or archived.',
    )
    # === COMPUTE METHODS === #

    @api.depends(
        'sla_clock_ids.deadline',
        'sla_clock_ids.warning_at',
        'sla_clock_ids.paused_since',
        'sla_clock_ids.reached_at',
    )
    def _compute_sla_state(self):
        for case in self:
            case.sla_state = get_case_state(case.sla_clock_ids.mapped('state'))

    @api.model
    def _search_sla_state(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain.OR(
            domain for state, domain in self._get_sla_state_domains().items() if state in value
        )

    @api.model
    def _get_sla_state_domains(self):
        """Return {state: its domain now}, as ``_compute_sla_state`` decides.

        What rules a clock out is asked of the clocks too, so that one index finds the cases.
        """
        clocks_sudo = self.env['service.sla.clock'].sudo()
        states = clocks_sudo._get_state_domains()

        def has_none(domain):
            query = clocks_sudo._search(Domain('case_model', '=', self._name) & domain)
            case_ids = query.subselect(SQL.identifier(query.table, 'case_id'))
            return Domain('case_id', 'not in', case_ids)

        deciding, rest = defaultdict(lambda: Domain.FALSE), Domain.TRUE
        for clock_state, case_state in CASE_STATES.items():
            deciding[case_state] |= states[clock_state] & rest
            rest &= has_none(states[clock_state])
        return {NOT_PROMISED: Domain('sla_clock_ids', '=', False)} | {
            state: Domain('sla_clock_ids', 'any!', domain) for state, domain in deciding.items()
        }

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        # what is entered as closed, or comes in a file, is history: nothing was promised to it
        if not self._is_imported():
            cases._filter_open()._choose_sla_clocks()
        cases._sync_sla()
        return cases

    def write(self, vals):
        changes_policy = bool(vals.keys() & self._get_sla_policy_fields())
        changes_progress = bool(vals.keys() & PROGRESS_FIELDS)
        closed = self.filtered('date_closed') if changes_progress else self.browse()
        result = super().write(vals)
        # while a case is closed its policy stays; who takes it up again chooses
        choosing = self if changes_policy else closed
        if self._is_imported():
            # a file may name what it brought again: what nothing was promised to has no clocks
            choosing = choosing.filtered('sla_clock_ids')
        choosing._filter_open()._choose_sla_clocks()
        if changes_policy or changes_progress:
            self._sync_sla()
        return result

    def unlink(self):
        # sudo: clocks are written and deleted by their cases only
        self.sudo().sla_clock_ids.unlink()
        return super().unlink()

    # === BUSINESS METHODS === #

    def _has_to_give(self, name):
        """A deadline that only follows the clocks stops with them."""
        is_promise = name == 'date_deadline' and self.date_deadline == self.sla_deadline
        return super()._has_to_give(name) and not is_promise

    def _is_sla_standing(self):
        """Tell whether the clocks stand; override to pause in other circumstances."""
        return not self.active or self.stage_kind in STANDING_KINDS

    def _get_sla_pauses(self):
        """Return when the clocks stood."""
        return Pauses.from_stored(self.sla_pauses or [])

    def _filter_open(self):
        return self.filtered(lambda case: not case.date_closed)

    def _sync_sla(self):
        """Bring pauses, clocks and deadlines in line with the cases; twice changes nothing."""
        # sudo: promises are kept by the system and not by whoever happens to change the case
        cases_sudo = self.sudo()
        cases_sudo._sync_sla_pauses()
        cases_sudo.sla_clock_ids._sync_with_cases()
        cases_sudo._sync_sla_deadline()

    def _sync_sla_pauses(self):
        now = fields.Datetime.now()
        for case in self:
            pauses = case._get_sla_pauses()
            moved = (
                pauses.stand(case.date_closed or now)
                if case._is_sla_standing()
                else pauses.run(now)
            )
            if moved != pauses:
                case.sla_pauses = moved.to_stored()

    def _sync_sla_deadline(self):
        """Let the deadline follow the clocks unless it was set by hand."""
        for deadline, cases in (
            self._filter_open().grouped(lambda case: case._get_sla_deadline()).items()
        ):
            moved = cases.filtered(lambda case, new=deadline: case.sla_deadline != new)
            following = moved.filtered(
                lambda case: case.date_deadline in (False, case.sla_deadline)
            )
            following.write({'date_deadline': deadline, 'sla_deadline': deadline})
            (moved - following).write({'sla_deadline': deadline})

    def _get_sla_deadline(self):
        """Return the earliest deadline that is still to be met; there is none in a pause."""
        ticking = self.sla_clock_ids.filtered(
            lambda clock: (
                clock.deadline and not (clock.reached_at or clock.ended_at or clock.paused_since)
            )
        )
        return min(ticking.mapped('deadline'), default=False)
