from odoo import api, fields, models
from odoo.fields import Domain

from .service_stage import CLOSED_KINDS


class ServiceTeam(models.Model):
    """The people who look after claims and tickets together."""

    _name = 'service.team'
    _description = 'Service Team'
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
        domain=lambda self: self.env['service.case.mixin']._get_assignee_domain(),
        help='Sees the cases of the team like a member.',
    )
    member_ids = fields.Many2many(
        'res.users',
        string='Members',
        check_company=True,
        domain=lambda self: self.env['service.case.mixin']._get_assignee_domain(),
    )
    calendar_id = fields.Many2one(
        'resource.calendar',
        string='Working Hours',
        check_company=True,
        help='When the team works. Empty: the working hours of the company.',
    )

    # Dashboard: what the user may see, now
    open_claim_count = fields.Integer(string='Open Claims', compute='_compute_case_counts')
    unassigned_claim_count = fields.Integer(
        string='Unassigned Claims',
        compute='_compute_case_counts',
    )
    open_ticket_count = fields.Integer(string='Open Tickets', compute='_compute_case_counts')
    unassigned_ticket_count = fields.Integer(
        string='Unassigned Tickets',
        compute='_compute_case_counts',
    )

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_case_counts(self):
        for field_name, (model_name, domain) in self._get_case_counters().items():
            groups = self.env[model_name]._read_group(
                Domain('team_id', 'in', self.ids) & domain,
                ['team_id'],
                ['__count'],
            )
            counts = {team.id: count for team, count in groups}
            for team in self:
                team[field_name] = counts.get(team.id, 0)

    def action_view_open_claims(self):
        """List the claims that the team still has to close."""
        return self._get_case_counter_action('open_claim_count')

    def action_view_unassigned_claims(self):
        """List the open claims that nobody has taken yet."""
        return self._get_case_counter_action('unassigned_claim_count')

    def action_view_open_tickets(self):
        """List the tickets that the team still has to close."""
        return self._get_case_counter_action('open_ticket_count')

    def action_view_unassigned_tickets(self):
        """List the open tickets that nobody has taken yet."""
        return self._get_case_counter_action('unassigned_ticket_count')

    @api.model
    def _get_case_counters(self):
        """Declare the numbers of the dashboard: {field: (model, domain)}."""
        is_open = Domain('stage_kind', 'not in', CLOSED_KINDS)
        is_unassigned = is_open & Domain('user_id', '=', False)
        return {
            'open_claim_count': ('service.claim', is_open),
            'unassigned_claim_count': ('service.claim', is_unassigned),
            'open_ticket_count': ('service.ticket', is_open),
            'unassigned_ticket_count': ('service.ticket', is_unassigned),
        }

    def _get_case_counter_action(self, field_name):
        """Return the window action that lists exactly what the number counts."""
        model_name, domain = self._get_case_counters()[field_name]
        action = self.env['ir.actions.act_window']._for_xml_id(
            f'crm_claims.{model_name.replace(".", "_")}_action',
        )
        action['domain'] = list(Domain('team_id', 'in', self.ids) & domain)
        action['context'] = {'default_team_id': self.id} if len(self) == 1 else {}
        return action
