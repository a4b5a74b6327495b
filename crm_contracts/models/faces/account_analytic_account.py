from collections import Counter, defaultdict

from odoo import models
from odoo.fields import Domain


class AccountAnalyticAccount(models.Model):
    _inherit = 'account.analytic.account'

    def _get_crm_campaign_spending(self):
        """Sum what is spent on the accounts: one grouped query per analytic plan.

        :return: {account id: {currency id: amount}}; items that are revenue do not count
        """
        spent = defaultdict(Counter)
        for plan, accounts in self.grouped('root_plan_id').items():
            column = plan._column_name()
            groups = self.env['account.analytic.line']._read_group(
                Domain(column, 'in', accounts.ids)
                & Domain('company_id', 'in', self.env.companies.ids),
                [column, 'company_id', 'crm_contract_kind'],
                ['amount:sum'],
            )
            for account, company, kind, amount in groups:
                if kind not in ('revenue', 'disbursement'):
                    spent[account.id][company.currency_id.id] -= amount
        return spent
