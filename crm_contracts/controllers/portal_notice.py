from odoo import http
from odoo.http import request

from odoo.addons.crm_claims.controllers.portal import ID

from .portal import URL, ContractPortal


class ContractNoticePortal(ContractPortal):
    """The customer's notice, with the day that was shown before."""

    @http.route(
        f'{URL}/<{ID}:contract_id>/notice',
        type='http',
        auth='user',
        website=True,
        methods=['POST'],
    )
    def portal_crm_contract_notice(self, contract_id, date_end=None, reason='', **_kw):
        """Give notice of an own contract; it is refused if it would end on another day by now."""
        contract_sudo = self._crm_contract_get(contract_id)
        if not contract_sudo:
            return request.redirect('/my')
        last = self._crm_contract_get_notice_end(contract_sudo)
        if not last or last != self._crm_contract_get_date(date_end):
            return request.redirect(f'{contract_sudo.access_url}?done=moved_on')
        contract_sudo._take_notice(
            self._service_get_text(reason).strip(), request.env.user.partner_id
        )
        return request.redirect(f'{contract_sudo.access_url}?done=noticed')
