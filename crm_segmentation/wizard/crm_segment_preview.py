from odoo import api, fields, models
from odoo.fields import Domain

NO_CHANGE = {'enter': 0, 'leave': 0, 'stay': 0}


class CrmSegmentPreview(models.TransientModel):
    """Shows what applying a segment would change, and applies it on request."""

    _name = 'crm.segment.preview'
    _description = 'Segment Preview'
    _inherit = ['crm.linked.mixin']

    segment_id = fields.Many2one('crm.segment', required=True, readonly=True, ondelete='cascade')
    enter_count = fields.Integer(string='Enter', compute='_compute_counts')
    leave_count = fields.Integer(string='Leave', compute='_compute_counts')
    stay_count = fields.Integer(string='Stay', compute='_compute_counts')
    total_count = fields.Integer(string='Members Afterwards', compute='_compute_counts')

    can_apply = fields.Boolean(compute='_compute_can_apply', help='The user may apply the segment.')

    @api.depends('segment_id')
    @api.depends_context('uid')
    def _compute_can_apply(self):
        self.can_apply = self.env['crm.segment'].has_access('write')

    @api.depends('segment_id')
    def _compute_counts(self):
        changes = self.segment_id._get_changes()
        for preview in self:
            change = changes.get(preview.segment_id.id, NO_CHANGE)
            preview.enter_count = change['enter']
            preview.leave_count = change['leave']
            preview.stay_count = change['stay']
            preview.total_count = change['enter'] + change['stay']

    def action_view_entering(self):
        """Open the contacts that would enter, the first thousand of them."""
        return self._get_changing_action(self.env._('Enter'), 'enter')

    def action_view_leaving(self):
        """Open the contacts that would leave, the first thousand of them."""
        return self._get_changing_action(self.env._('Leave'), 'leave')

    def _get_changing_action(self, name, direction):
        self.ensure_one()
        self.check_access('write')
        partners = self.segment_id._find_changing(direction)
        title = f'{self.segment_id.name} · {name}'
        return self.segment_id._get_members_action(title, Domain('id', 'in', partners.ids))

    def action_apply(self):
        """Apply the segment that was previewed."""
        return self.segment_id.action_apply()
