from lxml import etree

from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner import READERS


class CrmAudienceMixin(models.AbstractModel):
    """Promises, prices and campaigns hold for the customers of segments."""

    _inherit = 'crm.audience.mixin'

    crm_segment_ids = fields.Many2many(
        'crm.segment',
        string='Segments',
        ondelete='restrict',
        context={'active_test': False},
        groups=READERS,
        help='Holds for customers who belong to one of these segments themselves or through their '
        'company. Empty: for everybody.',
    )
    crm_segment_warning = fields.Char(
        string='Segments without Customers',
        compute='_compute_crm_segment_warning',
        groups=READERS,
        help='Segments that are drafts or archived: it holds for nobody through them.',
    )

    @api.depends('crm_segment_ids.active', 'crm_segment_ids.state')
    def _compute_crm_segment_warning(self):
        for record in self:
            # sudo: also of segments that the user may not read
            segments = record.sudo().with_context(active_test=False).crm_segment_ids
            idle = segments.filtered(lambda one: not one.active or one.state != 'active')
            record.crm_segment_warning = bool(idle) and self.env._(
                'Holds for nobody through %(segments)s: drafts and archived segments have no '
                'customers. Activate them, or choose others.',
                segments=idle.mapped('name'),
            )

    @api.model
    def _get_crm_audience_fields(self):
        return (*super()._get_crm_audience_fields(), 'crm_segment_ids')

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        """Show the segments on forms, where each model wants them."""
        arch, view = super()._get_view(view_id, view_type, **options)
        anchor = self._get_crm_audience_anchor()
        if view_type == 'form' and anchor:
            for field in arch.xpath('//field[@name=$name]', name=anchor)[:1]:
                field.addnext(
                    etree.Element(
                        'field',
                        name='crm_segment_warning',
                        nolabel='1',
                        colspan='2',
                        invisible='not crm_segment_warning',
                        **{'class': 'text-warning'},
                    )
                )
                field.addnext(
                    etree.Element(
                        'field',
                        name='crm_segment_ids',
                        # here, as the domain of the field would hide what was chosen
                        domain="[('state', '=', 'active')]",
                        widget='many2many_tags',
                        placeholder=self.env._('Every customer'),
                        options="{'no_create': True}",
                    )
                )
        return arch, view

    def _get_crm_audience_domain(self, paths):
        domain = super()._get_crm_audience_domain(paths)
        segments = self.sudo().with_context(active_test=False).crm_segment_ids
        if not segments:
            return domain
        # the members of an archived segment stay as they were, and nobody looks after them
        segments = segments.filtered('active')
        held = Domain('segment_id', 'in', segments.ids) & Domain('date_out', '=', False)
        member = Domain('crm_segment_membership_ids', 'any', held)
        return domain & Domain.OR(Domain(path, 'any', member) if path else member for path in paths)
