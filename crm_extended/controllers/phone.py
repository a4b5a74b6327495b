import json

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.call.crm_phone_line import CallRateExceeded

MAX_BODY = 16 * 1024
RETRY_AFTER = 3600


class PhoneController(http.Controller):
    """Where telephone systems post what happens to their calls."""

    @http.route(
        '/crm/phone/<string:token>',
        type='http',
        auth='public',
        methods=['POST'],
        csrf=False,
        save_session=False,
        max_content_length=MAX_BODY,
    )
    def crm_phone(self, token, **fields):
        # a telephone system has no rights: the line stands for it, within what it notes
        line_sudo = request.env['crm.phone.line'].sudo()._find_by_token(token)
        if not line_sudo:
            return self._refuse_call(404, request.env._('There is no such phone line.'))
        try:
            call_sudo = line_sudo._receive(self._read_message(fields))
        except CallRateExceeded as error:
            return self._refuse_call(429, str(error), [('Retry-After', str(RETRY_AFTER))])
        except UserError as error:
            return self._refuse_call(400, str(error))
        return request.make_json_response(
            {'reference': call_sudo.phone_reference, 'state': call_sudo.phone_state}
        )

    def _read_message(self, fields):
        """Return the fields of a form or of a JSON object, whatever its type says it is."""
        body = request.httprequest.get_data()
        if not body.lstrip().startswith(b'{'):
            return fields
        try:
            return {**fields, **json.loads(body)}
        except (ValueError, RecursionError) as error:
            raise UserError(request.env._('The body is not valid JSON.')) from error

    def _refuse_call(self, status, reason, headers=()):
        return request.make_json_response({'error': reason}, headers=headers, status=status)
