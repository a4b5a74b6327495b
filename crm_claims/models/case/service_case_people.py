from odoo import api, fields, models

from ...core.stages import OPEN_KINDS


class ServiceCaseMixin(models.AbstractModel):
    """Who a case is about and who carries it: the contact as it was at the time, the team and
    the person in charge."""

    _inherit = 'service.case.mixin'
    _caller_facts = ('partner_id', 'phone', 'company_id', 'email_from')

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

    _phone_sanitized_idx = models.Index('(phone_sanitized) WHERE phone_sanitized IS NOT NULL')

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
        compute='_compute_user_id',
        store=True,
        readonly=False,
        precompute=True,
        index='btree_not_null',
        check_company=True,
        domain=lambda self: self.env['service.team']._get_assignee_domain(),
        tracking=True,
    )

    date_assigned = fields.Datetime(
        string='Assigned on',
        compute='_compute_date_assigned',
        store=True,
        precompute=True,
        copy=False,
    )

    def init(self):
        """Leave out the indexes on numbers here, where there is no table."""
        return None if self._abstract else super().init()

    # === COMPUTE METHODS === #

    @api.depends('partner_id')
    def _compute_email_from(self):
        for case in self:
            case.email_from = case.partner_id.email or case.email_from

    @api.depends('partner_id')
    def _compute_phone(self):
        for case in self:
            if not case._is_number_of(case.partner_id):
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
    def _compute_user_id(self):
        """Let the team keep who belongs to it; a balanced one assigns what is open otherwise."""
        free = self._filter_assignable().filtered(
            lambda case: case.stage_kind in OPEN_KINDS and not case._has_worker_of_team()
        )
        assignees = free.team_id._get_assignees(free)
        for case in self - free:
            case.user_id = case.user_id
        for case in free:
            case.user_id = assignees.get(case)

    @api.depends('user_id')
    def _compute_date_assigned(self):
        now = fields.Datetime.now()
        for case in self:
            case.date_assigned = now if case.user_id else False

    def _filter_assignable(self):
        """Leave what comes in a file to whom the file names."""
        return self.browse() if self._is_imported() else self

    # === ACTIONS === #

    def action_assign_to_me(self):
        """Make the current user the one who is in charge."""
        return self.write({'user_id': self.env.uid})

    # === BUSINESS METHODS === #

    def _get_worker(self):
        """Return the user who works on the case, none if they are gone."""
        return self.user_id.filtered(lambda user: user.active and not user.share)

    def _has_worker_of_team(self) -> bool:
        """Tell whether a member or the leader of the team works on the case."""
        worker = self._get_worker()
        return bool(worker) and worker in self.team_id._get_people(self.company_id)

    def _assign_anew(self):
        """Let the teams' rules find somebody else for cases, nobody if they find none."""
        nobody = self.env['res.users']
        assignees = self.team_id._get_assignees(self)
        for user, cases in self.grouped(lambda case: assignees.get(case, nobody)).items():
            cases.write({'user_id': user.id})

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
