from __future__ import annotations

from odoo import models

from ..agreement.crm_contract_offered_mixin import OFFER_ACTIVITY


class CrmContractOfferedMixin(models.AbstractModel):
    """The customer's answer to an offer, told to both sides on the contract."""

    _inherit = 'crm.contract.offered.mixin'

    def _accept_offer(self, name, signature, address, author):
        """Sign the offer, keep the document as it was signed, and tell both sides.

        :param signature: picture, base64
        :param address: internet address of who signed
        :param author: partner who signed
        """
        self.ensure_one()
        self._sign(name, signature, address)
        # The printer reads the signature from the database.
        self.env.flush_all()
        self._post_signed(name, author)
        if self.state == 'offered':
            self._get_contracts()._tell_responsible(
                OFFER_ACTIVITY, lambda env: env._('The customer signed: confirm it')
            )

    def _post_signed(self, name, author):
        """Send the signed document to the customer and to who is responsible."""
        reports_sudo = self.env['ir.actions.report'].sudo()
        document, kind = reports_sudo._render_qweb_pdf(self._get_offered_report(), self.ids)
        contract = self._get_contracts()
        told = contract.with_context(lang=contract.partner_id.lang)
        title = self.with_env(told.env).display_name
        told.message_post(
            body=told.env._('%(document)s: signed by %(name)s', document=title, name=name),
            attachments=[(f'{title.replace("/", "-").replace(":", " -")}.{kind}', document)],
            author_id=author.id,
            partner_ids=(contract._get_responsible_partner() | author).ids,
            notify_author_mention=True,
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
        )

    def _decline_offer(self, reason, author):
        """Refuse the offer, in the customer's words.

        :param author: partner who refused
        """
        self.ensure_one()
        self._refuse_offer(reason)
        contract = self._get_contracts()
        told = contract.with_context(lang=contract.partner_id.lang)
        told.message_post(
            body=told.env._(
                '%(document)s: refused. %(reason)s',
                document=self.with_env(told.env).display_name,
                reason=reason,
            ),
            author_id=author.id,
            partner_ids=contract._get_responsible_partner().ids,
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
        )

    def _get_offered_report(self) -> str:
        """Return the reference of the document that is signed."""
        raise NotImplementedError

    def _get_offer_url(self, suffix='', query_string=''):
        """Return the address of the offer, or of what is done to it, with the contract's token."""
        raise NotImplementedError


class CrmContract(models.Model):
    _inherit = 'crm.contract'

    def _get_offered_report(self):
        return 'crm_contracts.crm_contract_action_print'

    def _get_offer_url(self, suffix='', query_string=''):
        return self.get_portal_url(suffix=suffix, query_string=query_string)

    def _get_responsible_partner(self):
        """Return who is told of what the customer does."""
        self.ensure_one()
        (user,) = self._group_by_responsible()
        return user.partner_id


class CrmContractAmendment(models.Model):
    _inherit = 'crm.contract.amendment'

    def _get_offered_report(self):
        return 'crm_contracts.crm_contract_amendment_action_print'

    def _get_offer_url(self, suffix='', query_string=''):
        suffix = f'/annex/{self.id}{suffix}'
        return self.contract_id.get_portal_url(suffix=suffix, query_string=query_string)
