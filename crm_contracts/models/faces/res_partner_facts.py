from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...core.states import RUNNING_STATES

UNPAID_STATES = ('not_paid', 'partial', 'in_payment')


class ResPartner(models.Model):
    """What of contracts and open money one should know of a customer at a glance."""

    _inherit = 'res.partner'

    def _get_crm_facts(self):
        return [*super()._get_crm_facts(), self._get_contract_fact(), self._get_money_fact()]

    # === CONTRACTS === #

    def _get_contract_fact(self):
        """Tell until when the customer is bound: the end that comes first."""
        contracts = self.env['crm.contract']
        if not contracts.has_access('read'):
            return None
        running = contracts.search(self._get_running_contract_domain(), order='date_end, id')
        if not running:
            return None
        first = running[0]
        return self._prepare_crm_fact(
            'contract',
            self.env._('Contract') if len(running) == 1 else self.env._('Contracts'),
            self._get_contract_value(running),
            'action_view_crm_running_contracts',
            'fa-file-text-o',
            self._get_contract_color(first),
        )

    def _get_contract_value(self, running):
        end = running[0].date_end
        until = (
            self.env._('until %s', format_date(self.env, end)) if end else self.env._('open end')
        )
        return until if len(running) == 1 else f'{len(running)} · {until}'

    def _get_contract_color(self, contract):
        """Red past its end, yellow once its renewal is to be decided."""
        today = fields.Date.context_today(self)
        if contract.date_end and contract.date_end < today:
            return 'danger'
        is_due = contract.date_notice and contract.date_notice <= today
        return 'warning' if is_due else 'success'

    def _get_running_contract_domain(self):
        running = Domain('state', 'in', RUNNING_STATES)
        return self._get_crm_document_domain(self.env['crm.contract']) & running

    def action_view_crm_running_contracts(self):
        """Open the contracts of the customer, and of everybody below it, that run."""
        return self.action_view_crm_contracts() | {
            'domain': list(self._get_running_contract_domain())
        }

    # === MONEY === #

    def _get_money_fact(self):
        """Tell what is invoiced and not paid, in the currency of each company, and what is late."""
        invoices = self.env['account.move']
        if not invoices.has_access('read'):
            return None
        is_unpaid = self._get_unpaid_domain()
        unpaid = self._sum_residuals(is_unpaid)
        if not unpaid:
            return None
        today = fields.Date.context_today(self)
        overdue = self._sum_residuals(is_unpaid & Domain('invoice_date_due', '<', today))
        value = self._format_crm_amounts(unpaid)
        if overdue:
            value = self.env._(
                '%(amount)s, %(overdue)s overdue',
                amount=value,
                overdue=self._format_crm_amounts(overdue),
            )
        return self._prepare_crm_fact(
            'money',
            self.env._('Unpaid'),
            value,
            'action_view_crm_unpaid_invoices',
            'fa-money',
            'danger' if overdue else 'info',
        )

    def _sum_residuals(self, domain):
        """Return [(company, what is unpaid in its currency)]."""
        return self.env['account.move']._read_group(
            domain, ['company_id'], ['amount_residual_signed:sum']
        )

    def _get_unpaid_domain(self):
        return (
            Domain('partner_id', 'in', self._fetch_crm_family().ids)
            & Domain('move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt'))
            & Domain('state', '=', 'posted')
            & Domain('payment_state', 'in', UNPAID_STATES)
        )

    def action_view_crm_unpaid_invoices(self):
        """Open the invoices of the customer, and of everybody below it, that are not paid."""
        action = self._get_crm_list_action(
            'account.action_move_out_invoice',
            self._get_unpaid_domain(),
            {'default_move_type': 'out_invoice', 'default_partner_id': self.id},
        )
        return self._put_crm_list_first(self.env['account.move']._put_crm_form(action))
