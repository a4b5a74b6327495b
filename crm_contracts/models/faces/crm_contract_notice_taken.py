from __future__ import annotations

from odoo import models

LAYOUT = 'mail.mail_notification_light'


class CrmContract(models.Model):
    """The notice of a customer, told to both sides."""

    _name = 'crm.contract'
    _inherit = ['mail.thread', 'crm.contract']

    def _take_notice(self, reason, author):
        """End the contract because the customer wants so, in its own words.

        :param author: partner who gave notice
        """
        self.ensure_one()
        self._give_notice(reason=reason)
        told = self.with_context(lang=self.partner_id.lang)
        told.message_post(
            body=told.env._('Notice was given. %s', reason),
            author_id=author.id,
            partner_ids=self._get_responsible_partner().ids,
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
        )
        self._confirm_notice()

    def _confirm_notice(self):
        """Tell the customers by mail when their contracts end."""
        template = self.env.ref('crm_contracts.mail_template_notice_confirmation')
        reachable = self.filtered('partner_id.email')
        template.send_mail_batch(reachable.ids, email_layout_xmlid=LAYOUT)
