from odoo.tools import SQL

from odoo.addons.crm_claims.core.stages import CLOSED_KINDS

TABLES = {'service.claim': 'service_claim', 'service.ticket': 'service_ticket'}
# From the tracked moves between stages: each reopening with the closing before it
REOPENINGS = """
    WITH moves AS (
        SELECT message.res_id, tracking.id, message.date AS moved_at,
               before.kind IN %(closed)s AS was_closed
          FROM mail_tracking_value AS tracking
          JOIN mail_message AS message ON message.id = tracking.mail_message_id
          JOIN ir_model_fields AS field ON field.id = tracking.field_id
          JOIN service_stage AS before ON before.id = tracking.old_value_integer
          JOIN service_stage AS after ON after.id = tracking.new_value_integer
         WHERE message.model = %(model)s AND field.model = %(model)s AND field.name = 'stage_id'
           AND (before.kind IN %(closed)s) <> (after.kind IN %(closed)s)),
    spans AS (
        SELECT res_id, was_closed, moved_at AS stop,
               lag(moved_at) OVER (PARTITION BY res_id ORDER BY id) AS start
          FROM moves),
    histories AS (
        SELECT res_id, count(*) AS count,
               jsonb_agg(jsonb_build_array(to_char(start, %(format)s), to_char(stop, %(format)s))
                         ORDER BY stop) AS spans
          FROM spans
         WHERE was_closed AND start IS NOT NULL
         GROUP BY res_id)
    UPDATE %(table)s AS cases
       SET closed_spans = histories.spans, reopen_count = histories.count
      FROM histories
     WHERE histories.res_id = cases.id AND cases.closed_spans IS NULL
"""


def migrate(cr, version):
    """Remember when cases were closed before they were taken up again."""
    for model, table in TABLES.items():
        cr.execute(
            SQL(
                REOPENINGS,
                closed=CLOSED_KINDS,
                format='YYYY-MM-DD HH24:MI:SS',
                model=model,
                table=SQL.identifier(table),
            )
        )
