import time
from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

# Writing one of these makes the writer answer for the criteria.
AUTHORED_FIELDS = {'author_id', 'company_id', 'domain', 'mode', 'scope'}

SCOPES = {
    'contacts': Domain('is_company', '=', False),
    'companies': Domain('is_company', '=', True),
    'both': Domain.TRUE,
}


class CrmSegment(models.Model):
    """A named set of contacts, described by criteria and by hand.

    A segment compiles to one SQL set of partner ids. Applying it is the difference
    between that set and its open memberships; the tag on the contact is the visible effect.
    """

    _name = 'crm.segment'
    _description = 'Customer Segment'
    _inherit = [
        'crm.segment.family.mixin',
        'crm.segment.refresh.mixin',
        'crm.segment.effect.mixin',
    ]
    _order = 'sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(
        default=True,
        help='An archived segment is not refreshed any more; its members stay as they are.',
    )
    company_id = fields.Many2one(
        'res.company',
        help='Only contacts of this company and shared contacts can be members. '
        'Leave empty for a segment of all companies.',
    )
    category_id = fields.Many2one(
        'res.partner.category',
        string='Tag',
        ondelete='restrict',
        help='The tag that members receive and that they lose on leaving. '
        'A tag that somebody set by hand is never removed.',
    )

    # Who belongs
    mode = fields.Selection(
        [('dynamic', 'Dynamic'), ('additive', 'Additive'), ('manual', 'By hand')],
        default='dynamic',
        required=True,
        help='Dynamic: contacts enter and leave as they match the criteria.\n'
        'Additive: contacts enter when they match and stay until excluded by hand.\n'
        'By hand: only the contacts included by hand, criteria are not used.',
    )
    domain = fields.Char(
        string='Criteria',
        help='Which contacts belong to the segment. Without criteria only the contacts '
        'included by hand do.',
    )
    scope = fields.Selection(
        [('both', 'Companies and Contacts'), ('companies', 'Companies'), ('contacts', 'Contacts')],
        default='both',
        required=True,
        help='Kind of contacts that the criteria look at.',
    )
    include_partner_ids = fields.Many2many(
        'res.partner',
        'crm_segment_include_rel',
        'segment_id',
        'partner_id',
        string='Always Included',
        check_company=True,
        help='Members whatever the criteria say.',
    )
    exclude_partner_ids = fields.Many2many(
        'res.partner',
        'crm_segment_exclude_rel',
        'segment_id',
        'partner_id',
        string='Always Excluded',
        check_company=True,
        help='Never members, not even when they are included by hand.',
    )

    author_id = fields.Many2one(
        'res.users',
        string='Criteria by',
        required=True,
        readonly=True,
        ondelete='restrict',
        copy=False,
        default=lambda self: self.env.user,
        help='Who wrote the criteria. They see what this user may see, in the language and '
        'time zone of this user, whoever applies the segment.',
    )

    # Result
    membership_ids = fields.One2many('crm.segment.membership', 'segment_id', string='Memberships')
    member_count = fields.Integer(string='Members', compute='_compute_member_count')

    def _compute_member_count(self):
        counts = dict(
            self.env['crm.segment.membership']._read_group(
                Domain('segment_id', 'in', self.ids) & Domain('date_out', '=', False),
                ['segment_id'],
                ['__count'],
            )
        )
        for segment in self:
            segment.member_count = counts.get(segment._origin, 0)

    # === CONSTRAINTS === #

    @api.constrains('author_id', 'company_id', 'domain', 'mode', 'scope')
    def _check_domain(self):
        """Refuse criteria that do not compile for their author.

        Compiling checks fields, operators and the author's rights on every model of the path.
        """
        for segment in self:
            try:
                segment._get_target_query()
            except (ValueError, TypeError, SyntaxError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        'The criteria of the segment "%(segment)s" cannot be used: %(reason)s. '
                        'Correct them with the criteria editor.',
                        segment=segment.name,
                        reason=error,
                    )
                ) from error

    # === CRUD === #

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if 'name' in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._('%(segment)s (copy)', segment=segment.name))
            for segment, vals in zip(self, vals_list, strict=True)
        ]

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_author_values(vals) for vals in vals_list])

    def write(self, vals):
        """Move our tags with the segment's category: members lose the old, receive the new."""
        vals = self._prepare_author_values(vals)
        if 'category_id' not in vals:
            return super().write(vals)
        memberships = self.env['crm.segment.membership'].sudo()
        category_id = vals['category_id'] or False
        retagged = self.filtered(lambda segment: segment.category_id.id != category_id)
        memberships._withdraw_tags(retagged)
        result = super().write(vals)
        for segment in retagged.sudo():
            memberships._load_target(segment._get_members_sql())
            memberships._grant_tags(segment)
        return result

    def _prepare_author_values(self, vals):
        """Nobody borrows the rights of somebody else through the criteria."""
        if self.env.su or not vals.keys() & AUTHORED_FIELDS:
            return vals
        return {**vals, 'author_id': self.env.uid}

    @api.ondelete(at_uninstall=False)
    def _unlink_withdraw_tags(self):
        self.env['crm.segment.membership'].sudo()._withdraw_tags(self)

    # === ACTIONS === #

    def action_preview(self):
        """Open the dialogue that shows who would enter, leave and stay."""
        self.ensure_one()
        self.check_access('write')
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_preview_action'
        )
        action['context'] = {'default_segment_id': self.id}
        return action

    def action_apply(self):
        """Bring members and tags of the segments to what the criteria say now."""
        self.check_access('write')
        changes = self._apply().values()
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'message': self.env._(
                    '%(entered)s contacts entered, %(left)s left.',
                    entered=sum(change['enter'] for change in changes),
                    left=sum(change['leave'] for change in changes),
                ),
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }

    def action_view_members(self):
        """Open the contacts that are members now."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.res_partner_action_members'
        )
        is_open = Domain('segment_id', '=', self.id) & Domain('date_out', '=', False)
        action['display_name'] = self.name
        action['domain'] = [('crm_segment_membership_ids', 'any', list(is_open))]
        action['context'] = {'active_test': False}
        return action

    # === SET OF PARTNERS === #

    def _get_criteria_domain(self):
        """Return the domain of the criteria alone; extended by whoever adds kinds of criteria."""
        self.ensure_one()
        has_criteria = self.domain or self.parent_ids or self.not_parent_ids
        if self.mode == 'manual' or not has_criteria:
            return Domain.FALSE
        domain = Domain(literal_eval((self.domain or '[]').strip()))
        return domain & SCOPES[self.scope] & self._get_parents_domain()

    def _get_own_domain(self):
        """Return the domain of the contacts that match, whoever is barred."""
        self.ensure_one()
        domain = self._get_criteria_domain() | self._get_hand_domain('include_partner_ids')
        if self.company_id:
            domain &= Domain(self.env['res.partner']._check_company_domain(self.company_id))
        return domain

    def _get_target_domain(self):
        """Return the domain of the contacts that should be members."""
        return self._get_own_domain() & ~self._get_barred_domain()

    def _get_hand_domain(self, field_name):
        field = self._fields[field_name]
        return Domain(
            'id',
            'in',
            SQL(
                '(SELECT %s FROM %s WHERE %s = %s)',
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                self.id,
            ),
        )

    def _get_target_query(self):
        """Compile the segment to the query of its contacts.

        The result depends on the segment alone, not on who applies it: rights, language and
        time zone are those of the author of the criteria.
        """
        return self._search_as_author(self._get_target_domain())

    def _search_as_author(self, domain):
        """Return the query of the contacts of a domain that the author of the criteria sees."""
        self.ensure_one()
        author = self.sudo().author_id
        companies = self.company_id or (author.company_id | author.company_ids)
        partners = (
            self.env['res.partner']
            .with_user(author)
            .with_context(
                lang=author.lang,
                tz=author.tz,
                active_test=True,
                allowed_company_ids=companies.ids,
            )
        )
        return partners._search(domain)

    def _get_members_sql(self):
        return (
            self.env['crm.segment.membership']
            .sudo()
            ._search(
                Domain('segment_id', 'in', self.ids) & Domain('date_out', '=', False),
            )
            .subselect('partner_id')
        )

    # === PREVIEW AND APPLY === #

    def _preview(self):
        """Return {segment id: members after applying now}; nothing is written."""
        return {
            segment_id: change['enter'] + change['stay']
            for segment_id, change in self._get_changes().items()
        }

    def _get_changes(self):
        """Return {segment id: {'enter', 'leave', 'stay': number of contacts}}."""
        memberships = self.env['crm.segment.membership'].sudo()
        return {segment.id: memberships._count_changes(segment) for segment in self.sudo()}

    def _apply(self):
        """Apply each segment, and the rest of its exclusive group, as a difference of two sets.

        :return: {segment id: {'enter', 'leave': number of contacts}}
        """
        segments = self._sorted_to_apply()
        segments.lock_for_update(allow_referencing=True)
        return {segment.id: segment._apply_changes() for segment in segments.sudo()}

    def _apply_changes(self):
        self.ensure_one()
        start = time.monotonic()
        memberships = self.env['crm.segment.membership'].sudo()
        memberships._load_target(self._get_target_query().subselect())
        change = {
            'leave': memberships._close_leaving(self),
            'enter': memberships._open_entering(self),
        }
        memberships._grant_tags(self)
        self._record_run(time.monotonic() - start, change)
        if self._has_effects('enter') or self._has_effects('leave'):
            self._trigger_effects()
        return change
