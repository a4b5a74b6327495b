from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core.days import Claim, get_shares
from ...core.states import BILLABLE_STATES, OVER_STATES

# Who reads analytic items, so that no figure of another account is a secret.
ANALYSTS = (
    'account.group_account_readonly,account.group_account_invoice,'
    'analytic.group_analytic_accounting'
)


class CrmContract(models.Model):
    """The analytic account of a contract: whose is what is booked on it, and when it is over.

    A closed contract and its successor may share the account of a project, each with its own hours:
    whose something is goes by the day.
    """

    _inherit = 'crm.contract'

    analytic_account_id = fields.Many2one(
        'account.analytic.account',
        copy=False,
        check_company=True,
        ondelete='restrict',
        index='btree_not_null',
        help='Made on confirmation. What is booked on it belongs to the contract.',
    )

    @api.model
    def _has_field_access(self, field, operation):
        """Refuse to point contracts at accounts whose items the user may not read.

        Totals, statement and preview are of whatever account the contract has.
        """
        return super()._has_field_access(field, operation) and (
            operation == 'read'
            or field.name != 'analytic_account_id'
            or self.env.su
            or self.env.user.has_groups(ANALYSTS)
        )

    # === ANALYTIC ACCOUNT === #

    def _create_analytic_accounts(self):
        missing = self.filtered(lambda contract: not contract.analytic_account_id)
        accounts = (
            self.env['account.analytic.account']
            .sudo()
            .create([contract._prepare_analytic_account() for contract in missing])
        )
        for contract_sudo, account in zip(missing.sudo(), accounts, strict=True):
            contract_sudo.analytic_account_id = account

    def _prepare_analytic_account(self):
        """Return the values of the contract's analytic account."""
        self.ensure_one()
        plan = self.sudo().company_id.crm_contract_plan_id
        if not plan:
            raise UserError(
                self.env._(
                    'The company %(company)s has no analytic plan for contracts. Choose one in the '
                    'CRM settings.',
                    company=self.company_id.display_name,
                )
            )
        return {
            'name': self.name,
            'code': self.code,
            'partner_id': self.partner_id.id,
            'company_id': self.company_id.id,
            'plan_id': plan.id,
        }

    # === CONTRACTS THAT SHARE AN ACCOUNT === #

    def _get_contracts_by_account(self, accounts=None):
        """Return {analytic account: the contracts on it, these and all others}, in one query.

        :param accounts: others than those of the contracts
        """
        accounts = accounts or self.analytic_account_id
        others = self.with_context(active_test=False).search(
            Domain('analytic_account_id', 'in', accounts.ids)
        )
        return (self | others).grouped('analytic_account_id')

    def _get_contract_on(self, day):
        """Return which of the contracts on one account has what is booked on a day.

        Of two that could both have it, the older one.
        """
        if len(self) == 1:
            return self
        return min(self, key=lambda contract: contract._get_claim().get_rank(day))

    def _share_items(self, items):
        """Return {contract: its items} of items on the account that the contracts share."""
        return items.grouped(lambda item: self._get_contract_on(item.date))

    def _get_claim(self):
        """Return by what the contract claims the days of an account that it shares."""
        return Claim(
            self.id,
            self.date_start,
            self._get_last_billable_day() or None,
            is_over=self.state in OVER_STATES,
            is_billable=self.state in BILLABLE_STATES,
        )

    @api.model
    def _get_shared_days(self):
        """Return [(account id, contract id, first day, last day)] of accounts that are shared.

        Each day of such an account is one contract's. Two queries, whatever is shared.
        """
        contracts = self.sudo().with_context(active_test=False)
        shared = contracts._read_group(
            [('analytic_account_id', '!=', False)],
            ['analytic_account_id'],
            ['id:recordset'],
            having=[('__count', '>', 1)],
        )
        return [
            (account.id, *share)
            for account, own in shared
            for share in get_shares([contract._get_claim() for contract in own])
        ]


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
