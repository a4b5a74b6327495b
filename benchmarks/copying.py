"""Copies of a record by set-based SQL, and what the server does after so much was written."""

from odoo.tools import SQL

CONTACTS_PER_COMPANY = 5


def clone(env, record, count, **expressions):
    """Copy a record's row ``count`` times; ``n`` counts from 0 in the given SQL expressions.

    :return: the lowest id of the copies
    """
    env.flush_all()
    table = SQL.identifier(record._table)
    columns = [
        name
        for (name,) in env.execute_query(
            SQL(
                """SELECT column_name FROM information_schema.columns
                    WHERE table_name = %s AND column_name <> 'id' ORDER BY ordinal_position""",
                record._table,
            )
        )
    ]
    values = [expressions.get(name) or SQL.identifier('origin', name) for name in columns]
    [[first]] = env.execute_query(
        SQL(
            """WITH copies AS (
                   INSERT INTO %(table)s (%(columns)s)
                   SELECT %(values)s
                     FROM %(table)s AS origin, generate_series(0, %(last)s) AS n
                    WHERE origin.id = %(id)s
                    ORDER BY n
                   RETURNING id)
               SELECT min(id) FROM copies""",
            table=table,
            columns=SQL(', ').join(map(SQL.identifier, columns)),
            values=SQL(', ').join(values),
            last=count - 1,
            id=record.id,
        )
    )
    return first


def keep_house(env, table):
    """Do what the server does by itself in the minutes after so much was written."""
    env.cr.execute(SQL('ANALYZE %s', SQL.identifier(table)))
    env.cr.execute(
        SQL(
            """SELECT gin_clean_pending_list(index.indexrelid)
                 FROM pg_index AS index
                 JOIN pg_class ON pg_class.oid = index.indexrelid
                 JOIN pg_am ON pg_am.oid = pg_class.relam AND pg_am.amname = 'gin'
                WHERE index.indrelid = %s::regclass""",
            table,
        )
    )


def spread(first, contacts):
    """Spread documents over the contacts unevenly but repeatably, by a multiplier prime to all."""
    return SQL('%s + (n::bigint * 7919 %% %s)::int', first, contacts)


def spread_companies(first, contacts):
    """Return the companies of the contacts that `spread` names."""
    companies = contacts // CONTACTS_PER_COMPANY
    offset = SQL('(n::bigint * 7919 %% %s)::int', contacts)
    # One contact more stands between companies and contacts: the one that was copied.
    return SQL(
        '%(first)s + CASE WHEN %(offset)s < %(companies)s THEN %(offset)s'
        ' ELSE (%(offset)s - 1) %% %(companies)s END',
        first=first,
        offset=offset,
        companies=companies,
    )
