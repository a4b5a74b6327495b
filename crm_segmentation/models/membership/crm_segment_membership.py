from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# The tags of contacts, which memberships give and take as sets.
TAG_TABLE = SQL.identifier('res_partner_res_partner_category_rel')


class CrmSegmentMembership(models.Model):
    """Who belongs to a segment, since when, until when and why.

    Rows are written by the segment alone, as sets: the private methods of the mixins are the only
    door to the table and to the tags of the members.
    """

    _name = 'crm.segment.membership'
    _description = 'Segment Membership'
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

    # The ORM asks whether a boolean IS TRUE; of another condition it would not use the index.
    _pending_idx = models.Index(
        '(segment_id, id) WHERE enter_pending IS TRUE OR leave_pending IS TRUE'
    )
    _open_unique = models.UniqueIndex(
        '(segment_id, partner_id) WHERE date_out IS NULL',
        'The contact is already a member of this segment.',
    )
    _segment_idx = models.Index('(segment_id, date_in)')
    _untagged_idx = models.Index('(segment_id) WHERE date_out IS NULL AND NOT tag_added')

    def action_explain(self):
        """Open the dialogue that says why the contact belongs to the segment or does not."""
        self.ensure_one()
        action = self.segment_id.action_explain()
        action['context'] = {**action['context'], 'default_partner_id': self.partner_id.id}
        return action

    # === EFFECTS === #

    def _filter_first_pending(self):
        """Return those before which nothing of the same contact and segment is pending."""
        pending = Domain('enter_pending', '=', True) | Domain('leave_pending', '=', True)
        firsts = self._read_group(
            pending
            & Domain('segment_id', 'in', self.segment_id.ids)
            & Domain('partner_id', 'in', self.partner_id.ids),
            ['segment_id', 'partner_id'],
            ['id:min'],
        )
        first_ids = {id_ for _segment, _partner, id_ in firsts}
        return self.filtered(lambda membership: membership.id in first_ids)

    # === COUNTS === #

    def _count_changes(self, segment):
        """Return how many contacts would enter, leave and stay; nothing is written."""
        self._flush_sets()
        self._tune_statements()
        [(entering, leaving, members)] = self.env.execute_query(
            SQL(
                """
            SELECT count(*) FILTER (WHERE member.id IS NULL),
                   count(*) FILTER (WHERE member.id IS NOT NULL AND %(leaving)s),
                   count(member.id)
              FROM %(target)s AS target (id)
         FULL JOIN (SELECT id, partner_id, reason FROM crm_segment_membership
                     WHERE segment_id = %(segment)s AND date_out IS NULL) AS member
                ON member.partner_id = target.id
            """,
                segment=segment.id,
                leaving=self._get_leaving_if(segment, SQL('target.id IS NULL')),
                target=segment._get_target_query().subselect(),
            )
        )
        return {'enter': entering, 'leave': leaving, 'stay': members - leaving}

    def _count_target(self, segment):
        """Return how many contacts would be members, those whom the segment keeps too."""
        if segment.mode != 'dynamic':
            change = self._count_changes(segment)
            return change['enter'] + change['stay']
        self._tune_statements()
        query = segment._get_target_query()
        [[count]] = self.env.execute_query(query.select(SQL('count(*)')))
        return count

    def _count_group(self, segments):
        """Return {segment id: members} if the segments of an exclusive group were applied.

        Each contact goes to the first segment that it matches.
        """
        self._flush_sets()
        self._tune_statements()
        partners = self.env['res.partner'].sudo().with_context(active_test=False)
        standing = [
            SQL(
                'SELECT id, %s AS place FROM %s AS standing (id)',
                place,
                partners._search(segment._get_standing_domain()).subselect(),
            )
            for place, segment in enumerate(segments)
        ]
        rows = self.env.execute_query(
            SQL(
                """
            SELECT place, count(*)
              FROM (SELECT min(place) AS place FROM (%s) AS matching GROUP BY id) AS taken
          GROUP BY place
                """,
                SQL(' UNION ALL ').join(standing),
            )
        )
        counts = dict(rows)
        return {segment.id: counts.get(place, 0) for place, segment in enumerate(segments)}

    # === MERGED CONTACTS === #

    def _merge_partners(self, partners, into):
        """Keep one open membership per segment before contacts become one.

        The tag stays ours, of all segments that give it, only if it was nobody's own: a tag set
        by hand survives the merge.
        What was done for one of them on entering is done for the contact that they become.
        """
        everybody = partners | into
        ours = everybody.category_id - self._find_hand_tags(everybody)
        for rows in self._search_open(everybody).grouped('segment_id').values():
            kept = rows.filtered(lambda row: row.partner_id == into) or rows[0]
            strangers = everybody - rows.partner_id
            tag = kept.segment_id.category_id
            kept.write({'tag_added': tag in ours, **kept._prepare_merged_values(rows, strangers)})
            (rows - kept).unlink()

    def _search_open(self, partners):
        return self.search(
            Domain('partner_id', 'in', partners.ids) & Domain('date_out', '=', False)
        )

    def _prepare_merged_values(self, rows, strangers):
        """Return what the membership that is kept takes over; extended by who adds fields.

        :param rows: the memberships of the same segment that become one
        :param strangers: the contacts that are merged and were no members
        """
        return {
            'date_in': min(rows.mapped('date_in')),
            'enter_pending': all(rows.mapped('enter_pending')),
            **self._prepare_merged_note(rows),
        }
