from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.stages import CLOSED_KINDS, TRANSITIONS, get_nearest_kind
from .service_stage import KINDS


class ServiceCaseMixin(models.AbstractModel):
    """The way of a case through the stages of its team: `TRANSITIONS` says what may follow what."""

    _inherit = 'service.case.mixin'

    stage_id = fields.Many2one(
        'service.stage',
        compute='_compute_stage_id',
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        index=True,
        ondelete='restrict',
        tracking=True,
        group_expand='_read_group_stage_ids',
        domain=lambda self: self._get_stage_domain(),
    )
    # Kind and closing date are computed together, so that no statement saves one without the other.
    stage_kind = fields.Selection(
        KINDS,
        compute='_compute_stage_kind',
        store=True,
        precompute=True,
    )

    date_closed = fields.Datetime(
        string='Closed on',
        compute='_compute_stage_kind',
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )

    _closed_is_dated = models.Constraint(
        "CHECK ((date_closed IS NOT NULL) = COALESCE(stage_kind IN ('solved', 'rejected'), FALSE))",
        'What is closed has a closing date, and what is open has none.',
    )
    _closed_after_opened = models.Constraint(
        'CHECK (date_closed >= date_open)',
        'Nothing is closed before it is opened. Check both dates.',
    )

    # === COMPUTE METHODS === #

    @api.depends('team_id')
    def _compute_stage_id(self):
        """Keep a stage that the team has, else take its first one of the nearest kind."""
        stages = self._get_stages()
        for team, cases in self.grouped('team_id').items():
            usable = stages._filter_for_team(team)
            for case in cases.filtered(lambda case, usable=usable: case.stage_id not in usable):
                kind = get_nearest_kind(case.stage_id.kind, usable.mapped('kind'))
                nearest = usable.filtered(lambda stage, kind=kind: stage.kind == kind)
                case.stage_id = nearest[:1] or case.stage_id

    @api.depends('stage_id.kind')
    def _compute_stage_kind(self):
        """Take the kind of the stage; what is closed by it is closed from now on."""
        now = fields.Datetime.now()
        for case in self:
            kind = case.stage_id.kind
            closed = case.date_closed or max(now, case.date_open or now)
            case.stage_kind = kind
            case.date_closed = closed if kind in CLOSED_KINDS else False

    # === SELECTION METHODS === #

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show every stage of the board as a column, empty ones too."""
        stages = self._get_stages()
        team_id = self.env.context.get('default_team_id')
        return (
            stages._filter_for_team(self.env['service.team'].browse(team_id)) if team_id else stages
        )

    # === CONSTRAINTS === #

    @api.constrains('stage_id', 'team_id')
    def _check_stage_id(self):
        stages = self._get_stages()
        for case in self.filtered('stage_id'):
            if case.stage_id not in stages._filter_for_team(case.team_id):
                raise ValidationError(
                    self.env._(
                        '%(case)s cannot be in the stage %(stage)s. Choose a stage of its team.',
                        case=case.display_name,
                        stage=case.stage_id.display_name,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        reopened = self.browse()
        if vals.get('stage_id'):
            kind = self.env['service.stage'].browse(vals['stage_id']).kind
            self.filtered(lambda case: case.stage_kind != kind)._check_transition(kind)
            if kind not in CLOSED_KINDS:
                reopened = self.filtered(lambda case: case.stage_kind in CLOSED_KINDS)
        result = super().write(vals)
        if 'date_closed' in vals:
            self.mapped('stage_kind')  # computed now, so that the date is not saved without it
        if reopened:
            reopened._take_up_again()
        return result

    # === ACTIONS === #

    def action_solve(self):
        """Close as solved."""
        self._transition_to('solved')
        return True

    def action_reject(self, reason=None):
        """Close as rejected, noting the reason in the chatter.

        :param str reason: plain text
        """
        self._transition_to('rejected')
        if reason:
            body = self.env._('Rejected: %(reason)s', reason=reason)
            self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
        return True

    def action_reopen(self):
        """Take a closed case up again."""
        still_open = self.filtered(lambda case: case.stage_kind not in CLOSED_KINDS)
        if still_open:
            raise UserError(
                self.env._(
                    '%(cases)s cannot be reopened: only what is closed can.',
                    cases=still_open.mapped('display_name'),
                )
            )
        self._transition_to('open')
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _get_transitions(self) -> dict[str | bool, set[str]]:
        """Return {kind: kinds it may go to}; override to allow or forbid more."""
        return TRANSITIONS

    def _check_transition(self, kind: str):
        labels = dict(self._fields['stage_kind']._description_selection(self.env))
        transitions = self._get_transitions()
        for case in self:
            allowed = transitions[case.stage_kind]
            if kind not in allowed:
                raise UserError(
                    self.env._(
                        '%(case)s is in %(current)s and cannot go to %(target)s. '
                        'From there it can only go to %(allowed)s.',
                        case=case.display_name,
                        current=labels.get(case.stage_kind),
                        target=labels[kind],
                        allowed=[label for key, label in labels.items() if key in allowed],
                    )
                )

    def _transition_to(self, kind: str):
        """Move to the team's first stage of the kind, one write per stage."""
        self._check_transition(kind)
        stages = self._get_stages().filtered(lambda stage: stage.kind == kind)
        for team, cases in self.grouped('team_id').items():
            stage = stages._filter_for_team(team)[:1]
            if not stage:
                raise UserError(
                    self.env._(
                        'The team %(team)s has no stage of the needed kind for %(case)s. '
                        'Add one in the configuration.',
                        team=team.display_name,
                        case=cases[0].display_name,
                    )
                )
            cases.write({'stage_id': stage.id})

    @api.model
    def _get_stages(self):
        """Return every stage of this kind of case, in order."""
        return self.env['service.stage'].search([('case_model', 'in', ('both', self._name))])

    @api.model
    def _get_stage_domain(self) -> str:
        return (
            f"[('case_model', 'in', ['both', '{self._name}']), "
            "'|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]"
        )
