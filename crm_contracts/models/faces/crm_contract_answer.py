from __future__ import annotations

from odoo import models

from ..agreement.crm_contract_offer import OFFER_ACTIVITY


class CrmContract(models.Model):
    """The customer's answer to an offer, told to both sides."""

    _name = 'crm.contract'
    _inherit = ['mail.thread', 'crm.contract']

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
            self._tell_responsible(
                OFFER_ACTIVITY, lambda env: env._('The customer signed: confirm the contract')
            )

    def _post_signed(self, name, author):
        """Send the signed document to the customer and to who is responsible."""
        reports_sudo = self.env['ir.actions.report'].sudo()
        document, kind = reports_sudo._render_qweb_pdf(
            'crm_contracts.crm_contract_action_print', self.ids
        )
        told = self.with_context(lang=self.partner_id.lang)
        told.message_post(
            body=told.env._('Signed by %s', name),
            attachments=[(f'{self.display_name.replace("/", "-")}.{kind}', document)],
            author_id=author.id,
            partner_ids=(self._get_responsible_partner() | author).ids,
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
        told = self.with_context(lang=self.partner_id.lang)
        told.message_post(
            body=told.env._('The offer was refused: %s', reason),
            author_id=author.id,
            partner_ids=self._get_responsible_partner().ids,
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
        )

    def _get_responsible_partner(self):
        """Return who is told of what the customer does."""
        self.ensure_one()
        (user,) = self._group_by_responsible()
        return user.partner_id
