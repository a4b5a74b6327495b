from markupsafe import Markup
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from odoo import http
from odoo.exceptions import UserError
from odoo.http import HttpDispatcher, request

from ..core.post_entries import PostError
from ..models.capture.crm_capture_form import RateExceeded
from ..models.capture.crm_capture_reading import Visit
from .capture_body import MAX_BODY, read_request

RETRY_AFTER = 3600
# So many posts one body may carry.
MAX_POSTS = 20
# What Odoo calls the proof of a captcha, and what its maker does.
CAPTCHA_NAMES = {
    'recaptcha_token_response': 'g-recaptcha-response',
    'turnstile_captcha': 'cf-turnstile-response',
}
FOR_EVERYBODY = ('Access-Control-Allow-Origin', '*')


class CaptureDispatcher(HttpDispatcher):
    """Leaves the body to the form, and tells in JSON what Odoo refuses before it is asked."""

    routing_type = 'crm_capture'

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)
        return self.request.registry['ir.http']._dispatch(endpoint)

    def handle_error(self, exc):
        error = super().handle_error(exc)
        if not isinstance(error, HTTPException) or error.response or not error.code:
            return error
        return self.request.make_json_response(
            {'error': error.description}, headers=[FOR_EVERYBODY], status=error.code
        )


class CaptureController(http.Controller):
    """Where websites post what their visitors filled in."""

    @http.route(
        '/crm/capture/<string:token>',
        type='crm_capture',
        auth='public',
        methods=['POST'],
        cors='*',
        save_session=False,
        max_content_length=MAX_BODY,
    )
    def crm_capture(self, token):
        """Make a lead, or what else the form makes, of each post in the body."""
        if request.httprequest.content_length is None:
            # only a length that is told can be refused before it is read
            return self._refuse(411, request.env._('Please tell the length of the body.'))
        # a visitor has no rights: the form stands for him, within what it does with a post
        form_sudo = request.env['crm.capture.form'].sudo()._find_by_token(token)
        if not form_sudo:
            return self._refuse(404, request.env._('There is no such form.'))
        try:
            body = read_request(request.httprequest)
        except RequestEntityTooLarge:
            return self._refuse_unread('large')
        except PostError as error:
            return self._refuse_unread(error.kind)
        return self._capture(form_sudo, body)

    @http.route(
        '/crm/capture/<string:token>',
        type='crm_capture',
        auth='public',
        methods=['GET', 'PUT', 'PATCH', 'DELETE'],
        save_session=False,
    )
    def crm_capture_no_post(self, token):
        """Say that this is no page, to scripts of every website."""
        reason = request.env._('This address takes what a form posts, and has nothing to show.')
        return self._refuse(405, reason, [('Allow', 'POST, OPTIONS'), FOR_EVERYBODY])

    # === What comes in === #

    def _capture(self, form_sudo, body):
        if len(body.posts) > MAX_POSTS:
            return self._refuse_unread('many')
        posts = [{**request.httprequest.args, **post} for post in body.posts]
        try:
            self._verify_person(form_sudo, posts[0])
            references, excess = self._capture_all(form_sudo, posts, body.files)
        except UserError as error:
            return self._refuse(400, str(error), form_sudo=form_sudo, typed=posts[0])
        if excess:
            headers = [('Retry-After', str(RETRY_AFTER))]
            return self._refuse(429, str(excess), headers, form_sudo=form_sudo)
        return self._accept(form_sudo, references, posts[0].get('redirect'))

    def _capture_all(self, form_sudo, posts, files):
        """Make something of each post, or of none; the files belong to the first.

        :return: the references, and the error of what was too much: that is kept aside
        """
        visit, references, excess = self._get_visit(), [], None
        with request.env.cr.savepoint():
            for number, post in enumerate(posts):
                own = visit if number else visit._replace(files=tuple(files))
                try:
                    references.append(form_sudo._capture(post, own))
                except RateExceeded as error:
                    excess = error
        return references, excess

    def _verify_person(self, form_sudo, post):
        """Refuse machines, where the form wants that and Odoo has a captcha: it looks for the
        proof among the parameters."""
        if form_sudo.has_captcha:
            for name, other in CAPTCHA_NAMES.items():
                request.params[name] = post.get(name) or post.get(other)
            request.env['ir.http']._verify_request_recaptcha_token('crm_capture')

    def _get_visit(self):
        return Visit(
            address=request.httprequest.remote_addr or '',
            languages=request.httprequest.headers.get('Accept-Language', ''),
        )

    # === What is answered === #

    def _accept(self, form_sudo, references, redirect):
        if redirect and redirect == form_sudo.thank_you_url:
            return request.redirect(redirect, local=False)
        if self._is_shown_to_a_visitor():
            text = request.env._('Thank you. Your reference is %s.', references[0])
            return self._show(201, text, company_sudo=form_sudo.company_id)
        answer = {'reference': references[0]}
        if len(references) > 1:
            answer['references'] = references
        return request.make_json_response(answer, status=201)

    def _refuse_unread(self, kind):
        reasons = {
            'json': request.env._('The body is not valid JSON.'),
            'object': request.env._('The body must be a JSON object, or a list of such.'),
            'packed': request.env._('The body cannot be unpacked.'),
            'parts': request.env._('The parts of the body cannot be told apart.'),
            'large': request.env._('This is too large.'),
            'many': request.env._('These are too many posts at once.'),
        }
        return self._refuse(413 if kind == 'large' else 400, reasons[kind])

    def _refuse(self, status, reason, headers=(), form_sudo=None, typed=None):
        """Tell why nothing came of a post; a visitor finds again what he typed."""
        if self._is_shown_to_a_visitor():
            values = form_sudo._prepare_page(typed) if form_sudo else {}
            return self._show(status, reason, headers, **values)
        return request.make_json_response({'error': reason}, headers=headers, status=status)

    def _is_shown_to_a_visitor(self):
        """Tell a browser that leaves the page for our answer from a script that reads it."""
        accepted = request.httprequest.accept_mimetypes
        return accepted.best_match(['application/json', 'text/html'], 'application/json') == (
            'text/html'
        )

    # === What a visitor reads === #

    @http.route(
        '/crm/capture/confirm/<string:token>',
        type='http',
        auth='public',
        methods=['GET'],
        save_session=False,
    )
    def crm_capture_confirm(self, token):
        """Ask who followed the link of a mail to confirm: programs follow links, too."""
        consent_sudo = self._find_consent(token)
        if not consent_sudo:
            return self._show(404, request.env._('This link is not valid any more.'))
        return self._show(
            200,
            request.env._('Is %(email)s your address?', email=consent_sudo.email),
            company_sudo=consent_sudo.company_id,
            button=request.env._('Yes, confirm it'),
        )

    @http.route(
        '/crm/capture/confirm/<string:token>',
        type='http',
        auth='public',
        methods=['POST'],
        csrf=False,
        save_session=False,
    )
    def crm_capture_confirmed(self, token, **_kw):
        """Note the confirmation; the token is the right to do so."""
        consent_sudo = self._find_consent(token)
        if not consent_sudo:
            return self._show(404, request.env._('This link is not valid any more.'))
        consent_sudo._confirm(request.httprequest.remote_addr)
        return self._show(
            200,
            request.env._('Thank you, your address is confirmed.'),
            company_sudo=consent_sudo.company_id,
        )

    def _find_consent(self, token):
        # the mail with the token is all that its owner has
        return request.env['crm.capture.consent'].sudo()._find_by_token(token)

    def _show(self, status, text, headers=(), company_sudo=None, **values):
        """Show a page in the look of the company, in the language of the visitor."""
        company_sudo = company_sudo or request.env['res.company'].sudo().search([], limit=1)
        page = request.env['ir.qweb']._render(
            'crm_extended.crm_capture_page',
            {
                'title': text,
                'company': company_sudo,
                # the renderer takes `lang` for itself, with an underscore
                'page_lang': (request.env.lang or 'en').replace('_', '-'),
                'is_good': status < 300,
                'typed': [],
                **values,
            },
        )
        return request.make_response(
            Markup('<!DOCTYPE html>\n') + page,
            headers=[('Content-Type', 'text/html; charset=utf-8'), *headers],
            status=status,
        )
