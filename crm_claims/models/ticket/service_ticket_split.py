from odoo import fields, models
from odoo.exceptions import UserError


class ServiceTicket(models.Model):
    """A second matter in the messages of a ticket becomes a ticket of its own."""

    _inherit = 'service.ticket'

    split_from_id = fields.Many2one(
        'service.ticket',
        string='Split from',
        copy=False,
        readonly=True,
        index='btree_not_null',
        ondelete='set null',
        help='The ticket whose messages this one began with.',
    )

    def _split(self, messages, name):
        """Move messages of the ticket, with their attachments, to a new one.

        :return: the new ticket
        """
        self.ensure_one()
        self.check_access('write')
        self._check_split(messages)
        ticket = self.create({**self._prepare_split_values(), 'name': name})
        # sudo: where a ticket comes from is kept from being typed
        ticket.sudo().split_from_id = self
        ticket._keep_commercial_partner(self)
        # sudo: an agent may not change the messages of others
        messages_sudo = messages.sudo()
        messages_sudo.attachment_ids.filtered(
            lambda attachment: (attachment.res_model, attachment.res_id) == (self._name, self.id)
        ).write({'res_id': ticket.id})
        messages_sudo.write({'res_id': ticket.id})
        ticket._message_log(body=self.env._('Split from %(ticket)s', ticket=self._get_html_link()))
        self._message_log(
            body=self.env._(
                'Messages moved to %(ticket)s: %(count)s',
                count=len(messages),
                ticket=ticket._get_html_link(),
            )
        )
        return ticket

    def _check_split(self, messages):
        if not messages:
            raise UserError(self.env._('Choose the messages of the other matter.'))
        if any((message.model, message.res_id) != (self._name, self.id) for message in messages):
            raise UserError(
                self.env._(
                    'Only messages of %(ticket)s can move to a ticket split from it.',
                    ticket=self.display_name,
                )
            )

    def _prepare_split_values(self):
        """Return what the new ticket has in common with this one."""
        self.ensure_one()
        return {
            'partner_id': self.partner_id.id,
            'email_from': self.email_from,
            'phone': self.phone,
            'team_id': self.team_id.id,
            'user_id': self.user_id.id,
            'category_id': self.category_id.id,
            'medium_id': self.medium_id.id,
            'priority': self.priority,
            'company_id': self.company_id.id,
        }
