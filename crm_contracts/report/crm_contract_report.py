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
    Where contracts share an account, an item is that of the one which billed it or was billed with
    it, else of the one whose day it is.

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
            'crm_contract_billing_id',
            'crm_contract_kind',
            'date',
            'employee_id',
            'move_line_id',
            'product_id',
            'product_uom_id',
            'project_id',
            'unit_amount',
        ],
        'account.move': ['reversed_entry_id'],
        'account.move.line': ['crm_contract_billing_id', 'move_id'],
        'crm.contract': [
            'analytic_account_id',
            'company_id',
            'date_closed',
            'date_end',
            'date_start',
            'manager_id',
            'partner_id',
            'state',
            'team_id',
            'template_id',
        ],
        'crm.contract.billing': ['contract_id', 'rebill', 'state'],
    }

    contract_id = fields.Many2one('crm.contract', readonly=True)
    item_id = fields.Many2one(
        'account.analytic.line',
        string='Analytic Item',
        readonly=True,
        help='Empty in the rows that sum the cost of time up.',
    )
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
        days = self.env['crm.contract']._get_shared_days()
        return SQL(' UNION ALL ').join(
            part
            for number, plan in enumerate(project_plan | other_plans)
            for part in self._get_parts(number, self._from(plan._column_name(), days))
        )

    def _get_parts(self, number, source):
        """Return the queries of the items on the accounts of one analytic plan."""
        if self._can_read_cost_of_employees():
            return [SQL('%s %s', self._select(number), source)]
        return [
            SQL('%s %s', self._select(number, hidden='time'), source),
            SQL(
                """%s %s WHERE item.crm_contract_kind = 'time'
                   GROUP BY contract.id, date_trunc('month', item.date)""",
                self._select_time_cost(number),
                source,
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
                      item.id AS item_id,
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
                      CASE WHEN item.crm_contract_kind IN ('revenue', 'disbursement', %(hidden)s)
                           THEN 0 ELSE -item.amount END AS cost,
                      CASE WHEN item.crm_contract_kind IN ('disbursement', %(hidden)s)
                           THEN 0 ELSE item.amount END AS margin""",
            number=2 * number,
            contract=self._select_contract(),
            hidden=hidden or '',
        )

    def _select_time_cost(self, number):
        """Return the columns of the cost of time, which tell of nobody's alone."""
        return SQL(
            """SELECT MIN(item.id)::bigint * 128 + %(number)s AS id,
                      %(contract)s,
                      NULL::integer AS item_id,
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

    def _from(self, column, days):
        """Return the source: the items whose account in a plan is that of a contract.

        :param days: [(account id, contract id, first day, last day)] of accounts that are shared
        """
        account = self.env['account.analytic.line']._field_to_sql('item', column)
        return SQL(
            """FROM account_analytic_line item
               %(shares)s
               JOIN crm_contract contract ON contract.analytic_account_id = %(account)s %(owned)s
          LEFT JOIN uom_uom unit ON unit.id = item.product_uom_id
          LEFT JOIN uom_uom hour ON hour.id = %(hour)s""",
            account=account,
            shares=self._join_shares(account, days) if days else SQL(),
            owned=self._get_ownership() if days else SQL(),
            hour=self.env.ref('uom.product_uom_hour').id,
        )

    def _join_shares(self, account, days):
        """Return the join of the contract whose day it is, where an account is shared."""
        return SQL(
            """LEFT JOIN (VALUES %(days)s) share (account_id, contract_id, date_from, date_to)
                      ON share.account_id = %(account)s
                     AND item.date BETWEEN share.date_from::date AND share.date_to::date""",
            days=SQL(', ').join(SQL('%s', values) for values in days),
            account=account,
        )

    def _get_ownership(self):
        """Return the condition by which an item on a shared account is the contract's."""
        return SQL(
            """AND (share.account_id IS NULL
                    OR contract.id = COALESCE(%s, %s, share.contract_id))""",
            self._select_biller(),
            self._select_document_contract(),
        )

    def _select_biller(self):
        """Return the contract of the account whose ledger has the item, or its invoice line."""
        return SQL(
            """(SELECT MIN(ledger.contract_id)
                  FROM crm_contract_billing ledger
                  JOIN crm_contract biller ON biller.id = ledger.contract_id
                 WHERE biller.analytic_account_id = contract.analytic_account_id
                   AND (ledger.id = item.crm_contract_billing_id
                        AND (ledger.state <> 'released' OR ledger.rebill)
                        OR ledger.id = (SELECT line.crm_contract_billing_id
                                          FROM account_move_line line
                                         WHERE line.id = item.move_line_id)))"""
        )

    def _select_document_contract(self):
        """Return the contract of the account that the item's document charges or credits."""
        return SQL(
            """(SELECT MIN(ledger.contract_id)
                  FROM account_move_line entered
                  JOIN account_move move ON move.id = entered.move_id
                  JOIN account_move_line line ON line.move_id IN (move.id, move.reversed_entry_id)
                  JOIN crm_contract_billing ledger ON ledger.id = line.crm_contract_billing_id
                  JOIN crm_contract biller ON biller.id = ledger.contract_id
                 WHERE entered.id = item.move_line_id
                   AND biller.analytic_account_id = contract.analytic_account_id)"""
        )
