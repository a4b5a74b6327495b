from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmSegmentTemplate(models.Model):
    """A ready-made segment, or a group of segments, that a user makes their own."""

    _name = 'crm.segment.template'
    _description = 'Segment Template'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True, help='What the segments are good for.')
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    icon = fields.Char(default='fa-pie-chart', help='Name of the picture, from Font Awesome.')
    color = fields.Integer(help='Colour of the segments, from 0 to 11.')
    is_exclusive = fields.Boolean(
        string='Exclusive Group', help='A contact belongs to one of the segments at most.'
    )
    line_ids = fields.One2many('crm.segment.template.line', 'template_id', string='Segments')
    is_available = fields.Boolean(
        compute='_compute_is_available',
        search='_search_is_available',
        help='Everything that the segments measure is installed, and you may read it.',
    )

    @api.depends('line_ids.rules')
    @api.depends_context('uid')
    def _compute_is_available(self):
        for template in self:
            template.is_available = all(
                metric and metric.is_available and self.env[metric.model].has_access('read')
                for metric in template.line_ids._get_metrics()
            )

    def _search_is_available(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain('id', 'in', self.search(Domain.TRUE).filtered('is_available').ids)

    def action_create_segments(self):
        """Create the segments for the current company; they wait to be previewed and applied."""
        self.ensure_one()
        if not self.is_available:
            raise UserError(
                self.env._(
                    'The template "%(template)s" measures what is not installed, or what you may '
                    'not read.',
                    template=self.name,
                )
            )
        segments = self._create_segments()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_action'
        )
        if len(segments) == 1:
            return {
                **action,
                'res_id': segments.id,
                'view_mode': 'form',
                'views': [(False, 'form')],
            }
        return {**action, 'domain': [('id', 'in', segments.ids)], 'display_name': self.name}

    def _create_segments(self):
        shared = {
            'company_id': self.env.company.id,
            'color': self.color,
            'group_id': self.is_exclusive and self._create_group().id,
        }
        tags = self.line_ids._find_or_create_tags()
        return self.env['crm.segment'].create(
            [
                {**line._prepare_segment(), **shared, 'category_id': tags[line.name].id}
                for line in self.line_ids
            ]
        )

    def _create_group(self):
        return self.env['crm.segment.group'].create(
            {'name': self.name, 'company_id': self.env.company.id}
        )
