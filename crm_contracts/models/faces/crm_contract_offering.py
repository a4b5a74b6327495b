from __future__ import annotations

from odoo import models

# In the context of the composer, as Odoo's quotations have one: sending makes the offer.
OFFERING = 'mark_crm_contract_as_offered'


class CrmContract(models.Model):
    """How an offer reaches the customer: by a mail with the document and the way to sign it."""

    _name = 'crm.contract'
    _inherit = ['mail.thread', 'crm.contract']

    # === ACTIONS === #

    def action_offer(self):
        """Open the mail that offers the contract to its customer; sending it makes the offer.

        What is offered already is offered anew, as it stands now. Without a last day of the offer
        the usual one is proposed.

        :raises UserError: if the last day of the offer has passed
        """
        self.ensure_one()
        # The mail names the day.
        self.date_offer_end = self._get_offer_end()
        return self._get_composer_action(
            'crm_contracts.mail_template_contract_offer', **{OFFERING: True}
        )

    # === MAIL === #

    def message_post(self, **kwargs):
        """Make the offer before the mail is rendered, whose link then leads to it.

        Customers post with all rights, and send whatever context they like: it is the user who
        has to be allowed to offer.
        """
        if self.env.context.get(OFFERING) and self.env.user._is_internal():
            user_contracts = self.sudo(False)
            user_contracts.check_access('write')
            user_contracts.with_context(**{OFFERING: False})._offer()
        return super().message_post(**kwargs)

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
