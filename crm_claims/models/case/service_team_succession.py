from odoo import api, models
from odoo.exceptions import UserError

from ...core.cases import CASE_MODELS


class ServiceTeam(models.Model):
    """A team that is archived hands its cases on: to its next tier, else to the first team."""

    _inherit = 'service.team'

    def write(self, vals):
        result = super().write(vals)
        if vals.get('active') is False:
            self._hand_over_cases()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_cases(self):
        """A case without its team would be nobody's, and a closed one is the team's history."""
        for model_name in CASE_MODELS:
            # sudo: cases of other companies count as well
            cases_sudo = self.env[model_name].sudo().with_context(active_test=False)
            found = cases_sudo.search([('team_id', 'in', self.ids)], limit=1)
            if found:
                raise UserError(
                    self.env._(
                        '%(team)s has cases, %(case)s for one. Archive the team instead: '
                        'another one takes over what is open.',
                        team=found.team_id.display_name,
                        case=found.display_name,
                    )
                )

    def _hand_over_cases(self):
        """Leave no open case behind.

        :raise UserError: no team is left to take them
        """
        for model_name in CASE_MODELS:
            cases_sudo = self.env[model_name]._get_open_of('team_id', self)
            cases_sudo._leave_archived_teams()
            left = cases_sudo.filtered(lambda case: not case.team_id.active)
            if left:
                raise UserError(
                    self.env._(
                        '%(team)s still has %(count)s open cases, and no other team can take '
                        'them. Create one or choose a next tier first.',
                        team=left[:1].team_id.display_name,
                        count=len(left),
                    )
                )

    def _get_successor(self, company):
        """Return the team that takes the cases of a company instead of this one: itself while it
        is active, else the first tier above that is, else the first team of the company."""
        team = self if self.active else self._get_next_tier()
        companies = (company, company.browse())
        if team and team.company_id in companies:
            return team
        domain = [('company_id', 'in', [company.id, False]), ('active', '=', True)]
        return self.search(domain, limit=1)
