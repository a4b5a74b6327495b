from contextlib import closing

from odoo import sql_db
from odoo.tools import SQL

# What one such class fills and takes back, another one would still find in the indexes.
SHARED = (
    'res_partner',
    'crm_lead',
    'crm_call',
    'calendar_event',
    'calendar_attendee',
    'mail_activity',
    'mail_message',
    'mail_notification',
)


class ScaleMixin:
    """Fills tables by SQL and looks at query plans, for tests of what many rows cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with closing(sql_db.db_connect(cls.env.cr.dbname).cursor()) as cursor:
            cursor.rollback()
            cursor._cnx.autocommit = True
            cursor.execute(SQL('VACUUM %s', SQL(', ').join(map(SQL.identifier, SHARED))))

    @classmethod
    def _clone(cls, record, count, **expressions):
        """Copy the row of a record; ``n`` counts from 0. Return the id of the first copy."""
        cls.env.flush_all()
        columns = [
            name
            for name, field in record._fields.items()
            if field.store and field.column_type and name not in ('id', 'access_token')
        ]
        [[first]] = cls.env.execute_query(
            SQL(
                """WITH copies AS (
                       INSERT INTO %(table)s (%(columns)s)
                       SELECT %(values)s
                         FROM %(table)s AS origin, generate_series(0, %(last)s) AS n
                        WHERE origin.id = %(id)s
                        ORDER BY n
                       RETURNING id)
                   SELECT min(id) FROM copies""",
                table=SQL.identifier(record._table),
                columns=SQL(', ').join(map(SQL.identifier, columns)),
                values=SQL(', ').join(
                    expressions.get(name) or SQL.identifier('origin', name) for name in columns
                ),
                last=count - 1,
                id=record.id,
            )
        )
        return first

    def _walk(self, node):
        """Go through the nodes of a query plan."""
        yield node
        for child in node.get('Plans', ()):
            yield from self._walk(child)

    def assert_reads_indexes(self, query, grown, touched=500):
        """Check the plan of a query: every grown table is reached, none is read from end to end.

        :param grown: names of the tables that have many rows, beside that of contacts
        :param touched: how many rows no step may look at
        :return: the number of rows that it gives
        """
        [[[plan]]] = self.env.execute_query(SQL('EXPLAIN (ANALYZE, FORMAT JSON) %s', query))
        nodes = list(self._walk(plan['Plan']))
        scanned = {node['Relation Name'] for node in nodes if node['Node Type'] == 'Seq Scan'}
        self.assertFalse(scanned & {'res_partner', *grown})
        self.assertLessEqual(grown, {node.get('Relation Name') for node in nodes})
        widest = max(nodes, key=self._count_touched)
        self.assertLess(self._count_touched(widest), touched, widest)
        return nodes[0]['Actual Rows']

    def _count_touched(self, node):
        return node['Actual Rows'] + node.get('Rows Removed by Filter', 0)
