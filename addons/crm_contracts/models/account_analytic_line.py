from odoo import fields, models


class AccountAnalyticLine(models.Model):
    _inherit = 'account.analytic.line'

    crm_contract_billing_id = fields.Many2one(
        'crm.contract.billing',
        string='Contract Billing',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='restrict',
        groups='sales_team.group_sale_salesman,account.group_account_readonly',
        help='Row of the billing ledger that bills the item to the customer of the contract.',
    )
