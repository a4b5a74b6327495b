from odoo import api, models
from odoo.tools import SQL, split_every

from .crm_segment_membership import TAG_TABLE

# Working set of the partners whose tag changed.
CHANGED = SQL.identifier('crm_segment_changed')
# Contacts that are recomputed and tracked at once, where an addon asks for it.
FOLLOWED_AT_ONCE = 1_000


class CrmSegmentMembership(models.Model):
    """The tags that memberships put on contacts: given, shared and taken away as sets."""

    _inherit = 'crm.segment.membership'

    def _get_tag_is_ours_condition(self, segment):
        """Return the SQL condition that another segment put the same tag on a `contact`."""
        return SQL(
            """EXISTS (SELECT FROM crm_segment_membership other
                        WHERE other.partner_id = contact.partner_id AND other.date_out IS NULL
                          AND other.tag_added AND other.segment_id = ANY(%s))""",
            self._get_holders(segment.category_id).ids,
        )

    def _grant_tags(self, segment, members):
        """Tag the members that lack the segment's tag.

        :param members: sub-query of their `partner_id`
        """
        if not segment.category_id:
            return
        self._flush_sets()
        self._create_working_set(CHANGED)
        self.env.execute_query(
            SQL(
                """
            WITH tagged AS (
                INSERT INTO %(tags)s (category_id, partner_id)
                SELECT %(category)s, member.partner_id
                  FROM %(members)s member
              ORDER BY member.partner_id
           ON CONFLICT DO NOTHING
             RETURNING partner_id
            )
            INSERT INTO %(changed)s SELECT partner_id FROM tagged
            """,
                tags=TAG_TABLE,
                category=segment.category_id.id,
                members=members,
                changed=CHANGED,
            )
        )
        self._own_changed_tags(segment)
        self._notify_tag_change(segment.category_id, is_granted=True)

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

    def _share_tags(self, segment):
        """Note the tag as ours on the members who had it from another segment already."""
        self.env.execute_query(
            SQL(
                """
            UPDATE crm_segment_membership contact
               SET tag_added = TRUE
             WHERE contact.segment_id = %s AND contact.date_out IS NULL
               AND NOT contact.tag_added AND %s
         RETURNING contact.id
                """,
                segment.id,
                self._get_tag_is_ours_condition(segment),
            )
        )
        self._invalidate_sets()

    def _disown_tags(self, lost):
        """Note that somebody took tags from members: what a hand puts back is not ours.

        :param lost: {tag: contacts that had it}
        """
        for tag, partners in lost.items():
            rows = self._search_open(partners).filtered('tag_added')
            rows.filtered(lambda row, tag=tag: row.segment_id.category_id == tag).tag_added = False

    def _find_hand_tags(self, partners):
        """Return the tags that somebody, and no segment, put on one of the contacts."""
        rows = self._search_open(partners).filtered('tag_added')
        given = {(row.partner_id, row.segment_id.category_id) for row in rows}
        by_hand = (
            tag
            for partner in partners
            for tag in partner.category_id
            if (partner, tag) not in given
        )
        return partners.category_id.browse().union(*by_hand)

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
            WITH untagged AS (
                DELETE FROM %(tags)s tag
                 USING %(changed)s changed
                 WHERE tag.category_id = %(category)s AND tag.partner_id = changed.partner_id
             RETURNING tag.partner_id
            )
            DELETE FROM %(changed)s changed
             WHERE NOT EXISTS (SELECT FROM untagged WHERE partner_id = changed.partner_id)
            """,
                tags=TAG_TABLE,
                changed=CHANGED,
                category=segments.category_id.id,
            )
        )
        self._notify_tag_change(segments.category_id, is_granted=False)

    def _get_holders(self, category):
        """Return all segments that put this tag on their members, archived ones too."""
        return (
            self.env['crm.segment']
            .sudo()
            .with_context(active_test=False)
            .search([('category_id', '=', category.id)])
        )

    # === CACHES AND STORED FIELDS === #

    def _notify_tag_change(self, category, is_granted):
        """Let caches, stored fields and tracking follow what was written as a set.

        Odoo itself neither stores what depends on a contact's tags nor tracks them: whose tag
        changed is read only where an addon does.
        """
        partners = self.env['res.partner']
        partners.invalidate_model(['category_id'])
        category.invalidate_model(['partner_ids'])
        category.modified(['partner_ids'])
        dependents = list(self.pool.get_dependent_fields(partners._fields['category_id']))
        for field in dependents:
            if not field.store:
                self.env[field.model_name].invalidate_model([field.name])
        if any(field.store for field in dependents) or self._are_tags_tracked():
            rows = self.env.execute_query(SQL('SELECT partner_id FROM %s', CHANGED))
            partner_ids = [partner_id for (partner_id,) in rows]
            for batch in split_every(FOLLOWED_AT_ONCE, partner_ids, partners.browse):
                self._follow_tag_change(batch, category, is_granted)

    def _are_tags_tracked(self):
        is_tracked = 'category_id' in self.env['res.partner']._track_get_fields()
        return is_tracked and not self.env.context.get('tracking_disable')

    def _follow_tag_change(self, partners, category, is_granted):
        """Recompute and log what follows the tags of some contacts, and forget them again."""
        partners.modified(['category_id'])
        if self._are_tags_tracked():
            self._track_tag_change(partners, category, is_granted)
        self.env.flush_all()
        partners.invalidate_recordset()

    def _track_tag_change(self, partners, category, is_granted):
        before = {
            partner.id: {
                'category_id': partner.category_id - category
                if is_granted
                else partner.category_id | category
            }
            for partner in partners
        }
        tracked = partners._message_track(['category_id'], before)
        for partner in partners:
            changes, _values = tracked.get(partner.id, (None, None))
            partner._message_track_post_template(changes)


class CrmSegment(models.Model):
    """The tag that a segment gives its members, when the segment gets another or goes.

    Imported last: the members have the former tag while the segment itself changes.
    """

    _inherit = 'crm.segment'

    def write(self, vals):
        """Move our tags with the segment's category: members lose the old, receive the new."""
        if 'category_id' not in vals:
            return super().write(vals)
        memberships = self.env['crm.segment.membership'].sudo()
        category_id = vals['category_id'] or False
        retagged = self.filtered(lambda segment: segment.category_id.id != category_id)
        memberships._withdraw_tags(retagged)
        result = super().write(vals)
        for segment in retagged.sudo():
            memberships._grant_tags(segment, segment._get_members_sql())
            memberships._share_tags(segment)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_withdraw_tags(self):
        self.env['crm.segment.membership'].sudo()._withdraw_tags(self)


class ResPartner(models.Model):
    """Hears when somebody takes a tag from contacts that a segment had given."""

    _inherit = 'res.partner'

    def write(self, vals):
        if 'category_id' not in vals:
            return super().write(vals)
        before = {partner: partner.category_id for partner in self}
        result = super().write(vals)
        lost = {}
        for partner, tags in before.items():
            for tag in tags - partner.category_id:
                lost[tag] = lost.get(tag, self.browse()) | partner
        # sudo: memberships are written by the program alone
        self.env['crm.segment.membership'].sudo()._disown_tags(lost)
        return result
