from odoo import fields, models


class ServiceTicketSplit(models.TransientModel):
    """Ask which messages of a ticket are another matter."""

    _name = 'service.ticket.split'
    _description = 'Split a Ticket'
    _inherit = ['crm.linked.mixin']

    ticket_id = fields.Many2one(
        'service.ticket',
        required=True,
        readonly=True,
        default=lambda self: self._default_ticket_id(),
    )
    name = fields.Char(string='Subject', required=True)
    message_ids = fields.Many2many(
        'mail.message',
        string='Messages',
        default=lambda self: self._default_message_ids(),
        help='They move to the new ticket, with their attachments.',
    )

    def _default_ticket_id(self):
        ticket = self.env['service.ticket'].browse(self.env.context.get('active_id'))
        ticket.check_access('read')
        return ticket

    def _default_message_ids(self):
        return self.env['mail.message'].search(
            [
                ('model', '=', 'service.ticket'),
                ('res_id', '=', self.env.context.get('active_id')),
                ('message_type', 'in', ('email', 'comment')),
            ]
        )

    def action_split(self):
        """Move the messages to a new ticket and open it."""
        self.ensure_one()
        return self.ticket_id._split(self.message_ids, self.name).get_formview_action()
