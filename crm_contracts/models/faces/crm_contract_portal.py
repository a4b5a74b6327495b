from __future__ import annotations

from odoo import models

# What customers read of their contracts besides what every outsider does.
PORTAL_FIELDS = frozenset({'access_url', 'access_warning', 'message_is_follower', 'has_message'})
COLORS = {'open': 'success', 'to_renew': 'success', 'closed': 'secondary'}


class CrmContract(models.Model):
    """A contract as its customer sees it."""

    _name = 'crm.contract'
    _inherit = ['portal.mixin', 'mail.thread', 'crm.contract']
    _mail_post_access = 'read'

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for contract in self:
            contract.access_url = f'/my/crm-contracts/{contract.id}'
        return result

    def _get_outsider_fields(self):
        fields = super()._get_outsider_fields()
        return fields | PORTAL_FIELDS if self.env.user._is_portal() else fields

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.display_name

    def _is_open_to(self, user) -> bool:
        """Tell whether a user who may read the contract may read its prices too."""
        self.ensure_one()
        customers = user.partner_id._get_crm_customers()
        return self.with_user(user)._is_insider() or self.sudo().commercial_partner_id in customers

    def _get_portal_state(self):
        """Return (word, Bootstrap colour) for the customer: a renewal is our concern."""
        self.ensure_one()
        words = {
            'open': self.env._('Running'),
            'to_renew': self.env._('Running'),
            'closed': self.env._('Ended'),
        }
        return words.get(self.state, ''), COLORS.get(self.state, 'secondary')

    def _get_portal_invoices(self):
        """Return the posted invoices and credit notes of the contract that the user may see."""
        self.ensure_one()
        contract_sudo = self.sudo()
        orders = contract_sudo.env['sale.order'].concat(*contract_sudo._get_customer_orders())
        moves = contract_sudo.billing_ids.move_line_ids.move_id | orders.invoice_ids
        visible = self.env['account.move'].sudo(False)
        if not visible.has_access('read'):
            return visible
        return visible.search(
            [('id', 'in', moves.ids), ('state', '=', 'posted')], order='invoice_date desc, id desc'
        )

    def _get_portal_documents(self):
        """Return the files in the messages that customers read, newest first.

        What is attached to the contract alone, or to a note, stays inside the company.
        """
        self.ensure_one()
        shown = self.sudo().website_message_ids.filtered_domain(
            self.env['mail.message']._get_search_domain_share()
        )
        return shown.attachment_ids.sorted('id', reverse=True)
