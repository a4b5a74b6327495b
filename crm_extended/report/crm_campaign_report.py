from odoo import fields, models
from odoo.tools import SQL

from ..core.campaign import RATIOS


class CrmCampaignReport(models.Model):
    """What campaigns brought and cost.

    One row for each lead, dated when it came, and one for the money of each campaign, dated
    when the campaign started: the sums of any group are right, and each lead is seen by those
    who see the lead. Amounts are in the currency of the company.
    """

    _name = 'crm.campaign.report'
    _description = 'Campaign Analysis'
    _auto = False
    _order = 'date desc, id'
    _rec_name = 'campaign_id'
    _depends = {
        'crm.lead': [
            'active',
            'campaign_id',
            'company_id',
            'expected_revenue',
            'medium_id',
            'source_id',
            'team_id',
            'type',
            'user_id',
            'won_status',
        ],
        'utm.campaign': [
            'crm_budget',
            'crm_cost',
            'crm_currency_id',
            'crm_date_start',
            'crm_type_id',
        ],
        'res.company': ['currency_id'],
    }

    campaign_id = fields.Many2one('utm.campaign', readonly=True)
    type_id = fields.Many2one('crm.campaign.type', string='Campaign Type', readonly=True)
    date = fields.Date(readonly=True)
    user_id = fields.Many2one('res.users', string='Salesperson', readonly=True)
    team_id = fields.Many2one('crm.team', string='Sales Team', readonly=True)
    medium_id = fields.Many2one('utm.medium', string='Channel', readonly=True)
    source_id = fields.Many2one('utm.source', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)
    lead_count = fields.Integer(string='Leads', readonly=True)
    opportunity_count = fields.Integer(string='Opportunities', readonly=True)
    won_count = fields.Integer(string='Won Opportunities', readonly=True)
    lost_count = fields.Integer(string='Lost Opportunities', readonly=True)
    open_count = fields.Integer(string='Open', readonly=True)
    won_revenue = fields.Monetary(readonly=True)
    budget = fields.Monetary(readonly=True)
    cost = fields.Monetary(readonly=True)
    profit = fields.Monetary(readonly=True, help='Won revenue - cost.')
    conversion_rate = fields.Float(
        readonly=True,
        aggregator='avg',
        help='Won / leads, as a ratio: 0.25 is 25 %.',
    )
    cost_per_lead = fields.Monetary(
        string='Cost per Lead',
        readonly=True,
        aggregator='avg',
        help='Cost / leads, 0 while there are no leads.',
    )
    cost_per_won = fields.Monetary(
        string='Cost per Won',
        readonly=True,
        aggregator='avg',
        help='Cost / won opportunities, 0 while nothing is won.',
    )
    roi = fields.Float(
        string='Return on Investment',
        readonly=True,
        aggregator='avg',
        help='(Won revenue - cost) / cost, as a ratio: 4.0 is 400 %; 0 when the cost is 0.',
    )

    @property
    def _table_query(self):
        return SQL('%s UNION ALL %s', self._select_leads(), self._select_money())

    def _read_group_select(self, aggregate_spec, query):
        """Divide the sums: the average of ratios would be wrong."""
        field_name, _sep, function = aggregate_spec.partition(':')
        if field_name not in RATIOS or function != 'avg':
            return super()._read_group_select(aggregate_spec, query)
        dividend, divisor = RATIOS[field_name]
        return SQL(
            'COALESCE(SUM(%s)::numeric / NULLIF(SUM(%s)::numeric, 0), 0)',
            self._field_to_sql(self._table, dividend, query),
            self._field_to_sql(self._table, divisor, query),
        )

    def _select_leads(self):
        company = self.env.company
        return SQL(
            """
            SELECT lead.id * 2 AS id,
                   lead.campaign_id,
                   campaign.crm_type_id AS type_id,
                   lead.create_date::date AS date,
                   lead.user_id,
                   lead.team_id,
                   lead.medium_id,
                   lead.source_id,
                   lead.company_id,
                   %(currency_id)s AS currency_id,
                   1 AS lead_count,
                   (lead.type = 'opportunity')::int AS opportunity_count,
                   (lead.won_status = 'won')::int AS won_count,
                   (lead.won_status = 'lost')::int AS lost_count,
                   (lead.won_status = 'pending')::int AS open_count,
                   won.revenue AS won_revenue,
                   0.0 AS budget,
                   0.0 AS cost,
                   won.revenue AS profit,
                   NULL::float AS conversion_rate,
                   NULL::numeric AS cost_per_lead,
                   NULL::numeric AS cost_per_won,
                   NULL::float AS roi
              FROM crm_lead AS lead
              JOIN utm_campaign AS campaign ON campaign.id = lead.campaign_id
         LEFT JOIN res_company AS company ON company.id = lead.company_id
              JOIN (%(rates)s) AS rate (currency_id, factor)
                ON rate.currency_id = COALESCE(company.currency_id, %(currency_id)s)
        CROSS JOIN LATERAL (
                    SELECT CASE WHEN lead.won_status = 'won'
                                THEN COALESCE(lead.expected_revenue, 0) * rate.factor
                                ELSE 0 END AS revenue
                   ) AS won
            """,
            currency_id=company.currency_id.id,
            rates=self._select_rates(),
        )

    def _select_money(self):
        return SQL(
            """
            SELECT campaign.id * 2 + 1,
                   campaign.id,
                   campaign.crm_type_id,
                   COALESCE(campaign.crm_date_start, campaign.create_date::date),
                   NULL::int, NULL::int, NULL::int, NULL::int, NULL::int,
                   %(currency_id)s,
                   0, 0, 0, 0, 0,
                   0.0,
                   COALESCE(campaign.crm_budget, 0) * rate.factor,
                   money.cost,
                   -money.cost,
                   NULL::float, NULL::numeric, NULL::numeric, NULL::float
              FROM utm_campaign AS campaign
              JOIN (%(rates)s) AS rate (currency_id, factor)
                ON rate.currency_id = campaign.crm_currency_id
        CROSS JOIN LATERAL (SELECT COALESCE(%(cost)s, 0) * rate.factor AS cost) AS money
            """,
            currency_id=self.env.company.currency_id.id,
            rates=self._select_rates(),
            cost=self._get_campaign_cost(),
        )

    def _get_campaign_cost(self):
        """Return the SQL of ``campaign``'s cost in its currency; see _get_crm_costs()."""
        return SQL('campaign.crm_cost')

    def _select_rates(self):
        """Return the factors that turn each currency into the company's, at today's rates."""
        rates = self.env['utm.campaign']._get_crm_currency_rates()
        own_rate = rates[self.env.company.currency_id.id]
        return SQL(
            'VALUES %s',
            SQL(', ').join(
                SQL('(%s, %s::numeric)', currency_id, own_rate / rate)
                for currency_id, rate in rates.items()
            ),
        )
