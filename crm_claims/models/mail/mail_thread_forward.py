from __future__ import annotations

from email.utils import parseaddr

from odoo import api, models
from odoo.tools.mail import email_normalize

from ...core.mail_forwards import Original, get_originals, get_text, is_forward


class MailThread(models.AbstractModel):
    """Who wrote the mail that a colleague passes on to a service team."""

    _inherit = 'mail.thread'

    @api.model
    def _find_original(self, message, message_dict, is_reply: bool) -> Original | None:
        """Return who wrote what a colleague passes on, None if it is the colleague's own.

        :param is_reply: whether it answers a case; what an answer quotes is not passed on
        """
        sender = email_normalize(message_dict['email_from'], strict=False)
        if not sender or not self._find_colleagues([sender]):
            return None
        attached = self._get_attached_originals(message)
        if is_reply and not attached and not is_forward(message_dict.get('subject') or ''):
            return None
        text = get_text(message_dict.get('body') or '')
        return self._get_first_stranger(attached or get_originals(text))

    @api.model
    def _get_attached_originals(self, message) -> list[Original]:
        inner_mails = [
            part.get_payload(0)
            for part in message.walk()
            if part.get_content_type() == 'message/rfc822' and part.is_multipart()
        ]
        senders = [parseaddr(str(mail['From'] or '')) for mail in inner_mails]
        return [Original(name, address.lower()) for name, address in senders if address]

    @api.model
    def _get_first_stranger(self, originals) -> Original | None:
        """Return the first who is none of us; one whose address is known before others."""
        addresses = {original.address for original in originals if original.address}
        colleagues = self._find_colleagues(addresses).partner_id.mapped('email_normalized')
        ours = {*self._find_own_addresses(addresses), *colleagues}
        strangers = [original for original in originals if original.address not in ours]
        named = [original for original in strangers if original.address]
        return next(iter(named or strangers), None)
