from odoo import fields, models
from odoo.tools import SQL

AMOUNTS = ('won_revenue', 'ordered', 'margin', 'invoiced')
COUNTS = ('won_count', 'order_count', 'claim_count', 'ticket_count')
MIXIN = 'crm.customer.document.mixin'


class CrmSegmentReport(models.Model):
    """What the customers of each segment brought and asked for: revenue, claims, tickets.

    A row for each document and segment; a document of a customer in two segments has two, of one
    in none a row without segment. Documents are those that the user may read, of the models that
    are installed and say what is added up of them; amounts are in the currency of the company, at
    the rates of today.
    """

    _name = 'crm.segment.report'
    _description = 'Figures by Segment'
    _auto = False
    _order = 'date desc, id'
    _rec_name = 'segment_id'

    segment_id = fields.Many2one(
        'crm.segment',
        readonly=True,
        help='Segment that the customer belongs to now. A document counts in each segment of its '
        'customer, so the segments may add up to more than the whole.',
    )
    date = fields.Date(readonly=True, help='Day of the document.')
    partner_id = fields.Many2one('res.partner', string='Customer', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)
    customer_count = fields.Integer(
        string='Customers',
        aggregator='count_distinct',
        readonly=True,
        help='Companies, and people without one, of whom there are such documents.',
    )
    won_revenue = fields.Monetary(readonly=True, help='Expected revenue of won opportunities.')
    won_count = fields.Integer(string='Won Opportunities', readonly=True)
    ordered = fields.Monetary(readonly=True, help='Confirmed orders, without taxes.')
    order_count = fields.Integer(string='Orders', readonly=True)
    margin = fields.Monetary(
        readonly=True, help='Margin of confirmed orders, where the margins of sales are installed.'
    )
    invoiced = fields.Monetary(
        readonly=True, help='Posted invoices less credit notes, without taxes.'
    )
    claim_count = fields.Integer(string='Claims', readonly=True)
    ticket_count = fields.Integer(string='Tickets', readonly=True)

    @property
    def _table_query(self):
        parts = [
            self._select_documents(model, model._get_crm_customer_figures())
            for model in self._get_models()
        ]
        return SQL(
            """
            SELECT row_number() OVER () AS id, part.segment_id, part.date, part.partner_id,
                   part.company_id, %(currency)s AS currency_id, part.customer_count,
                   %(amounts)s, %(counts)s
              FROM (%(parts)s) AS part
         LEFT JOIN res_company AS company ON company.id = part.company_id
              JOIN (%(rates)s) AS rate (currency_id, factor)
                ON rate.currency_id = COALESCE(company.currency_id, %(currency)s)
            """,
            currency=self.env.company.currency_id.id,
            amounts=SQL(', ').join(
                SQL(
                    'part.%s::numeric * rate.factor AS %s',
                    SQL.identifier(name),
                    SQL.identifier(name),
                )
                for name in AMOUNTS
            ),
            counts=SQL(', ').join(SQL('part.%s', SQL.identifier(name)) for name in COUNTS),
            parts=SQL(' UNION ALL ').join(parts or [self._select_nothing()]),
            rates=self.env['crm.campaign.report']._select_rates(),
        )

    def _get_models(self):
        """Return the models that are added up, of whose documents the user may read some."""
        names = self.env.registry.descendants([MIXIN], '_inherit')
        models = [self.env[name] for name in sorted(names) if not self.env[name]._abstract]
        return [
            model
            for model in models
            if model._get_crm_customer_figures() and model.has_access('read')
        ]

    def _select_nothing(self):
        """Return no rows, for who may read none of the models."""
        kinds = {
            'segment_id': SQL('int'),
            'date': SQL('date'),
            'partner_id': SQL('int'),
            'company_id': SQL('int'),
            'customer_count': SQL('int'),
            **dict.fromkeys(AMOUNTS, SQL('numeric')),
            **dict.fromkeys(COUNTS, SQL('int')),
        }
        columns = (
            SQL('NULL::%s AS %s', kind, SQL.identifier(name)) for name, kind in kinds.items()
        )
        return SQL('SELECT %s WHERE FALSE', SQL(', ').join(columns))

    def _select_documents(self, documents, figures):
        """Return the rows of the documents of a model that count."""
        query = documents._search(figures.domain, order='')
        table, rows = query.table, query.make_alias(query.table, 'segments')
        query.add_join(
            'LEFT JOIN',
            rows,
            documents._get_crm_segment_rows(),
            SQL('%s = %s', SQL.identifier(rows, 'document_id'), SQL.identifier(table, 'id')),
        )

        company = documents._join_crm_company(query)

        def get(name):
            return documents._field_to_sql(table, name, query)

        rate = SQL('COALESCE(NULLIF(%s, 0), 1)', get(figures.rate)) if figures.rate else SQL('1')
        values = {
            'segment_id': SQL.identifier(rows, 'segment_id'),
            'date': self._get_day(documents, figures.date, query),
            'partner_id': get('partner_id'),
            'company_id': get('company_id'),
            'customer_count': company,
            **{name: SQL('0') for name in (*AMOUNTS, *COUNTS)},
            **{name: SQL('%s / %s', get(of), rate) for name, of in figures.amounts.items()},
            **dict.fromkeys(figures.counts, SQL('1')),
        }
        return query.select(
            *(SQL('%s AS %s', value, SQL.identifier(name)) for name, value in values.items())
        )

    def _get_day(self, documents, name, query):
        """Return the SQL of the day of documents, in the time zone of the reader."""
        field = documents._fields[name]
        moment = documents._field_to_sql(query.table, name, query)
        if field.type == 'datetime':
            moment = field.property_to_sql(moment, 'tz', documents, query.table, query)
        return SQL('(%s)::date', moment)
