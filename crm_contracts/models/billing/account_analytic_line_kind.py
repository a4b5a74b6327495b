from odoo import api, fields, models

from ...core.figures import is_revenue

ITEM_KINDS = [
    ('revenue', 'Revenue'),
    ('time', 'Time'),
    ('purchase', 'Purchases'),
    ('expense', 'Expenses'),
    ('other', 'Other Costs'),
    ('disbursement', 'Disbursements'),
]


class AccountAnalyticLine(models.Model):
    """What an analytic item is for a contract, said once for figures, buttons and reports."""

    _inherit = 'account.analytic.line'

    crm_contract_kind = fields.Selection(
        ITEM_KINDS,
        string='Revenue or Cost',
        compute='_compute_crm_contract_kind',
        store=True,
        help='Time: timesheets. Purchases: vendor bills and refunds. Expenses: receipts and other '
        'journal entries. Other costs: items without a journal entry, and the cost of goods sold. '
        "Disbursements: paid in the customer's name, neither revenue nor cost.",
    )

    @api.depends('category', 'general_account_id.account_type', 'project_id')
    def _compute_crm_contract_kind(self):
        for item in self:
            item.crm_contract_kind = item._get_crm_contract_kind()

    def _get_crm_contract_kind(self):
        """Return what an item is: revenue, or which kind of cost."""
        self.ensure_one()
        # sudo: the type of the account, for who books time
        account_type = self.sudo().general_account_id.account_type or ''
        if is_revenue(self.category, account_type):
            return 'revenue'
        if self.project_id:
            return 'time'
        if self.category == 'other':
            return 'expense' if account_type else 'other'
        return 'purchase' if self.category == 'vendor_bill' else 'other'
