from __future__ import annotations

from odoo import fields, models
from odoo.exceptions import UserError

from ...core.stages import OPEN_KINDS


class ServiceCaseMixin(models.AbstractModel):
    """Merges are remembered and can be undone, the last one first."""

    _inherit = 'service.case.mixin'

    can_undo_merge = fields.Boolean(
        string='Has a Merge to Undo',
        compute='_compute_can_undo_merge',
        groups='base.group_user',
    )

    def _compute_can_undo_merge(self):
        # sudo: merges are kept from users; whoever sees the case may know that it is one
        merges_sudo = self.env['service.case.merging'].sudo()
        survivors = set(merges_sudo._search_open(self).mapped('survivor_ref'))
        for case in self:
            case.can_undo_merge = case._origin.id in survivors

    # === ACTIONS === #

    def action_undo_merge(self):
        """Undo the last merge into this case: the merged ones return with all that was theirs.

        What was edited here or attached to it since stays. An earlier merge can be undone
        afterwards; that of a merged one, on that one. Refused with a UserError if there is none,
        and where this one was merged itself.
        """
        self.ensure_one()
        self.check_access('write')
        merge_sudo = self.env['service.case.merging'].sudo()._search_open(self)[:1]
        if not merge_sudo or self.merged_into_id:
            raise UserError(
                self.env._('There is no merge to undo on %(case)s.', case=self.display_name)
            )
        merge_sudo._take_turn()
        cases = merge_sudo._undo().with_env(self.env)
        self._log_unmerge(cases)
        (self | cases)._resume_after_unmerge()
        return True

    # === BUSINESS METHODS === #

    def _resume_after_unmerge(self):
        """Take up what goes on with a case that is one again, if its team was archived or its
        person left in the meantime; override to add to it."""
        # sudo: whoever undoes a merge need not see the teams
        self.filtered(
            lambda case: (
                case.active and case.stage_kind in OPEN_KINDS and case.sudo()._is_left_behind()
            )
        )._take_up_again()

    def _is_left_behind(self) -> bool:
        is_team_gone = bool(self.team_id) and not self.team_id.active
        return is_team_gone or bool(self.user_id and not self._get_worker())

    def _log_unmerge(self, cases):
        self._message_log(
            body=self.env._(
                'Merge undone. These are back: %(cases)s',
                cases=cases.sudo().mapped('display_name'),
            )
        )
        body = self.env._('The merge into %(case)s was undone.', case=self.display_name)
        cases.sudo()._message_log_batch(bodies=dict.fromkeys(cases.ids, body))
