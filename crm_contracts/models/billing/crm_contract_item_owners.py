from odoo import api, models
from odoo.fields import Domain


class CrmContract(models.Model):
    """Which contract bills an analytic item that lies on the accounts of several: exactly one."""

    _inherit = 'crm.contract'

    @api.model
    def _get_item_billing_domain(self):
        """Return the domain of the contracts that bill items; extend with ``|``."""
        return Domain.FALSE

    def _bills_item(self, item):
        """Say whether the contract bills such an item on its account; extend with ``or``."""
        self.ensure_one()
        return False

    def _get_item_rank(self, company):
        """Return what orders the contracts that might bill an item of a company: the least does.

        One that is billed goes before one that is not, one of the item's company before others,
        the older before the newer.
        """
        self.ensure_one()
        rests = not self.active or not self._is_billable()
        return rests, self.company_id != company, self.id

    def _get_item_owners(self, items):
        """Return {item: contract that bills it}: one query, whoever else might bill them."""
        groups = items.grouped(
            lambda item: (
                item._get_analytic_accounts(),
                bool(item.project_id),
                item.company_id,
                item.date,
            )
        )
        accounts = self.env['account.analytic.account'].union(*(key[0] for key in groups))
        sharing = self._get_contracts_by_account(accounts)
        owners = {}
        for (own_accounts, _is_time, company, day), own in groups.items():
            rivals = [
                sharing[account]._get_contract_on(day)
                for account in own_accounts
                if account in sharing
            ]
            fitting = [contract for contract in rivals if contract._bills_item(own[:1])]
            if fitting:
                owner = min(fitting, key=lambda contract: contract._get_item_rank(company))
                owners.update(dict.fromkeys(own, owner))
        return owners

    def _get_owners_on_accounts(self, domains):
        """Return those of the contracts that have any of the items on their accounts.

        Two grouped queries per plan: the days count where contracts share an account.

        :param domains: {column of the plan: domain of the items}
        """
        items = self.env['account.analytic.line']
        sharing = self._get_contracts_by_account()
        owners = self.browse()
        for column, domain in domains.items():
            groups = [sharing[account] for (account,) in items._read_group(domain, [column])]
            alone = [contracts for contracts in groups if len(contracts) == 1]
            shared = owners.concat(*groups) - owners.concat(*alone)
            days = items._read_group(
                domain & Domain(column, 'in', shared.analytic_account_id.ids),
                [column, 'date:day'],
            )
            owners = owners.union(
                *alone, *(sharing[account]._get_contract_on(day) for account, day in days)
            )
        return owners & self
