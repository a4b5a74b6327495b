from __future__ import annotations

from collections import Counter, defaultdict

from odoo import fields, models
from odoo.fields import Domain

from ..case.service_stage import OPEN_KINDS

CASE_MODELS = ('service.claim', 'service.ticket')


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
        members = teams_sudo.member_ids
        loads = teams_sudo._get_open_loads(members)
        available = members - teams_sudo._get_members_on_leave(members)
        capacities = teams_sudo._get_capacities(available)
        assignees = {}
        for case in cases:
            candidates = [
                (user, capacity)
                for user, capacity in capacities.get(case.team_id.id, ())
                if case.company_id <= user.company_ids
            ]
            if candidates:
                user, _capacity = min(
                    candidates, key=lambda pair: ((loads[pair[0]] + 1) / pair[1], pair[0].id)
                )
                loads[user] += 1
                assignees[case] = user.with_env(self.env)
        return assignees

    def _get_open_loads(self, members) -> Counter:
        """Return how many open cases of any team each member has."""
        loads = Counter()
        if members:
            domain = Domain('user_id', 'in', members.ids) & Domain('stage_kind', 'in', OPEN_KINDS)
            for model_name in CASE_MODELS:
                groups = self.env[model_name]._read_group(domain, ['user_id'], ['__count'])
                loads.update(dict(groups))
        return loads

    def _get_capacities(self, members) -> dict[int, list]:
        """Return {team id: [(member, capacity)]} of those who take cases at all."""
        special = {
            (capacity.team_id, capacity.user_id): capacity.capacity
            for capacity in self.capacity_ids
        }
        capacities = defaultdict(list)
        for team in self:
            for user in team.member_ids & members:
                capacity = special.get((team, user), 1.0)
                if capacity:
                    capacities[team.id].append((user, capacity))
        return capacities

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
