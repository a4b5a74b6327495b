from odoo import api, fields, models
from odoo.fields import Domain


class ServiceTeam(models.Model):
    """How many customers of a team wait for an answer."""

    _inherit = 'service.team'

    waiting_claim_count = fields.Integer(
        string='Claims with a Waiting Customer',
        compute='_compute_case_counts',
        help='Open claims whose customer wrote last, and nobody has answered.',
    )
    waiting_ticket_count = fields.Integer(
        string='Tickets with a Waiting Customer',
        compute='_compute_case_counts',
        help='Open tickets whose customer wrote last, and nobody has answered.',
    )

    # === ACTIONS === #

    def action_view_waiting_claims(self):
        """List the open claims whose customer waits for an answer."""
        return self._get_case_counter_action('waiting_claim_count')

    def action_view_waiting_tickets(self):
        """List the open tickets whose customer waits for an answer."""
        return self._get_case_counter_action('waiting_ticket_count')

    # === BUSINESS METHODS === #

    @api.model
    def _get_case_counters(self):
        waiting = Domain('is_customer_waiting', '=', True)
        return super()._get_case_counters() | {
            f'waiting_{noun}_count': (f'service.{noun}', waiting) for noun in ('claim', 'ticket')
        }
