from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_segment_membership_tag_mixin import TAG_TABLE, TARGET


class CrmSegmentMembership(models.Model):
    """Who belongs to a segment, since when, until when and why.

    Rows are written by the segment alone, as sets: the private methods below are the only
    door to the table and to the tags of the members.
    """

    _name = 'crm.segment.membership'
    _description = 'Segment Membership'
    _inherit = ['crm.segment.membership.tag.mixin']
    _order = 'date_in desc, id desc'
    _rec_name = 'segment_id'

    segment_id = fields.Many2one(
        'crm.segment', required=True, readonly=True, ondelete='cascade', bypass_search_access=True
    )
    partner_id = fields.Many2one(
        'res.partner',
        string='Contact',
        required=True,
        readonly=True,
        ondelete='cascade',
        index=True,
    )
    date_in = fields.Datetime(string='Member Since', required=True, readonly=True)
    date_out = fields.Datetime(
        string='Member Until', readonly=True, help='Empty while the contact is a member.'
    )
    reason = fields.Selection(
        [('criteria', 'Matches the criteria'), ('included', 'Included by hand')],
        required=True,
        readonly=True,
        help='Why the contact entered the segment.',
    )
    tag_added = fields.Boolean(
        readonly=True,
        string='Tagged by the Segment',
        help='The segment added its tag, so the tag goes when the contact leaves. '
        'A contact that had the tag before keeps it.',
    )

    enter_pending = fields.Boolean(
        readonly=True, help='What the segment does on entering is still to be done.'
    )
    leave_pending = fields.Boolean(
        readonly=True, help='What the segment does on leaving is still to be done.'
    )

    _pending_idx = models.Index('(segment_id, id) WHERE enter_pending OR leave_pending')
    _open_unique = models.UniqueIndex(
        '(segment_id, partner_id) WHERE date_out IS NULL',
        'The contact is already a member of this segment.',
    )
    _segment_idx = models.Index('(segment_id, date_in)')

    def action_explain(self):
        """Open the dialogue that says why the contact belongs to the segment or does not."""
        self.ensure_one()
        action = self.segment_id.action_explain()
        action['context'] = {**action['context'], 'default_partner_id': self.partner_id.id}
        return action

    # === SETS === #

    def _load_target(self, partner_query):
        """Fill the working set with the ids of a sub-query between parentheses."""
        self._flush_sets()
        self._tune_statements()
        self._create_working_set(TARGET)
        self.env.execute_query(
            SQL(
                'INSERT INTO %s SELECT target.id FROM %s AS target (id) ORDER BY target.id',
                TARGET,
                partner_query,
            )
        )
        self.env.execute_query(SQL('ANALYZE %s', TARGET))

    def _tune_statements(self):
        """Let the database work on large sets for the rest of the transaction.

        Compiling statements takes it longer than it saves here.
        """
        self.env.execute_query(
            SQL("SELECT set_config('jit', 'off', TRUE), set_config('work_mem', '64MB', TRUE)")
        )

    def _count_changes(self, segment):
        """Return how many contacts would enter, leave and stay; nothing is written."""
        self._flush_sets()
        self._tune_statements()
        [(entering, matching, members, barred)] = self.env.execute_query(
            SQL(
                """
            SELECT count(*) FILTER (WHERE member.id IS NULL),
                   count(member.id),
                   (SELECT count(*) FROM crm_segment_membership
                     WHERE segment_id = %(segment)s AND date_out IS NULL),
                   (SELECT count(*) FROM crm_segment_membership
                     WHERE segment_id = %(segment)s AND date_out IS NULL AND %(barred)s)
              FROM %(target)s AS target (id)
         LEFT JOIN crm_segment_membership member
                ON member.segment_id = %(segment)s AND member.date_out IS NULL
               AND member.partner_id = target.id
            """,
                segment=segment.id,
                barred=self._get_barred_condition(segment),
                target=segment._get_target_query().subselect(),
            )
        )
        leaving = barred if segment.mode == 'additive' else members - matching
        return {'enter': entering, 'leave': leaving, 'stay': members - leaving}

    def _count_target(self, segment):
        """Return how many contacts would be members; what an additive segment has, it keeps."""
        if segment.mode == 'additive':
            change = self._count_changes(segment)
            return change['enter'] + change['stay']
        self._tune_statements()
        query = segment._get_target_query()
        [[count]] = self.env.execute_query(query.select(SQL('count(*)')))
        return count

    def _get_leaving_condition(self, segment):
        """Return the SQL condition on the alias `member` of who leaves the segment."""
        if segment.mode == 'additive':
            return self._get_barred_condition(segment)
        return SQL(
            'NOT EXISTS (SELECT FROM %s target WHERE target.partner_id = member.partner_id)', TARGET
        )

    def _get_barred_condition(self, segment):
        """Return the SQL condition of who leaves even an additive segment."""
        if segment.mode != 'additive':
            return SQL('FALSE')
        return SQL('partner_id IN %s', segment._get_barred_sql())

    def _close_leaving(self, segment, changed=None):
        """End the memberships of who left, and remove the tags that were ours.

        :param changed: SQL condition of the only contacts that may have left
        :return: number of contacts that left
        """
        leaving = self._get_leaving_condition(segment)
        if changed:
            leaving = SQL(
                '%s AND member.partner_id IN (SELECT id FROM res_partner WHERE %s)',
                leaving,
                changed,
            )
        return self._release(
            segment,
            SQL(
                """
            UPDATE crm_segment_membership member
               SET date_out = %(now)s, leave_pending = %(has_effects)s,
                   write_date = %(now)s, write_uid = %(uid)s
             WHERE member.segment_id = %(segment)s AND member.date_out IS NULL
               AND %(leaving)s
         RETURNING member.partner_id, member.tag_added
            """,
                now=fields.Datetime.now(),
                uid=self.env.uid,
                has_effects=segment._has_effects('leave'),
                segment=segment.id,
                leaving=leaving,
            ),
        )

    def _open_entering(self, segment):
        """Start the memberships of who is new in the working set.

        The tag counts as ours when the contact had none, or had it from another segment only.

        :return: number of contacts that entered
        """
        [(count,)] = self.env.execute_query(
            SQL(
                """
            WITH entered AS (
                INSERT INTO crm_segment_membership
                       (segment_id, partner_id, date_in, reason, tag_added, enter_pending,
                        create_date, create_uid, write_date, write_uid)
                SELECT %(segment)s, target.partner_id, %(now)s,
                       CASE WHEN hand.partner_id IS NULL THEN 'criteria' ELSE 'included' END,
                       %(has_tag)s AND (tag.partner_id IS NULL OR %(tag_is_ours)s),
                       %(has_effects)s, %(now)s, %(uid)s, %(now)s, %(uid)s
                  FROM %(target)s target
             LEFT JOIN crm_segment_membership member
                    ON member.segment_id = %(segment)s AND member.date_out IS NULL
                   AND member.partner_id = target.partner_id
             LEFT JOIN crm_segment_include_rel hand
                    ON hand.segment_id = %(segment)s AND hand.partner_id = target.partner_id
             LEFT JOIN %(tags)s tag
                    ON tag.category_id = %(category)s AND tag.partner_id = target.partner_id
                 WHERE member.id IS NULL
              ORDER BY target.partner_id
             RETURNING 1
            )
            SELECT count(*) FROM entered
            """,
                segment=segment.id,
                now=fields.Datetime.now(),
                uid=self.env.uid,
                has_effects=segment._has_effects('enter'),
                has_tag=bool(segment.category_id),
                category=segment.category_id.id or None,
                target=TARGET,
                tags=TAG_TABLE,
                tag_is_ours=self._get_tag_is_ours_condition(segment),
            )
        )
        self._invalidate_sets()
        return count

    # === MERGED CONTACTS === #

    def _merge_partners(self, partners, into):
        """Keep one open membership per segment before contacts become one.

        The tag stays ours only if it was nobody's own: a tag set by hand survives the merge.
        What was done for one of them on entering is done for the contact that they become.
        """
        everybody = partners | into
        memberships = self.search(
            Domain('partner_id', 'in', everybody.ids) & Domain('date_out', '=', False)
        )
        # Who is merged need not be written, so the next run looks at everybody.
        memberships.segment_id.refresh_mark = False
        for segment, rows in memberships.grouped('segment_id').items():
            kept = rows.filtered(lambda row: row.partner_id == into) or rows[0]
            strangers = everybody - rows.partner_id
            kept.write(
                {
                    'date_in': min(rows.mapped('date_in')),
                    'tag_added': all(rows.mapped('tag_added'))
                    and segment.category_id not in strangers.category_id,
                    'enter_pending': all(rows.mapped('enter_pending')),
                }
            )
            (rows - kept).unlink()

    # === CACHES AND STORED FIELDS === #

    def _flush_sets(self):
        self.flush_model()
        self.env['crm.segment'].flush_model(['category_id'])

    def _invalidate_sets(self):
        self.invalidate_model()
        self.env['crm.segment'].invalidate_model(['membership_ids', 'member_count'])
        self.env['res.partner'].invalidate_model(
            ['crm_segment_membership_ids', 'crm_segment_ids', 'crm_segment_count']
        )
