from __future__ import annotations

from odoo import api, fields, models
from odoo.tools.mail import email_normalize

from ...core.mail_forwards import get_bare_subject


class ServiceCaseMixin(models.AbstractModel):
    """A case that a colleague opens by passing on a customer's mail is that customer's: so it is
    taken, and one tap makes it the colleague's own."""

    _inherit = 'service.case.mixin'

    forwarded_by_id = fields.Many2one(
        'res.partner',
        string='Forwarded by',
        copy=False,
        readonly=True,
        help='The colleague who passed the mail on, until somebody has confirmed whose it is.',
    )
    forwarded_from = fields.Char(
        string='Original Sender',
        copy=False,
        readonly=True,
        help='Who wrote the mail that a colleague passed on, as far as it tells.',
    )

    # === ACTIONS === #

    def action_confirm_forward(self):
        """Take the original sender as the customer for good, and send the acknowledgement."""
        cases = self._check_forwarded()
        cases.sudo().forwarded_by_id = False
        cases.filtered(lambda case: case.stage_kind == 'new')._acknowledge()
        return True

    def action_keep_forwarder(self):
        """Make the colleague who passed the mail on the customer: it was his own matter."""
        for case in self._check_forwarded():
            forwarder = case.forwarded_by_id
            case.sudo().write({'partner_id': forwarder.id, 'forwarded_by_id': False})
        return True

    def _check_forwarded(self):
        """Return those of the cases whose customer is still to be confirmed."""
        self.check_access('write')
        return self.filtered('forwarded_by_id')

    # === MAIL GATEWAY === #

    @api.model
    def _prepare_mail_values(self, msg_dict, alias_values):
        original = self.env.context.get('service_mail_original')
        if not original:
            return super()._prepare_mail_values(msg_dict, alias_values)
        customer = self._find_original_customer(original)
        values = super()._prepare_mail_values({**msg_dict, 'author_id': customer.id}, alias_values)
        return {
            **values,
            'name': get_bare_subject(values['name']) or values['name'],
            'email_from': str(original) if original.address else False,
            'forwarded_by_id': msg_dict.get('author_id'),
            'forwarded_from': str(original),
        }

    @api.model
    def _find_original_customer(self, original):
        if not original.address:
            return self.env['res.partner']
        return self.env['mail.thread']._partner_find_from_emails_single(
            [str(original)], no_create=True
        )[:1]

    def _is_acknowledged_at_once(self):
        """Nobody is written to who did not write to us, before somebody has confirmed it."""
        return super()._is_acknowledged_at_once() and not self.forwarded_by_id

    def _is_from_customer(self, message):
        """What a colleague passes on of the customer is the customer's."""
        original = self.env.context.get('service_mail_original')
        address = original and email_normalize(original.address)
        is_his = bool(address) and self._is_correspondent(address)
        return is_his or super()._is_from_customer(message)
