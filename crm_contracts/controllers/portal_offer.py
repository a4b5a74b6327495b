from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.image import base64_to_image

from odoo.addons.crm_claims.controllers.portal import ID
from odoo.addons.crm_claims.models.customer.service_case_portal import MAX_FILE_SIZE

from .portal import URL, ContractPortal


class ContractOfferPortal(ContractPortal):
    """The customer's answer to an offer: signed, or refused with a reason.

    Whoever has the link of an offer may answer it, as with Odoo's quotations; we ourselves never
    sign for a customer.
    """

    @http.route(f'{URL}/<{ID}:contract_id>/sign', type='jsonrpc', auth='public', website=True)
    def portal_crm_contract_sign(
        self, contract_id, access_token=None, version=None, name=None, signature=None
    ):
        """Sign an offer as it was shown, or say why that is not possible; what Odoo's form asks."""
        arguments = request.httprequest.args
        access_token = access_token or arguments.get('access_token')
        contract_sudo = self._crm_contract_get_to_answer(contract_id, access_token)
        if not contract_sudo:
            return {'error': request.env._('There is nothing to sign here.')}
        error = self._crm_contract_get_signing_error(
            contract_sudo, version or arguments.get('version'), name, signature
        )
        if error:
            return {'error': error}
        contract_sudo._accept_offer(
            self._service_get_text(name).strip(),
            signature,
            request.httprequest.remote_addr,
            self._crm_contract_get_author(contract_sudo),
        )
        return {
            'force_refresh': True,
            'redirect_url': contract_sudo.get_portal_url(query_string='&done=signed'),
        }

    @http.route(
        f'{URL}/<{ID}:contract_id>/refuse',
        type='http',
        auth='public',
        website=True,
        methods=['POST'],
    )
    def portal_crm_contract_refuse(self, contract_id, access_token=None, reason='', **_kw):
        """Refuse an offer in the own words; it is shown no longer then."""
        contract_sudo = self._crm_contract_get_to_answer(contract_id, access_token)
        if not contract_sudo:
            return request.redirect('/my')
        reason = self._service_get_text(reason).strip()
        if not reason or not contract_sudo._is_offer_open():
            return request.redirect(contract_sudo.get_portal_url(query_string='&done=moved_on'))
        contract_sudo._decline_offer(reason, self._crm_contract_get_author(contract_sudo))
        return request.render(
            'crm_contracts.portal_crm_contract_refused', {'page_name': 'crm_contract'}
        )

    # === HELPERS === #

    def _crm_contract_get_to_answer(self, contract_id, access_token):
        """Return the contract with all rights for its customer, and nothing for ourselves."""
        if request.env.user._is_internal():
            return None
        return self._crm_contract_get(contract_id, self._service_get_text(access_token))

    def _crm_contract_get_author(self, contract_sudo):
        user = request.env.user
        return contract_sudo.partner_id if user._is_public() else user.partner_id

    def _crm_contract_get_signing_error(self, contract_sudo, version, name, signature):
        """Return why an offer cannot be signed so, or nothing."""
        if not contract_sudo._has_to_be_signed():
            return request.env._('This offer cannot be signed any more.')
        if version != contract_sudo.offer_digest:
            return request.env._(
                'The offer has changed since you opened it. Load the page again and read it.'
            )
        if not self._service_get_text(name).strip():
            return request.env._('Type your name.')
        if not self._crm_contract_is_picture(signature):
            return request.env._('The signature is missing.')
        return ''

    def _crm_contract_is_picture(self, signature):
        if not isinstance(signature, str) or not 0 < len(signature) <= MAX_FILE_SIZE:
            return False
        try:
            base64_to_image(signature)
        except (TypeError, ValueError, UserError):
            return False
        return True
