from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_extended.tools.criteria import check_readable, parse_criteria

from ...core.sources import Source, get_window
from .crm_segment_metric_value import CHANGES, DAYS


def get_changed_condition(since):
    """Return the SQL condition of the rows that transactions wrote from this one on."""
    return SQL('age(xmin) <= age(%s::xid8::xid)', str(since))


class CrmSegmentMetric(models.Model):
    """Compiles a metric to one grouped sub-query: contact and value; and follows its changes.

    Changes can be followed where the rows of one table decide: their own columns tell which
    documents count, what they are worth and whose they are. Only rates of currencies may join in.
    """

    _inherit = 'crm.segment.metric'

    def _get_measure_sql(self, env, company, period=None, roll_up=False, partners=None):
        """Return the sub-query `(partner_id, value)`, one row for each contact with documents.

        :param env: whose rights, language, time zone and companies decide what counts
        :param company: whose currency amounts are in
        :param period: only documents since then, `-3m` or `=1d`; see :meth:`_get_period_domain`
        :param roll_up: measure commercial entities instead of single contacts
        :param partners: SQL of the ids, in parentheses, of the only contacts that matter
        """
        self.ensure_one()
        documents = self._get_documents(env)
        path = self._get_company_path(documents) if roll_up else self.partner_path
        rows = self._get_document_rows(documents, company, period, path)
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

    def _get_document_rows(self, documents, company, period, path):
        """Return the sub-query `(id, partner_id, measure, is_part)` of the documents that count.

        :param path: from the document to whom it is measured for
        """
        query = documents._search(self._get_document_domain(documents, period))
        partner = self._get_link_sql(documents, query, path)
        measure = self._get_document_measure(documents, query, company)
        return query.subselect(
            SQL.identifier(documents._table, 'id'),
            SQL('%s AS partner_id', partner),
            SQL('%s AS measure', measure),
            SQL('%s AS is_part', self._get_part_sql(documents, query, period)),
        )

    def _get_document_domain(self, documents, period):
        """Return the domain of the documents that count; overridden by who counts otherwise."""
        return self._get_standing_domain(documents) & self._get_period_domain(documents, period)

    def _get_standing_domain(self, documents):
        """Return the domain of the documents that count, whenever they are dated."""
        domain = parse_criteria(self.domain)
        if not documents.env.su:
            check_readable(domain, documents)
        if 'company_id' in documents._fields:
            domain &= Domain(documents._check_company_domain(documents.env.companies))
        return domain

    def _get_period_domain(self, documents, period):
        """Return the domain of the documents dated from the first day of a period until now."""
        if not period and self.aggregate not in (*DAYS, *CHANGES):
            return Domain.TRUE
        is_day = documents._fields[self.date_field].type == 'date'
        domain = Domain(self.date_field, '<=', 'today' if is_day else 'now')
        since = self._get_first_period(period)
        return domain & Domain(self.date_field, '>=', f'today {since}') if since else domain

    # === CURRENCIES === #

    def _convert(self, amount, documents, query, company):
        """Return the SQL of an amount of a document in the currency of a company."""
        rates = self.env['res.currency.rate'].sudo()
        known = rates._read_group(
            Domain('company_id', 'in', [False, company.root_id.id]),
            ['currency_id'],
            ['rate:min', 'rate:max'],
        )
        target = company.currency_id
        foreign = [currency.id for currency, *_rates in known if currency != target]
        if not foreign:
            return amount
        currency = documents._field_to_sql(
            query.table, documents._fields[self.measure].get_currency_field(documents), query
        )
        day = self._get_rate_day(documents, query)
        rate = self._join_rates(query, currency, foreign, company, day)
        factor = SQL('1 / %s', rate)
        if any(currency == target and set(rates) != {1} for currency, *rates in known):
            is_foreign = SQL('CASE WHEN %s <> %s THEN %s END', currency, target.id, target.id)
            target_rate = self._join_rates(query, is_foreign, target.ids, company, day)
            factor = SQL('coalesce(%s, 1) / coalesce(%s, 1)', target_rate, rate)
            rate = SQL('coalesce(%s, %s)', rate, target_rate)
        return SQL('CASE WHEN %s IS NULL THEN %s ELSE %s * %s END', rate, amount, amount, factor)

    def _get_rate_day(self, documents, query):
        today = fields.Date.context_today(documents)
        if self.currency_rate == 'today' or not self.date_field:
            return SQL('%s::date', today)
        return SQL('coalesce(%s, %s::date)', self._get_document_day(documents, query), today)

    def _join_rates(self, query, currency, currency_ids, company, day):
        """Join the rates of some currencies by the days on which each holds.

        As in Odoo the first rate holds for the time before as well, and a rate of the company
        goes before one of all companies.

        :return: SQL of the rate, NULL of another currency
        """
        alias = query.make_alias(query.table, f'rates_{len(query._joins)}')
        rates = SQL(
            """(SELECT currency_id, rate, lead(name) OVER by_day AS until,
                       CASE WHEN row_number() OVER by_day > 1 THEN name END AS since
                  FROM (SELECT DISTINCT ON (currency_id, name) currency_id, name, rate
                          FROM res_currency_rate
                         WHERE currency_id = ANY(%(currencies)s)
                           AND (company_id = %(company)s OR company_id IS NULL)
                      ORDER BY currency_id, name, company_id) AS daily
                WINDOW by_day AS (PARTITION BY currency_id ORDER BY name))""",
            currencies=list(currency_ids),
            company=company.root_id.id,
            to_flush=self.env['res.currency.rate']._fields['rate'],
        )
        condition = SQL(
            """%(rate)s.currency_id = %(currency)s
               AND (%(rate)s.since IS NULL OR %(day)s >= %(rate)s.since)
               AND (%(rate)s.until IS NULL OR %(day)s < %(rate)s.until)""",
            rate=SQL.identifier(alias),
            currency=currency,
            day=day,
        )
        query.add_join('LEFT JOIN', alias, rates, condition)
        return SQL.identifier(alias, 'rate')

    # === SOURCE === #

    def _get_source(self, env, company, period):
        """Return what tells whose value may have changed, None if other tables decide as well.

        The arguments are those of :meth:`_get_measure_sql`.

        :rtype: crm_segmentation.core.sources.Source
        """
        self.ensure_one()
        documents = self._get_documents(env)
        if self.aggregate == 'days_until' or not self._is_told_by_documents(documents, period):
            return None
        query = documents._search(self._get_standing_domain(documents))
        if query._joins or 'SELECT' in query.where_clause.code.upper():
            return None
        measure = self._get_document_measure(documents, query, company)
        # The part that is of the last period moves on with the time, as ages tell.
        is_change = self.aggregate in CHANGES
        part = SQL() if is_change else self._get_part_sql(documents, query, period)
        if not self._has_lasting_joins(query) or 'SELECT' in part.code.upper():
            return None
        companies = self.env['res.company'].sudo().search(Domain.TRUE)
        currency = company.currency_id
        return Source(
            model=documents._name,
            link=self.partner_path,
            date=self.date_field or None,
            has_rates=bool(query._joins),
            signature=repr(
                (
                    *[(sql.code, sql.params) for sql in (query.where_clause, measure, part)],
                    *(self.aggregate, company.id, currency.id, currency.decimal_places),
                    query._joins and companies.mapped(lambda one: (one.id, one.currency_id.id)),
                )
            ),
        )

    def _is_told_by_documents(self, documents, period):
        """Say whether each document has one contact, and nobody overrides which ones count."""
        link = documents._fields.get(self.partner_path)
        standing = self._get_standing_domain(documents)
        whole = standing & self._get_period_domain(documents, period)
        is_column = link and (link.type == 'many2one' or link.name == 'id') and documents._auto
        return is_column and whole == self._get_document_domain(documents, period)

    def _has_lasting_joins(self, query):
        """Say whether nothing is joined but rates of days that do not move on.

        The currency of a document may be that of its company, which the signature holds.
        """
        joined = {table.code for _kind, table, _condition in query._joins.values()}
        joined -= {SQL.identifier('res_company').code}
        is_dated = self.currency_rate == 'document' and bool(self.date_field)
        return not joined or (is_dated and all('FROM res_currency_rate' in code for code in joined))

    @api.model
    def _get_links(self, source, last_id=None):
        """Return the last id of the documents, and a checksum of whose documents they are.

        :param last_id: leave out the documents that came after this one
        """
        documents = self.env[source.model]
        [[found_id, checksum]] = self.env.execute_query(
            SQL(
                """SELECT max(id), sum(hashint8extended(id, coalesce(%s, 0)))::text
                     FROM %s WHERE %s""",
                SQL.identifier(source.link),
                SQL.identifier(documents._table),
                SQL('id <= %s', last_id) if last_id else SQL('TRUE'),
            )
        )
        return [found_id, checksum]

    @api.model
    def _get_changed_contacts(self, source, known, mark):
        """Return the SQL of the contacts whose documents changed, or are of an age that matters.

        :param known, mark: of the last run and of this one
        """
        moments = [fields.Datetime.to_datetime(run['moment']) for run in (known, mark)]
        date = SQL.identifier(source.date) if source.date else SQL()
        conditions = [get_changed_condition(known['since'])]
        if source.has_rates:
            # What has no date is converted by the rate of today.
            conditions.append(SQL('%s IS NULL', date))
        conditions += [
            SQL('%s BETWEEN %s AND %s', date, *get_window(age, *moments)) for age in source.ages
        ]
        return SQL(
            'SELECT %(contact)s FROM %(table)s WHERE %(contact)s IS NOT NULL AND (%(changed)s)',
            contact=SQL.identifier(source.link),
            table=SQL.identifier(self.env[source.model]._table),
            changed=SQL(' OR ').join(conditions),
        )
