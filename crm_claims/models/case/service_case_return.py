from odoo import models

from ...core.stages import OPEN_KINDS


class ServiceCaseMixin(models.AbstractModel):
    """Cases that come back, and those whose people or teams have gone: somebody has them again."""

    _inherit = 'service.case.mixin'

    def write(self, vals):
        result = super().write(vals)
        if vals.get('active'):
            self.filtered(lambda case: case.stage_kind in OPEN_KINDS)._take_up_again()
        return result

    def _take_up_again(self):
        """Bring cases back to where somebody works on them: out of the archive, to a team that
        there is, and to one of its people.

        What was merged stays where it is: its survivor is what goes on.
        """
        # sudo: whoever reopens a case need not see the teams that it comes from and goes to
        cases_sudo = self.sudo().filtered(lambda case: not case.merged_into_id)
        archived = cases_sudo.filtered(lambda case: not case.active)
        if archived:
            archived.write({'active': True})
        cases_sudo._leave_archived_teams()
        cases_sudo.filtered(lambda case: case._is_worker_gone())._assign_anew()

    def _is_worker_gone(self) -> bool:
        """Tell whether somebody else has to have a case that comes back. Whoever takes up a case
        of their own keeps it, and a team without people is no reason to go."""
        if not self.user_id or self.user_id == self.env.user:
            return False
        people = self.team_id._get_people(self.company_id)
        return not self._get_worker() or bool(people and self.user_id not in people)

    def _leave_archived_teams(self):
        """Hand what is in an archived team to the one that takes its place."""
        left = self.filtered(lambda case: case.team_id and not case.team_id.active)
        groups = left.grouped(lambda case: (case.team_id, case.company_id))
        for (team, company), cases in groups.items():
            successor = team._get_successor(company)
            if successor:
                cases._log_handover(team, successor)
                cases.write({'team_id': successor.id})

    def _log_handover(self, origin, target):
        body = self.env._(
            'Handed over from %(origin)s, which is archived, to %(target)s.',
            origin=origin.display_name,
            target=target.display_name,
        )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    def _get_open_of(self, field_name, records):
        """Return what is open, of every company, of teams or people."""
        # sudo: what becomes of cases does not depend on who archives a team or a colleague
        return (
            self.env[self._name]
            .sudo()
            .search([(field_name, 'in', records.ids), ('stage_kind', 'in', OPEN_KINDS)])
        )
