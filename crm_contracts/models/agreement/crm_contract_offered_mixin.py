from __future__ import annotations

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ...core.offers import get_digest, get_last_day, is_expired

OFFER_ACTIVITY = 'crm_contracts.mail_activity_type_offer'
SIGNATURE_FIELDS = ('signature', 'signed_by', 'signed_on', 'signed_from')


class CrmContractOfferedMixin(models.AbstractModel):
    """What is offered to a customer, who signs or refuses it: contracts and their amendments.

    An offer holds up to a day, and is signed only as it was offered. The document as it was signed
    is kept in the messages of the contract.
    """

    _name = 'crm.contract.offered.mixin'
    _description = 'Offered to the Customer'
    _inherit = ['mail.thread']

    date_offered = fields.Date(
        string='Offered On', readonly=True, copy=False, help='Day of the last offer.'
    )
    date_offer_end = fields.Date(
        string='Offer Valid Until',
        copy=False,
        tracking=True,
        help='Last day on which the customer can sign; empty: the days that the company gives to '
        'quotations, counted from the offer.',
    )
    offer_digest = fields.Char(
        readonly=True, copy=False, help='Tells whether the offer was changed since it was made.'
    )
    date_refused = fields.Date(string='Refused On', readonly=True, copy=False)
    refusal_reason = fields.Text(
        readonly=True, copy=False, help='Why the customer refused the last offer.'
    )
    is_offer_expired = fields.Boolean(
        string='Offer Expired',
        compute='_compute_is_offer_expired',
        search='_search_is_offer_expired',
        help='Offered, not signed, and its last day has passed.',
    )
    is_offer_changed = fields.Boolean(
        string='Changed since Offered',
        compute='_compute_is_offer_changed',
        help='Something that the customer agrees to was changed after the offer was made. It is '
        'signed when it is offered again.',
    )
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

    # === COMPUTE === #

    @api.depends('state', 'signed_on', 'date_offer_end')
    def _compute_is_offer_expired(self):
        today = fields.Date.context_today(self)
        for offer in self:
            offer.is_offer_expired = (
                offer.state == 'offered'
                and not offer.signed_on
                and is_expired(offer.date_offer_end or None, today)
            )

    def _search_is_offer_expired(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return self._get_expired_domain()

    @api.model
    def _get_expired_domain(self):
        today = fields.Date.context_today(self)
        open_offers = Domain('state', '=', 'offered') & Domain('signed_on', '=', False)
        return open_offers & Domain('date_offer_end', '<', today)

    @api.depends('state', 'offer_digest')
    def _compute_is_offer_changed(self):
        for offer in self:
            offer.is_offer_changed = offer.state == 'offered' and (
                not offer._is_as_offered(offer.offer_digest)
            )

    # === ACTIONS === #

    def action_mark_offered(self):
        """Offer drafts that reach the customer in another way than by our mail.

        What is offered already is offered anew, as it stands now.

        :raises UserError: if the last day of an offer has passed, or its state has no offer
        """
        self.check_access('write')
        self._offer()
        return True

    def action_withdraw_offer(self):
        """Take offers back to change them: the customer sees them no more.

        :raises UserError: unless they are offered
        """
        return self._transition_to('draft')

    # === OFFERING === #

    def _offer(self):
        """Offer them as they stand now."""
        standing = self.filtered(lambda offer: offer.state == 'offered')
        standing._open_offers()
        (self - standing)._transition_to('offered')

    def _open_offers(self):
        """Keep what is offered today, and forget what became of an offer before."""
        self._settle_answers()
        today = fields.Date.context_today(self)
        for offer in self:
            # sudo: what was offered is kept from being typed
            offer.sudo().write(offer._prepare_offer(today))

    def _settle_answers(self):
        """Nobody has to see any more what became of the offer before."""
        answered = self.filtered('date_offered')
        if answered:
            answered._get_contracts().sudo().activity_unlink([OFFER_ACTIVITY])

    def _prepare_offer(self, today):
        """Return the values of an offer that is made today."""
        self.ensure_one()
        return {
            'date_offered': today,
            'date_offer_end': self._get_offer_end(),
            'offer_digest': get_digest(self._get_offered_terms()),
            'date_refused': False,
            'refusal_reason': False,
            **dict.fromkeys(SIGNATURE_FIELDS, False),
        }

    def _get_offer_end(self):
        """Return the last day of an offer that is made today, or False where it has none.

        :raises UserError: if it would have expired already
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        days = self.company_id.quotation_validity_days
        last = get_last_day(self.date_offer_end or None, today, days)
        if is_expired(last, today):
            raise UserError(
                self.env._(
                    'The offer "%(contract)s" would have expired already: give it a later last '
                    'day.',
                    contract=self.display_name,
                )
            )
        return last or False

    # === WHAT IS OFFERED === #

    def _get_contracts(self):
        """Return the contracts that are offered or amended."""
        raise NotImplementedError

    def _get_offered_terms(self):
        """Return what the customer agrees to, as data; extend it with what else is agreed."""
        raise NotImplementedError

    def _is_as_offered(self, digest) -> bool:
        """Say whether a digest is that of what stands now."""
        self.ensure_one()
        return digest == get_digest(self._get_offered_terms())

    # === THE ANSWER === #

    def _has_to_be_signed(self) -> bool:
        """Say whether the customer can sign now what was offered."""
        self.ensure_one()
        return (
            self._get_contracts().require_signature
            and self._is_offer_open()
            and self._is_as_offered(self.offer_digest)
        )

    def _is_offer_open(self) -> bool:
        """Say whether the customer can still answer the offer."""
        self.ensure_one()
        return self.state == 'offered' and not self.is_offer_expired and not self.signed_on

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
        if self._get_contracts().confirm_on_signature:
            # The program acts on what was signed, not the visitor of a link.
            self.with_user(SUPERUSER_ID)._on_signed()

    def _on_signed(self):
        """Carry out what was signed."""
        raise NotImplementedError

    def _refuse_offer(self, reason):
        """Take back an offer that the customer refused, and tell who is responsible.

        :param reason: the customer's words
        """
        self.ensure_one()
        # sudo: what became of an offer is kept from being typed
        self.sudo()._transition_to(
            'draft',
            date_refused=fields.Date.context_today(self),
            refusal_reason=reason,
        )
        self._get_contracts()._tell_responsible(
            OFFER_ACTIVITY,
            lambda env: env._('The customer refused the offer'),
            note=plaintext2html(f'{self.display_name}: {reason}'),
        )


def read_terms(record, names):
    """Return the values of some fields as data, links as ids."""
    return {
        name: record._fields[name].convert_to_read(record[name], record, use_display_name=False)
        for name in names
    }
