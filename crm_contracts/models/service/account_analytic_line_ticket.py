from odoo import api, fields, models


class AccountAnalyticLine(models.Model):
    """Timesheets that are worked on a ticket, and so for its contract."""

    _inherit = 'account.analytic.line'

    crm_ticket_id = fields.Many2one(
        'service.ticket',
        string='Ticket',
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        help="Ticket on which the time was worked. It is booked on the account of the ticket's "
        'contract.',
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._prepare_crm_ticket_time(vals_list))

    @api.model
    def _prepare_crm_ticket_time(self, vals_list):
        """Complete what is booked on tickets with the project that belongs to each."""
        tickets = self.env['service.ticket'].browse(
            {vals['crm_ticket_id'] for vals in vals_list if vals.get('crm_ticket_id')}
        )
        if tickets:
            tickets.check_access('read')
        prepared = {ticket.id: ticket._prepare_time() for ticket in tickets}
        return [{**prepared.get(vals.get('crm_ticket_id'), {}), **vals} for vals in vals_list]

    def _timesheet_preprocess_get_accounts(self, vals):
        """Time on a ticket goes to the account of its contract, whatever the project says."""
        accounts = super()._timesheet_preprocess_get_accounts(vals)
        ticket = self.env['service.ticket'].browse(vals.get('crm_ticket_id')) or self.crm_ticket_id
        if accounts and len(ticket) == 1:
            accounts.update(ticket._get_time_accounts())
        return accounts
