from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.stages import CLOSED_KINDS, OPEN_KINDS


class ServiceCaseMixin(models.AbstractModel):
    """Cases that a team hands to the next tier."""

    _inherit = 'service.case.mixin'

    can_escalate = fields.Boolean(compute='_compute_can_escalate')

    @api.depends('stage_kind', 'team_id.escalation_team_id')
    def _compute_can_escalate(self):
        for case in self:
            case.can_escalate = case.stage_kind in OPEN_KINDS and bool(
                case.team_id._get_next_tier()
            )

    def action_escalate(self):
        """Hand the cases to the next tier: its leader gets them, else its own rule decides.

        Refused with a UserError for what is closed and where the team has no next tier.
        """
        self._check_escalation()
        for team, cases in self.grouped('team_id').items():
            cases._escalate_to(team._get_next_tier())
        return True

    def _check_escalation(self):
        self.check_access('write')
        for case in self:
            if case.stage_kind in CLOSED_KINDS:
                raise UserError(
                    self.env._(
                        '%(case)s is closed. Reopen it before you escalate it.',
                        case=case.display_name,
                    )
                )
            if not case.team_id._get_next_tier():
                raise UserError(
                    self.env._(
                        '%(case)s cannot be escalated: %(team)s has no next tier. '
                        'A manager can choose one in the configuration of the team.',
                        case=case.display_name,
                        team=case.team_id.display_name or self.env._('its team'),
                    )
                )

    def _escalate_to(self, team):
        """Leave a trace, then go: afterwards the user may no longer see the cases."""
        bodies = {
            case.id: self.env._(
                'Escalated from %(origin)s to %(target)s.',
                origin=case.team_id.display_name,
                target=team.display_name,
            )
            for case in self
        }
        self._message_log_batch(bodies=bodies)
        if team.leader_id.active:
            self.write({'team_id': team.id, 'user_id': team.leader_id.id})
            return
        # free, and without a word to those who have had them: the rule of the next tier assigns
        self.with_context(mail_auto_subscribe_no_notify=True).write({'user_id': False})
        self.write({'team_id': team.id})
