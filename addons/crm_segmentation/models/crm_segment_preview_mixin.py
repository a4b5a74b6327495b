from odoo import models


class CrmSegmentPreviewMixin(models.AbstractModel):
    """Says what applying a segment would change, without writing anything."""

    _name = 'crm.segment.preview.mixin'
    _description = 'Segment That Is Previewed'

    def action_preview(self):
        """Open the dialogue that shows who would enter, leave and stay."""
        self.ensure_one()
        self.check_access('write')
        self._check_measured_models()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_preview_action'
        )
        action['context'] = {'default_segment_id': self.id}
        return action

    def _preview(self):
        """Return {segment id: members after applying now}; nothing is written."""
        self._check_measured_models()
        memberships = self.env['crm.segment.membership'].sudo()
        segments = self.sudo()
        grouped = segments.filtered(lambda segment: segment.active and segment.group_id)
        counts = {segment.id: memberships._count_target(segment) for segment in segments - grouped}
        for group in grouped.group_id:
            counts |= memberships._count_group(group.segment_ids.filtered('active').sorted())
        return {segment.id: counts[segment.id] for segment in self}

    def _get_changes(self):
        """Return {segment id: {'enter', 'leave', 'stay': number of contacts}}."""
        self._check_measured_models()
        memberships = self.env['crm.segment.membership'].sudo()
        return {segment.id: memberships._count_changes(segment) for segment in self.sudo()}
