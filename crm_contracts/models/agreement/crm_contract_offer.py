from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ...core.offers import get_digest, get_last_day, is_expired

OFFER_ACTIVITY = 'crm_contracts.mail_activity_type_offer'
# What is agreed with the customer besides the conditions that a template proposes.
OFFERED_FIELDS = ('name', 'partner_id', 'date_start', 'date_end', 'currency_id', 'fixed_amount')
# Conditions that are ours alone: they may change without another offer.
INTERNAL_CONDITIONS = {
    'alert_thresholds',
    'confirm_on_signature',
    'create_project',
    'invoice_attach_receipts',
    'invoice_attach_statement',
    'invoice_auto_post',
    'invoice_auto_send',
    'notify_customer',
    'overdue_pause_days',
    'portal_allow_notice',
    'portal_show_hours',
    'require_signature',
}


class CrmContractConditionsMixin(models.AbstractModel):
    """How the customer accepts an offer."""

    _inherit = 'crm.contract.conditions.mixin'

    require_signature = fields.Boolean(
        string='Online Signature',
        default=True,
        help='The customer can sign the offer in the portal.',
    )
    confirm_on_signature = fields.Boolean(
        string='Confirm when Signed',
        default=True,
        help='The signature of the customer starts the contract. Otherwise it waits, signed, '
        'until somebody confirms it.',
    )


class CrmContract(models.Model):
    """What was offered to a customer, until when it holds, and whether it still stands so."""

    _inherit = 'crm.contract'

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
    is_expiry_told = fields.Boolean(
        string='Told of Expiry',
        readonly=True,
        copy=False,
        help='Who is responsible was told that the offer has expired.',
    )
    is_offer_changed = fields.Boolean(
        string='Changed since Offered',
        compute='_compute_is_offer_changed',
        help='Something that the customer agrees to was changed after the offer was made. It is '
        'signed when it is offered again.',
    )

    # === COMPUTE === #

    @api.depends('state', 'signed_on', 'date_offer_end')
    def _compute_is_offer_expired(self):
        today = fields.Date.context_today(self)
        for contract in self:
            contract.is_offer_expired = (
                contract.state == 'offered'
                and not contract.signed_on
                and is_expired(contract.date_offer_end or None, today)
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
        for contract in self:
            contract.is_offer_changed = contract.state == 'offered' and (
                not contract._is_as_offered(contract.offer_digest)
            )

    # === ACTIONS === #

    def action_mark_offered(self):
        """Offer drafts that reach the customer in another way than by our mail.

        What is offered already is offered anew, as it stands now.
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
        """Offer the contracts as they stand now."""
        standing = self.filtered(lambda contract: contract.state == 'offered')
        standing._open_offers()
        (self - standing)._transition_to('offered')

    def _on_enter_state(self, state):
        super()._on_enter_state(state)
        if state == 'offered':
            self._open_offers()
        elif state != 'draft':
            self._settle_answers()

    def _settle_answers(self):
        """Nobody has to see any more what became of the offer before."""
        answered = self.filtered('date_offered')
        if answered:
            answered.sudo().activity_unlink([OFFER_ACTIVITY])

    def _open_offers(self):
        """Keep what is offered today, and forget what became of an offer before."""
        self._settle_answers()
        today = fields.Date.context_today(self)
        for contract in self:
            # sudo: what was offered is kept from being typed
            contract.sudo().write(contract._prepare_offer(today))

    def _prepare_offer(self, today):
        """Return the values of an offer that is made today."""
        self.ensure_one()
        return {
            'date_offered': today,
            'date_offer_end': self._get_offer_end(),
            'offer_digest': get_digest(self._get_offered_terms()),
            'is_expiry_told': False,
            'date_refused': False,
            'refusal_reason': False,
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

    # === DAILY CHECK === #

    @api.model
    def _get_daily_steps(self):
        untold = self._get_expired_domain() & Domain('is_expiry_told', '=', False)
        return [
            *super()._get_daily_steps(),
            (untold, lambda contracts: contracts._tell_of_expiry()),
        ]

    def _tell_of_expiry(self):
        """Tell who is responsible, once an offer, that nobody answered in time."""
        self.is_expiry_told = True
        self.with_context(mail_activity_quick_update=True)._tell_responsible(
            OFFER_ACTIVITY, lambda env: env._('The offer expired without an answer')
        )

    # === WHAT IS OFFERED === #

    def _get_offered_terms(self):
        """Return what the customer agrees to, as data; extend it with what else is agreed."""
        self.ensure_one()
        conditions = set(self._get_template_fields()) - INTERNAL_CONDITIONS
        return {
            'contract': _read(self, sorted({*OFFERED_FIELDS, *conditions})),
            'lines': [_read(line, line._get_noted_fields()) for line in self.line_ids],
            'rates': [_read(rate, rate._get_noted_fields()) for rate in self.rate_ids],
        }

    def _is_as_offered(self, digest) -> bool:
        """Say whether a digest is that of what the contract says now."""
        self.ensure_one()
        return digest == get_digest(self._get_offered_terms())

    # === THE ANSWER === #

    def _refuse_offer(self, reason):
        """Take back an offer that the customer refused, and tell who is responsible.

        :param reason: the customer's words
        """
        self.ensure_one()
        refused = {'date_refused': fields.Date.context_today(self), 'refusal_reason': reason}
        # sudo: what became of an offer is kept from being typed
        self.sudo()._transition_to('draft', **refused)
        self._tell_responsible(
            OFFER_ACTIVITY,
            lambda env: env._('The customer refused the offer'),
            note=plaintext2html(reason),
        )


def _read(record, names):
    """Return the values of some fields as data, links as ids."""
    return {
        name: record._fields[name].convert_to_read(record[name], record, use_display_name=False)
        for name in names
    }
