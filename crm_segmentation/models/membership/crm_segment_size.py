from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class CrmSegmentSize(models.Model):
    """How many members a segment had at the end of a day, from its first application on."""

    _name = 'crm.segment.size'
    _description = 'Segment Size'
    _order = 'date desc, id desc'
    _rec_name = 'segment_id'

    segment_id = fields.Many2one(
        'crm.segment', required=True, readonly=True, ondelete='cascade', bypass_search_access=True
    )
    date = fields.Date(required=True, readonly=True)
    member_count = fields.Integer(string='Members', readonly=True, aggregator='avg')
    entered_count = fields.Integer(string='Entered', readonly=True)
    left_count = fields.Integer(string='Left', readonly=True)

    _day_unique = models.UniqueIndex(
        '(segment_id, date)', 'The size of a segment is recorded once a day.'
    )

    @api.model
    def _fill_gaps(self):
        """Add the days up to today on which a segment was not applied: it kept its size."""
        self.env.execute_query(
            SQL(
                """
            INSERT INTO crm_segment_size
                   (segment_id, date, member_count, entered_count, left_count,
                    create_date, create_uid, write_date, write_uid)
            SELECT known.segment_id, missing.day::date, known.member_count, 0, 0,
                   %(now)s, %(uid)s, %(now)s, %(uid)s
              FROM (SELECT segment_id, date, member_count,
                           lead(date, 1, %(tomorrow)s) OVER (PARTITION BY segment_id ORDER BY date)
                           AS next_date
                      FROM crm_segment_size) AS known
        CROSS JOIN generate_series(known.date + 1, known.next_date - 1, interval '1 day')
                   AS missing (day)
             WHERE known.next_date > known.date + 1
       ON CONFLICT DO NOTHING
         RETURNING id
                """,
                tomorrow=fields.Date.today() + timedelta(days=1),
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )
        self.invalidate_model()
        self.env['crm.segment'].invalidate_model(['size_ids'])

    def _record(self, segment, change):
        """Count the members of a segment and add a change to the row of today.

        :param change: {'enter', 'leave': number of contacts}
        """
        self.env.execute_query(
            SQL(
                """
            INSERT INTO crm_segment_size AS size
                   (segment_id, date, member_count, entered_count, left_count,
                    create_date, create_uid, write_date, write_uid)
            SELECT %(segment)s, %(today)s, count(*), %(entered)s, %(left)s,
                   %(now)s, %(uid)s, %(now)s, %(uid)s
              FROM crm_segment_membership
             WHERE segment_id = %(segment)s AND date_out IS NULL
       ON CONFLICT (segment_id, date) DO UPDATE
               SET member_count = EXCLUDED.member_count,
                   entered_count = size.entered_count + EXCLUDED.entered_count,
                   left_count = size.left_count + EXCLUDED.left_count,
                   write_date = EXCLUDED.write_date, write_uid = EXCLUDED.write_uid
         RETURNING id
            """,
                segment=segment.id,
                today=fields.Date.today(),
                now=fields.Datetime.now(),
                uid=self.env.uid,
                entered=change['enter'],
                left=change['leave'],
            )
        )
        self.invalidate_model()
        segment.invalidate_recordset(['size_ids'])
