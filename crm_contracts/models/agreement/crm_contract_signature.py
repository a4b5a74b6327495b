from __future__ import annotations

from odoo import SUPERUSER_ID, fields, models


class CrmContract(models.Model):
    """What the customer signs in the portal: who signed, when, from where, and the picture.

    The document as it was signed is kept in the messages.
    """

    _inherit = 'crm.contract'

    signature = fields.Image(
        readonly=True, copy=False, attachment=True, max_width=1024, max_height=1024
    )
    signed_by = fields.Char(readonly=True, copy=False, help='Name that who signed typed.')
    signed_on = fields.Datetime(readonly=True, copy=False)
    signed_from = fields.Char(
        string='Signed from Address',
        readonly=True,
        copy=False,
        help='Internet address of the device on which it was signed.',
    )

    def _has_to_be_signed(self) -> bool:
        """Say whether the customer can sign now what was offered."""
        self.ensure_one()
        return (
            self.require_signature
            and self._is_offer_open()
            and self._is_as_offered(self.offer_digest)
        )

    def _is_offer_open(self) -> bool:
        """Say whether the customer can still answer the offer."""
        self.ensure_one()
        return self.state == 'offered' and not self.is_offer_expired and not self.signature

    def _sign(self, name, signature, address):
        """Keep the signature of the customer, and do what follows from it.

        :param signature: picture, base64
        :param address: internet address of who signed
        """
        self.ensure_one()
        # sudo: signatures are kept from being typed
        self.sudo().write(
            {
                'signature': signature,
                'signed_by': name,
                'signed_on': fields.Datetime.now(),
                'signed_from': address,
            }
        )
        # The program acts on what was signed, not the visitor of a link.
        self.with_user(SUPERUSER_ID)._on_signed()

    def _on_signed(self):
        """Do what follows from the signature: start the contract, where it says so."""
        if self.confirm_on_signature:
            self.action_confirm()

    def _prepare_offer(self, today):
        """Nothing of an offer that is made today is signed yet."""
        unsigned = dict.fromkeys(('signature', 'signed_by', 'signed_on', 'signed_from'), False)
        return {**super()._prepare_offer(today), **unsigned}
