from odoo import fields, models
from odoo.tools import SQL


class CrmAttributionReport(models.Model):
    """Which channels brought what was won: the first contact, the last one, or each its share.

    A row for each contact with the customer of a won opportunity, of a channel and until the day
    on which it was won; of one without any such contact a row without channel, so that each of
    the sums is all that was won. Contacts are those that the user may read; amounts are in the
    currency of the company, at the rates of today.
    """

    _name = 'crm.attribution.report'
    _description = 'Channel Attribution'
    _auto = False
    _order = 'date desc, id'
    _rec_name = 'lead_id'
    _depends = {
        'crm.interaction': [
            'commercial_partner_id',
            'date',
            'event',
            'is_planned',
            'kind',
            'medium_id',
        ],
        'crm.lead': [
            'campaign_id',
            'company_id',
            'date_closed',
            'expected_revenue',
            'partner_id',
            'team_id',
            'type',
            'user_id',
            'won_status',
        ],
        'res.company': ['currency_id'],
        'res.partner': ['commercial_partner_id'],
    }

    lead_id = fields.Many2one('crm.lead', string='Opportunity', readonly=True)
    date = fields.Datetime(string='Won On', readonly=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env['crm.interaction']._fields['kind']._description_selection(self.env)
        ),
        string='Contact',
        readonly=True,
    )
    medium_id = fields.Many2one('utm.medium', string='Channel', readonly=True)
    campaign_id = fields.Many2one('utm.campaign', readonly=True)
    user_id = fields.Many2one('res.users', string='Salesperson', readonly=True)
    team_id = fields.Many2one('crm.team', string='Sales Team', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)
    first_amount = fields.Monetary(
        string='By First Contact',
        readonly=True,
        help='All of it belongs to the first contact with the customer.',
    )
    last_amount = fields.Monetary(
        string='By Last Contact',
        readonly=True,
        help='All of it belongs to the last contact before it was won.',
    )
    even_amount = fields.Monetary(
        string='In Equal Shares',
        readonly=True,
        help='Each contact has the same share of it.',
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH won AS (%(won)s),
                 touch AS (
                SELECT won.lead_id, contact.kind, contact.medium_id,
                       row_number() OVER turn AS place,
                       COUNT(*) OVER (PARTITION BY won.lead_id) AS number
                  FROM won
                  JOIN (%(contacts)s) AS contact
                    ON contact.commercial_partner_id = won.commercial_partner_id
                   AND contact.date <= won.date
                 WHERE contact.medium_id IS NOT NULL AND NOT contact.is_planned
                   AND COALESCE(contact.event, '') NOT IN ('won', 'lost', 'not_held')
                WINDOW turn AS (PARTITION BY won.lead_id ORDER BY contact.date, contact.id))
            SELECT row_number() OVER (ORDER BY won.lead_id, touch.place) AS id,
                   won.lead_id,
                   won.date,
                   touch.kind,
                   touch.medium_id,
                   won.campaign_id,
                   won.user_id,
                   won.team_id,
                   won.company_id,
                   %(currency_id)s AS currency_id,
                   CASE WHEN COALESCE(touch.place, 1) = 1
                        THEN won.revenue ELSE 0 END AS first_amount,
                   CASE WHEN touch.place IS NULL OR touch.place = touch.number
                        THEN won.revenue ELSE 0 END AS last_amount,
                   won.revenue / COALESCE(touch.number, 1) AS even_amount
              FROM won
         LEFT JOIN touch ON touch.lead_id = won.lead_id
            """,
            won=self._select_won(),
            contacts=self.env['crm.interaction']._table_query,
            currency_id=self.env.company.currency_id.id,
        )

    def _select_won(self):
        return SQL(
            """
            SELECT lead.id AS lead_id,
                   lead.date_closed AS date,
                   lead.campaign_id,
                   lead.user_id,
                   lead.team_id,
                   lead.company_id,
                   partner.commercial_partner_id,
                   COALESCE(lead.expected_revenue, 0)::numeric * rate.factor AS revenue
              FROM crm_lead AS lead
         LEFT JOIN res_partner AS partner ON partner.id = lead.partner_id
         LEFT JOIN res_company AS company ON company.id = lead.company_id
              JOIN (%(rates)s) AS rate (currency_id, factor)
                ON rate.currency_id = COALESCE(company.currency_id, %(currency_id)s)
             WHERE lead.won_status = 'won' AND lead.type = 'opportunity'
            """,
            currency_id=self.env.company.currency_id.id,
            rates=self.env['crm.campaign.report']._select_rates(),
        )
