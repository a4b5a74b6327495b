from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.rating.models.rating_data import RATING_LIMIT_SATISFIED

CASE_FIELDS = ['active', 'category_id', 'company_id', 'name', 'partner_id', 'team_id']


class ServiceRatingReport(models.Model):
    """What customers think of the work of each agent: one row for each opinion on a case."""

    _name = 'service.rating.report'
    _description = 'Satisfaction'
    _inherit = ['service.case.row.mixin']
    _auto = False
    _order = 'date desc, id desc'
    _rec_name = 'name'
    _depends = {
        'service.claim': CASE_FIELDS,
        'service.ticket': CASE_FIELDS,
        'rating.rating': ['consumed', 'feedback', 'rated_partner_id', 'rating', 'res_id'],
        'res.users': ['partner_id'],
    }

    case_model = fields.Selection('_selection_case_model', string='Claim or Ticket', readonly=True)
    name = fields.Char(string='Subject', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    team_id = fields.Many2one('service.team', readonly=True)
    user_id = fields.Many2one('res.users', string='Rated Agent', readonly=True)
    partner_id = fields.Many2one('res.partner', string='Customer', readonly=True)
    category_id = fields.Many2one('service.category', readonly=True)
    date = fields.Datetime(string='Rated on', readonly=True)
    rating = fields.Float(aggregator='avg', readonly=True, help='From 1 to 5.')
    satisfied_rate = fields.Float(
        string='Satisfied (%)',
        aggregator='avg',
        readonly=True,
        help='Customers who are satisfied, as a ratio of those who rated.',
    )
    feedback = fields.Text(string='Comment', readonly=True)

    @property
    def _table_query(self):
        return SQL(' UNION ALL ').join(map(self._select_ratings, self._get_case_models()))

    @api.model
    def _select_ratings(self, model_name):
        """Return the rows of one kind of case; override to add columns of the case."""
        return SQL(
            """SELECT rating.id, %(model)s AS case_model, cases.id AS case_id, cases.name,
                      cases.company_id, cases.team_id, agent.id AS user_id, cases.partner_id,
                      cases.category_id, rating.write_date AS date, rating.rating, rating.feedback,
                      (rating.rating >= %(satisfied)s)::int::float AS satisfied_rate
                 FROM rating_rating AS rating
                 JOIN %(table)s AS cases ON cases.id = rating.res_id
                 LEFT JOIN LATERAL (
                      SELECT users.id FROM res_users AS users
                       WHERE users.partner_id = rating.rated_partner_id
                       ORDER BY users.active DESC, users.id LIMIT 1) AS agent ON TRUE
                WHERE rating.res_model = %(model)s AND rating.consumed AND rating.rating >= 1""",
            model=model_name,
            table=SQL.identifier(self.env[model_name]._table),
            satisfied=RATING_LIMIT_SATISFIED,
        )
