from odoo import api, fields, models
from odoo.tools import SQL

CASE_FIELDS = [
    'active',
    'answer_count',
    'category_id',
    'company_id',
    'date_closed',
    'date_first_response',
    'date_open',
    'hours_to_close',
    'hours_to_first_response',
    'medium_id',
    'name',
    'partner_id',
    'priority',
    'reopen_count',
    'stage_kind',
    'team_id',
    'user_id',
]
# Aggregates that Odoo has not: from their name to the part of the rows that lies below
PERCENTILES = {'median': 0.5, 'p90': 0.9}


class ServiceCaseReport(models.Model):
    """How cases are handled: one row for each, claims and tickets together.

    Odoo's ``_read_group`` takes any aggregate that the model makes SQL of. So median and 90 % are
    aggregators of this model: exact in every group, total and filter, which percentiles computed
    beforehand would not be.
    """

    _name = 'service.case.report'
    _description = 'Case Analysis'
    _inherit = ['service.case.row.mixin']
    _auto = False
    _order = 'date_open desc, id'
    _rec_name = 'name'
    _depends = {'service.claim': CASE_FIELDS, 'service.ticket': CASE_FIELDS}

    case_model = fields.Selection('_selection_case_model', string='Claim or Ticket', readonly=True)
    active = fields.Boolean(readonly=True)
    name = fields.Char(string='Subject', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    team_id = fields.Many2one('service.team', readonly=True)
    user_id = fields.Many2one('res.users', string='Assigned to', readonly=True)
    partner_id = fields.Many2one('res.partner', string='Customer', readonly=True)
    category_id = fields.Many2one('service.category', readonly=True)
    medium_id = fields.Many2one('utm.medium', string='Channel', readonly=True)
    priority = fields.Selection(selection='_selection_priority', readonly=True)
    stage_kind = fields.Selection(selection='_selection_stage_kind', readonly=True)
    date_open = fields.Datetime(string='Opened on', readonly=True)
    date_closed = fields.Datetime(string='Closed on', readonly=True)
    response_hours = fields.Float(
        string='First Response: Average',
        aggregator='avg',
        readonly=True,
        help='Working hours of the team from opening to the first response.',
    )
    response_hours_median = fields.Float(
        string='First Response: Median',
        aggregator='median',
        readonly=True,
        help='Working hours in which half of the cases were answered.',
    )
    response_hours_p90 = fields.Float(
        string='First Response: 90 %',
        aggregator='p90',
        readonly=True,
        help='Working hours in which nine of ten cases were answered.',
    )
    solution_hours = fields.Float(
        string='Solution: Average',
        aggregator='avg',
        readonly=True,
        help='Working hours of the team from opening to closing; waiting for the customer counts.',
    )
    solution_hours_median = fields.Float(
        string='Solution: Median',
        aggregator='median',
        readonly=True,
        help='Working hours in which half of the cases were closed.',
    )
    solution_hours_p90 = fields.Float(
        string='Solution: 90 %',
        aggregator='p90',
        readonly=True,
        help='Working hours in which nine of ten cases were closed.',
    )
    reopen_count = fields.Integer(string='Reopenings', readonly=True)
    reopen_rate = fields.Float(
        string='Reopened (%)',
        aggregator='avg',
        readonly=True,
        help='Cases that were taken up again, as a ratio of those that were closed once.',
    )
    answer_count = fields.Float(
        string='Answers per Case',
        aggregator='avg',
        readonly=True,
        help='Messages that agents wrote to the customer.',
    )

    @api.model
    def _selection_stage_kind(self):
        return self.env['service.stage']._fields['kind']._description_selection(self.env)

    @property
    def _table_query(self):
        return SQL(' UNION ALL ').join(
            self._select_cases(model_name, number)
            for number, model_name in enumerate(self._get_case_models())
        )

    @api.model
    def _select_cases(self, model_name, number):
        """Return the rows of one kind of case; override to add columns of the case."""
        return SQL(
            """SELECT cases.id::bigint * %(models)s + %(number)s AS id,
                      %(model)s AS case_model, cases.id AS case_id,
                      cases.active, cases.name, cases.company_id, cases.team_id, cases.user_id,
                      cases.partner_id, cases.category_id, cases.medium_id, cases.priority,
                      cases.stage_kind, cases.date_open, cases.date_closed,
                      %(response)s AS response_hours,
                      %(response)s AS response_hours_median,
                      %(response)s AS response_hours_p90,
                      %(solution)s AS solution_hours,
                      %(solution)s AS solution_hours_median,
                      %(solution)s AS solution_hours_p90,
                      COALESCE(cases.reopen_count, 0) AS reopen_count,
                      CASE WHEN cases.reopen_count > 0 THEN 1.0
                           WHEN cases.date_closed IS NOT NULL THEN 0.0 END AS reopen_rate,
                      COALESCE(cases.answer_count, 0)::float AS answer_count
                 FROM %(table)s AS cases""",
            models=len(self._get_case_models()),
            number=number,
            model=model_name,
            table=SQL.identifier(self.env[model_name]._table),
            response=SQL(
                """CASE WHEN cases.date_first_response IS NOT NULL
                        THEN cases.hours_to_first_response END"""
            ),
            solution=SQL('CASE WHEN cases.date_closed IS NOT NULL THEN cases.hours_to_close END'),
        )

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, aggregator = aggregate_spec.partition(':')
        if aggregator not in PERCENTILES:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            'percentile_cont(%s) WITHIN GROUP (ORDER BY %s)',
            PERCENTILES[aggregator],
            self._field_to_sql(self._table, name, query),
        )
