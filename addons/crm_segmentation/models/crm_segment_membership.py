from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Working sets of partners, for the rest of the transaction: who should be a member, and whose
# tag changes. Keyed and analysed, because joins with sub-queries take minutes on the stale
# statistics that follow a large fill.
TARGET = SQL.identifier('crm_segment_target')
CHANGED = SQL.identifier('crm_segment_changed')
TAG_TABLE = SQL.identifier('res_partner_res_partner_category_rel')


class CrmSegmentMembership(models.Model):
    """Who belongs to a segment, since when, until when and why.

    Rows are written by the segment alone, as sets: the private methods below are the only
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

    def _create_working_set(self, table):
        self.env.execute_query(SQL('DROP TABLE IF EXISTS %s', table))
        self.env.execute_query(
            SQL('CREATE TEMPORARY TABLE %s (partner_id integer PRIMARY KEY) ON COMMIT DROP', table)
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

    def _close_leaving(self, segment):
        """End the memberships of who left, and remove the tags that were ours.

        :return: number of contacts that left
        """
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
                leaving=self._get_leaving_condition(segment),
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

    def _get_tag_is_ours_condition(self, segment):
        """Return the SQL condition that another segment put the same tag on the contact."""
        return SQL(
            """EXISTS (SELECT FROM crm_segment_membership other
                        WHERE other.partner_id = target.partner_id AND other.date_out IS NULL
                          AND other.tag_added AND other.segment_id = ANY(%s))""",
            self._get_holders(segment.category_id).ids,
        )

    # === TAGS === #

    def _grant_tags(self, segment):
        """Tag the contacts of the working set that lack the segment's tag."""
        if not segment.category_id:
            return
        self._create_working_set(CHANGED)
        self.env.execute_query(
            SQL(
                """
            WITH tagged AS (
                INSERT INTO %(tags)s (category_id, partner_id)
                SELECT %(category)s, target.partner_id
                  FROM %(target)s target
             LEFT JOIN %(tags)s tag
                    ON tag.category_id = %(category)s AND tag.partner_id = target.partner_id
                 WHERE tag.partner_id IS NULL
              ORDER BY target.partner_id
           ON CONFLICT DO NOTHING
             RETURNING partner_id
            )
            INSERT INTO %(changed)s SELECT partner_id FROM tagged
            """,
                tags=TAG_TABLE,
                category=segment.category_id.id,
                target=TARGET,
                changed=CHANGED,
            )
        )
        self._own_changed_tags(segment)
        self._notify_tag_change(segment.category_id)

    def _own_changed_tags(self, segment):
        """Note the tags just added on all open memberships that show them."""
        self.env.execute_query(SQL('ANALYZE %s', CHANGED))
        self.env.execute_query(
            SQL(
                """
            UPDATE crm_segment_membership member
               SET tag_added = TRUE
              FROM %s changed
             WHERE member.partner_id = changed.partner_id AND member.date_out IS NULL
               AND NOT member.tag_added AND member.segment_id = ANY(%s)
            """,
                CHANGED,
                self._get_holders(segment.category_id).ids,
            )
        )

    def _withdraw_tags(self, segments):
        """Remove the tags that these segments added, before they change or disappear."""
        for owners in segments.grouped('category_id').values():
            self._release(
                owners,
                SQL(
                    """
                UPDATE crm_segment_membership member
                   SET tag_added = FALSE
                 WHERE member.segment_id = ANY(%s) AND member.date_out IS NULL
                   AND member.tag_added
             RETURNING member.partner_id, TRUE AS tag_added
                """,
                    owners.ids,
                ),
            )

    def _release(self, segments, statement):
        """Change memberships and remove the tags that no other segment holds.

        :param segments: segments of one tag
        :param statement: changes their memberships, returns `partner_id` and `tag_added`
        :return: number of memberships changed
        """
        self._flush_sets()
        self._create_working_set(CHANGED)
        [(count,)] = self.env.execute_query(
            SQL(
                """
            WITH released AS (%s), ours AS (
                INSERT INTO %s SELECT DISTINCT partner_id FROM released WHERE tag_added
            )
            SELECT count(*) FROM released
            """,
                statement,
                CHANGED,
            )
        )
        if segments.category_id:
            self._remove_changed_tags(segments)
        self._invalidate_sets()
        return count

    def _remove_changed_tags(self, segments):
        self.env.execute_query(SQL('ANALYZE %s', CHANGED))
        self.env.execute_query(
            SQL(
                """
            DELETE FROM %s changed
             USING crm_segment_membership other
             WHERE other.partner_id = changed.partner_id AND other.date_out IS NULL
               AND other.segment_id = ANY(%s)
            """,
                CHANGED,
                (self._get_holders(segments.category_id) - segments).ids,
            )
        )
        self.env.execute_query(
            SQL(
                """
            DELETE FROM %s tag
             USING %s changed
             WHERE tag.category_id = %s AND tag.partner_id = changed.partner_id
            """,
                TAG_TABLE,
                CHANGED,
                segments.category_id.id,
            )
        )
        self._notify_tag_change(segments.category_id)

    def _get_holders(self, category):
        """Return all segments that put this tag on their members, archived ones too."""
        return (
            self.env['crm.segment']
            .sudo()
            .with_context(active_test=False)
            .search([('category_id', '=', category.id)])
        )

    # === MERGED CONTACTS === #

    def _merge_partners(self, partners, into):
        """Keep one open membership per segment before contacts become one.

        The tag stays ours only if it was nobody's own: a tag set by hand survives the merge.
        """
        everybody = partners | into
        memberships = self.search(
            Domain('partner_id', 'in', everybody.ids) & Domain('date_out', '=', False)
        )
        for segment, rows in memberships.grouped('segment_id').items():
            kept = rows.filtered(lambda row: row.partner_id == into) or rows[0]
            strangers = everybody - rows.partner_id
            kept.write(
                {
                    'date_in': min(rows.mapped('date_in')),
                    'tag_added': all(rows.mapped('tag_added'))
                    and segment.category_id not in strangers.category_id,
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

    def _notify_tag_change(self, categories):
        """Let caches and stored fields of others follow what was written as a set.

        Odoo itself stores nothing that depends on a contact's tags; a million ids are read
        only where an addon does.
        """
        partners = self.env['res.partner']
        partners.invalidate_model(['category_id'])
        categories.invalidate_model(['partner_ids'])
        categories.modified(['partner_ids'])
        dependents = self.pool.get_dependent_fields(partners._fields['category_id'])
        if any(field.store for field in dependents):
            rows = self.env.execute_query(SQL('SELECT partner_id FROM %s', CHANGED))
            partners.browse(partner_id for (partner_id,) in rows).modified(['category_id'])
