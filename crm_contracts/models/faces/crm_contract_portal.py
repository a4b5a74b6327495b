from __future__ import annotations

from odoo import api, fields, models
from odoo.fields import Domain

from ...core.states import PORTAL_STATES, RUNNING_STATES

# What customers read of their contracts besides what every outsider does.
PORTAL_FIELDS = frozenset({'access_url', 'access_warning', 'message_is_follower', 'has_message'})
# What is offered or agreed anew is shown; a draft is ours alone.
PORTAL_ANNEX_STATES = ('offered', 'applied')
COLORS = {'offered': 'info', 'running': 'success', 'suspended': 'warning', 'ended': 'secondary'}


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

    # === STATE === #

    @api.model
    def _get_portal_domains(self) -> dict[str, Domain]:
        """Return {what customers call the state: domain of its contracts}.

        Our renewals are none of their concern, but for the day after which nothing was agreed:
        what renews itself goes on, all else ends with its last day.
        """
        today = fields.Date.context_today(self)
        running = Domain('state', 'in', RUNNING_STATES)
        past = Domain('date_end', '<', today) & Domain('renewal_type', '!=', 'tacit')
        return {
            'all': Domain('state', 'in', PORTAL_STATES),
            'offered': Domain('state', '=', 'offered'),
            'running': running & ~past,
            'ended': Domain('state', '=', 'closed') | (running & past),
        }

    def _get_portal_state(self):
        """Return (word, Bootstrap colour) for the customer."""
        self.ensure_one()
        words = {
            'offered': self.env._('Offer'),
            'running': self.env._('Running'),
            'suspended': self.env._('Suspended'),
            'ended': self.env._('Ended'),
        }
        state = self._get_portal_kind()
        return words.get(state, ''), COLORS.get(state, 'secondary')

    def _get_portal_kind(self):
        domains = self._get_portal_domains()
        kinds = ('offered', 'running', 'ended')
        kind = next((kind for kind in kinds if self.filtered_domain(domains[kind])), '')
        return 'suspended' if kind == 'running' and self.is_suspended else kind

    # === WHAT IS SHOWN === #

    def _get_portal_invoices(self):
        """Return the posted invoices and credit notes of the contract that the user may see."""
        self.ensure_one()
        contract_sudo = self.sudo()
        orders = contract_sudo.env['sale.order'].concat(*contract_sudo._get_customer_orders())
        charging = contract_sudo.env['crm.contract.biller']._get_charging_moves(contract_sudo)
        moves = charging | orders.invoice_ids
        visible = self.env['account.move'].sudo(False)
        if not visible.has_access('read'):
            return visible
        return visible.search(
            [('id', 'in', moves.ids), ('state', '=', 'posted')], order='invoice_date desc, id desc'
        )

    def _get_portal_annexes(self):
        """Return the amendments that are offered or agreed, the first one first."""
        self.ensure_one()
        shown = self.amendment_ids.filtered(lambda one: one.state in PORTAL_ANNEX_STATES)
        return shown.sorted('number')

    def _get_portal_documents(self):
        """Return the files in the messages that customers read, newest first.

        What is attached to the contract alone, or to a note, stays inside the company.
        """
        self.ensure_one()
        shown = self.sudo().website_message_ids.filtered_domain(
            self.env['mail.message']._get_search_domain_share()
        )
        return shown.attachment_ids.sorted('id', reverse=True)
