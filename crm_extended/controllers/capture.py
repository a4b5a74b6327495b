import json

from markupsafe import Markup

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.capture.crm_capture_form import RateExceeded

MAX_BODY = 64 * 1024
RETRY_AFTER = 3600


class CaptureController(http.Controller):
    """Where websites post what their visitors filled in."""

    @http.route(
        '/crm/capture/<string:token>',
        type='http',
        auth='public',
        methods=['POST'],
        csrf=False,
        cors='*',
        save_session=False,
        max_content_length=MAX_BODY,
    )
    def crm_capture(self, token, **fields):
        if request.httprequest.content_length is None:
            # only a length that is told can be refused before it is read
            return self._refuse(411, request.env._('Please tell the length of the body.'))
        # a visitor has no rights: the form stands for him, within what it does with a post
        form_sudo = request.env['crm.capture.form'].sudo()._find_by_token(token)
        if not form_sudo:
            return self._refuse(404, request.env._('There is no such form.'))
        try:
            reference = form_sudo._capture(self._read_post(fields))
        except RateExceeded as error:
            return self._refuse(429, str(error), [('Retry-After', str(RETRY_AFTER))])
        except UserError as error:
            return self._refuse(400, str(error))
        return self._accept(form_sudo, reference, fields.get('redirect'))

    def _read_post(self, fields):
        if request.httprequest.mimetype != 'application/json':
            return {name: value for name, value in fields.items() if isinstance(value, str)}
        try:
            post = json.loads(request.httprequest.get_data())
        except (ValueError, RecursionError) as error:
            raise UserError(request.env._('The body is not valid JSON.')) from error
        if not isinstance(post, dict):
            raise UserError(request.env._('The body must be a JSON object.'))
        return post

    def _accept(self, form_sudo, reference, redirect):
        if redirect and redirect == form_sudo.thank_you_url:
            return request.redirect(redirect, local=False)
        if self._is_shown_to_a_visitor():
            return self._show(201, request.env._('Thank you. Your reference is %s.', reference))
        return request.make_json_response({'reference': reference}, status=201)

    def _refuse(self, status, reason, headers=()):
        if self._is_shown_to_a_visitor():
            return self._show(status, reason, headers)
        return request.make_json_response({'error': reason}, headers=headers, status=status)

    def _is_shown_to_a_visitor(self):
        """Tell a browser that leaves the page for our answer from a script that reads it."""
        accepted = request.httprequest.accept_mimetypes
        return accepted.best_match(['application/json', 'text/html'], 'application/json') == (
            'text/html'
        )

    def _show(self, status, text, headers=()):
        page = Markup('<!DOCTYPE html><meta charset="utf-8"><title>%s</title><p>%s</p>')
        return request.make_response(
            page % (text, text),
            headers=[('Content-Type', 'text/html; charset=utf-8'), *headers],
            status=status,
        )
