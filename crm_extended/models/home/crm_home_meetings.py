from odoo import api, models
from odoo.fields import Domain


class CrmHome(models.AbstractModel):
    """The meetings that a salesperson still has today."""

    _inherit = 'crm.home'

    @api.model
    def _get_home_sales_lists(self):
        meetings = ('calendar.event', self._get_home_meetings_domain(), 'allday DESC, start, id')
        return super()._get_home_sales_lists() | {'meetings': meetings}

    @api.model
    def _get_home_sales_blocks(self, found):
        return [
            *super()._get_home_sales_blocks(found),
            self._get_home_meetings_block(found['meetings']),
        ]

    @api.model
    def _get_home_meetings_domain(self):
        """What the user goes to and is not over; what takes all day is on a day, not at an hour."""
        attends = [
            ('partner_id', '=', self.env.user.partner_id.id),
            ('state', '!=', 'declined'),
        ]
        at_an_hour = (
            Domain('allday', '=', False)
            & Domain('start', '<', 'today +1d')
            & Domain('stop', '>', 'now')
        )
        all_day = (
            Domain('allday', '=', True)
            & Domain('start_date', '<=', 'today')
            & Domain('stop_date', '>=', 'today')
        )
        return Domain('attendee_ids', 'any', attends) & (at_an_hour | all_day)

    @api.model
    def _get_home_meetings_block(self, found):
        return self._prepare_home_list(
            found,
            self._prepare_home_meeting,
            key='meetings',
            sequence=30,
            title=self.env._('Meetings'),
            hint=self.env._('Still today'),
            icon='fa-calendar',
            empty=self.env._('No more meetings today.'),
            views={'list': None, 'calendar': None, 'form': None},
        )

    @api.model
    def _prepare_home_meeting(self, meeting):
        # sudo: who attends reads all of a meeting; whether it is private is asked for each field
        meeting_sudo = meeting.sudo()
        start = self._format_home_moment(meeting_sudo.start)
        return {
            'name': meeting_sudo.name,
            'detail': meeting_sudo.location or '',
            'when': self.env._('All day') if meeting_sudo.allday else start,
            'tone': 'info',
        }
