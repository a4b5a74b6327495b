from ast import literal_eval
from datetime import timedelta

import pytz

from odoo import fields, models
from odoo.fields import Domain

# Who got none for so long is first in turn, whoever got one before.
REMEMBERED_DAYS = 90
A_MOMENT = timedelta(minutes=1)


class CrmTeam(models.Model):
    """Who of a team gets what comes in: nobody, or its members in turn."""

    _inherit = 'crm.team'

    crm_arrival = fields.Selection(
        selection=[('none', 'Nobody'), ('turn', 'Members in Turn')],
        string='New Leads Go To',
        required=True,
        default='none',
        help='In turn: whoever waited longest among those who are at work; if nobody is, among '
        'all. Members who pause, or whose rules do not take the lead, are passed over.',
    )

    def _get_whose_turn(self, leads):
        """Return {lead: user} for leads of the team that a member takes, in their order."""
        self.ensure_one()
        queues = self._get_arrival_queues()
        users = {}
        for lead in leads:
            for queue in queues:
                member = next((member for member in queue if member._takes_arrival(lead)), None)
                if member:
                    users[lead] = member.user_id
                    queue.remove(member)
                    queue.append(member)
                    break
        return users

    def _get_arrival_queues(self):
        """Return the members at work and then the others, in each whoever waited longest first."""
        members = self.crm_team_member_ids.filtered(
            lambda member: member.user_id.active and not member.assignment_optout
        )
        latest = self._get_latest_arrivals(members.user_id)
        never = (fields.Datetime.now() - timedelta(REMEMBERED_DAYS), 0)
        waiting = members.sorted(lambda member: (latest.get(member.user_id, never), member.id))
        at_work = waiting.filtered(lambda member: member._is_at_work())
        return [list(at_work), list(waiting - at_work)]

    def _get_latest_arrivals(self, users):
        """Return {user: (moment, lead id) of what it was given last of the team}."""
        since = fields.Datetime.now() - timedelta(REMEMBERED_DAYS)
        given = (
            Domain('user_id', 'in', users.ids)
            & Domain('team_id', '=', self.id)
            & Domain('date_open', '>=', since)
        )
        leads = self.env['crm.lead'].with_context(active_test=False)
        groups = leads._read_group(given, ['user_id'], ['date_open:max', 'id:max'])
        return {user: (moment, lead_id) for user, moment, lead_id in groups}


class CrmTeamMember(models.Model):
    _inherit = 'crm.team.member'

    def _takes_arrival(self, lead):
        """Say whether the member may have a lead and its own rules take it."""
        is_of_company = not lead.company_id or lead.company_id in self.user_id.company_ids
        return is_of_company and bool(
            lead.filtered_domain(literal_eval(self.assignment_domain or '[]'))
        )

    def _is_at_work(self):
        """Say whether it is working time of the member, by its own calendar or the company's."""
        company = self.crm_team_id.company_id or self.user_id.company_id
        resource = self.user_id.resource_ids.filtered(
            lambda resource: resource.company_id == company
        )[:1]
        calendar = resource.calendar_id or company.resource_calendar_id
        if not calendar:
            return True
        now = pytz.utc.localize(fields.Datetime.now())
        intervals = calendar._work_intervals_batch(now, now + A_MOMENT, resources=resource)
        return bool(list(intervals[resource.id]))
