"""Rules in groups and on mailings: counted by us and by a person who knows the database well."""

from odoo.fields import Command
from odoo.tools import SQL

from ..harness import Case

ROUNDS = 3
YEAR = {'period_count': 12, 'period_unit': 'month'}
HALF = {'period_count': 180, 'period_unit': 'day'}


def _prepare(*lines):
    def prepare(env):
        return env['crm.segment'].create(
            {
                'name': 'Bench by rules',
                'rule_ids': [Command.create(_get_values(env, *line)) for line in lines],
            }
        )

    return prepare


def _get_values(env, metric, level, operator=None, value=None, period=None):
    """Return the values of a rule, or of the head of a group: its kind stands for the metric."""
    if operator is None:
        return {'match': metric, 'match_count': 2, 'level': level}
    metric = env.ref(f'crm_segmentation.metric_{metric}')
    values = {'metric_id': metric.id, 'level': level, 'operator': operator, 'value': value}
    return {**values, **(period or {})}


def _count(_env, segment):
    segment._preview()


def _count_in_sql(statement):
    def count(env, _segment):
        env.cr.execute(SQL('SELECT count(*) FROM (%s) AS target', SQL(statement)))

    return count


# At least two of: ordered for 500 in a year, called twice or more, and neither called nor won.
GROUPS = (
    ('some', 0),
    ('ordered_amount', 1, '>=', 500, YEAR),
    ('call_count', 1, '>=', 2),
    ('none', 1),
    ('call_count', 2, '>', 0, YEAR),
    ('won_revenue', 2, '>', 0),
)
GROUPS_SQL = """
    SELECT partner.id
      FROM res_partner partner
 LEFT JOIN (SELECT partner_id, sum(amount_untaxed) AS amount
              FROM sale_order
             WHERE state = 'sale' AND date_order >= current_date - interval '12 months'
          GROUP BY partner_id) AS ordered ON ordered.partner_id = partner.id
 LEFT JOIN (SELECT partner_id, count(*) AS number,
                   count(*) FILTER (WHERE date >= current_date - interval '12 months') AS recent
              FROM crm_call WHERE state = 'held'
          GROUP BY partner_id) AS called ON called.partner_id = partner.id
 LEFT JOIN (SELECT lead.partner_id, sum(lead.expected_revenue) AS amount
              FROM crm_lead lead JOIN crm_stage stage ON stage.id = lead.stage_id
             WHERE lead.active AND lead.type = 'opportunity' AND stage.is_won
          GROUP BY lead.partner_id) AS won ON won.partner_id = partner.id
     WHERE partner.active
       AND (coalesce(ordered.amount, 0) >= 500)::int + (coalesce(called.number, 0) >= 2)::int
           + (coalesce(called.recent, 0) = 0 AND coalesce(won.amount, 0) <= 0)::int >= 2"""

# Sent something in half a year and opened nothing of it.
UNOPENED = (
    ('mailing_sent_count', 0, '>', 0, HALF),
    ('mailing_opened_count', 0, '=', 0, HALF),
)
UNOPENED_SQL = """
    SELECT partner.id
      FROM res_partner partner
      JOIN (SELECT coalesce(named.id, addressee.id) AS id,
                   count(*) FILTER (WHERE sent_datetime >= current_date - interval '180 days')
                       AS sent,
                   count(*) FILTER (WHERE open_datetime >= current_date - interval '180 days')
                       AS opened
              FROM mailing_trace trace
         LEFT JOIN res_partner named ON trace.model = 'res.partner' AND named.id = trace.res_id
         LEFT JOIN res_partner addressee
                ON named.id IS NULL AND addressee.email_normalized = trace.email
             WHERE trace.trace_type = 'mail' AND trace.is_test_trace IS NOT TRUE
          GROUP BY 1) AS mailed ON mailed.id = partner.id
     WHERE partner.active AND mailed.sent > 0 AND mailed.opened = 0"""

# Orders that come every three months, and for less than in the half year before.
CHANGE = (
    ('days_between_orders', 0, '<=', 90),
    ('ordered_change', 0, '<', 0, HALF),
)
CHANGE_SQL = """
    SELECT partner.id
      FROM res_partner partner
      JOIN (SELECT partner_id,
                   (max(date_order::date) - min(date_order::date))::numeric
                       / nullif(count(*) - 1, 0) AS gap,
                   sum(amount_untaxed) FILTER (WHERE date_order >= current_date - 180) AS recent,
                   sum(amount_untaxed) FILTER (WHERE date_order >= current_date - 360
                                                 AND date_order < current_date - 180) AS before
              FROM sale_order
             WHERE state = 'sale' AND date_order <= now()
          GROUP BY partner_id) AS ordered ON ordered.partner_id = partner.id
     WHERE partner.active AND gap <= 90 AND before > 0 AND coalesce(recent, 0) < before"""

CASES = [
    Case(name, 'a count in SQL', _prepare(*lines), _count, _count_in_sql(sql), 2, rounds=ROUNDS)
    for name, lines, sql in (
        ('segment by rules in groups: preview', GROUPS, GROUPS_SQL),
        ('segment by mailings: preview', UNOPENED, UNOPENED_SQL),
        ('segment by gaps and changes: preview', CHANGE, CHANGE_SQL),
    )
]
