from odoo import api, fields, models
from odoo.tools import SQL

from ..models.agreement.crm_contract import STATES
from ..models.billing.account_analytic_line_kind import ITEM_KINDS

# Who reads in Odoo what the hours of every employee cost.
COST_READERS = (
    'hr.group_hr_user',
    'hr_timesheet.group_hr_timesheet_approver',
    'account.group_account_readonly',
    'account.group_account_invoice',
)


class CrmContractReport(models.Model):
    """What contracts earn and cost: one row for each analytic item on the account of a contract.

    Who may see a contract may see its rows; the analytic items themselves need their own rights.
    What an hour of an employee costs is for who may read it in the timesheets too. All others get
    the hours of the employees without their cost, and the cost of time once a contract and month.
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
            part
            for number, plan in enumerate(project_plan | other_plans)
            for part in self._get_parts(number, plan._column_name())
        )

    def _get_parts(self, number, column):
        """Return the queries of the items on the accounts of one analytic plan."""
        if self._can_read_cost_of_employees():
            return [SQL('%s %s', self._select(number), self._from(column))]
        return [
            SQL('%s %s', self._select(number, hidden='time'), self._from(column)),
            SQL(
                """%s %s WHERE item.crm_contract_kind = 'time'
                   GROUP BY contract.id, date_trunc('month', item.date)""",
                self._select_time_cost(number),
                self._from(column),
            ),
        ]

    @api.model
    def _can_read_cost_of_employees(self) -> bool:
        return self.env.su or any(map(self.env.user.has_group, COST_READERS))

    def _select(self, number, hidden=None):
        """Return the columns; an item that is on accounts of several plans has several rows.

        :param hidden: kind of the items whose cost stands in no row
        """
        return SQL(
            """SELECT item.id::bigint * 128 + %(number)s AS id,
                      %(contract)s,
                      item.date,
                      item.crm_contract_kind AS kind,
                      item.employee_id,
                      item.project_id,
                      item.product_id,
                      CASE WHEN item.crm_contract_kind = 'time'
                           THEN item.unit_amount * COALESCE(unit.factor / hour.factor, 1)
                           ELSE 0 END AS hours,
                      CASE item.crm_contract_kind WHEN 'revenue' THEN item.amount
                           ELSE 0 END AS revenue,
                      CASE item.crm_contract_kind WHEN 'revenue' THEN 0 WHEN %(hidden)s THEN 0
                           ELSE -item.amount END AS cost,
                      CASE item.crm_contract_kind WHEN %(hidden)s THEN 0
                           ELSE item.amount END AS margin""",
            number=2 * number,
            contract=self._select_contract(),
            hidden=hidden,
        )

    def _select_time_cost(self, number):
        """Return the columns of the cost of time, which tell of nobody's alone."""
        return SQL(
            """SELECT MIN(item.id)::bigint * 128 + %(number)s AS id,
                      %(contract)s,
                      date_trunc('month', item.date)::date AS date,
                      'time' AS kind,
                      NULL::integer AS employee_id,
                      NULL::integer AS project_id,
                      NULL::integer AS product_id,
                      0 AS hours,
                      0 AS revenue,
                      -SUM(item.amount) AS cost,
                      SUM(item.amount) AS margin""",
            number=2 * number + 1,
            contract=self._select_contract(),
        )

    def _select_contract(self):
        return SQL(
            """contract.id AS contract_id,
                      contract.partner_id,
                      contract.manager_id,
                      contract.team_id,
                      contract.template_id,
                      contract.company_id,
                      contract.state"""
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
