from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

CASE_FIELDS = [
    'active',
    'category_id',
    'closed_spans',
    'company_id',
    'date_closed',
    'date_open',
    'name',
    'partner_id',
    'priority',
    'team_id',
    'user_id',
]
DAYS = 365
# Numbers of days from the epoch of the days are below it
DAYS_OF_ALL = 100_000


class ServiceBacklogReport(models.Model):
    """What was open at the end of each day of the last year: one row for each case and day.

    Days are those of the user's time zone, and the last one is today until now. A case that was
    closed and taken up again is left out of the days between. It counts for the team and the
    person that it has now.
    """

    _name = 'service.backlog.report'
    _description = 'Backlog'
    _inherit = ['service.case.row.mixin']
    _auto = False
    _order = 'date desc, age desc, id'
    _rec_name = 'name'
    _depends = {'service.claim': CASE_FIELDS, 'service.ticket': CASE_FIELDS}

    case_model = fields.Selection('_selection_case_model', string='Claim or Ticket', readonly=True)
    name = fields.Char(string='Subject', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    team_id = fields.Many2one('service.team', readonly=True)
    user_id = fields.Many2one('res.users', string='Assigned to', readonly=True)
    partner_id = fields.Many2one('res.partner', string='Customer', readonly=True)
    category_id = fields.Many2one('service.category', readonly=True)
    priority = fields.Selection(selection='_selection_priority', readonly=True)
    date = fields.Date(string='At the End of', readonly=True)
    age = fields.Integer(
        string='Age in Days',
        aggregator='avg',
        readonly=True,
        help='Days from the day of opening to that day.',
    )
    age_band = fields.Selection(
        [
            ('0_1', 'Up to a Day'),
            ('2_7', '2 to 7 Days'),
            ('8_30', '8 to 30 Days'),
            ('over_30', 'More than 30 Days'),
        ],
        string='Age',
        readonly=True,
    )

    @property
    def _table_query(self):
        rows = SQL(' UNION ALL ').join(
            self._select_days(model_name, number)
            for number, model_name in enumerate(self._get_case_models())
        )
        return SQL(
            """SELECT *, CASE WHEN age <= 1 THEN '0_1'
                              WHEN age <= 7 THEN '2_7'
                              WHEN age <= 30 THEN '8_30'
                              ELSE 'over_30' END AS age_band
                 FROM (%s) AS days""",
            rows,
        )

    @api.model
    def _select_days(self, model_name, number):
        """Return the rows of one kind of case; override to add columns of the case."""
        today = fields.Date.context_today(self)
        return SQL(
            """SELECT (cases.id::bigint * %(models)s + %(number)s) * %(days)s
                          + (days.day - DATE '2000-01-01') AS id,
                      %(model)s AS case_model, cases.id AS case_id, cases.name, cases.company_id,
                      cases.team_id, cases.user_id, cases.partner_id, cases.category_id,
                      cases.priority, days.day AS date,
                      days.day - %(opened)s AS age
                 FROM %(table)s AS cases
                CROSS JOIN LATERAL (
                      SELECT generate_series(
                                 GREATEST(%(opened)s, %(first)s)::timestamp,
                                 LEAST(%(closed)s - 1, %(today)s)::timestamp,
                                 '1 day')::date AS day) AS days
                WHERE (cases.active OR cases.date_closed IS NOT NULL)
                  AND (cases.date_closed IS NULL OR cases.date_closed >= %(first)s)
                  AND NOT EXISTS (
                      SELECT FROM jsonb_array_elements(cases.closed_spans) AS span
                       WHERE %(span_start)s <= days.day AND %(span_stop)s > days.day)""",
            models=len(self._get_case_models()),
            number=number,
            days=DAYS_OF_ALL,
            model=model_name,
            table=SQL.identifier(self.env[model_name]._table),
            today=today,
            first=today - timedelta(days=DAYS),
            opened=self._get_day_sql(SQL('cases.date_open')),
            closed=self._get_day_sql(SQL('cases.date_closed')),
            span_start=self._get_day_sql(SQL('(span->>0)::timestamp')),
            span_stop=self._get_day_sql(SQL('(span->>1)::timestamp')),
        )

    @api.model
    def _get_day_sql(self, moment):
        """Return the day of a moment in the time zone of the user."""
        zone = self.env.context.get('tz') or self.env.user.tz or 'UTC'
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone)
