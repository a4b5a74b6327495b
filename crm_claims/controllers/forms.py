from werkzeug.exceptions import BadRequest, NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.crm_extended.core.capture import TRAP_FIELD
from odoo.addons.crm_extended.models.capture.crm_capture_form import RateExceeded

from .portal import ServicePortal

MAX_BODY = 25 * 1024 * 1024


class ServiceForms(ServicePortal):
    """The page of a form that makes claims or tickets, for everybody who has its address."""

    @http.route(
        '/service/form/<string:token>', type='http', auth='public', website=True, methods=['GET']
    )
    def service_form(self, token, **_kw):
        """Show the empty form, in the language of the visitor."""
        return self._service_render_web_form(self._service_get_web_form(token), {})

    @http.route(
        '/service/form/<string:token>',
        type='http',
        auth='public',
        website=True,
        methods=['POST'],
        max_content_length=MAX_BODY,
    )
    def service_form_send(self, token, **post):
        """Create a case from the form, or show the form again: with what is wrong, or with what
        the chosen category asks."""
        form_sudo = self._service_get_web_form(token)
        post = {name: self._service_get_text(value) for name, value in post.items()}
        if post.get('refresh'):
            return self._service_render_web_form(form_sudo, post)
        try:
            number = form_sudo._capture_with_files(
                {**post, 'lang': request.env.lang},
                self._service_get_files(),
                request.httprequest.remote_addr or '',
            )
        except RateExceeded as error:
            return self._service_render_web_form(form_sudo, {**post, 'error': str(error)}, 429)
        except UserError as error:
            return self._service_render_web_form(form_sudo, {**post, 'error': str(error)}, 400)
        return self._service_render(
            'crm_claims.service_form_thanks', {'form_sudo': form_sudo, 'number': number}, 201
        )

    def _service_get_web_form(self, token):
        """Return the form of the token, with all rights and in the language of the visitor."""
        if not token.isprintable():  # Odoo would look for a page of that name, and fail
            raise BadRequest()
        # a visitor has no rights: the form stands for him, within what it does with a post
        form_sudo = request.env['crm.capture.form'].sudo()._find_by_token(token)
        if not form_sudo.service_team_id:
            raise NotFound()
        return form_sudo.with_context(lang=request.env.lang)

    def _service_render_web_form(self, form_sudo, post, status=200):
        values = {
            'form_sudo': form_sudo,
            'form': {**self._service_get_visitor_values(), **post},
            'trap': TRAP_FIELD,
            **form_sudo._prepare_choices(post),
        }
        return self._service_render('crm_claims.service_form', values, status)

    def _service_get_visitor_values(self):
        """Return what the form knows of a visitor who is logged in."""
        user = request.env.user
        if user._is_public():
            return {}
        partner = user.partner_id
        return {
            'contact_name': partner.name,
            'email': partner.email,
            'phone': partner.phone,
            'company': partner.commercial_company_name,
        }

    def _service_render(self, template, values, status):
        response = request.render(template, values)
        response.status_code = status
        return response
