from odoo.tools import SQL

TABLES = ('service_claim', 'service_ticket')
STATEMENTS = (
    # what was entered as a history without its beginning
    'UPDATE %s SET date_open = date_closed WHERE date_closed < date_open',
    """UPDATE %s SET date_closed = GREATEST(date_open, write_date)
        WHERE stage_kind IN ('solved', 'rejected') AND date_closed IS NULL""",
    """UPDATE %s SET date_closed = NULL
        WHERE COALESCE(stage_kind NOT IN ('solved', 'rejected'), TRUE)
          AND date_closed IS NOT NULL""",
)


def migrate(cr, version):
    """Give each closed case a closing date, and no other: the database insists on it now."""
    for table in TABLES:
        for statement in STATEMENTS:
            cr.execute(SQL(statement, SQL.identifier(table)))
