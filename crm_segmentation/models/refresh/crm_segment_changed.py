from odoo import fields, models

# What decides who belongs, beside what its author answers for.
DECIDING_FIELDS = {
    'author_id',
    'exclude_partner_ids',
    'group_id',
    'include_partner_ids',
    'not_parent_ids',
    'parent_ids',
}


class CrmSegment(models.Model):
    """Says that a segment is not what was applied any more, until it is applied again."""

    _inherit = 'crm.segment'

    is_changed = fields.Boolean(
        string='Changed, Not Applied',
        readonly=True,
        copy=False,
        help='Who belongs was decided otherwise since the segment was applied: its members are '
        'those of before.',
    )

    def write(self, vals):
        groups = self.group_id
        result = super().write(vals)
        deciding = DECIDING_FIELDS | self._get_authored_fields()
        if vals.keys() & deciding:
            (self | groups.segment_ids)._note_change()
        elif vals.keys() & {'active', 'sequence'}:
            self._note_group_change()
        return result

    def _answer_for(self, env):
        self.sudo().exists()._note_change()
        return super()._answer_for(env)

    def _note_change(self):
        changed = (self | self.group_id.segment_ids).filtered('last_run')
        # sudo: who changes a metric need not write the segments that use it
        changed.filtered(lambda segment: not segment.is_changed).sudo().is_changed = True

    def _note_group_change(self):
        """Another order, or another member, decides in an exclusive group alone."""
        self.filtered('group_id')._note_change()

    def _record_run(self, duration, mark):
        if self.is_changed:
            self.sudo().is_changed = False
        return super()._record_run(duration, mark)
