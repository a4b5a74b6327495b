import codecs

from odoo import models


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    def _message_parse_extract_payload(self, message, message_dict, save_original=False):
        """Read text in a character set that nobody knows as UTF-8: no mail is lost by its label."""
        for part in message.walk():
            charset = part.get_content_charset()
            if charset and part.get_content_maintype() == 'text' and not _is_known(charset):
                part.set_param('charset', 'utf-8')
        return super()._message_parse_extract_payload(message, message_dict, save_original)


def _is_known(charset):
    try:
        return codecs.lookup(charset)._is_text_encoding
    except (LookupError, ValueError):
        return False
