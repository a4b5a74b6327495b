from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class CrmSegment(models.Model):
    """Says what applying a segment would change, without writing anything."""

    _inherit = 'crm.segment'

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
        """Return {segment id: members after applying now}; nothing is written.

        :raise AccessError: if the user would count others than the author of the criteria
        """
        self._check_nothing_is_hidden()
        memberships = self.env['crm.segment.membership'].sudo()
        segments = self.sudo()
        grouped = segments.filtered(lambda segment: segment.active and segment.group_id)
        counts = {segment.id: memberships._count_target(segment) for segment in segments - grouped}
        for group in grouped.group_id:
            counts |= memberships._count_group(group.segment_ids.filtered('active').sorted())
        return {segment.id: counts[segment.id] for segment in self}

    def _get_changes(self):
        """Return {segment id: {'enter', 'leave', 'stay': number of contacts}}.

        :raise AccessError: if the user would count others than the author of the criteria
        """
        self._check_nothing_is_hidden()
        memberships = self.env['crm.segment.membership'].sudo()
        return {segment.id: memberships._count_changes(segment) for segment in self.sudo()}

    def _check_nothing_is_hidden(self):
        """Tell nobody a number that their own rights would not give."""
        self.check_access('read')
        self._check_measured_models()
        for segment in self:
            if not segment._is_read_by_author() and segment._takes_others_for_reader():
                raise AccessError(
                    self.env._(
                        '"%(author)s" wrote the criteria of the segment "%(segment)s" and may see '
                        'contacts or documents that you may not see, so the numbers are not shown '
                        'to you. Criteria that you write yourself count what you may see.',
                        author=segment.sudo().author_id.name,
                        segment=segment.name,
                    )
                )

    def _takes_others_for_reader(self):
        """Say whether the criteria take other contacts with the rights of the user."""
        [[differs]] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT FROM %s AS theirs (id) FULL JOIN %s AS own (id) USING (id)
                                   WHERE theirs.id IS NULL OR own.id IS NULL)""",
                self.sudo()._get_target_query().subselect(),
                self._as_reader()._get_target_query().subselect(),
            )
        )
        return differs
