from odoo import fields, models


class CrmSegmentGroup(models.Model):
    """Segments of which a contact belongs to one at most, such as A, B and C customers."""

    _name = 'crm.segment.group'
    _description = 'Exclusive Segment Group'
    _order = 'name, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        'res.company', help='Leave empty for a group of segments of all companies.'
    )
    segment_ids = fields.One2many(
        'crm.segment',
        'group_id',
        string='Segments',
        check_company=True,
        help='The first segment that matches a contact gets it. Drag them into order.',
    )

    def action_apply(self):
        """Apply the segments of the groups in their order."""
        return self.segment_ids.action_apply()

    def action_view_segments(self):
        """Open the segments of the group."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_action'
        )
        action['domain'] = [('group_id', '=', self.id)]
        action['context'] = {'default_group_id': self.id}
        return action
