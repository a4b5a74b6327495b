from __future__ import annotations

from typing import TYPE_CHECKING

from odoo import api, fields, models
from odoo.exceptions import UserError

if TYPE_CHECKING:
    from odoo.api import ValuesType

PRIORITIES = [('0', 'Low'), ('1', 'Medium'), ('2', 'High'), ('3', 'Urgent')]


class ServiceCaseMixin(models.AbstractModel):
    """What a claim and a ticket share: a numbered matter of a customer or supplier that a
    team carries from stage to stage."""

    _name = 'service.case.mixin'
    _description = 'Service Case'
    _inherit = [
        'crm.import.mixin',
        'crm.program.mixin',
        'crm.linked.mixin',
        'crm.turn.mixin',
        'crm.batch.mixin',
        'crm.commercial.partner.mixin',
        'service.autonumber.mixin',
        'crm.caller.mixin',
        'mail.thread.phone',
        'mail.thread.cc',
        'portal.mixin',
        'rating.mixin',
        'mail.thread',
        'mail.activity.mixin',
        'service.reference.mixin',
    ]
    _order = 'priority desc, id desc'
    _rec_names_search = ['number', 'name']
    _check_company_auto = True
    _primary_email = 'email_from'
    _import_addon = 'crm_claims'
    _turn_fields = frozenset({'stage_id', 'user_id', 'team_id', 'partner_id', 'merged_into_id'})

    # Identity
    number = fields.Char(copy=False, readonly=True, index='trigram')
    name = fields.Char(string='Subject', required=True, index='trigram', tracking=True)
    active = fields.Boolean(default=True)
    description = fields.Html()
    category_id = fields.Many2one('service.category', index='btree_not_null')
    tag_ids = fields.Many2many('service.tag', string='Tags')
    priority = fields.Selection(
        PRIORITIES,
        default='1',
        required=True,
        tracking=True,
    )

    _number_unique = models.UniqueIndex(
        '(company_id, number)',
        'This number is already taken in the company.',
    )
    _priority_idx = models.Index('(priority DESC, id DESC)')
    _open_team_idx = models.Index(
        "(team_id, user_id) WHERE active IS TRUE AND stage_kind IN ('new', 'open', 'waiting')"
    )
    _board_idx = models.Index('(stage_id, priority DESC, id DESC)')
    # few of many: the condition is worded as the search for what is not closed words it
    _open_idx = models.Index(
        '(team_id, priority DESC, id DESC) '
        "WHERE (stage_kind NOT IN ('solved', 'rejected') OR stage_kind IS NULL)"
    )

    # === COMPUTE METHODS === #

    @api.depends('number', 'name')
    def _compute_display_name(self):
        for case in self:
            case.display_name = f'[{case.number}] {case.name}' if case.number else case.name

    # === CRUD METHODS === #

    @api.model
    def _get_program_fields(self):
        dates = {'date_closed', 'date_first_response', 'date_open'}
        return super()._get_program_fields() | dates

    @api.model
    def _get_initial_fields(self):
        """A case was perhaps opened before it is entered; managers bring whole histories in."""
        given = super()._get_initial_fields() | {'date_open'}
        if self.env.user.has_group('crm_claims.crm_claims_group_manager'):
            given |= {'date_closed', 'date_first_response', 'number'}
        return given

    def write(self, vals):
        if 'company_id' in vals:
            self._check_company_kept(vals['company_id'])
        return super().write(vals)

    def _check_company_kept(self, company_id: int):
        """Refuse another company: the number belongs to the series of the first one."""
        for document in self:
            if document.company_id.id != company_id:
                raise UserError(
                    self.env._(
                        '%(document)s is numbered in %(company)s and stays there. '
                        'Create a new one in the other company.',
                        document=document.display_name,
                        company=document.company_id.display_name,
                    )
                )

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
