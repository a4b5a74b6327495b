from odoo import fields, models
from odoo.tools import SQL

FIGURES = 5  # ids of rows are those of their origins times this, plus the number of the figure


class CrmTargetReport(models.Model):
    """What was to be won in a month beside what was won and what may still come.

    A row for each target and for each won or open opportunity: won ones in the month in which
    they were, open ones in that of their expected closing. Amounts are in the currency of the
    company, at the rates of today; months are those of the user's time zone.
    """

    _name = 'crm.target.report'
    _description = 'Targets and Results'
    _auto = False
    _order = 'date desc, id'
    _rec_name = 'figure'
    _depends = {
        'crm.lead': [
            'active',
            'company_id',
            'date_closed',
            'date_deadline',
            'expected_revenue',
            'probability',
            'team_id',
            'type',
            'user_id',
            'won_status',
        ],
        'crm.target': ['amount', 'company_id', 'date', 'team_id', 'user_id'],
        'res.company': ['currency_id'],
    }

    figure = fields.Selection(
        selection=[
            ('target', 'Target'),
            ('team_target', 'Team Target'),
            ('won', 'Won'),
            ('open', 'Pipeline'),
            ('weighted', 'Weighted Pipeline'),
        ],
        readonly=True,
        help='The weighted pipeline is the expected revenue times its probability.',
    )
    date = fields.Date(string='Month', readonly=True)
    amount = fields.Monetary(readonly=True)
    lead_id = fields.Many2one('crm.lead', string='Opportunity', readonly=True)
    user_id = fields.Many2one('res.users', string='Salesperson', readonly=True)
    team_id = fields.Many2one('crm.team', string='Sales Team', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)

    @property
    def _table_query(self):
        rates = self.env['crm.campaign.report']._select_rates()
        won, due = self._get_day_closed(), SQL('lead.date_deadline')
        probability = SQL('lead.probability / 100')
        return SQL(' UNION ALL ').join(
            [
                self._select_targets(rates),
                self._select_leads(2, 'won', 'won', won, SQL('1'), rates),
                self._select_leads(3, 'open', 'pending', due, SQL('1'), rates),
                self._select_leads(4, 'weighted', 'pending', due, probability, rates),
            ]
        )

    def _get_day_closed(self):
        zone = self.env.context.get('tz') or self.env.user.tz or 'UTC'
        return SQL("(lead.date_closed AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", zone)

    def _select_targets(self, rates):
        return SQL(
            """
            SELECT target.id * %(figures)s AS id,
                   CASE WHEN target.user_id IS NULL THEN 'team_target' ELSE 'target' END AS figure,
                   target.date,
                   target.amount * rate.factor AS amount,
                   NULL::int AS lead_id,
                   target.user_id,
                   target.team_id,
                   target.company_id,
                   %(currency_id)s AS currency_id
              FROM crm_target AS target
              JOIN res_company AS company ON company.id = target.company_id
              JOIN (%(rates)s) AS rate (currency_id, factor)
                ON rate.currency_id = company.currency_id
            """,
            figures=FIGURES,
            currency_id=self.env.company.currency_id.id,
            rates=rates,
        )

    def _select_leads(self, number, figure, won_status, day, share, rates):
        return SQL(
            """
            SELECT lead.id * %(figures)s + %(number)s,
                   %(figure)s,
                   %(day)s,
                   (COALESCE(lead.expected_revenue, 0) * %(share)s * rate.factor)::numeric,
                   lead.id,
                   lead.user_id,
                   lead.team_id,
                   lead.company_id,
                   %(currency_id)s
              FROM crm_lead AS lead
         LEFT JOIN res_company AS company ON company.id = lead.company_id
              JOIN (%(rates)s) AS rate (currency_id, factor)
                ON rate.currency_id = COALESCE(company.currency_id, %(currency_id)s)
             WHERE lead.type = 'opportunity' AND lead.won_status = %(won_status)s
               AND %(day)s IS NOT NULL
            """,
            figures=FIGURES,
            number=number,
            figure=figure,
            day=day,
            share=share,
            won_status=won_status,
            currency_id=self.env.company.currency_id.id,
            rates=rates,
        )
