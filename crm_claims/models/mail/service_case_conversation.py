from odoo import Command, api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize


class ServiceCaseMixin(models.AbstractModel):
    """The conversation that a case of an older system comes with.

    Its messages are kept as they were: nobody is told of them, and they answer nothing.
    """

    _inherit = 'service.case.mixin'

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._complete_conversations(vals_list))

    def write(self, vals):
        if 'message_ids' in vals:
            [vals] = self._complete_conversations([vals])
        return super().write(vals)

    @api.model
    def _complete_conversations(self, vals_list):
        """Say of messages that come in with cases what they belong to and who may read them."""
        given = [vals for vals in vals_list if vals.get('message_ids')]
        if not given:
            return vals_list
        self._check_may_bring_conversations()
        authors = self._find_conversation_authors(given)
        return [
            {
                **vals,
                'message_ids': [
                    self._complete_message(command, authors) for command in vals['message_ids']
                ],
            }
            if vals.get('message_ids')
            else vals
            for vals in vals_list
        ]

    def _check_may_bring_conversations(self):
        """Whoever brings messages in says who wrote them: that is for managers alone."""
        if not (self.env.su or self.env.user.has_group('crm_claims.crm_claims_group_manager')):
            raise AccessError(self.env._('Only managers of after-sales import conversations.'))

    @api.model
    def _find_conversation_authors(self, vals_list):
        """Return {address: contact} of those who wrote the messages: one query for all."""
        addresses = {
            _normalize(command[2].get('email_from'))
            for vals in vals_list
            for command in vals['message_ids']
            if command[0] == Command.CREATE
        } - {''}
        partners = self.env['res.partner'].search(
            [('email_normalized', 'in', list(addresses))], order='id desc'
        )
        return {partner.email_normalized: partner.id for partner in partners}

    @api.model
    def _complete_message(self, command, authors):
        if command[0] != Command.CREATE:
            return command
        values = command[2]
        kind = 'mt_note' if values.get('is_internal') else 'mt_comment'
        return Command.create(
            {
                'author_id': authors.get(_normalize(values.get('email_from')), False),
                'email_from': False,
                'message_type': 'comment',
                'subtype_id': self.env['ir.model.data']._xmlid_to_res_id(f'mail.{kind}'),
                'reply_to': False,
                **values,
                'model': self._name,
            }
        )


def _normalize(address):
    return email_normalize(address or '') or ''
