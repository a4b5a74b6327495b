from __future__ import annotations

from odoo import api, fields, models
from odoo.fields import Domain

WARNING_TEMPLATE = 'crm_claims.mail_template_ticket_waiting'


class ServiceTicket(models.Model):
    """Tickets that wait too long for an answer: the customer is warned, then they are closed.

    After how many working days is a matter of the team.
    """

    _inherit = 'service.ticket'

    date_waiting = fields.Datetime(
        string='Waiting since',
        compute='_compute_date_waiting',
        store=True,
        precompute=True,
        copy=False,
    )
    date_waiting_warned = fields.Datetime(
        string='Warned on',
        compute='_compute_date_waiting_warned',
        store=True,
        readonly=False,
        copy=False,
        help='When the customer was told that the ticket will be closed without an answer.',
    )

    _waiting_idx = models.Index(
        "(team_id, date_waiting) WHERE active IS TRUE AND stage_kind IN ('waiting')"
    )

    @api.depends('stage_kind')
    def _compute_date_waiting(self):
        now = fields.Datetime.now()
        for ticket in self:
            is_waiting = ticket.stage_kind == 'waiting'
            ticket.date_waiting = (ticket.date_waiting or now) if is_waiting else False

    @api.depends('date_waiting')
    def _compute_date_waiting_warned(self):
        for ticket in self:
            warned = ticket.date_waiting_warned
            is_of_this_wait = warned and ticket.date_waiting and warned >= ticket.date_waiting
            ticket.date_waiting_warned = warned if is_of_this_wait else False

    @api.model
    def _cron_follow_up_waiting(self):
        """Close what nobody answered and warn whom we wait for, in committed batches.

        Closing comes first: a warning of this run gives the customer the time it promises.
        """
        waiting = self._read_group(
            [('stage_kind', '=', 'waiting'), ('team_id.waiting_close_days', '>', 0)],
            ['team_id', 'company_id'],
        )
        for team, company in waiting:
            steps = (
                (self._get_unanswered_domain(team, company), lambda due: due._close_unanswered()),
                (self._get_unwarned_domain(team, company), lambda due: due._warn_waiting()),
            )
            for domain, apply in steps:
                if not self._run_in_batches(domain, apply):
                    return

    @api.model
    def _get_waiting_domain(self, team, company, days):
        """Return what has been waiting for that many working days."""
        return (
            Domain('stage_kind', '=', 'waiting')
            & Domain('team_id', '=', team.id)
            & Domain('company_id', '=', company.id)
            & Domain('date_waiting', '<', team._get_working_days_ago(days, company))
        )

    @api.model
    def _get_unwarned_domain(self, team, company):
        waiting = self._get_waiting_domain(team, company, team.waiting_warning_days)
        return waiting & Domain('date_waiting_warned', '=', False)

    @api.model
    def _get_unanswered_domain(self, team, company):
        waiting = self._get_waiting_domain(team, company, team.waiting_close_days)
        days_left = team.waiting_close_days - team.waiting_warning_days
        return waiting & Domain(
            'date_waiting_warned', '<', team._get_working_days_ago(days_left, company)
        )

    def _warn_waiting(self):
        self.date_waiting_warned = fields.Datetime.now()
        template = self.env.ref(WARNING_TEMPLATE)
        for ticket in self.filtered('email_normalized'):
            ticket._post_automatic_mail(template)

    def _close_unanswered(self):
        body = self.env._('Closed without an answer, as announced.')
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
        self._transition_to('solved')
