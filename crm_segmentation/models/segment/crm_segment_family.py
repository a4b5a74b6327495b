from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...core.order import CircleError, get_dependencies, get_order, get_place, sort_some


class CrmSegment(models.Model):
    """Segments made of other segments, and segments that exclude each other.

    Both make a segment depend on others, so both share one graph: it refuses circles and says
    in which order segments are applied.
    """

    _inherit = 'crm.segment'

    parent_ids = fields.Many2many(
        'crm.segment',
        'crm_segment_parent_rel',
        'segment_id',
        'parent_id',
        string='Only Members of',
        check_company=True,
        help='Only contacts that belong to at least one of these segments match. '
        'They are applied before this segment.',
    )
    not_parent_ids = fields.Many2many(
        'crm.segment',
        'crm_segment_not_parent_rel',
        'segment_id',
        'parent_id',
        string='No Members of',
        check_company=True,
        help='Contacts that belong to one of these segments do not match.',
    )
    group_id = fields.Many2one(
        'crm.segment.group',
        string='Exclusive Group',
        index='btree_not_null',
        ondelete='restrict',
        check_company=True,
        help='A contact belongs to one segment of the group at most: to the first that matches, '
        'in the order of the list.',
    )
    sequence = fields.Integer(
        default=10, help='Position in the list, which is also the order within its group.'
    )

    # === CONSTRAINTS === #

    @api.constrains(
        'active',
        'category_id',
        'domain',
        'group_id',
        'mode',
        'not_parent_ids',
        'parent_ids',
        'sequence',
    )
    def _check_circles(self):
        try:
            get_order(self._get_dependencies())
        except CircleError as error:
            circle = self.browse(error.circle).sudo()
            raise ValidationError(
                self.env._(
                    'Segments would depend on each other in a circle: %(circle)s. '
                    'Take one of them, or the tag that it gives, out of the criteria or the group '
                    'of another.',
                    circle=' → '.join(segment.name for segment in circle),
                )
            ) from error

    @api.constrains('active', 'not_parent_ids', 'parent_ids')
    def _check_used_segments_are_active(self):
        for segment in self.with_context(active_test=False).filtered('active'):
            archived = (segment.parent_ids | segment.not_parent_ids).filtered(
                lambda used: not used.active
            )
            if archived:
                raise ValidationError(
                    self.env._(
                        'The segment "%(segment)s" uses %(used)s, which would be archived. '
                        'Take it out of the criteria first.',
                        segment=segment.name,
                        used=archived.mapped('name'),
                    )
                )

    @api.constrains('active')
    def _check_archived_is_not_used(self):
        self.filtered(
            lambda segment: not segment.active
        )._get_users()._check_used_segments_are_active()

    @api.constrains('company_id')
    def _check_users_company(self):
        self._get_users()._check_company(['parent_ids', 'not_parent_ids'])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        users = self._get_users() - self
        if users:
            used = self & (users.parent_ids | users.not_parent_ids)
            raise UserError(
                self.env._(
                    'The criteria of %(users)s use the segment %(used)s. '
                    'Take it out of them before you delete it.',
                    users=users.mapped('name'),
                    used=used.mapped('name'),
                )
            )

    def _get_users(self):
        """Return the active segments whose criteria use one of these."""
        used = Domain('parent_ids', 'in', self.ids) | Domain('not_parent_ids', 'in', self.ids)
        return self.sudo().search(used) if self.ids else self.sudo()

    # === ORDER === #

    def _get_dependencies(self):
        """Return {segment id: ids that are applied before it} of all segments."""
        segments = (
            self.env['crm.segment'].sudo().with_context(active_test=False).search(Domain.TRUE)
        )
        grouped = segments.filtered(lambda segment: segment.active and segment.group_id)
        return get_dependencies(
            segments._get_uses(),
            [members.ids for members in grouped.grouped('group_id').values()],
        )

    def _get_uses(self):
        """Return {segment id: ids of the segments that it looks at}, of all segments at once."""
        givers = self.filtered('category_id').grouped('category_id')
        return {segment.id: segment._get_used_segments(givers).ids for segment in self}

    def _get_used_segments(self, givers):
        """Return the segments that the criteria use: by name, by their tags, or by members.

        :param givers: {tag: segments that give it}
        """
        self.ensure_one()
        named = self.parent_ids | self.not_parent_ids
        by_tag = self.browse().union(
            *[givers[tag] for tag in self._get_asked_tags() if tag in givers]
        )
        return named | ((self._get_asked_segments() | by_tag) - self)

    def _sorted_to_apply(self):
        """Return these segments and the rest of their exclusive groups, in order."""
        together = self | self.sudo().group_id.segment_ids.with_env(self.env)
        return self.browse(sort_some(together.ids, self._get_dependencies()))

    # === SETS === #

    def _get_parents_domain(self):
        """Return the domain of the contacts that the other segments let in."""
        self.ensure_one()
        domain = Domain.TRUE
        if self.parent_ids:
            domain &= self.parent_ids._get_members_domain()
        if self.not_parent_ids:
            domain &= ~self.not_parent_ids._get_members_domain()
        return domain

    def _get_members_domain(self):
        return Domain('id', 'in', self._get_members_sql())

    def _get_members_sql(self, which=Domain.TRUE):
        """Return the sub-query of the ids of members, or of those whose memberships match."""
        is_open = Domain('segment_id', 'in', self.ids) & Domain('date_out', '=', False)
        memberships = self.env['crm.segment.membership'].sudo()
        return memberships._search(is_open & which).subselect('partner_id')

    def _get_kept_domain(self):
        """Return the domain of the members who stay, whatever the criteria say now.

        An additive segment keeps whom it has, one by hand whom its criteria took before.
        """
        if self.mode == 'additive':
            return self._get_members_domain()
        if self.mode == 'manual':
            return Domain('id', 'in', self._get_members_sql(Domain('reason', '=', 'criteria')))
        return Domain.FALSE

    def _get_barred_domain(self):
        """Return the domain of who is never a member: excluded by hand, or taken by the group."""
        self.ensure_one()
        return self._get_never_domain() | self._get_taken_domain()

    def _get_never_domain(self):
        """Return the domain of who is barred whatever the group takes; extended by more reasons."""
        return self._get_hand_domain('exclude_partner_ids')

    def _get_own_barred_domain(self):
        """Return the domain of whom the segment itself and its group bar, nobody else."""
        return self._get_hand_domain('exclude_partner_ids') | self._get_taken_domain()

    def _get_taken_domain(self):
        return Domain.OR(segment._get_standing_domain() for segment in self._get_earlier_segments())

    def _get_applied_barred_domain(self):
        """Return the same where the group is applied in its order: earlier members tell it."""
        self.ensure_one()
        barred = self._get_never_domain()
        earlier = self._get_earlier_segments()
        return barred | earlier._get_members_domain() if earlier else barred

    def _get_earlier_segments(self):
        """Return the segments of the exclusive group that come before this one."""
        siblings = self.sudo().group_id.segment_ids.filtered('active') - self._origin
        place = get_place(self.sequence, self._origin.id)
        return siblings.filtered(lambda other: get_place(other.sequence, other.id) < place)

    def _get_standing_domain(self):
        """Return the domain of who matches the segment, whatever its group says.

        What a segment keeps counts as well.
        """
        never = self._get_never_domain()
        own = Domain('id', 'in', self._search_as_author(self._get_own_domain() & ~never))
        return own | (self._get_kept_domain() & ~never)

    def _get_barred_sql(self):
        """Return the sub-query of the ids of who is never a member."""
        partners = self.env['res.partner'].sudo().with_context(active_test=False)
        return partners._search(self._get_barred_domain()).subselect()
