from __future__ import annotations

import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.mail import decode_message_header, email_split

from ...core.mails import (
    MESSAGE_ID_WIDTH,
    find_addresses,
    get_place,
    get_signs,
    get_storable,
    wrap,
)

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """The gateway, for mails to the addresses of a service team: each opens one case at most,
    and none is lost."""

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
        try:
            with self.env.cr.savepoint():
                return super().message_process(
                    model, message, custom_values, save_original, strip_attachments, thread_id
                )
        except (UserError, psycopg2.OperationalError):
            raise
        except Exception as error:
            raw = self._get_mail_bytes(message)
            address = self._find_service_address(raw)
            if not address and not self._is_case_model(model):
                raise
            _logger.warning('A mail to %s cannot be read and is kept as a file: %r', address, error)
            wrapped = self._wrap_mail(raw, address)
            return super().message_process(model, wrapped, custom_values)

    @api.model
    def message_parse(self, message, save_original=False):
        """Leave out what the database cannot store."""
        msg_dict = super().message_parse(message, save_original)
        msg_dict['message_id'] = msg_dict['message_id'][:MESSAGE_ID_WIDTH]
        msg_dict['attachments'] = [
            self._Attachment(*(get_storable(part) for part in attachment))
            for attachment in msg_dict['attachments']
        ]
        return {name: get_storable(value) for name, value in msg_dict.items()}

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Open one case per mail, and send what answers a merged case to what it became."""
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        others = [route for route in routes if not self._is_case_model(route[0])]
        replies = [route for route in routes if route not in others and route[1]]
        openings = [route for route in routes if route not in others + replies]
        return [
            *others,
            *map(self._redirect_to_survivor, replies),
            *sorted(openings, key=lambda route: self._get_place_in_head(message, route))[:1],
        ]

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        signs = get_signs(message)
        return super(
            MailThread, self.with_context(service_mail_signs=signs)
        )._message_route_process(message, message_dict, routes)

    # === ROUTES === #

    @api.model
    def _is_case_model(self, model_name) -> bool:
        return bool(model_name) and isinstance(
            self.env.get(model_name), self.env.registry['service.case.mixin']
        )

    @api.model
    def _redirect_to_survivor(self, route):
        model_name, thread_id, *rest = route
        return (model_name, self.env[model_name].browse(thread_id)._get_mail_target().id, *rest)

    @api.model
    def _get_place_in_head(self, message, route) -> int:
        """Return how far back the address of the route stands among the recipients."""
        recipients = [
            address
            for name in ('To', 'Cc')
            for address in email_split(decode_message_header(message, name, separator=','))
        ]
        return get_place(recipients, route[4] and route[4].alias_full_name)

    # === MAILS THAT CANNOT BE READ === #

    @api.model
    def _get_mail_bytes(self, message) -> bytes:
        message = getattr(message, 'data', message)
        return message.encode('utf-8', 'replace') if isinstance(message, str) else message

    @api.model
    def _find_service_address(self, raw: bytes) -> str | bool:
        """Return the first address of a service team in the head of a mail."""
        # sudo: the gateway's user may not read aliases
        aliases_sudo = (
            self.env['service.team.alias']
            .sudo()
            .search([('alias_full_name', 'in', find_addresses(raw)), ('alias_name', '!=', False)])
        )
        return aliases_sudo[:1].alias_full_name

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
