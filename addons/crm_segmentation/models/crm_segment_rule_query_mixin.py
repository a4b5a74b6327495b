from odoo import models
from odoo.tools import SQL

COMPARISON_SQL = {
    '>=': SQL('>='),
    '>': SQL('>'),
    '<=': SQL('<='),
    '<': SQL('<'),
    '=': SQL('='),
    '!=': SQL('<>'),
}
PERIOD_UNITS = {'day': 'd', 'month': 'm', 'year': 'y'}
RANKS = ('top_percent', 'quantile')
SCORES = 5


class CrmSegmentRuleQueryMixin(models.AbstractModel):
    """Compiles a rule: its measure joins the query on contacts, its condition is returned."""

    _name = 'crm.segment.rule.query.mixin'
    _description = 'Segment Rule Query'

    def _join(self, alias, query, partners=None):
        """Join the measure to a query on contacts.

        The condition is never NULL, so that it can be negated.

        :param alias: of the contacts in the query
        :param partners: SQL of the ids, in parentheses, of the only contacts that matter
        :return: SQL of the measured value (NULL without documents), SQL of the condition
        """
        self.ensure_one()
        measured = f'{alias}__rule_{self._get_alias_suffix()}'
        query.add_join(
            'LEFT JOIN',
            measured,
            self._get_rule_sql(partners),
            SQL(
                '%s = %s',
                SQL.identifier(measured, 'partner_id'),
                SQL.identifier(alias, self.segment_id._get_measured_column()),
            ),
        )
        value = SQL.identifier(measured, 'value')
        return value, self._get_condition(measured, value)

    def _get_alias_suffix(self):
        """Return a name of the rule that is its own also while it is not saved."""
        siblings = list(self.segment_id.rule_ids)
        return f'{self.segment_id._origin.id or 0}_{siblings.index(self)}'

    def _get_rule_sql(self, partners):
        if self.operator in RANKS:
            return self._get_rank_sql(self._get_measure_sql())
        return self._get_measure_sql(partners)

    def _get_measure_sql(self, partners=None):
        segment = self.segment_id
        return self.metric_id.sudo()._get_measure_sql(
            segment._get_author_partners().env,
            segment._get_measure_company(),
            period=self._get_period(),
            roll_up=segment.roll_up,
            partners=partners,
        )

    def _get_period(self):
        """Return the period in Odoo's notation of relative dates, None for always."""
        if not self.period_unit:
            return None
        return f'-{self.period_count}{PERIOD_UNITS[self.period_unit]}'

    def _get_rank_sql(self, measure):
        """Return `(partner_id, value, place, population, score)` of all in the criteria.

        The best comes first: the highest, or the fewest days; of equals the lowest id.
        """
        is_less_better = self.metric_id.aggregate == 'days_since_last'
        return SQL(
            """(SELECT contact.id AS partner_id, measured.value,
                       row_number() OVER best_first AS place,
                       count(*) OVER () AS population,
                       %(scores)s + 1 - ntile(%(scores)s) OVER best_first AS score
                  FROM %(population)s AS contact (id)
             LEFT JOIN %(measure)s AS measured ON measured.partner_id = contact.id
                WINDOW best_first AS (ORDER BY measured.value %(direction)s NULLS LAST, contact.id)
            )""",
            scores=SCORES,
            population=self._get_population_sql(),
            measure=measure,
            direction=SQL('ASC') if is_less_better else SQL('DESC'),
        )

    def _get_population_sql(self):
        query = self.segment_id._get_population_query()
        return query.subselect(
            SQL('DISTINCT %s', SQL.identifier(query.table, self.segment_id._get_measured_column()))
        )

    def _get_condition(self, measured, value):
        absent = SQL('%s IS NULL', value)
        comparison = self._get_comparison(measured, value)
        if self._holds_without_documents():
            return SQL('(%s OR %s)', absent, comparison)
        return SQL('(NOT %s AND %s)', absent, comparison)

    def _get_comparison(self, measured, value):
        if self.operator == 'top_percent':
            # Rounded up: the top 10 % of eleven are two.
            return SQL(
                '%s <= ceil(%s * %s::numeric / 100)',
                SQL.identifier(measured, 'place'),
                SQL.identifier(measured, 'population'),
                self.value,
            )
        if self.operator == 'quantile':
            value = SQL.identifier(measured, 'score')
        if self.operator in ('between', 'quantile'):
            return SQL('%s BETWEEN %s AND %s', value, self.value, self.value_to)
        return SQL('%s %s %s', value, COMPARISON_SQL[self.operator], self.value)
