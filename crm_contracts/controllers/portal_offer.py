from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.image import base64_to_image

from odoo.addons.crm_claims.controllers.portal import ID
from odoo.addons.crm_claims.models.customer.service_case_portal import MAX_FILE_SIZE

from .portal import URL, ContractPortal

CONTRACT = f'{URL}/<{ID}:contract_id>'
ANNEX = f'{CONTRACT}/annex/<{ID}:annex_id>'


class ContractOfferPortal(ContractPortal):
    """The customer's answer to an offer, of a contract or of an annex to it: signed, or refused
    with a reason.

    Whoever has the link of an offer may answer it, as with Odoo's quotations; we ourselves never
    sign for a customer.
    """

    @http.route(ANNEX, type='http', auth='public', website=True, methods=['GET'])
    def portal_crm_contract_annex(
        self,
        contract_id,
        annex_id,
        access_token=None,
        report_type=None,
        download=False,
        done=None,
        **_kw,
    ):
        """Show an annex, or its document: to who may see its contract."""
        annex_sudo = self._crm_contract_get_offer(contract_id, access_token, annex_id)
        if not annex_sudo:
            return request.redirect('/my')
        if report_type == 'pdf':
            return self._show_report(
                annex_sudo, report_type, annex_sudo._get_offered_report(), download=bool(download)
            )
        contract_sudo = annex_sudo.contract_id
        values = {
            **self._prepare_portal_layout_values(),
            **self._crm_contract_prepare_offer_values(annex_sudo),
            'page_name': 'crm_contract',
            'contract': contract_sudo,
            'contract_url': self._crm_contract_get_url(contract_sudo, access_token),
            'annex': annex_sudo,
            'offer': annex_sudo,
            'done': self._crm_contract_get_done_messages().get(done),
        }
        return request.render('crm_contracts.portal_crm_contract_annex', values)

    @http.route([f'{CONTRACT}/sign', f'{ANNEX}/sign'], type='jsonrpc', auth='public', website=True)
    def portal_crm_contract_sign(
        self,
        contract_id,
        annex_id=None,
        access_token=None,
        version=None,
        name=None,
        signature=None,
    ):
        """Sign an offer as it was shown, or say why that is not possible; what Odoo's form asks."""
        arguments = request.httprequest.args
        access_token = access_token or arguments.get('access_token')
        offer_sudo = self._crm_contract_get_to_answer(contract_id, access_token, annex_id)
        if not offer_sudo:
            return {'error': request.env._('There is nothing to sign here.')}
        error = self._crm_contract_get_signing_error(
            offer_sudo, version or arguments.get('version'), name, signature
        )
        if error:
            return {'error': error}
        offer_sudo._accept_offer(
            self._service_get_text(name).strip(),
            signature,
            request.httprequest.remote_addr,
            self._crm_contract_get_author(offer_sudo),
        )
        return {
            'force_refresh': True,
            'redirect_url': offer_sudo._get_offer_url(query_string='&done=signed'),
        }

    @http.route(
        [f'{CONTRACT}/refuse', f'{ANNEX}/refuse'],
        type='http',
        auth='public',
        website=True,
        methods=['POST'],
    )
    def portal_crm_contract_refuse(
        self, contract_id, annex_id=None, access_token=None, reason='', **_kw
    ):
        """Refuse an offer in the own words; it is shown no longer then."""
        offer_sudo = self._crm_contract_get_to_answer(contract_id, access_token, annex_id)
        if not offer_sudo:
            return request.redirect('/my')
        reason = self._service_get_text(reason).strip()
        if not reason or not offer_sudo._is_offer_open():
            return request.redirect(offer_sudo._get_offer_url(query_string='&done=moved_on'))
        offer_sudo._decline_offer(reason, self._crm_contract_get_author(offer_sudo))
        return request.render(
            'crm_contracts.portal_crm_contract_refused', {'page_name': 'crm_contract'}
        )

    # === HELPERS === #

    def _crm_contract_get_offer(self, contract_id, access_token, annex_id=None):
        """Return the contract, or an annex of it, with all rights, if who asks may see it."""
        contract_sudo = self._crm_contract_get(contract_id, self._service_get_text(access_token))
        if not contract_sudo or annex_id is None:
            return contract_sudo
        annexes_sudo = contract_sudo._get_portal_annexes()
        return annexes_sudo.filtered(lambda annex: annex.id == annex_id)

    def _crm_contract_get_to_answer(self, contract_id, access_token, annex_id):
        """Return the offer with all rights for its customer, and nothing for ourselves."""
        if request.env.user._is_internal():
            return None
        return self._crm_contract_get_offer(contract_id, access_token, annex_id)

    def _crm_contract_get_url(self, contract_sudo, access_token):
        return contract_sudo.get_portal_url() if access_token else contract_sudo.access_url

    def _crm_contract_get_author(self, offer_sudo):
        user = request.env.user
        return offer_sudo.partner_id if user._is_public() else user.partner_id

    def _crm_contract_get_signing_error(self, offer_sudo, version, name, signature):
        """Return why an offer cannot be signed so, or nothing."""
        if not offer_sudo._has_to_be_signed():
            return request.env._('This offer cannot be signed any more.')
        if version != offer_sudo.offer_digest:
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
