from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

TABLES = ('service_claim', 'service_ticket')


def migrate(cr, version):
    """Give the cases the company that their customer is with today: earlier ones are forgotten."""
    for table in TABLES:
        if column_exists(cr, table, 'commercial_partner_id'):
            continue
        create_column(cr, table, 'commercial_partner_id', 'int4')
        cr.execute(
            SQL(
                """UPDATE %(table)s SET commercial_partner_id = partner.commercial_partner_id
                     FROM res_partner AS partner WHERE partner.id = %(table)s.partner_id""",
                table=SQL.identifier(table),
            )
        )
