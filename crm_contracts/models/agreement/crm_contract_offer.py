from __future__ import annotations

from odoo import api, fields, models
from odoo.fields import Domain

from .crm_contract_offered_mixin import OFFER_ACTIVITY, read_terms

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
    'journal_id',
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
    """What was offered to a customer, and whether it still stands so."""

    _name = 'crm.contract'
    _inherit = ['crm.contract.offered.mixin', 'crm.contract']

    is_expiry_told = fields.Boolean(
        string='Told of Expiry',
        readonly=True,
        copy=False,
        help='Who is responsible was told that the offer has expired.',
    )

    # === OFFERING === #

    def _on_enter_state(self, state):
        super()._on_enter_state(state)
        if state == 'offered':
            self._open_offers()
        elif state != 'draft':
            self._settle_answers()

    def _offer(self):
        self._check_not_empty()
        return super()._offer()

    def _prepare_offer(self, today):
        return {**super()._prepare_offer(today), 'is_expiry_told': False}

    def _on_signed(self):
        self.action_confirm()

    # === WHAT IS OFFERED === #

    def _get_contracts(self):
        return self

    def _get_offered_terms(self):
        conditions = set(self._get_template_fields()) - INTERNAL_CONDITIONS
        return {
            'contract': read_terms(self, sorted({*OFFERED_FIELDS, *conditions})),
            'lines': [read_terms(line, line._get_noted_fields()) for line in self.line_ids],
            'rates': [read_terms(rate, rate._get_noted_fields()) for rate in self.rate_ids],
        }

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
