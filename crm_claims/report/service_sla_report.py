from odoo import api, fields, models
from odoo.tools import SQL, Query

from ..core.clock import OTHERWISE
from ..models.sla.service_sla_clock import STATES, TARGETS

CASE_FIELDS = ['active', 'category_id', 'company_id', 'name', 'partner_id', 'user_id']


class ServiceSlaReport(models.Model):
    """How well promises are kept: one row for each clock, seen by those who see the case.

    What is overdue counts as missed at once; what still runs counts for neither. What an archived
    case, also one that was merged, had not reached is left out.
    """

    _name = 'service.sla.report'
    _description = 'Service Level Analysis'
    _inherit = ['service.case.row.mixin']
    _auto = False
    _order = 'date_start desc, id'
    _rec_name = 'name'
    _depends = {
        'service.claim': CASE_FIELDS,
        'service.ticket': CASE_FIELDS,
        'service.sla.clock': [
            'case_id',
            'case_model',
            'date_start',
            'deadline',
            'ended_at',
            'is_met',
            'paused_since',
            'policy_id',
            'reached_at',
            'target',
            'team_id',
            'warning_at',
        ],
    }

    clock_id = fields.Many2one('service.sla.clock', readonly=True)
    case_model = fields.Selection('_selection_case_model', string='Claim or Ticket', readonly=True)
    name = fields.Char(string='Subject', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    team_id = fields.Many2one('service.team', readonly=True, help='The team that made the promise.')
    user_id = fields.Many2one('res.users', string='Assigned to', readonly=True)
    partner_id = fields.Many2one('res.partner', string='Customer', readonly=True)
    category_id = fields.Many2one('service.category', readonly=True)
    policy_id = fields.Many2one('service.sla.policy', readonly=True)
    target = fields.Selection(TARGETS, readonly=True)
    date_start = fields.Datetime(string='Opened on', readonly=True)
    deadline = fields.Datetime(readonly=True)
    reached_at = fields.Datetime(string='Reached on', readonly=True)
    state = fields.Selection(STATES, readonly=True)
    met_count = fields.Integer(string='Met', readonly=True)
    missed_count = fields.Integer(string='Missed or Overdue', readonly=True)
    met_rate = fields.Float(
        string='Met (%)',
        aggregator='avg',
        readonly=True,
        help='What was met, as a ratio of what was met, missed or is overdue.',
    )

    @property
    def _table_query(self):
        case_models = self.env['service.sla.clock']._get_case_models()
        rows = SQL(' UNION ALL ').join(map(self._select_clocks, case_models))
        return SQL(
            """SELECT *,
                      (state = 'met')::int AS met_count,
                      (state IN ('missed', 'breached'))::int AS missed_count,
                      CASE WHEN state = 'met' THEN 1.0
                           WHEN state IN ('missed', 'breached') THEN 0.0 END AS met_rate
                 FROM (%s) AS clocks""",
            rows,
        )

    @api.model
    def _select_clocks(self, model_name):
        """Return the rows of one kind of case; override to add columns of the case."""
        return SQL(
            """SELECT clock.id, clock.id AS clock_id, clock.case_model, clock.case_id,
                      cases.name, cases.company_id, clock.team_id, cases.user_id,
                      cases.partner_id, cases.category_id, clock.policy_id, clock.target,
                      clock.date_start, clock.deadline, clock.reached_at, %(state)s AS state
                 FROM service_sla_clock AS clock
                 JOIN %(table)s AS cases ON cases.id = clock.case_id
                WHERE clock.case_model = %(model)s
                  AND (cases.active OR clock.reached_at IS NOT NULL
                                    OR clock.ended_at IS NOT NULL)""",
            state=self._get_state_sql(),
            table=SQL.identifier(self.env[model_name]._table),
            model=model_name,
        )

    @api.model
    def _get_state_sql(self):
        """Return the state of a clock now, as ``service.sla.clock`` tells it."""
        clocks = self.env['service.sla.clock']
        query = Query(self.env, 'clock', SQL.identifier(clocks._table))
        rules = (
            SQL(
                'WHEN %s THEN %s', rule.optimize_full(clocks)._to_sql(clocks, 'clock', query), state
            )
            for state, rule in clocks._get_state_rules()
        )
        return SQL('CASE %s ELSE %s END', SQL(' ').join(rules), OTHERWISE)
