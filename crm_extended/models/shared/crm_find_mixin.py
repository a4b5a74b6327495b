from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

# What a person types is a part of a text; of fewer letters an index knows nothing.
TYPED_OPERATORS = {'ilike', 'like'}
FEWEST_LETTERS = 3
# More than a person looks at: counts and exports go the database's own way.
MOST_SHOWN = 200
# So many rows are looked at in their order before an index is asked.
FIRST_ROWS = 2000


class CrmFindMixin(models.AbstractModel):
    """Finds what a person types through the indexes on texts, whatever the database expects.

    PostgreSQL takes any part of a text for hundreds of hits. With eight wanted, it expects them
    soon and walks through the table, to the end if there is one. So the order and the limit are
    kept from it until the hits are there. Where there are thousands, the first are among the
    first rows: those are looked at before.
    """

    _name = 'crm.find.mixin'
    _description = 'Search by Part of a Text'
    # Whether an index gives the rows in the order of the model.
    _has_order_index = True

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        domain = Domain(domain)
        if not limit or limit > MOST_SHOWN or not order or not _is_typed(domain):
            return super()._search(domain, offset, limit, order, **options)
        matching = super()._search(domain.map_conditions(self._find_typed_links), **options)
        if matching.is_empty():
            return matching
        walks = not offset and self._walks_in_order(domain, order, **options)
        first = self._find_among_first(matching, order, limit) if walks else []
        if first:
            return self.browse(first)._as_query()
        return self._get_hits(matching, offset, limit, order)

    @api.model
    def _find_typed_links(self, condition):
        """Name the records that a text finds, if they are few: an index finds who links to them."""
        field = self._fields.get(condition.field_expr)
        if not field or field.type != 'many2one' or not field.store or not _is_text(condition):
            return condition
        named = Domain('display_name', condition.operator, condition.value)
        records = self.env[field.comodel_name].with_context(active_test=False)
        found = records._search(named, limit=MOST_SHOWN, order='id').get_result_ids()
        return condition if len(found) == MOST_SHOWN else Domain(field.name, 'in', list(found))

    @api.model
    def _walks_in_order(self, domain, order, active_test=True, **_options):
        """Tell whether an index gives the rows in this order; none does with archived ones."""
        if order != self._order or not self._has_order_index:
            return False
        conditions = domain.iter_conditions()
        return not self._active_name or (
            active_test
            and self.env.context.get('active_test', True)
            and all(condition.field_expr != self._active_name for condition in conditions)
        )

    @api.model
    def _get_hits(self, matching, offset, limit, order):
        """Return the query that finds all hits before it sorts and cuts them."""
        table = SQL(
            '(SELECT %s.* FROM %s WHERE %s OFFSET 0)',
            SQL.identifier(self._table),
            matching.from_clause,
            matching.where_clause or SQL('TRUE'),
        )
        hits = Query(self.env, self._table, table)
        hits.order = self._order_to_sql(order, hits)
        hits.limit, hits.offset = limit, offset
        return hits

    @api.model
    def _find_among_first(self, matching, order, limit):
        """Return the ids of the first hits if so many are among the first rows, else nothing."""
        if matching.from_clause != SQL.identifier(self._table):
            return []
        rows = Query(self.env, self._table)
        if self._active_name:
            rows.add_where(SQL('%s IS TRUE', SQL.identifier(self._table, self._active_name)))
        rows.order, rows.limit = self._order_to_sql(order, rows), FIRST_ROWS
        table = SQL('(%s)', rows.select(SQL('%s.*', SQL.identifier(self._table))))
        first = Query(self.env, self._table, table)
        first.add_where(matching.where_clause)
        first.order, first.limit = self._order_to_sql(order, first), limit
        ids = [record_id for (record_id,) in self.env.execute_query(first.select())]
        return ids if len(ids) == limit else []


def _is_text(condition):
    return condition.operator in TYPED_OPERATORS and isinstance(condition.value, str)


def _is_typed(domain):
    return any(
        _is_text(condition) and len(condition.value.strip()) >= FEWEST_LETTERS
        for condition in domain.iter_conditions()
    )
