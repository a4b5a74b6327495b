import codecs
from email.header import decode_header, make_header
from functools import partial

from odoo import api, models
from odoo.tools.mail import email_split_and_format

from ...core.text import clean_email, clean_line, leave_out_unstorable

# What becomes of the texts of a mail that reach a document.
MAIL_CLEANERS = {
    'subject': clean_line,
    'email_from': partial(clean_email, email_split_and_format),
    'from': partial(clean_email, email_split_and_format),
    'body': leave_out_unstorable,
}


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    @api.model
    def message_parse(self, message, save_original=False):
        """Leave in no document the line breaks that a coded head hides, nor what cannot be kept."""
        self._repair_addresses(message)
        msg_dict = super().message_parse(message, save_original)
        for name, clean in MAIL_CLEANERS.items():
            if msg_dict.get(name):
                msg_dict[name] = clean(msg_dict[name])
        return msg_dict

    @api.model
    def _repair_addresses(self, message):
        """Write heads anew that the library refuses to read: a line break is coded in a name."""
        broken = [head for head in message.raw_items() if not _is_readable(head[0], message)]
        for name, _raw in broken:
            del message[name]
        for name, raw in broken:
            message[name] = clean_line(make_header(decode_header(raw)))

    def _message_parse_extract_payload(self, message, message_dict, save_original=False):
        """Read text in a character set that nobody knows as UTF-8: no mail is lost by its label."""
        for part in message.walk():
            charset = part.get_content_charset()
            if charset and part.get_content_maintype() == 'text' and not _is_known(charset):
                part.set_param('charset', 'utf-8')
        return super()._message_parse_extract_payload(message, message_dict, save_original)


def _is_readable(name, message):
    try:
        message.get_all(name)
    except ValueError:
        return False
    return True


def _is_known(charset):
    try:
        return codecs.lookup(charset)._is_text_encoding
    except (LookupError, ValueError):
        return False
