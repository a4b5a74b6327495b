from odoo import api, models
from odoo.fields import Domain


class CrmContractItemOwnerMixin(models.AbstractModel):
    """Which contract bills an analytic item that lies on the accounts of several: exactly one."""

    _name = 'crm.contract.item.owner.mixin'
    _description = 'Contract of an Analytic Item'
    _inherit = ['crm.contract.billing.mixin']

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
            lambda item: (item._get_analytic_accounts(), bool(item.project_id), item.company_id)
        )
        accounts = self.env['account.analytic.account'].union(*(key[0] for key in groups))
        rivals = (self | self.search(self._get_item_rival_domain(accounts))).grouped(
            'analytic_account_id'
        )
        owners = {}
        for (own_accounts, _is_time, company), own in groups.items():
            fitting = [
                contract
                for account in own_accounts
                for contract in rivals.get(account, ())
                if contract._bills_item(own[:1])
            ]
            if fitting:
                owner = min(fitting, key=lambda contract: contract._get_item_rank(company))
                owners.update(dict.fromkeys(own, owner))
        return owners

    def _get_item_rival_domain(self, accounts):
        return (
            Domain('analytic_account_id', 'in', accounts.ids)
            & self._get_billable_domain()
            & self._get_item_billing_domain()
        )
