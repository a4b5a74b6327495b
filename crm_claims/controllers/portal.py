from werkzeug.exceptions import BadRequest, Forbidden, NotFound

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request

from ..models.customer.service_case_portal import MAX_FILE_SIZE
from .portal_list import ServicePortalList

# Last part of the address, and what is listed there.
KINDS = {'tickets': 'service.ticket', 'claims': 'service.claim'}
COUNTERS = {'service_ticket_count': 'service.ticket', 'service_claim_count': 'service.claim'}
RATINGS = (1, 3, 5)
# What Odoo's own pages of a document read of their address; the rest would be taken for our
# arguments.
PAGE_EXTRAS = ('error', 'warning', 'success', 'pid', 'hash')
# The largest id of the database: a larger one in an address leads nowhere.
ID = 'int(max=2147483647)'


class ServicePortal(ServicePortalList):
    """The customer's own claims and tickets. What changes something is a POST of a logged-in
    user whose company the case belongs to.

    Odoo makes one class of all portal controllers: our names carry our prefix.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        for name, model_name in COUNTERS.items():
            if name in counters:
                cases = request.env[model_name]
                values[name] = cases.search_count([]) if cases.has_access('read') else 0
        return values

    # === PAGES === #

    @http.route(
        ['/my/service/<string:kind>', '/my/service/<string:kind>/page/<int:page>'],
        type='http',
        auth='user',
        website=True,
        methods=['GET'],
    )
    def portal_service_cases(
        self,
        kind,
        page=1,
        sortby=None,
        filterby=None,
        groupby=None,
        search=None,
        search_in=None,
        **_kw,
    ):
        """List the cases of the user's company. Unknown choices are taken as the first one."""
        cases = self._service_get_model(kind)
        choices = self._service_prepare_searchbar(
            sortby=sortby, filterby=filterby, groupby=groupby, search_in=search_in
        )
        search = self._service_get_text(search)
        domain = self._service_get_filter_domain(choices) & self._service_get_search_domain(
            choices, search
        )
        url = f'/my/service/{kind}'
        found, pages = self._service_get_page(cases, domain, url, page, choices, search)
        request.session[f'my_service_{kind}_history'] = found.ids[:100]
        return request.render(
            'crm_claims.portal_service_cases',
            {
                **self._prepare_portal_layout_values(),
                **self._service_prepare_values(kind),
                **choices,
                'groups': self._service_group_cases(found.sudo(), choices['groupby']),
                'search': search,
                'pager': pages,
                'default_url': url,
            },
        )

    @http.route(
        f'/my/service/<string:kind>/<{ID}:case_id>',
        type='http',
        auth='public',
        website=True,
        methods=['GET'],
    )
    def portal_service_case(self, kind, case_id, access_token=None, **kwargs):
        """Show one case: to its customer, to who has the link with its token, and to who has the
        link of somebody it is shared with."""
        cases = self._service_get_model(kind)
        case_sudo = cases._find_shared(case_id, kwargs.get('pid'), kwargs.get('hash'))
        try:
            case_sudo = case_sudo or self._service_check_access(cases._name, case_id, access_token)
        except (AccessError, MissingError):
            return request.redirect('/my')
        return self._service_render_case(kind, case_sudo, access_token, kwargs)

    @http.route(
        '/my/service/<string:kind>/new', type='http', auth='user', website=True, methods=['GET']
    )
    def portal_service_case_new(self, kind, **_kw):
        """Show the empty form for a new case."""
        return self._service_render_form(kind, {})

    # === WHAT CHANGES SOMETHING === #

    @http.route(
        '/my/service/<string:kind>/new', type='http', auth='user', website=True, methods=['POST']
    )
    def portal_service_case_create(self, kind, **form):
        """Create a case from the form, or show the form again: with what is wrong, or with what
        the chosen category asks."""
        form = {name: self._service_get_text(value) for name, value in form.items()}
        if form.get('refresh'):
            return self._service_render_form(kind, form)
        try:
            case_sudo = self._service_get_model(kind)._create_from_portal(
                form, self._service_get_files()
            )
        except ValidationError as error:
            return self._service_render_form(kind, {**form, 'error': error.args[0]})
        return request.redirect(f'{case_sudo.access_url}?done=created')

    @http.route(
        f'/my/service/<string:kind>/<{ID}:case_id>/<any(close,reopen):move>',
        type='http',
        auth='user',
        website=True,
        methods=['POST'],
    )
    def portal_service_case_move(self, kind, case_id, move, **_kw):
        """Close or reopen an own case."""
        case_sudo = self._service_get_own_case(kind, case_id)
        try:
            case_sudo._apply_portal_move(move)
        except UserError:
            return request.redirect(f'{case_sudo.access_url}?done=moved_on')
        return request.redirect(f'{case_sudo.access_url}?done={move}')

    @http.route(
        f'/my/service/<string:kind>/<{ID}:case_id>/privacy',
        type='http',
        auth='user',
        website=True,
        methods=['POST'],
    )
    def portal_service_case_privacy(self, kind, case_id, is_private='', **_kw):
        """Let the contact of a case say whether colleagues see it too."""
        case_sudo = self._service_get_own_case(kind, case_id)
        if case_sudo.partner_id != request.env.user.partner_id:
            raise Forbidden()
        case_sudo.is_private = bool(is_private)
        return request.redirect(case_sudo.access_url)

    @http.route(
        f'/my/service/<string:kind>/<{ID}:case_id>/rate',
        type='http',
        auth='user',
        website=True,
        methods=['POST'],
    )
    def portal_service_case_rate(self, kind, case_id, rating='', feedback='', **_kw):
        """Take the customer's opinion on a solved case."""
        case_sudo = self._service_get_own_case(kind, case_id)
        if rating not in map(str, RATINGS):
            raise BadRequest()
        if not case_sudo._is_rating_open():
            return request.redirect(f'{case_sudo.access_url}?done=moved_on')
        case_sudo._apply_rating(int(rating), self._service_get_text(feedback))
        return request.redirect(f'{case_sudo.access_url}?done=rated')

    # === HELPERS === #

    def _service_get_model(self, kind):
        if kind not in KINDS:
            raise NotFound()
        return request.env[KINDS[kind]]

    def _service_get_text(self, value):
        """Return what was posted as text that the database can store; a file is no text."""
        return value.replace('\0', '') if isinstance(value, str) else ''

    def _service_check_access(self, model_name, document_id, access_token=None):
        """Return the document with all rights; Odoo compares nothing but ASCII tokens."""
        token = access_token if access_token and access_token.isascii() else None
        return self._document_check_access(model_name, document_id, token)

    def _service_get_document_values(self, document, access_token, values, history, extras):
        """Return the values of the page of a document; of the rest of its address what Odoo
        reads there."""
        extras = {name: extras[name] for name in PAGE_EXTRAS if name in extras}
        return self._get_page_view_values(document, access_token, values, history, False, **extras)

    def _service_get_own_case(self, kind, case_id):
        """Return the case, for everything, if it belongs to the user's own company."""
        try:
            case_sudo = self._service_check_access(self._service_get_model(kind)._name, case_id)
        except (AccessError, MissingError) as error:
            raise NotFound() from error
        if not case_sudo._is_own_of(request.env.user):
            raise Forbidden()
        return case_sudo.with_user(request.env.user).sudo()

    def _service_get_files(self):
        """Return (name, content) of what was attached, reading no more than is needed to
        see that it is too large."""
        return [
            (self._service_get_text(file.filename), file.read(MAX_FILE_SIZE + 1))
            for file in request.httprequest.files.getlist('attachments')
            if file.filename
        ]

    def _service_render_case(self, kind, case, access_token, extras):
        is_own = case._is_own_of(request.env.user)
        values = {
            **self._service_prepare_values(kind),
            'case': case,
            'is_own': is_own,
            'is_contact': is_own and case.partner_id == request.env.user.partner_id,
            'done': self._service_get_done_messages().get(extras.get('done')),
        }
        values = self._service_get_document_values(
            case, access_token, values, f'my_service_{kind}_history', extras
        )
        return request.render('crm_claims.portal_service_case', values)

    def _service_render_form(self, kind, form):
        values = {
            **self._prepare_portal_layout_values(),
            **self._service_prepare_form_values(kind, form),
            **self._service_prepare_values(kind),
            'form': form,
            'is_new': True,
        }
        return request.render('crm_claims.portal_service_case_new', values)

    def _service_prepare_form_values(self, kind, form):
        """Return what the form for a new case offers to choose from and asks for."""
        cases = self._service_get_model(kind)
        types = request.env['service.claim.type']
        return {
            # sudo: the names of the types are no secret, the rest is not shown
            'claim_types': types.sudo().search([]) if kind == 'claims' else types,
            **cases._prepare_portal_choices(form),
        }

    def _service_prepare_values(self, kind):
        words = {
            'tickets': {
                'title': request.env._('Tickets'),
                'new_title': request.env._('New Ticket'),
            },
            'claims': {'title': request.env._('Claims'), 'new_title': request.env._('New Claim')},
        }
        return {'page_name': 'service', 'kind': kind, **words[kind]}

    def _service_get_done_messages(self):
        return {
            'created': request.env._(
                'Thank you. We have got it and will answer as soon as we can.'
            ),
            'close': request.env._('Closed. Thank you for telling us.'),
            'reopen': request.env._('Reopened. We look at it again.'),
            'rated': request.env._('Thank you for your rating.'),
            'moved_on': request.env._(
                'This can no longer be done: it has changed in the meantime.'
            ),
        }
