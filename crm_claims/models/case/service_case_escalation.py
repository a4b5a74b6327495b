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
                case.team_id.escalation_team_id
            )

    def action_escalate(self):
        """Hand the cases to the next tier: its leader gets them, else its own rule decides.

        Refused with a UserError for what is closed and where the team has no next tier.
        """
        self._check_escalation()
        for team, cases in self.grouped('team_id').items():
            cases._escalate_to(team.escalation_team_id)
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
            if not case.team_id.escalation_team_id:
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
        # the leader first: a team without one finds the cases free and assigns by its rule
        self.write({'user_id': team.leader_id.id})
        self.write({'team_id': team.id})
