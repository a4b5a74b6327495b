from odoo import api, fields, models
from odoo.fields import Domain


class CrmSegment(models.Model):
    """A named set of contacts, described by criteria and by hand.

    A segment compiles to one SQL set of partner ids. Applying it is the difference
    between that set and its open memberships; the tag on the contact is the visible effect.
    """

    _name = 'crm.segment'
    _description = 'Customer Segment'
    _inherit = ['crm.import.mixin', 'crm.program.mixin', 'crm.linked.mixin', 'crm.batch.mixin']
    _order = 'sequence, id'
    _check_company_auto = True
    _import_addon = 'crm_segmentation'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(
        default=True,
        help='An archived segment is not refreshed any more; its members and their tags stay as '
        'they are, and its mailing list is left to others.',
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

    color = fields.Integer()
    image_128 = fields.Image('Picture', max_width=128, max_height=128)
    origin = fields.Char(
        readonly=True,
        copy=False,
        help='Table and id of the segmentation or filter that the segment was imported from.',
    )

    # Who belongs
    mode = fields.Selection(
        [('dynamic', 'Dynamic'), ('additive', 'Additive'), ('manual', 'By hand')],
        default='dynamic',
        required=True,
        help='Dynamic: contacts enter and leave as they match the criteria.\n'
        'Additive: contacts enter when they match and stay until excluded by hand.\n'
        'By hand: only the contacts included by hand, criteria are not used. Who was a member '
        'before stays until excluded by hand.',
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
    rule_ids = fields.One2many('crm.segment.rule', 'segment_id', string='Rules', copy=True)
    match = fields.Selection(
        [
            ('all', 'All rules'),
            ('any', 'At least one rule'),
            ('some', 'At least so many'),
            ('none', 'No rule'),
        ],
        default='all',
        required=True,
        help='How many of the rules and groups a contact must satisfy. The criteria must hold in '
        'any case.',
    )
    match_count = fields.Integer(
        string='How Many',
        default=2,
        help='How many of the rules and groups must hold at least.',
    )
    roll_up = fields.Boolean(
        string='Measure Whole Companies',
        help='Rules measure the commercial entity: what any contact of a company did counts for '
        'the company and for all its contacts. Scope and criteria decide who of them belongs.',
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

    # Result
    membership_ids = fields.One2many('crm.segment.membership', 'segment_id', string='Memberships')
    member_count = fields.Integer(string='Members', compute='_compute_member_count')

    _match_count_possible = models.Constraint(
        "CHECK (match <> 'some' OR match_count >= 1)",
        'At least one of the rules must hold.',
    )
    _origin_unique = models.UniqueIndex(
        '(origin) WHERE origin IS NOT NULL', 'What was imported once is not imported again.'
    )

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

    # === CRUD === #

    @api.model
    def _get_program_fields(self):
        """Whoever writes the author becomes the author."""
        return super()._get_program_fields() - {'author_id'}

    @api.model
    def _get_initial_fields(self):
        return super()._get_initial_fields() | {'origin'}

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if 'name' in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._('%(segment)s (copy)', segment=segment.name))
            for segment, vals in zip(self, vals_list, strict=True)
        ]
