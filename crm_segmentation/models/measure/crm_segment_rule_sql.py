from dataclasses import replace

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...core.answers import LESS_IS_BETTER, SCORES, UNREADABLE
from ...core.rhythm import get_ages, get_current_period, get_period
from .crm_segment_metric_value import CHANGES

# The age of a document is what these measure.
SINCE = ('days_since_last', 'days_since_first')

COMPARISON_SQL = {
    '>=': SQL('>='),
    '>': SQL('>'),
    '<=': SQL('<='),
    '<': SQL('<'),
    '=': SQL('='),
    '!=': SQL('<>'),
}


class CrmSegmentRule(models.Model):
    """Compiles a rule: its measure joins the query on contacts, its condition is returned.

    The same measure says by which rows, and by which of their dates, the rule can be followed.
    """

    _inherit = 'crm.segment.rule'

    def _join(self, segment, query, partners=None):
        """Join the measure to a query on contacts.

        The condition is never NULL, so that it can be negated.

        :param segment: of the rule; a draft of it while it is edited
        :param partners: SQL of the ids, in parentheses, of the only contacts that matter
        :return: SQL of the measured value (NULL without documents), SQL of the condition
        """
        measured = self._join_measure(segment, query, self._get_rule_sql(segment, partners))
        return SQL.identifier(measured, 'value'), self._get_condition_sql(measured)

    def _join_measure(self, segment, query, measure):
        """Join a sub-query `(partner_id, value)` to a query on contacts.

        :return: the alias of the sub-query
        """
        # An unsaved rule has no id, but a place among the others, and groups take places too.
        place = list(segment.rule_ids).index(self)
        alias = query.make_alias(query.table, f'rule_{segment._origin.id or 0}_{place}')
        query.add_join(
            'LEFT JOIN',
            alias,
            measure,
            SQL(
                '%s = %s',
                SQL.identifier(alias, 'partner_id'),
                SQL.identifier(query.table, segment._get_measured_column()),
            ),
        )
        return alias

    def _get_rule_sql(self, segment, partners=None):
        if self._get_condition().is_rank:
            return self._get_rank_sql(segment)
        return self._get_measure_sql(segment, partners)

    def _get_measure_sql(self, segment, partners=None, env=None):
        """Return the sub-query `(partner_id, value)` as the author, or a reader, measures."""
        self.ensure_one()
        return self.metric_id.sudo()._get_measure_sql(
            env or segment._get_author_partners().env,
            segment._get_measure_company(),
            period=self._get_period(segment),
            roll_up=segment.roll_up,
            partners=partners,
        )

    def _get_period(self, segment):
        """Return the period in Odoo's notation of relative dates, None for always."""
        if self.calendar_period:
            today = fields.Date.context_today(segment._get_author_partners())
            return get_current_period(today, self.calendar_period)
        return get_period(self.period_count, self.period_unit) if self.period_unit else None

    def _get_rank_sql(self, segment):
        """Return `(partner_id, value, place, population, score)` of all in the criteria.

        The best comes first: the highest, or the fewest days; of equals the lowest id. Who has
        no documents has a place, the last, and no score.
        """
        is_less_better = self.metric_id.aggregate in LESS_IS_BETTER
        population = segment._get_population_query()
        return SQL(
            """(SELECT contact.id AS partner_id, measured.value,
                       row_number() OVER best_first AS place,
                       count(*) OVER () AS population,
                       CASE WHEN measured.value IS NOT NULL
                            THEN %(scores)s + 1 - ntile(%(scores)s) OVER best_with_documents
                             END AS score
                  FROM %(population)s AS contact (id)
             LEFT JOIN %(measure)s AS measured ON measured.partner_id = contact.id
                WINDOW best_first AS (ORDER BY measured.value %(direction)s NULLS LAST, contact.id),
                       best_with_documents AS (PARTITION BY measured.value IS NULL
                                               ORDER BY measured.value %(direction)s, contact.id)
            )""",
            scores=SCORES,
            population=population.subselect(
                SQL(
                    'DISTINCT %s',
                    SQL.identifier(population.table, segment._get_measured_column()),
                )
            ),
            measure=self._get_measure_sql(segment),
            direction=SQL('ASC') if is_less_better else SQL('DESC'),
        )

    def _get_condition_sql(self, measured):
        absent = SQL('%s IS NULL', SQL.identifier(measured, 'value'))
        comparison = self._get_comparison(measured)
        if self._holds_without_documents():
            return SQL('(%s OR %s)', absent, comparison)
        return SQL('(NOT %s AND %s)', absent, comparison)

    def _get_comparison(self, measured):
        if self.operator == 'top_percent':
            # Rounded up: the top 10 % of eleven are two.
            return SQL(
                '%s <= ceil(%s * %s::numeric / 100)',
                SQL.identifier(measured, 'place'),
                SQL.identifier(measured, 'population'),
                self.value,
            )
        value = SQL.identifier(measured, 'score' if self.operator == 'quantile' else 'value')
        if self.operator in ('between', 'quantile'):
            return SQL('%s BETWEEN %s AND %s', value, self.value, self.value_to)
        return SQL('%s %s %s', value, COMPARISON_SQL[self.operator], self.value)

    # === VALUES === #

    def _measure(self, segment, partners):
        """Return {partner id: {rule id: (value, whether it holds)}} as the author sees it."""
        query = partners.sudo()._as_query(ordered=False)
        only = segment._get_measured_ids_sql(partners)
        columns = []
        for rule in self:
            columns += rule._join(segment, query, only)
        return {
            partner_id: {
                rule.id: (rule._to_answer(value), holds)
                for rule, value, holds in zip(self, cells[::2], cells[1::2], strict=True)
            }
            for partner_id, cells in self._read_cells(query, columns)
        }

    def _measure_as(self, env, segment, partners):
        """Return {partner id: {rule id: value}} as the user of an environment would measure it.

        Of documents that this user may not read at all the value is none that was measured.
        """
        query = partners.sudo()._as_query(ordered=False)
        only = segment._get_measured_ids_sql(partners)
        columns = []
        for rule in self:
            try:
                measure = rule._get_measure_sql(segment, only, env)
            except AccessError:
                columns.append(SQL('%s::float', UNREADABLE))
                continue
            alias = rule._join_measure(segment, query, measure)
            columns.append(SQL.identifier(alias, 'value'))
        return {
            partner_id: {
                rule.id: rule._to_answer(value) for rule, value in zip(self, cells, strict=True)
            }
            for partner_id, cells in self._read_cells(query, columns)
        }

    def _read_cells(self, query, columns):
        """Return [(id, cells)] of a query on contacts."""
        rows = self.env.execute_query(query.select(SQL.identifier(query.table, 'id'), *columns))
        return [(id_, cells) for id_, *cells in rows]

    # === SOURCE === #

    def _get_source(self, segment):
        """Return what tells for whom the rule may have changed, None if that cannot be told.

        :rtype: crm_segmentation.core.sources.Source
        """
        self.ensure_one()
        if self._get_condition().is_rank or segment.roll_up or self.calendar_period:
            return None
        source = self.metric_id.sudo()._get_source(
            segment._get_author_partners().env,
            segment._get_measure_company(),
            self._get_period(segment),
        )
        return source and replace(source, ages=self._get_ages())

    def _get_ages(self):
        """Return how old a document is when the mere passing of time changes the rule."""
        aggregate = self.metric_id.aggregate
        period = (self.period_count, self.period_unit) if self.period_unit else None
        ages = get_ages(period, self._get_condition().limits if aggregate in SINCE else ())
        if aggregate in CHANGES:
            ages += get_ages((2 * self.period_count, self.period_unit))
        # Gaps end with documents of the future, when their day has come.
        return ages or (get_ages(None, (0,)) if aggregate == 'days_between' else ())
