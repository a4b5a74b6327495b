from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ServiceTeam(models.Model):
    """What the current user has to do in a team, and what of it he takes next."""

    _inherit = 'service.team'

    my_claim_count = fields.Integer(string='My Open Claims', compute='_compute_case_counts')
    my_ticket_count = fields.Integer(string='My Open Tickets', compute='_compute_case_counts')

    # === ACTIONS === #

    def action_view_my_claims(self):
        """List the open claims of the team that the current user has."""
        return self._get_case_counter_action('my_claim_count')

    def action_view_my_tickets(self):
        """List the open tickets of the team that the current user has."""
        return self._get_case_counter_action('my_ticket_count')

    def action_take_next_claim(self):
        """Take the most urgent claim of the team that nobody has, and open it."""
        self._check_own_team()
        return self.env['service.claim']._take_next(self)

    def action_take_next_ticket(self):
        """Take the most urgent ticket of the team that nobody has, and open it."""
        self._check_own_team()
        return self.env['service.ticket']._take_next(self)

    # === BUSINESS METHODS === #

    @api.model
    def _get_own_teams(self):
        """Return the teams that the current user is a member or the leader of."""
        return self.search(
            Domain('member_ids', 'in', self.env.uid) | Domain('leader_id', '=', self.env.uid)
        )

    def _check_own_team(self):
        for team in self - self._get_own_teams():
            raise UserError(
                self.env._(
                    'You are no member of %(team)s. Its leader can assign you what waits there.',
                    team=team.display_name,
                )
            )

    @api.model
    def _get_case_counters(self):
        mine = Domain('user_id', '=', self.env.uid) & Domain('is_snoozed', '=', False)
        return super()._get_case_counters() | {
            f'my_{noun}_count': (f'service.{noun}', mine) for noun in ('claim', 'ticket')
        }
