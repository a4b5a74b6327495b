from odoo.tools import SQL

TABLES = {'service.claim': 'service_claim', 'service.ticket': 'service_ticket'}
IS_SPOKEN = SQL(
    """message.message_type IN ('comment', 'email')
       AND NOT EXISTS (SELECT FROM mail_message_subtype AS subtype
                        WHERE subtype.id = message.subtype_id AND subtype.internal)"""
)
TEAMS = """
    UPDATE service_sla_clock AS clock SET team_id = cases.team_id
      FROM %(table)s AS cases
     WHERE clock.case_model = %(model)s AND clock.case_id = cases.id AND clock.team_id IS NULL
"""
ANSWERS = """
    UPDATE %(table)s AS cases SET answer_count = answers.count
      FROM (SELECT message.res_id, count(*)
              FROM mail_message AS message
              JOIN res_partner AS author ON author.id = message.author_id
             WHERE message.model = %(model)s AND NOT author.partner_share AND %(is_spoken)s
             GROUP BY message.res_id) AS answers
     WHERE cases.id = answers.res_id AND cases.answer_count IS DISTINCT FROM answers.count
       AND COALESCE(cases.answer_count, 0) = 0
"""
# the first message of somebody outside after the last one of ours
WAITING = """
    UPDATE %(table)s AS cases
       SET date_customer_waiting = written.since, is_customer_waiting = TRUE
      FROM (SELECT message.res_id, min(message.create_date) AS since
              FROM mail_message AS message
              LEFT JOIN res_partner AS author ON author.id = message.author_id
             WHERE message.model = %(model)s AND %(is_spoken)s
               AND author.partner_share IS NOT FALSE
               AND NOT EXISTS (
                   SELECT FROM mail_message AS answer
                     JOIN res_partner AS agent ON agent.id = answer.author_id
                    WHERE answer.model = message.model AND answer.res_id = message.res_id
                      AND answer.id > message.id AND NOT agent.partner_share
                      AND answer.message_type IN ('comment', 'email')
                      AND NOT EXISTS (SELECT FROM mail_message_subtype AS subtype
                                       WHERE subtype.id = answer.subtype_id AND subtype.internal))
             GROUP BY message.res_id) AS written
     WHERE cases.id = written.res_id AND cases.stage_kind IN ('new', 'open', 'waiting')
       AND cases.date_customer_waiting IS NULL
"""


def migrate(cr, version):
    """Tell whose the promises were, how often was answered, and which customers wait."""
    for model, table in TABLES.items():
        names = {'model': model, 'table': SQL.identifier(table), 'is_spoken': IS_SPOKEN}
        for statement in (TEAMS, ANSWERS, WAITING):
            cr.execute(SQL(statement, **names))
