from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_extended.tools.criteria import check_readable, parse_criteria

from ...core.rhythm import get_doubled

# The days of documents until today decide these.
DAYS = ('days_since_last', 'days_since_first', 'days_between', 'days_until')
# The last period is compared with the one before.
CHANGES = ('change_percent', 'change_amount')
# A part of the documents is compared with the rest; without a measured field they are counted.
PARTED = ('share', *CHANGES)
AGGREGATES = {
    'count': 'count(*)',
    'count_distinct': 'count(DISTINCT document.measure)',
    'sum': 'sum(document.measure)',
    'avg': 'avg(document.measure)',
    'min': 'min(document.measure)',
    'max': 'max(document.measure)',
}
# Sums and averages of floats end in noise, and rules also say "exactly".
FLOAT_DIGITS = 6
PERCENT_DIGITS = 2
# Any period: whether a metric compiles does not depend on its length.
TRIED_PERIOD = '-1m'


class CrmSegmentMetric(models.Model):
    """Says what is taken of each document, and how that becomes one value of a contact."""

    _inherit = 'crm.segment.metric'

    # === DOCUMENTS === #

    def _get_document_measure(self, documents, query, company):
        if self.aggregate == 'count':
            return SQL('NULL')
        if self.aggregate in DAYS:
            return self._get_document_day(documents, query)
        if self.aggregate in PARTED and not self.measure:
            return SQL('1')
        field = documents._fields[self.measure]
        amount = documents._field_to_sql(documents._table, self.measure, query)
        if field.type != 'monetary' or self.aggregate == 'count_distinct':
            return amount
        return self._convert(amount, documents, query, company)

    def _get_document_day(self, documents, query):
        """Return the SQL of the day of a document, in the time zone of the reader."""
        field = documents._fields[self.date_field]
        moment = documents._field_to_sql(documents._table, self.date_field, query)
        if field.type == 'date':
            return moment
        zoned = field.property_to_sql(moment, 'tz', documents, documents._table, query)
        return SQL('(%s)::date', zoned)

    def _get_part_sql(self, documents, query, period):
        """Return the SQL of whether a document is of the part that is compared with the rest."""
        if self.aggregate not in PARTED:
            return SQL('FALSE')
        domain = self._get_part_domain(documents, period).optimize_full(documents)
        return SQL('(%s)', domain._to_sql(documents, documents._table, query))

    def _get_part_domain(self, documents, period):
        if self.aggregate in CHANGES:
            return Domain(self.date_field, '>=', f'today {period}')
        return self._get_part_criteria(documents)

    def _get_part_criteria(self, documents):
        """Return which documents are the part, if the user may ask so."""
        domain = parse_criteria(self.part_domain)
        if not documents.env.su:
            check_readable(domain, documents)
        return domain

    # === PERIODS === #

    def _get_first_period(self, period):
        """Return the period of the documents that count: of a change it is twice as long."""
        if self.aggregate not in CHANGES:
            return period
        doubled = get_doubled(period or '')
        if not doubled:
            raise ValidationError(
                self.env._(
                    'The metric "%(metric)s" compares a period with the one before: a rule on it '
                    'needs the last days, months or years.',
                    metric=self.name,
                )
            )
        return doubled

    def _get_tried_period(self):
        """Return the period with which the metric is tried out before there is a rule."""
        return TRIED_PERIOD if self.aggregate in CHANGES else None

    # === VALUES === #

    def _get_value_sql(self, documents, company):
        """Return the SQL of the aggregate over the rows `document` of a contact."""
        if self.aggregate in DAYS:
            return self._get_days_sql(fields.Date.context_today(documents))
        if self.aggregate in PARTED:
            return self._get_compared_sql(self._get_digits(documents, company))
        value = SQL(AGGREGATES[self.aggregate])
        if self.aggregate not in ('sum', 'avg'):
            return value
        return SQL('round(%s::numeric, %s)', value, self._get_digits(documents, company))

    def _get_digits(self, documents, company):
        is_money = self.measure and documents._fields[self.measure].type == 'monetary'
        return company.currency_id.decimal_places if is_money else FLOAT_DIGITS

    def _get_days_sql(self, today):
        return {
            'days_since_last': SQL('%s::date - max(document.measure)', today),
            'days_since_first': SQL('%s::date - min(document.measure)', today),
            'days_between': SQL(
                """round((max(document.measure) - min(document.measure))::numeric
                         / nullif(count(document.measure) - 1, 0), %s)""",
                PERCENT_DIGITS,
            ),
            'days_until': SQL(
                """(%(first)s + make_interval(years => %(years)s
                     + CASE WHEN %(years)s > 0
                             AND %(first)s + make_interval(years => %(years)s) >= %(today)s::date
                            THEN 0 ELSE 1 END))::date - %(today)s::date""",
                first=SQL('min(document.measure)'),
                years=SQL('(%s - extract(year FROM min(document.measure)))::int', today.year),
                today=today,
            ),
        }[self.aggregate]

    def _get_compared_sql(self, digits):
        """Return the SQL of a part against the whole, or of a period against the one before."""
        part = SQL('coalesce(sum(document.measure) FILTER (WHERE document.is_part), 0)::numeric')
        rest = SQL(
            'coalesce(sum(document.measure) '
            'FILTER (WHERE document.is_part IS NOT TRUE), 0)::numeric'
        )
        if self.aggregate == 'change_amount':
            return SQL('round(%s - %s, %s)', part, rest, digits)
        whole = SQL('(%s + %s)', part, rest) if self.aggregate == 'share' else rest
        counted = part if self.aggregate == 'share' else SQL('(%s - %s)', part, rest)
        return SQL(
            'CASE WHEN %(whole)s > 0 THEN round(100 * %(counted)s / %(whole)s, %(digits)s) END',
            whole=whole,
            counted=counted,
            digits=PERCENT_DIGITS,
        )
