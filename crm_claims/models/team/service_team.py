from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceTeam(models.Model):
    """The people who look after claims and tickets together."""

    _name = 'service.team'
    _description = 'Service Team'
    _inherit = ['crm.linked.mixin', 'crm.counter.mixin']
    _order = 'sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer(string='Color Index')
    company_id = fields.Many2one(
        'res.company',
        index=True,
        default=lambda self: self.env.company,
        help='Leave empty for a team that serves every company.',
    )
    leader_id = fields.Many2one(
        'res.users',
        string='Team Leader',
        check_company=True,
        domain=lambda self: self._get_assignee_domain(),
        help='Sees the cases of the team like a member.',
    )
    member_ids = fields.Many2many(
        'res.users',
        string='Members',
        check_company=True,
        domain=lambda self: self._get_assignee_domain(),
    )
    calendar_id = fields.Many2one(
        'resource.calendar',
        string='Working Hours',
        check_company=True,
        help='When the team works. Empty: the working hours of the company.',
    )
    escalation_team_id = fields.Many2one(
        'service.team',
        string='Next Tier',
        check_company=True,
        index='btree_not_null',
        ondelete='set null',
        help='The team that gets what this one escalates.',
    )

    @api.constrains('escalation_team_id')
    def _check_escalation_team_id(self):
        if self._has_cycle('escalation_team_id'):
            raise ValidationError(
                self.env._(
                    'A team cannot escalate to itself, not even through others. '
                    'Choose another next tier.',
                )
            )

    @api.model
    def _get_assignee_domain(self):
        """Return the domain of the users who can be given cases: agents."""
        # not env.ref: each search for a team of somebody's would ask the database for the group
        agents_id = self.env['ir.model.data']._xmlid_to_res_id('crm_claims.crm_claims_group_agent')
        return [('all_group_ids', 'in', [agents_id]), ('share', '=', False)]

    def _get_next_tier(self):
        """Return the team that gets what this one escalates, past those that are archived."""
        tier = self.escalation_team_id
        while tier and not tier.active:
            tier = tier.escalation_team_id
        return tier

    def _get_people(self, company):
        """Return the members and the leaders who are there, and work for the company."""
        # sudo: the customer who opens a case reads nothing of the teams
        people_sudo = self.sudo().member_ids | self.sudo().leader_id
        return people_sudo.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
