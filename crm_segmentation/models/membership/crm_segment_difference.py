from odoo import fields, models
from odoo.tools import SQL

from .crm_segment_membership import TAG_TABLE

# Working sets of partners, keyed and analysed: who should be a member, whose membership or tag is
# not as it should be, and who may have changed at all. Joins with sub-queries instead take minutes
# on the stale statistics that follow a large fill.
TARGET = SQL.identifier('crm_segment_target')
DIFFERENCE = SQL.identifier('crm_segment_difference')
SUSPECTS = SQL.identifier('crm_segment_suspect')
# Which members stay, whatever the criteria say now; as a set: `crm.segment._get_kept_domain`.
KEPT = {'additive': SQL('TRUE'), 'manual': SQL("member.reason = 'criteria'")}


class CrmSegmentMembership(models.Model):
    """The difference between a segment and its members, worked off as a set or in slices.

    Each contact of the difference has a kind: it enters, it leaves, or it is a member whose tag
    is missing.
    """

    _inherit = 'crm.segment.membership'

    # === DIFFERENCE === #

    def _load_difference(self, segment, query, suspects=None):
        """Fill the working sets: who should be a member, and who changes.

        :param query: of the contacts that should be members
        :param suspects: SQL of the ids, in parentheses, of the only contacts that may have changed
        """
        self._flush_sets()
        self._tune_statements()
        self._load_target(query.subselect())
        kind = SQL('kind varchar NOT NULL')
        self._create_working_set(DIFFERENCE, kind, on_commit='PRESERVE ROWS')
        self._load_leaving(segment, suspects)
        self._load_entering(segment)
        if segment.category_id:
            self._load_untagged(segment)
        self.env.execute_query(SQL('ANALYZE %s', DIFFERENCE))

    def _load_target(self, partner_query):
        """Fill the working set with the ids of a sub-query between parentheses."""
        self._create_working_set(TARGET)
        self.env.execute_query(
            SQL(
                'INSERT INTO %s SELECT target.id FROM %s AS target (id) ORDER BY target.id',
                TARGET,
                partner_query,
            )
        )
        self.env.execute_query(SQL('ANALYZE %s', TARGET))

    def _load_suspects(self, contacts):
        """Fill the working set of who may have changed.

        :param contacts: SQL of the ids, each once
        :return: SQL of the ids, in parentheses
        """
        self._tune_statements()
        self._create_working_set(SUSPECTS)
        self.env.execute_query(SQL('INSERT INTO %s %s', SUSPECTS, contacts))
        self.env.execute_query(SQL('ANALYZE %s', SUSPECTS))
        return SQL('(SELECT partner_id FROM %s)', SUSPECTS)

    def _load_leaving(self, segment, suspects):
        leaving = self._get_leaving_condition(segment)
        if suspects:
            leaving = SQL('%s AND member.partner_id IN %s', leaving, suspects)
        self.env.execute_query(
            SQL(
                """
            INSERT INTO %s
            SELECT member.partner_id, 'leave'
              FROM crm_segment_membership member
             WHERE member.segment_id = %s AND member.date_out IS NULL AND %s
                """,
                DIFFERENCE,
                segment.id,
                leaving,
            )
        )

    def _load_entering(self, segment):
        self.env.execute_query(
            SQL(
                """
            INSERT INTO %s
            SELECT target.partner_id, 'enter'
              FROM %s target
         LEFT JOIN crm_segment_membership member
                ON member.segment_id = %s AND member.date_out IS NULL
               AND member.partner_id = target.partner_id
             WHERE member.id IS NULL
          ORDER BY target.partner_id
                """,
                DIFFERENCE,
                TARGET,
                segment.id,
            )
        )

    def _load_untagged(self, segment):
        """Add the members that lost their tag and do not leave."""
        self.env.execute_query(
            SQL(
                """
            INSERT INTO %s
            SELECT member.partner_id, 'tag'
              FROM crm_segment_membership member
         LEFT JOIN %s tag
                ON tag.category_id = %s AND tag.partner_id = member.partner_id
             WHERE member.segment_id = %s AND member.date_out IS NULL AND tag.partner_id IS NULL
       ON CONFLICT DO NOTHING
                """,
                DIFFERENCE,
                TAG_TABLE,
                segment.category_id.id,
                segment.id,
            )
        )

    def _tune_statements(self):
        """Let the database work on large sets for the rest of the transaction.

        Compiling statements takes it longer than it saves here.
        """
        self.env.execute_query(
            SQL("SELECT set_config('jit', 'off', TRUE), set_config('work_mem', '64MB', TRUE)")
        )

    def _get_leaving_condition(self, segment):
        """Return the SQL condition on the alias `member` of who leaves the segment."""
        gone = SQL(
            'NOT EXISTS (SELECT FROM %s target WHERE target.partner_id = member.partner_id)', TARGET
        )
        return self._get_leaving_if(segment, gone)

    def _get_leaving_if(self, segment, gone):
        """Return the condition of who leaves: who is gone and not kept, or who is barred.

        :param gone: SQL condition that the segment does not take the `member` any more
        """
        if segment.mode not in KEPT:
            return gone
        barred = SQL('member.partner_id IN %s', segment._get_barred_sql())
        return SQL('((%s AND NOT %s) OR %s)', gone, KEPT[segment.mode], barred)

    # === SLICES === #

    def _count_difference(self):
        [[count]] = self.env.execute_query(SQL('SELECT count(*) FROM %s', DIFFERENCE))
        return count

    def _read_difference(self, kind, limit):
        """Return the ids of the first contacts of the difference that enter or leave."""
        rows = self.env.execute_query(
            SQL(
                'SELECT partner_id FROM %s WHERE kind = %s ORDER BY partner_id LIMIT %s',
                DIFFERENCE,
                kind,
                limit,
            )
        )
        return [partner_id for (partner_id,) in rows]

    def _get_slice(self, last_id, size):
        """Return the next contacts of the difference, without those deleted meanwhile.

        :param last_id: of the last contact of the slice before
        :return: SQL of `(partner_id, kind)`, id of the last contact
        """
        [[end]] = self.env.execute_query(
            SQL(
                """SELECT max(partner_id)
                     FROM (SELECT partner_id FROM %s WHERE partner_id > %s
                         ORDER BY partner_id LIMIT %s) AS slice""",
                DIFFERENCE,
                last_id,
                size,
            )
        )
        contacts = SQL(
            """(SELECT difference.*
                  FROM %s difference
                  JOIN res_partner partner ON partner.id = difference.partner_id
                 WHERE difference.partner_id > %s AND difference.partner_id <= %s)""",
            DIFFERENCE,
            last_id,
            end,
        )
        return contacts, end

    def _drop_difference(self):
        self.env.execute_query(SQL('DROP TABLE IF EXISTS %s', DIFFERENCE))

    def _apply_slice(self, segment, contacts):
        """Change memberships and tags of a slice of the difference.

        :return: {'enter', 'leave': number of contacts}
        """
        change = {
            'leave': self._close_leaving(segment, contacts),
            'enter': self._open_entering(segment, contacts),
        }
        tagged = SQL("(SELECT * FROM %s AS slice WHERE kind <> 'leave')", contacts)
        self._grant_tags(segment, tagged)
        return change

    def _close_leaving(self, segment, contacts):
        """End the memberships of who leaves, and remove the tags that were ours.

        :return: number of contacts that left
        """
        return self._release(
            segment,
            SQL(
                """
            UPDATE crm_segment_membership member
               SET date_out = %(now)s, leave_pending = %(has_effects)s,
                   write_date = %(now)s, write_uid = %(uid)s
              FROM %(contacts)s contact
             WHERE contact.kind = 'leave' AND member.partner_id = contact.partner_id
               AND member.segment_id = %(segment)s AND member.date_out IS NULL
         RETURNING member.partner_id, member.tag_added
            """,
                now=fields.Datetime.now(),
                uid=self.env.uid,
                has_effects=segment._has_effects('leave'),
                segment=segment.id,
                contacts=contacts,
            ),
        )

    def _close_all(self, segment):
        """End all memberships of a segment as if everybody left; return how many there were."""
        self._flush_sets()
        contacts = SQL(
            """(SELECT partner_id, 'leave' AS kind FROM crm_segment_membership
                 WHERE segment_id = %s AND date_out IS NULL)""",
            segment.id,
        )
        return self._close_leaving(segment, contacts)

    def _open_entering(self, segment, contacts):
        """Start the memberships of who enters.

        The tag counts as ours when the contact had none, or had it from another segment only.

        :return: number of contacts that entered
        """
        [(count,)] = self.env.execute_query(
            SQL(
                'WITH entered AS (%s) SELECT count(*) FROM entered',
                self._get_entering_sql(segment, contacts),
            )
        )
        self._invalidate_sets()
        return count

    def _get_entering_sql(self, segment, contacts):
        return SQL(
            """
            INSERT INTO crm_segment_membership
                   (segment_id, partner_id, date_in, reason, tag_added, enter_pending,
                    create_date, create_uid, write_date, write_uid)
            SELECT %(segment)s, contact.partner_id, %(now)s,
                   CASE WHEN hand.partner_id IS NULL THEN 'criteria' ELSE 'included' END,
                   %(has_tag)s AND (tag.partner_id IS NULL OR %(tag_is_ours)s),
                   %(has_effects)s, %(now)s, %(uid)s, %(now)s, %(uid)s
              FROM %(contacts)s contact
         LEFT JOIN crm_segment_include_rel hand
                ON hand.segment_id = %(segment)s AND hand.partner_id = contact.partner_id
         LEFT JOIN %(tags)s tag
                ON tag.category_id = %(category)s AND tag.partner_id = contact.partner_id
             WHERE contact.kind = 'enter'
          ORDER BY contact.partner_id
       ON CONFLICT (segment_id, partner_id) WHERE date_out IS NULL DO NOTHING
         RETURNING 1
            """,
            segment=segment.id,
            now=fields.Datetime.now(),
            uid=self.env.uid,
            has_effects=segment._has_effects('enter'),
            has_tag=bool(segment.category_id),
            category=segment.category_id.id or None,
            contacts=contacts,
            tags=TAG_TABLE,
            tag_is_ours=self._get_tag_is_ours_condition(segment),
        )

    # === WORKING SETS === #

    def _create_working_set(self, table, *columns, on_commit='DROP'):
        """Create a table of partners, and further columns, for the rest of the transaction.

        :param on_commit: `PRESERVE ROWS` for a table with which the next transaction goes on
        """
        key = SQL('partner_id integer PRIMARY KEY')
        self.env.cr.execute(
            SQL(
                """
            DROP TABLE IF EXISTS %(table)s;
            CREATE TEMPORARY TABLE %(table)s (%(columns)s) ON COMMIT %(on_commit)s
                """,
                table=table,
                columns=SQL(', ').join([key, *columns]),
                on_commit=SQL(on_commit),
            )
        )

    def _flush_sets(self):
        self.flush_model()
        self.env['crm.segment'].flush_model(['category_id'])

    def _invalidate_sets(self):
        self.invalidate_model()
        self.env['crm.segment'].invalidate_model(['membership_ids', 'member_count'])
        self.env['res.partner'].invalidate_model(
            ['crm_segment_membership_ids', 'crm_segment_ids', 'crm_segment_count']
        )
