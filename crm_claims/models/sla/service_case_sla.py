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
    'date_first_response',
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
    date_first_response = fields.Datetime(
        string='First Response on',
        copy=False,
        help='When an agent first wrote to the customer. Notes and automatic answers do not '
        'count; reopening the case does not change it.',
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
        cases._choose_sla_clocks()
        cases._sync_sla()
        return cases

    def write(self, vals):
        result = super().write(vals)
        changes_policy = bool(vals.keys() & self._get_sla_policy_fields())
        if changes_policy:
            self.filtered(lambda case: not case.date_closed)._choose_sla_clocks()
        if changes_policy or vals.keys() & PROGRESS_FIELDS:
            self._sync_sla()
        return result

    def unlink(self):
        # sudo: clocks are written and deleted by their cases only
        self.sudo().sla_clock_ids.unlink()
        return super().unlink()

    def _message_post_after_hook(self, message, msg_values):
        # sudo: whoever may answer the customer has answered, and portal users post here as well
        case_sudo = self.sudo()
        if case_sudo._is_first_response(message):
            # when it reached us: the date in the head of a mail is what its sender says
            case_sudo.date_first_response = fields.Datetime.now()
        return super()._message_post_after_hook(message, msg_values)

    # === BUSINESS METHODS === #

    @api.model
    def _get_sla_policy_fields(self):
        """Return the fields whose change makes the case choose its policy again."""
        names = {
            'category_id',
            'claim_type_id',
            'company_id',
            'partner_id',
            'priority',
            'team_id',
        }
        return names & self._fields.keys()

    def _is_first_response(self, message):
        """Tell whether an agent writes to the customer for the first time."""
        return (
            not self.date_first_response
            and message.message_type in ('comment', 'email')
            and not message.subtype_id.internal
            and bool(message.author_id.sudo().user_ids)
            and not message.author_id.partner_share
            and message.author_id != self.env.ref('base.partner_root')
        )

    def _merge_values(self, merged):
        """An answer to any of the merged cases answered the customer."""
        answers = merged.filtered('date_first_response').mapped('date_first_response')
        if answers and not self.date_first_response:
            self.sudo().date_first_response = min(answers)
        return super()._merge_values(merged)

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

    def _choose_sla_clocks(self):
        """Give the cases the clocks that their policy promises.

        What was reached stays, and so does what was told to be overdue: handing a case to a team
        without promises does not undo that.
        """
        cases_sudo = self.sudo()
        clocks = {(clock.case_id, clock.target): clock for clock in cases_sudo.sla_clock_ids}
        policies = self.env['service.sla.policy'].sudo()._choose_policies(cases_sudo)
        wanted = {
            (case.id, target): {**values, 'case_model': self._name, 'case_id': case.id}
            for case, policy in policies.items()
            for target, values in policy._prepare_promises(case).items()
        }
        running = {key: clock for key, clock in clocks.items() if not clock.reached_at}
        for key in running.keys() & wanted.keys():
            running[key].write(wanted[key])
        self.env['service.sla.clock'].sudo().union(
            *(running[key] for key in running.keys() - wanted.keys())
        ).filtered(lambda clock: not clock.breached_at).unlink()
        self.env['service.sla.clock'].sudo().create(
            [values for key, values in wanted.items() if key not in clocks]
        )

    def _sync_sla_deadline(self):
        """Let the deadline follow the clocks unless it was set by hand."""
        open_cases = self.filtered(lambda case: not case.date_closed)
        for deadline, cases in open_cases.grouped(lambda case: case._get_sla_deadline()).items():
            moved = cases.filtered(lambda case, new=deadline: case.sla_deadline != new)
            following = moved.filtered(
                lambda case: case.date_deadline in (False, case.sla_deadline)
            )
            following.write({'date_deadline': deadline, 'sla_deadline': deadline})
            (moved - following).write({'sla_deadline': deadline})

    def _get_sla_deadline(self):
        """Return the earliest deadline that is still to be met; there is none in a pause."""
        ticking = self.sla_clock_ids.filtered(
            lambda clock: clock.deadline and not (clock.reached_at or clock.paused_since)
        )
        return min(ticking.mapped('deadline'), default=False)
