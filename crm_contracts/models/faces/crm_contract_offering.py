from __future__ import annotations

from odoo import models

from ..agreement.crm_contract_offered_mixin import read_terms

# In the context of the composer, as Odoo's quotations have one: sending makes the offer.
OFFERING = 'mark_crm_contract_as_offered'


class CrmContractOfferedMixin(models.AbstractModel):
    """How an offer reaches the customer: by a mail with the document and the way to sign it."""

    _name = 'crm.contract.offered.mixin'
    _inherit = ['mail.thread', 'crm.contract.offered.mixin']

    # === ACTIONS === #

    def action_offer(self):
        """Open the mail that offers it to the customer; sending it makes the offer.

        What is offered already is offered anew, as it stands now. Without a last day of the offer
        the usual one is proposed.

        :raises UserError: if the last day of the offer has passed
        """
        self.ensure_one()
        # The mail names the day.
        self.date_offer_end = self._get_offer_end()
        return self._get_contracts()._get_composer_action(
            self._get_offer_template(),
            default_model=self._name,
            default_res_ids=self.ids,
            **{OFFERING: True},
        )

    def _get_offer_template(self) -> str:
        """Return the reference of the mail that makes the offer."""
        raise NotImplementedError

    # === MAIL === #

    def message_post(self, **kwargs):
        """Make the offer before the mail is rendered, whose link then leads to it.

        Customers post with all rights, and send whatever context they like: it is the user who
        has to be allowed to offer.
        """
        if self.env.context.get(OFFERING) and self.env.user._is_internal():
            user_offers = self.sudo(False)
            user_offers.check_access('write')
            user_offers.with_context(**{OFFERING: False})._offer()
        return super().message_post(**kwargs)


class CrmContract(models.Model):
    _name = 'crm.contract'
    _inherit = ['mail.thread', 'crm.contract']

    def _get_offered_terms(self):
        tiers = self.line_ids.tier_ids | self.rate_ids.tier_ids
        return {
            **super()._get_offered_terms(),
            'tiers': [read_terms(tier, tier._get_noted_fields()) for tier in tiers],
        }

    def _get_offer_template(self):
        return 'crm_contracts.mail_template_contract_offer'

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Let the button of a mail with an offer say what there is to do."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if len(self) == 1 and self.state == 'offered':
            title = self.env._('Read and Sign') if self._has_to_be_signed() else self.env._('Read')
            for name, _is_in, options in groups:
                if name == 'portal_customer':
                    options.setdefault('button_access', {})['title'] = title
        return groups


class CrmContractAmendment(models.Model):
    _name = 'crm.contract.amendment'
    _inherit = ['mail.thread', 'crm.contract.amendment']

    def _get_offer_template(self):
        return 'crm_contracts.mail_template_amendment_offer'
