from odoo import api, fields, models
from odoo.fields import Domain

# What decides who belongs, beside what its author answers for.
DECIDING_FIELDS = {
    'author_id',
    'exclude_partner_ids',
    'group_id',
    'include_partner_ids',
    'not_parent_ids',
    'parent_ids',
}
# What switches a suppression list on and off.
SUPPRESSING_FIELDS = {'active', 'company_id', 'is_suppression'}


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
        is_suppressing = bool(vals.keys() & SUPPRESSING_FIELDS)
        if is_suppressing:
            self._note_suppression_change()
        result = super().write(vals)
        if is_suppressing:
            self._note_suppression_change()
        deciding = DECIDING_FIELDS | self._get_authored_fields()
        if vals.keys() & deciding:
            (self | groups.segment_ids)._note_change()
        elif vals.keys() & {'active', 'sequence'}:
            self._note_group_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_note_suppression_change(self):
        self._note_suppression_change()

    def _note_suppression_change(self):
        """A list that is switched on or off decides about all others for which it counts."""
        lists = self.sudo().filtered(
            lambda segment: segment.is_suppression and segment.active and segment.last_run
        )
        if not lists:
            return
        kept_out = Domain('is_suppression', '=', False)
        if all(one.company_id for one in lists):
            kept_out &= Domain('company_id', 'in', lists.company_id.ids)
        lists.search(kept_out)._note_change()

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
        is_first = not self.last_run
        if self.is_changed:
            self.sudo().is_changed = False
        result = super()._record_run(duration, mark)
        if is_first:
            self._note_suppression_change()
        return result
