from odoo import fields, models
from odoo.tools import SQL

from ..models.crm_contract import STATES
from ..models.crm_contract_item_kind_mixin import ITEM_KINDS


class CrmContractReport(models.Model):
    """What contracts earn and cost: one row for each analytic item on the account of a contract.

    Who may see a contract may see its rows; the analytic items themselves need their own rights.
    """

    _name = 'crm.contract.report'
    _description = 'Contract Results'
    _auto = False
    _order = 'date desc, id'
    _rec_name = 'contract_id'
    _depends = {
        'account.analytic.line': [
            'amount',
            'crm_contract_kind',
            'date',
            'employee_id',
            'product_id',
            'product_uom_id',
            'project_id',
            'unit_amount',
        ],
        'crm.contract': [
            'analytic_account_id',
            'company_id',
            'manager_id',
            'partner_id',
            'state',
            'team_id',
            'template_id',
        ],
    }

    contract_id = fields.Many2one('crm.contract', readonly=True)
    partner_id = fields.Many2one('res.partner', string='Customer', readonly=True)
    manager_id = fields.Many2one('res.users', string='Account Manager', readonly=True)
    team_id = fields.Many2one('crm.team', string='Sales Team', readonly=True)
    template_id = fields.Many2one('crm.contract.template', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    state = fields.Selection(STATES, readonly=True)
    date = fields.Date(readonly=True)
    kind = fields.Selection(ITEM_KINDS, string='Revenue or Cost', readonly=True)
    employee_id = fields.Many2one('hr.employee', readonly=True)
    project_id = fields.Many2one('project.project', readonly=True)
    product_id = fields.Many2one('product.product', readonly=True)
    hours = fields.Float(readonly=True, help='Booked time in hours.')
    revenue = fields.Monetary(
        readonly=True, help="In the company's currency at the rate of the document."
    )
    cost = fields.Monetary(
        readonly=True, help="In the company's currency at the rate of the document."
    )
    margin = fields.Monetary(readonly=True, help='Revenue less cost.')

    @property
    def _table_query(self):
        project_plan, other_plans = self.env['account.analytic.plan']._get_all_plans()
        return SQL(' UNION ALL ').join(
            SQL('%s %s', self._select(number), self._from(plan._column_name()))
            for number, plan in enumerate(project_plan | other_plans)
        )

    def _select(self, number):
        """Return the columns; an item that is on accounts of several plans has several rows."""
        is_revenue = SQL("item.crm_contract_kind = 'revenue'")
        return SQL(
            """SELECT item.id::bigint * 64 + %(number)s AS id,
                      contract.id AS contract_id,
                      contract.partner_id,
                      contract.manager_id,
                      contract.team_id,
                      contract.template_id,
                      contract.company_id,
                      contract.state,
                      item.date,
                      item.crm_contract_kind AS kind,
                      item.employee_id,
                      item.project_id,
                      item.product_id,
                      CASE WHEN item.crm_contract_kind = 'time'
                           THEN item.unit_amount * COALESCE(unit.factor / hour.factor, 1)
                           ELSE 0 END AS hours,
                      CASE WHEN %(is_revenue)s THEN item.amount ELSE 0 END AS revenue,
                      CASE WHEN %(is_revenue)s THEN 0 ELSE -item.amount END AS cost,
                      item.amount AS margin""",
            number=number,
            is_revenue=is_revenue,
        )

    def _from(self, column):
        """Return the source: the items whose account in a plan is that of a contract."""
        items = self.env['account.analytic.line']
        return SQL(
            """FROM account_analytic_line item
               JOIN crm_contract contract ON contract.analytic_account_id = %(account)s
          LEFT JOIN uom_uom unit ON unit.id = item.product_uom_id
          LEFT JOIN uom_uom hour ON hour.id = %(hour)s""",
            account=items._field_to_sql('item', column),
            hour=self.env.ref('uom.product_uom_hour').id,
        )
