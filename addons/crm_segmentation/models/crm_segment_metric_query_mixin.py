from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .criteria import parse_criteria

AGGREGATES = {
    'count': 'count(*)',
    'sum': 'sum(document.measure)',
    'avg': 'avg(document.measure)',
    'min': 'min(document.measure)',
    'max': 'max(document.measure)',
}
# Sums and averages of floats end in noise, and rules also say "exactly".
FLOAT_DIGITS = 6


class CrmSegmentMetricQueryMixin(models.AbstractModel):
    """Compiles a metric to one grouped sub-query: contact and value."""

    _name = 'crm.segment.metric.query.mixin'
    _description = 'Segment Metric Query'

    def _get_measure_sql(self, env, company, period=None, roll_up=False, partners=None):
        """Return the sub-query `(partner_id, value)`, one row for each contact with documents.

        :param env: whose rights, language, time zone and companies decide what counts
        :param company: whose currency amounts are in
        :param period: only documents since then, such as `-3m`; see :meth:`_get_period_domain`
        :param roll_up: measure commercial entities instead of single contacts
        :param partners: SQL of the ids, in parentheses, of the only contacts that matter
        """
        self.ensure_one()
        documents = self._get_documents(env)
        rows = self._get_document_rows(documents, company, period)
        if roll_up:
            rows = self._roll_up(documents, rows)
        return SQL(
            """(SELECT document.partner_id, %(value)s AS value
                  FROM %(rows)s AS document
                 WHERE document.partner_id IS NOT NULL%(wanted)s
              GROUP BY document.partner_id)""",
            value=self._get_value_sql(documents, company),
            rows=rows,
            wanted=SQL(' AND document.partner_id IN %s', partners) if partners else SQL(),
        )

    def _get_documents(self, env):
        """Return the model of the documents as the user of an environment sees it."""
        if missing := self._get_missing():
            raise UserError(
                self.env._(
                    'The metric "%(metric)s" needs "%(missing)s", which is not installed. '
                    'Install its app, or remove the rule that uses the metric.',
                    metric=self.name,
                    missing=missing,
                )
            )
        return env[self.model]

    def _get_document_rows(self, documents, company, period):
        """Return the sub-query `(id, partner_id, measure)` of the documents that count."""
        query = documents._search(self._get_document_domain(documents, period))
        partner = documents._read_group_groupby(documents._table, self.partner_path, query)
        measure = self._get_document_measure(documents, query, company)
        return query.subselect(
            SQL.identifier(documents._table, 'id'),
            SQL('%s AS partner_id', partner),
            SQL('%s AS measure', measure),
        )

    def _get_document_domain(self, documents, period):
        domain = parse_criteria(self.domain) & self._get_period_domain(documents, period)
        if 'company_id' in documents._fields:
            domain &= Domain(documents._check_company_domain(documents.env.companies))
        return domain

    def _get_period_domain(self, documents, period):
        """Return the domain of the documents dated from the first day of a period until now."""
        if not period and self.aggregate != 'days_since_last':
            return Domain.TRUE
        is_day = documents._fields[self.date_field].type == 'date'
        domain = Domain(self.date_field, '<=', 'today' if is_day else 'now')
        return domain & Domain(self.date_field, '>=', f'today {period}') if period else domain

    def _roll_up(self, documents, rows):
        """Lead each document to the commercial entity of its contact, once."""
        is_repeated = self._get_path_end(documents).type == 'many2many'
        return SQL(
            """(SELECT %(distinct)s document.id, partner.commercial_partner_id AS partner_id,
                       document.measure
                  FROM %(rows)s AS document
                  JOIN res_partner partner ON partner.id = document.partner_id)""",
            distinct=SQL('DISTINCT') if is_repeated else SQL(),
            rows=rows,
            to_flush=self.env['res.partner']._fields['commercial_partner_id'],
        )

    def _get_path_end(self, documents):
        *links, end = self.partner_path.split('.')
        for name in links:
            documents = documents[name]
        return documents._fields[end]

    # === VALUES === #

    def _get_document_measure(self, documents, query, company):
        if self.aggregate == 'count':
            return SQL('NULL')
        if self.aggregate == 'days_since_last':
            return self._get_document_day(documents, query)
        field = documents._fields[self.measure]
        amount = documents._field_to_sql(documents._table, self.measure, query)
        if field.type != 'monetary':
            return amount
        currency = documents._field_to_sql(
            documents._table, field.get_currency_field(documents), query
        )
        return self._convert(amount, currency, company, self._get_rate_day(documents, query))

    def _get_document_day(self, documents, query):
        """Return the SQL of the day of a document, in the time zone of the reader."""
        field = documents._fields[self.date_field]
        moment = documents._field_to_sql(documents._table, self.date_field, query)
        if field.type == 'date':
            return moment
        zoned = field.property_to_sql(moment, 'tz', documents, documents._table, query)
        return SQL('(%s)::date', zoned)

    def _get_rate_day(self, documents, query):
        today = fields.Date.context_today(documents)
        if self.currency_rate == 'today' or not self.date_field:
            return SQL('%s::date', today)
        return SQL('coalesce(%s, %s::date)', self._get_document_day(documents, query), today)

    def _convert(self, amount, currency, company, day):
        """Return the SQL of an amount in the currency of a company at the rate of a day."""
        target = company.currency_id
        return SQL(
            """CASE WHEN %(currency)s IS NULL OR %(currency)s = %(target)s THEN %(amount)s
                    ELSE %(amount)s * %(target_rate)s / %(rate)s END""",
            amount=amount,
            currency=currency,
            target=target.id,
            target_rate=self._get_rate_sql(SQL('%s', target.id), company, day),
            rate=self._get_rate_sql(currency, company, day),
        )

    def _get_rate_sql(self, currency, company, day):
        """Return the rate that holds on a day, before the first one that, as Odoo does."""
        return SQL(
            """coalesce((SELECT rate.rate FROM res_currency_rate rate
                          WHERE rate.currency_id = %(currency)s
                            AND (rate.company_id = %(company)s OR rate.company_id IS NULL)
                       ORDER BY rate.name > %(day)s, rate.company_id, abs(rate.name - %(day)s)
                          LIMIT 1), 1)""",
            currency=currency,
            company=company.root_id.id,
            day=day,
            to_flush=self.env['res.currency.rate']._fields['rate'],
        )

    def _get_value_sql(self, documents, company):
        """Return the SQL of the aggregate over the rows `document` of a contact."""
        if self.aggregate == 'days_since_last':
            today = fields.Date.context_today(documents)
            return SQL('%s::date - max(document.measure)', today)
        value = SQL(AGGREGATES[self.aggregate])
        if self.aggregate not in ('sum', 'avg'):
            return value
        is_money = documents._fields[self.measure].type == 'monetary'
        digits = company.currency_id.decimal_places if is_money else FLOAT_DIGITS
        return SQL('round(%s::numeric, %s)', value, digits)
