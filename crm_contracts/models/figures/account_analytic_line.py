from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain


class AccountAnalyticLine(models.Model):
    """Whose revenue or cost an analytic item is."""

    _inherit = 'account.analytic.line'

    crm_contract_ids = fields.Many2many(
        'crm.contract',
        string='Contracts Concerned',
        compute='_compute_crm_contract_ids',
        search='_search_crm_contract_ids',
        compute_sudo=True,
        help='Contracts whose revenue or cost it is. On an account that contracts share: the one '
        'that billed it, else the one whose day it is.',
    )

    # The columns of plans are left to write(): the registry breaks when a plan leaves with an addon
    # while something still depends on its column.
    @api.depends('crm_contract_billing_id', 'date')
    def _compute_crm_contract_ids(self):
        groups = self.env['crm.contract.report']._read_group(
            [('item_id', 'in', self.ids)], ['item_id', 'contract_id']
        )
        contracts = defaultdict(self.env['crm.contract'].browse)
        for item, contract in groups:
            contracts[item.id] |= contract
        for item in self:
            item.crm_contract_ids = contracts[item.id]

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & set(self._get_plan_fnames()):
            self.invalidate_recordset(['crm_contract_ids'])
        return result

    def _search_crm_contract_ids(self, operator, value):
        """Find the items of contracts; whoever searches reads the items with their own rights."""
        if operator not in ('any', 'in'):
            return NotImplemented
        report_sudo = self.env['crm.contract.report'].sudo()
        query = report_sudo._search(
            Domain('contract_id', operator, value) & Domain('item_id', '!=', False)
        )
        items = query.subselect(report_sudo._field_to_sql(query.table, 'item_id', query))
        return Domain('id', 'in', items)
