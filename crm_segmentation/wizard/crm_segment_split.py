from random import SystemRandom

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_extended.tools.numbers import format_number

MOST_PARTS = 20


class CrmSegmentSplit(models.TransientModel):
    """Makes segments of some members of another: equal parts, a sample, or the best."""

    _name = 'crm.segment.split'
    _description = 'Split of a Segment'
    _inherit = ['crm.linked.mixin']

    segment_id = fields.Many2one('crm.segment', required=True, readonly=True, ondelete='cascade')
    cut = fields.Selection(
        [
            ('part', 'Equal parts'),
            ('number', 'A number of contacts by chance'),
            ('percent', 'A percentage by chance'),
            ('top', 'The best by a metric'),
        ],
        string='Make',
        required=True,
        default='part',
        help='Equal parts share no contact, and together they have all members.',
    )
    part_count = fields.Integer(string='Number of Parts', default=2)
    number = fields.Integer(string='At Most', default=100)
    percent = fields.Float(string='Percentage', default=10)
    metric_id = fields.Many2one(
        'crm.segment.metric', string='By', domain=[('is_available', '=', True)], ondelete='cascade'
    )
    members = fields.Selection(
        [
            ('follow', 'Follow the segment'),
            ('keep', 'Keep the members of today'),
        ],
        required=True,
        default='follow',
        help='What follows the segment is made as drafts; by chance, its parts have nearly the '
        'same size, and nobody ever moves from one to another. Members of today are kept by hand, '
        'in parts of the same size.',
    )

    @api.constrains('cut', 'part_count')
    def _check_part_count(self):
        for dialog in self:
            if dialog.cut == 'part' and not 2 <= dialog.part_count <= MOST_PARTS:
                raise ValidationError(
                    self.env._('Choose between 2 and %(count)s parts.', count=MOST_PARTS)
                )

    def action_confirm(self):
        """Make the segments, and open them."""
        self.ensure_one()
        segments = self.segment_id._split(self._prepare_cuts(), self.members == 'keep')
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_action'
        )
        return {**action, 'domain': [('id', 'in', segments.ids)]}

    def _prepare_cuts(self):
        """Return the values of each segment; parts share their seed."""
        shared = {
            'cut': self.cut,
            'cut_number': self.number,
            'cut_percent': self.percent,
            'cut_metric_id': self.metric_id.id,
            'cut_parts': self.part_count,
            'cut_seed': SystemRandom().randrange(1_000_000),
        }
        if self.cut != 'part':
            return [{**shared, 'name': self._get_sample_name()}]
        return [
            {**shared, 'cut_part': part, 'name': f'{self.segment_id.name} {part}/{self.part_count}'}
            for part in range(1, self.part_count + 1)
        ]

    def _get_sample_name(self):
        amount = format_number(self.env, self.number)
        if self.cut == 'percent':
            amount = f'{format_number(self.env, self.percent)} %'
        return self.env._('%(segment)s, %(amount)s', segment=self.segment_id.name, amount=amount)
