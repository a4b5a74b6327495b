from odoo import models
from odoo.exceptions import UserError


class CrmSegment(models.Model):
    """Takes segments back to drafts: nobody belongs, and nothing happens until they are applied.

    An exclusive group is applied as a whole, so it becomes a draft as a whole.
    """

    _inherit = 'crm.segment'

    def action_draft(self):
        """End the memberships of the segments; they wait until somebody applies them again.

        :raise UserError: if an active segment uses one of them, or something holds for who is in it
        """
        self.check_access('write')
        segments = self | self.sudo().group_id.segment_ids.with_env(self.env)
        segments._check_no_active_users()
        segments._check_no_audience()
        segments._lock_to_apply()
        for segment in segments.sudo():
            segment._take_back()
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}

    def _check_no_active_users(self):
        users = (self._get_users() - self).filtered('last_run')
        if users:
            raise UserError(
                self.env._(
                    'The criteria of %(users)s use the segment %(used)s, which would have no '
                    'members as a draft. Make them drafts first.',
                    users=users.mapped('name'),
                    used=(self & (users.parent_ids | users.not_parent_ids)).mapped('name'),
                )
            )

    def _take_back(self):
        self.ensure_one()
        self._note_suppression_change()
        if self.last_error:
            self._unpark()
        count = self.env['crm.segment.membership']._close_all(self)
        if self.last_run:
            self._record_change({'enter': 0, 'leave': count})
        self.write(
            {
                'is_changed': False,
                'last_run': False,
                'next_refresh': False,
                'refresh_mark': False,
                'remaining_count': 0,
            }
        )
