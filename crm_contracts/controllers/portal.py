from odoo import fields, http
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.crm_claims.controllers.portal import ID, ServicePortal

from ..core.states import PORTAL_STATES

COUNTER = 'crm_contract_count'
OFFER_COUNTER = 'crm_contract_offer_count'
URL = '/my/crm-contracts'
SEARCHED = {'all': ('code', 'name'), 'number': ('code',), 'name': ('name',)}
COUNTED = {COUNTER: 'all', OFFER_COUNTER: 'offered'}


class ContractPortal(ServicePortal):
    """The customer's own contracts. Nothing here changes anything: see ``portal_offer.py``.

    Odoo makes one class of all portal controllers: our names carry our prefix.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        contracts = request.env['crm.contract']
        is_reader = contracts.has_access('read')
        for counter in COUNTED.keys() & set(counters):
            domain = self._crm_contract_get_domain({'filterby': COUNTED[counter]})
            values[counter] = contracts.search_count(domain) if is_reader else 0
        return values

    # === PAGES === #

    @http.route(
        [URL, f'{URL}/page/<int:page>'], type='http', auth='user', website=True, methods=['GET']
    )
    def portal_crm_contracts(
        self, page=1, sortby=None, filterby=None, search=None, search_in=None, **_kw
    ):
        """List the contracts of the user's company. Unknown choices are taken as the first one."""
        contracts = request.env['crm.contract']
        if not contracts.has_access('read'):
            return request.redirect('/my')
        choices = self._crm_contract_prepare_searchbar(
            sortby=sortby, filterby=filterby, search_in=search_in
        )
        search = self._service_get_text(search)
        domain = self._crm_contract_get_domain(choices, search)
        found, pages = self._service_get_page(contracts, domain, URL, page, choices, search)
        request.session['my_crm_contracts_history'] = found.ids[:100]
        return request.render(
            'crm_contracts.portal_crm_contracts',
            {
                **self._prepare_portal_layout_values(),
                **choices,
                'page_name': 'crm_contract',
                'contracts': found.sudo(),
                'search': search,
                'pager': pages,
                'default_url': URL,
            },
        )

    @http.route(
        f'{URL}/<{ID}:contract_id>', type='http', auth='public', website=True, methods=['GET']
    )
    def portal_crm_contract(
        self, contract_id, access_token=None, report_type=None, download=False, **kwargs
    ):
        """Show one contract, or its document: to its customer, and to who has its link."""
        contract_sudo = self._crm_contract_get(contract_id, access_token)
        if not contract_sudo:
            return request.redirect('/my')
        if report_type == 'pdf':
            return self._show_report(
                contract_sudo,
                report_type,
                'crm_contracts.crm_contract_action_print',
                download=bool(download),
            )
        values = self._service_get_document_values(
            contract_sudo,
            access_token,
            {
                **self._crm_contract_prepare_values(contract_sudo),
                'done': self._crm_contract_get_done_messages().get(kwargs.get('done')),
            },
            'my_crm_contracts_history',
            kwargs,
        )
        return request.render('crm_contracts.portal_crm_contract', values)

    @http.route(
        f'{URL}/<{ID}:contract_id>/statement',
        type='http',
        auth='public',
        website=True,
        methods=['GET'],
    )
    def portal_crm_contract_statement(
        self, contract_id, access_token=None, date_from=None, date_to=None, **_kw
    ):
        """Download the consumption statement, where the contract shows its hours."""
        contract_sudo = self._crm_contract_get(contract_id, access_token)
        if not contract_sudo or not contract_sudo.portal_show_hours:
            return request.redirect('/my')
        start, end = contract_sudo._get_statement_period()
        start = self._crm_contract_get_date(date_from) or start
        end = self._crm_contract_get_date(date_to) or max(start, end)
        statement_sudo = (
            request.env['crm.contract.statement']
            .sudo()
            .create(
                {
                    'contract_ids': contract_sudo.ids,
                    'date_from': min(start, end),
                    'date_to': max(start, end),
                }
            )
        )
        content, _type = (
            request.env['ir.actions.report']
            .sudo()
            ._render_qweb_pdf(
                'crm_contracts.crm_contract_statement_action_print', statement_sudo.ids
            )
        )
        headers = self._get_http_headers(contract_sudo, 'pdf', content, True)
        return request.make_response(content, headers=list(headers.items()))

    # === HELPERS === #

    def _crm_contract_get(self, contract_id, access_token=None):
        """Return the contract with all rights, if who asks may see it and its prices."""
        try:
            contract_sudo = self._service_check_access('crm.contract', contract_id, access_token)
        except (AccessError, MissingError):
            return None
        if contract_sudo.state not in PORTAL_STATES:
            return None
        has_link = bool(access_token) and access_token == contract_sudo.access_token
        is_open = has_link or contract_sudo._is_open_to(request.env.user)
        return contract_sudo if is_open else None

    def _crm_contract_get_date(self, text):
        try:
            return fields.Date.to_date(text)
        except (TypeError, ValueError):
            return None

    def _crm_contract_prepare_values(self, contract_sudo):
        user_contract = request.env['crm.contract'].browse(contract_sudo.id)
        shows_hours = contract_sudo.portal_show_hours
        return {
            'page_name': 'crm_contract',
            'contract': contract_sudo,
            'invoices': user_contract._get_portal_invoices().sudo(),
            'documents': contract_sudo._get_portal_documents(),
            'annexes': contract_sudo._get_portal_annexes(),
            'advance_rest': contract_sudo._get_advance_rest(),
            'prepaid': contract_sudo._get_prepaid_left(),
            'lines': contract_sudo._get_document_lines(),
            'totals': contract_sudo._get_document_totals(),
            'today': fields.Date.context_today(contract_sudo),
            'orders': contract_sudo._get_customer_orders(),
            'statement': contract_sudo._get_statement() if shows_hours else None,
            'notice_end': self._crm_contract_get_notice_end(contract_sudo),
            **self._crm_contract_prepare_offer_values(contract_sudo),
        }

    def _crm_contract_prepare_offer_values(self, offer_sudo):
        user = request.env.user
        return {
            'can_answer': offer_sudo._is_offer_open(),
            'can_sign': offer_sudo._has_to_be_signed(),
            'is_preview': user._is_internal(),
            'is_public': user._is_public(),
        }

    def _crm_contract_get_notice_end(self, contract_sudo):
        """Return the last day of the contract if its customer gives notice today, or False.

        Whoever has nothing but the link cannot.
        """
        user = request.env.user
        is_customer = user._is_portal() and contract_sudo._is_open_to(user)
        if not is_customer or not contract_sudo.portal_allow_notice:
            return False
        return contract_sudo._get_notice_end(fields.Date.context_today(contract_sudo))

    def _crm_contract_get_done_messages(self):
        return {
            'noticed': request.env._('We have got your notice, and sent you a confirmation.'),
            'signed': request.env._('Thank you. We have got your signature.'),
            'moved_on': request.env._(
                'This can no longer be done: it has changed in the meantime.'
            ),
        }

    # === CHOICES OF THE LIST === #

    def _crm_contract_prepare_searchbar(self, **chosen):
        """Return the choices of the list and what is chosen; what is unknown is the first."""
        offered = {
            'sortby': {
                'date': {'label': request.env._('Newest'), 'order': 'date_start desc, id desc'},
                'end': {'label': request.env._('End'), 'order': 'date_end, id'},
                'name': {'label': request.env._('Subject'), 'order': 'name, id'},
            },
            'filterby': {
                'all': {'label': request.env._('All')},
                'offered': {'label': request.env._('Offers')},
                'running': {'label': request.env._('Running')},
                'ended': {'label': request.env._('Ended')},
            },
            'search_in': {
                'all': {'input': 'all', 'label': request.env._('Search in All')},
                'number': {'input': 'number', 'label': request.env._('Search in Number')},
                'name': {'input': 'name', 'label': request.env._('Search in Subject')},
            },
        }
        valid = {
            name: chosen[name] if chosen[name] in options else next(iter(options))
            for name, options in offered.items()
        }
        return {
            **valid,
            'searchbar_sortings': offered['sortby'],
            'searchbar_filters': offered['filterby'],
            'searchbar_inputs': offered['search_in'],
        }

    def _crm_contract_get_domain(self, choices, search=''):
        """Return the domain of the contracts to list: of the user's own company, whoever asks."""
        customers = request.env.user.partner_id._get_crm_customers()
        # sudo: by conditions that customers do not read
        contracts_sudo = request.env['crm.contract'].sudo()
        kept = contracts_sudo._search(contracts_sudo._get_portal_domains()[choices['filterby']])
        domain = Domain('commercial_partner_id', 'in', customers.ids) & Domain('id', 'in', kept)
        if search:
            names = SEARCHED[choices['search_in']]
            domain &= Domain.OR(Domain(name, 'ilike', search) for name in names)
        return domain
