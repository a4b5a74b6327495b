from odoo import api, models

from ...core.states import OVER_STATES


class AccountAnalyticAccount(models.Model):
    """Accounts of contracts that are over: what is booked on them is noted, and not refused."""

    _inherit = 'account.analytic.account'

    def _get_crm_contracts_over(self):
        """Return the contracts, all of them over, that own some of the accounts."""
        contracts_sudo = self.env['crm.contract'].sudo()
        contracts_sudo = contracts_sudo.search([('analytic_account_id', 'in', self.ids)])
        running = contracts_sudo.filtered(lambda contract: contract.state not in OVER_STATES)
        return contracts_sudo.filtered(
            lambda contract: contract.analytic_account_id not in running.analytic_account_id
        )

    def _get_crm_over_warning(self):
        """Return the warning of a form that books on accounts of contracts that are over."""
        over = self and self._get_crm_contracts_over()
        if not over:
            return None
        message = self.env._(
            'The contract %(contracts)s is closed or cancelled. What is entered here is still '
            'booked on it.',
            contracts=over.mapped('display_name'),
        )
        return {'warning': {'title': self.env._('The contract is over'), 'message': message}}

    @api.model
    def _report_crm_booking_when_over(self, accounts_by_record):
        """Note on contracts that are over what is booked on them, and tell who books.

        :param accounts_by_record: {record: analytic accounts on which it is booked}
        """
        accounts = self.concat(*accounts_by_record.values())
        over = accounts and accounts._get_crm_contracts_over()
        if not over:
            return
        booked = {
            contract.id: [
                record.display_name
                for record, own in accounts_by_record.items()
                if contract.analytic_account_id in own
            ]
            for contract in over
        }
        over._message_log_batch(
            {
                contract.id: self.env._(
                    'Booked although the contract is over: %(names)s', names=booked[contract.id]
                )
                for contract in over
            }
        )
        warning = over.analytic_account_id._get_crm_over_warning()['warning']
        self.env.user._bus_send('simple_notification', {**warning, 'type': 'warning'})
