from __future__ import annotations

from typing import TYPE_CHECKING

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .service_stage import CLOSED_KINDS

if TYPE_CHECKING:
    from odoo.api import ValuesType

# From the kind of stage a case is in to the kinds it may go to. Nothing goes back to New:
# somebody has looked at it. A closed case is reopened before anything else happens to it.
TRANSITIONS = {
    False: {'new', 'open', 'waiting', 'solved', 'rejected'},
    'new': {'open', 'waiting', 'solved', 'rejected'},
    'open': {'waiting', 'solved', 'rejected'},
    'waiting': {'open', 'solved', 'rejected'},
    'solved': {'open'},
    'rejected': {'open'},
}


class ServiceCaseMixin(models.AbstractModel):
    """What a claim and a ticket share: a numbered matter of a customer or supplier that a
    team carries from stage to stage."""

    _name = 'service.case.mixin'
    _description = 'Service Case'
    _inherit = [
        'mail.thread',
        'mail.activity.mixin',
        'service.autonumber.mixin',
        'service.reference.mixin',
    ]
    _order = 'priority desc, id desc'
    _rec_names_search = ['number', 'name']
    _check_company_auto = True
    _primary_email = 'email_from'

    # Identity
    name = fields.Char(string='Subject', required=True, index='trigram', tracking=True)
    active = fields.Boolean(default=True)
    description = fields.Html()
    category_id = fields.Many2one('service.category', index='btree_not_null')
    tag_ids = fields.Many2many('service.tag', string='Tags')
    priority = fields.Selection(
        [('0', 'Low'), ('1', 'Medium'), ('2', 'High'), ('3', 'Urgent')],
        default='1',
        required=True,
        tracking=True,
    )

    # Party: e-mail and phone are what was said at the time, not what the contact has today
    partner_id = fields.Many2one(
        'res.partner',
        string='Customer',
        check_company=True,
        index='btree_not_null',
        tracking=True,
    )
    email_from = fields.Char(
        string='Email',
        compute='_compute_email_from',
        store=True,
        readonly=False,
        precompute=True,
    )
    phone = fields.Char(
        compute='_compute_phone',
        store=True,
        readonly=False,
        precompute=True,
    )
    medium_id = fields.Many2one(
        'utm.medium',
        string='Channel',
        index='btree_not_null',
        help='How the customer or supplier reached us.',
    )

    # Responsibility
    team_id = fields.Many2one(
        'service.team',
        compute='_compute_team_id',
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        'res.users',
        string='Assigned to',
        index='btree_not_null',
        check_company=True,
        domain=lambda self: self._get_assignee_domain(),
        tracking=True,
    )

    # Progress
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
    stage_kind = fields.Selection(
        string='Stage Kind',
        related='stage_id.kind',
        store=True,
        precompute=True,
    )

    # Dates
    date_open = fields.Datetime(
        string='Opened on',
        required=True,
        copy=False,
        default=fields.Datetime.now,
        index=True,
    )
    date_assigned = fields.Datetime(
        string='Assigned on',
        compute='_compute_date_assigned',
        store=True,
        precompute=True,
        copy=False,
    )
    date_closed = fields.Datetime(
        string='Closed on',
        compute='_compute_date_closed',
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    date_deadline = fields.Datetime(
        string='Deadline',
        copy=False,
        index='btree_not_null',
        tracking=True,
    )
    is_late = fields.Boolean(
        string='Late',
        compute='_compute_is_late',
        search='_search_is_late',
        help='Still open although the deadline has passed.',
    )
    days_to_close = fields.Float(
        compute='_compute_days_to_close',
        store=True,
        precompute=True,
        aggregator='avg',
        help='Days from opening to closing.',
    )

    _priority_idx = models.Index('(priority DESC, id DESC)')

    # === COMPUTE METHODS === #

    @api.depends('number', 'name')
    def _compute_display_name(self):
        for case in self:
            case.display_name = f'[{case.number}] {case.name}' if case.number else case.name

    @api.depends('partner_id')
    def _compute_email_from(self):
        for case in self:
            case.email_from = case.partner_id.email or case.email_from

    @api.depends('partner_id')
    def _compute_phone(self):
        for case in self:
            case.phone = case.partner_id.phone or case.phone

    @api.depends('company_id')
    def _compute_team_id(self):
        default_teams = self._get_default_teams(self.company_id)
        for case in self:
            if not case.team_id or case.team_id.company_id not in (
                case.company_id,
                self.env['res.company'],
            ):
                case.team_id = default_teams.get(case.company_id)

    @api.depends('team_id')
    def _compute_stage_id(self):
        """Keep a stage that the team has, else take its first one of the same kind."""
        stages = self._get_stages()
        for team, cases in self.grouped('team_id').items():
            usable = stages._filter_for_team(team)
            for case in cases.filtered(lambda case, usable=usable: case.stage_id not in usable):
                kind = case.stage_id.kind
                same_kind = usable.filtered(lambda stage, kind=kind: stage.kind == kind)
                case.stage_id = (same_kind or usable)[:1]

    @api.depends('user_id')
    def _compute_date_assigned(self):
        now = fields.Datetime.now()
        for case in self:
            case.date_assigned = now if case.user_id else False

    @api.depends('stage_kind')
    def _compute_date_closed(self):
        now = fields.Datetime.now()
        for case in self:
            is_closed = case.stage_kind in CLOSED_KINDS
            case.date_closed = (case.date_closed or now) if is_closed else False

    @api.depends('date_deadline', 'stage_kind')
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for case in self:
            case.is_late = (
                bool(case.date_deadline)
                and case.date_deadline < now
                and case.stage_kind not in CLOSED_KINDS
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain('date_deadline', '<', fields.Datetime.now()) & Domain(
            'stage_kind', 'not in', CLOSED_KINDS
        )

    @api.depends('date_open', 'date_closed')
    def _compute_days_to_close(self):
        for case in self:
            elapsed = case.date_closed and case.date_open and case.date_closed - case.date_open
            case.days_to_close = elapsed.total_seconds() / 86400 if elapsed else 0.0

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
        if vals.get('stage_id'):
            kind = self.env['service.stage'].browse(vals['stage_id']).kind
            self.filtered(lambda case: case.stage_kind != kind)._check_transition(kind)
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if 'name' in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._('%s (copy)', case.name))
            for case, vals in zip(self, vals_list, strict=True)
        ]

    def _fill_company(self, vals_list: list[ValuesType]):
        """The team's company comes before the user's."""
        default_id = self.env.context.get('default_team_id')
        team_ids = {vals.get('team_id') or default_id for vals in vals_list} - {None, False}
        # sudo: a team of another company is refused by the company check, not here
        teams_sudo = self.env['service.team'].sudo().browse(team_ids)
        company_ids = {team.id: team.company_id.id for team in teams_sudo}
        for vals in vals_list:
            if not vals.get('company_id'):
                vals['company_id'] = company_ids.get(vals.get('team_id') or default_id)
        return super()._fill_company(vals_list)

    def _read_group_select(self, aggregate_spec, query):
        """Keep what is still open out of the average of the days to close."""
        sql = super()._read_group_select(aggregate_spec, query)
        if not aggregate_spec.startswith('days_to_close:'):
            return sql
        date_closed = self._field_to_sql(self._table, 'date_closed', query)
        return SQL('%s FILTER (WHERE %s IS NOT NULL)', sql, date_closed)

    # === ACTIONS === #

    def action_assign_to_me(self):
        """Make the current user the one who is in charge."""
        self.write({'user_id': self.env.uid})

    def action_solve(self):
        """Close as solved."""
        self._transition_to('solved')

    def action_reject(self, reason=None):
        """Close as rejected, noting the reason in the chatter.

        :param str reason: plain text
        """
        self._transition_to('rejected')
        if reason:
            body = self.env._('Rejected: %(reason)s', reason=reason)
            self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

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

    def _get_default_teams(self, companies):
        """Return {company: team} for cases that name none: the user's own team first."""
        teams = self.env['service.team'].search(
            [('company_id', 'in', [*companies.ids, False])],
        )
        own_teams = teams.filtered(lambda team: self.env.user in team.member_ids)
        return {
            company: (own_teams + teams).filtered(
                lambda team, company=company: team.company_id in (company, company.browse()),
            )[:1]
            for company in companies
        }

    @api.model
    def _get_stage_domain(self) -> str:
        return (
            f"[('case_model', 'in', ['both', '{self._name}']), "
            "'|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]"
        )

    @api.model
    def _get_assignee_domain(self) -> list:
        agents = self.env.ref('crm_claims.crm_claims_group_agent')
        return [('all_group_ids', 'in', agents.ids), ('share', '=', False)]
