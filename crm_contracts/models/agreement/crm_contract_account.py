from odoo import models
from odoo.fields import Domain

from ...core.days import get_day_rank
from ...core.states import BILLABLE_STATES, OVER_STATES


class CrmContract(models.Model):
    """Whose something on an analytic account is that contracts share: it goes by the day.

    So a closed contract and its successor share the account of a project, each with its own hours.
    """

    _inherit = 'crm.contract'

    def _get_contracts_by_account(self, accounts=None):
        """Return {analytic account: the contracts on it, these and all others}, in one query.

        :param accounts: others than those of the contracts
        """
        accounts = accounts or self.analytic_account_id
        others = self.with_context(active_test=False).search(
            Domain('analytic_account_id', 'in', accounts.ids)
            & Domain('state', 'in', BILLABLE_STATES)
        )
        return (self | others).grouped('analytic_account_id')

    def _get_contract_on(self, day):
        """Return which of the contracts on one account has what is booked on a day.

        Of two that could both have it, the older one.
        """
        if len(self) == 1:
            return self
        return min(self, key=lambda contract: (contract._get_day_rank(day), contract.id))

    def _share_items(self, items):
        """Return {contract: its items} of items on the account that the contracts share."""
        return items.grouped(lambda item: self._get_contract_on(item.date))

    def _get_day_rank(self, day):
        """Return what orders contracts on one account for a day: the least one has it."""
        return get_day_rank(
            day,
            self.date_start,
            self._get_last_billable_day() or None,
            is_over=self.state in OVER_STATES,
            is_billable=self.state in BILLABLE_STATES,
        )
