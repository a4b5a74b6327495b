from __future__ import annotations

from odoo import models


class ServiceCaseMixin(models.AbstractModel):
    """What colleagues write on a case by mail: their answers reach the customer, contact or not,
    and what answers nobody stays among us."""

    _inherit = 'service.case.mixin'

    def _get_mail_of_colleague(self, message_dict) -> dict:
        """Return what of a mail changes because a colleague sends it to the case."""
        author = self.env['res.partner'].browse(message_dict.get('author_id') or [])
        if not author or author.partner_share or author == self.partner_id:
            return {}
        answered = self.env['mail.message'].browse(message_dict.get('parent_id') or [])
        if not answered:
            return {'is_internal': True}
        is_outside = not (answered.author_id or answered.subtype_id.internal)
        return {'outgoing_email_to': answered.email_from} if is_outside else {}

    def _is_note_by_mail(self, message) -> bool:
        """Tell what a colleague wrote to the case by its number alone: who works on it hears."""
        return message.message_type == 'email' and bool(
            self.env.context.get('service_mail_is_note')
        )
