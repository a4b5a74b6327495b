from __future__ import annotations

import logging

import psycopg2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import (
    append_content_to_html,
    decode_message_header,
    email_split_and_format,
)

from odoo.addons.crm_extended.core.mail_signs import get_heads, get_report

from ...core.mail_parts import open_parts
from ...core.mail_senders import get_untagged
from ...core.mails import (
    MESSAGE_ID_WIDTH,
    find_addresses,
    get_storable,
    is_about,
    wrap,
)

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """The gateway, for mails to the addresses of a service team: they are made readable, and none
    is lost."""

    _inherit = 'mail.thread'

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """Put a mail to a service team that cannot be read, as it is, into a readable one."""
        raw = self._get_mail_bytes(message)
        address = self._find_service_aliases(raw)[:1].alias_full_name
        if not (address or self._is_case_model(model) or is_about(raw, self._get_case_models())):
            return super().message_process(
                model, message, custom_values, save_original, strip_attachments, thread_id
            )
        # what the rest of the way knows of the mail: as it arrived, to be kept
        gateway = super(MailThread, self.with_context(service_mail=raw))
        try:
            with self.env.cr.savepoint():
                return gateway.message_process(
                    model, raw, custom_values, save_original, strip_attachments, thread_id
                )
        except (UserError, psycopg2.OperationalError):
            raise
        except Exception as error:
            if not address and not self._is_case_model(model):
                raise
            _logger.warning('A mail to %s cannot be read and is kept as a file: %r', address, error)
            return gateway.message_process(model, self._wrap_mail(raw, address), custom_values)

    @api.model
    def message_parse(self, message, save_original=False):
        """Open what a case needs to show, and leave out what the database cannot store."""
        raw = self.env.context.get('service_mail')
        opening = open_parts(message) if raw else None
        msg_dict = super().message_parse(message, save_original)
        if opening:
            self._keep_original(msg_dict, opening, raw)
            self._complete_mail(message, msg_dict)
        msg_dict['message_id'] = msg_dict['message_id'][:MESSAGE_ID_WIDTH]
        msg_dict['attachments'] = [
            self._Attachment(*(get_storable(part) for part in attachment))
            for attachment in msg_dict['attachments']
        ]
        return {name: get_storable(value) for name, value in msg_dict.items()}

    @api.model
    def _keep_original(self, msg_dict, opening, raw: bytes):
        """Attach a mail as it arrived where it may say something else than what is shown, and
        tell what could not be read."""
        if not opening.is_sure:
            msg_dict['attachments'].append(self._Attachment('original_mail.eml', raw, {}))
        for name in opening.unread:
            msg_dict['body'] = append_content_to_html(
                msg_dict['body'], Markup('<p><i>%s</i></p>') % self._get_unread_remark(name), False
            )

    @api.model
    def _get_unread_remark(self, name: str) -> str:
        if name:
            return self.env._('%(file)s could not be opened. It is attached as it came.', file=name)
        return self.env._('This mail is encrypted and cannot be read here.')

    @api.model
    def _complete_mail(self, message, msg_dict):
        """Say of a mail who wrote it, for whom it came and that nothing comes from the future."""
        heads = get_heads(message)
        others = email_split_and_format(decode_message_header(message, 'From', separator=','))[1:]
        msg_dict['cc'] = ','.join(filter(None, [msg_dict['cc'], *others]))
        recipients = [msg_dict['recipients'], *self._get_further_recipients(heads, msg_dict)]
        msg_dict['recipients'] = ','.join(filter(None, recipients))
        if msg_dict.get('date'):
            now = fields.Datetime.to_string(fields.Datetime.now())
            msg_dict['date'] = min(msg_dict['date'], now)
        if not msg_dict['is_bounce']:
            msg_dict['email_from'] = self._get_mail_author(heads, msg_dict['email_from'])

    @api.model
    def _detect_is_bounce(self, message, message_dict):
        """A receipt says that a mail did arrive; what an agent rescues is no bounce to him."""
        is_rescued = self.env.context.get('service_mail_is_rescued')
        if 'service_mail' in self.env.context and (is_rescued or get_report(message) == 'receipt'):
            return False
        return super()._detect_is_bounce(message, message_dict)

    # === WHICH MAILS ARE OURS === #

    @api.model
    def _is_case_model(self, model_name) -> bool:
        return bool(model_name) and isinstance(
            self.env.get(model_name), self.env.registry['service.case.mixin']
        )

    @api.model
    def _get_case_models(self) -> list[str]:
        """Return the kinds of cases that mails open."""
        return self.env['service.team.alias']._fields['case_model'].get_values(self.env)

    @api.model
    def _get_mail_bytes(self, message) -> bytes:
        message = getattr(message, 'data', message)
        return message.encode('utf-8', 'replace') if isinstance(message, str) else message

    @api.model
    def _find_service_aliases(self, raw: bytes):
        """Return the addresses of service teams that the head of a mail names."""
        found = find_addresses(raw)
        addresses = {*found, *get_untagged(found)}
        names = {address.partition('@')[0] for address in addresses}
        # sudo: the gateway's user may not read aliases
        aliases_sudo = self.env['service.team.alias'].sudo()
        return aliases_sudo.search(
            [
                ('alias_name', '!=', False),
                '|',
                ('alias_full_name', 'in', list(addresses)),
                '&',
                ('alias_incoming_local', '=', True),
                ('alias_name', 'in', list(names)),
            ]
        )

    # === MAILS THAT CANNOT BE READ === #

    @api.model
    def _wrap_mail(self, raw: bytes, address) -> bytes:
        """Return a mail that carries another as a file. Nobody is answered: who knows whom."""
        return wrap(
            raw,
            address,
            subject=self.env._('Mail that could not be read'),
            text=self.env._(
                'This mail is damaged. It is attached as it arrived: open it in a mail program.'
            ),
        )
