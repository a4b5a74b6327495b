from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from odoo import fields, models
from odoo.fields import Domain

from ...core.cases import CASE_MODELS
from ...core.sharing import Request, get_takers, share
from ...core.stages import OPEN_KINDS

if TYPE_CHECKING:
    from ...core.sharing import Member


class ServiceTeam(models.Model):
    """Who of a team gets the next case: nobody, or whoever has the fewest for their capacity."""

    _inherit = 'service.team'

    assignment = fields.Selection(
        [('manual', 'Manual'), ('balanced', 'Balanced')],
        required=True,
        default='manual',
        help='Balanced gives each new case to the member with the fewest open ones for their '
        'capacity, leaving out who is on leave.',
    )
    capacity_ids = fields.One2many(
        'service.team.capacity',
        'team_id',
        string='Capacities',
        help='Members who take more or fewer cases than the others, whose capacity is 1.',
    )

    def _get_assignees(self, cases) -> dict:
        """Return {case: user} for cases of balanced teams, spread evenly over all of them."""
        # sudo: whoever opens a case need not see what the others have, nor their leaves
        teams_sudo = self.sudo().filtered(lambda team: team.assignment == 'balanced')
        members = teams_sudo.member_ids.filtered('active')
        loads = teams_sudo._get_open_loads(members)
        requests = [
            Request(case, case.team_id.id, frozenset(case.company_id.ids)) for case in cases
        ]
        takers = teams_sudo._get_takers(members - teams_sudo._get_members_on_leave(members))
        users = self.env['res.users']
        return {
            case: users.browse(user_id) for case, user_id in share(requests, takers, loads).items()
        }

    def _get_open_loads(self, members) -> Counter:
        """Return {member: how many open cases of any team}."""
        loads = Counter()
        if members:
            domain = Domain('user_id', 'in', members.ids) & Domain('stage_kind', 'in', OPEN_KINDS)
            for model_name in CASE_MODELS:
                groups = self.env[model_name]._read_group(domain, ['user_id'], ['__count'])
                loads.update({user.id: count for user, count in groups})
        return loads

    def _get_takers(self, members) -> dict[int, list[Member]]:
        """Return {team: those of the members who take its cases}."""
        team_members = {
            team.id: [
                (user.id, frozenset(user.company_ids.ids)) for user in team.member_ids & members
            ]
            for team in self
        }
        capacities = {
            (capacity.team_id.id, capacity.user_id.id): capacity.capacity
            for capacity in self.capacity_ids
        }
        return get_takers(team_members, capacities)

    def _get_members_on_leave(self, members):
        """Return who is away now: on leave themselves, or closed for all by their calendar.

        Another addon may add who is away for other reasons.
        """
        resources = self.env['resource.resource'].search([('user_id', 'in', members.ids)])
        if not resources:
            return members.browse()
        now = fields.Datetime.now()
        leaves = self.env['resource.calendar.leaves'].search(
            Domain('date_from', '<=', now)
            & Domain('date_to', '>=', now)
            & Domain('time_type', '=', 'leave')
            & (
                Domain('resource_id', 'in', resources.ids)
                | (
                    Domain('resource_id', '=', False)
                    & Domain('calendar_id', 'in', [*resources.calendar_id.ids, False])
                )
            )
        )
        return resources.filtered(
            lambda resource: any(self._is_leave_of(leave, resource) for leave in leaves)
        ).user_id

    def _is_leave_of(self, leave, resource) -> bool:
        if leave.resource_id:
            return leave.resource_id == resource
        return leave.company_id in (resource.company_id, leave.company_id.browse()) and (
            leave.calendar_id in (resource.calendar_id, leave.calendar_id.browse())
        )
