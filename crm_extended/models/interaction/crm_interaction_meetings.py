from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmInteraction(models.Model):
    """The meetings with customers, as a source of interactions."""

    _inherit = 'crm.interaction'

    @api.model
    def _get_interaction_queries(self):
        return super()._get_interaction_queries() | {2: self._get_meeting_query()}

    @api.model
    def _get_meeting_query(self):
        """A row for each customer that attends, of the meetings that the user sees in full."""
        attends = SQL(
            """attendee.event_id = calendar_event.id AND attendee.state <> 'declined'
               AND NOT EXISTS (SELECT FROM res_users AS colleague
                                WHERE colleague.partner_id = attendee.partner_id
                                  AND NOT colleague.share)"""
        )
        return self._get_interaction_query(
            2,
            'calendar.event',
            Domain('active', '=', True) & self._get_open_meeting_domain(),
            joins=[('attendee', 'calendar_attendee', attends)],
            kind=SQL("'meeting'"),
            origin_id=SQL('attendee.id'),
            partner_id=SQL('attendee.partner_id'),
            date='start',
            is_all_day='allday',
            is_planned=SQL('calendar_event.start > %s', fields.Datetime.now()),
        )

    @api.model
    def _get_open_meeting_domain(self):
        """Leave out what the calendar shows to others as busy and nothing more."""
        if self.env.su:
            return Domain.TRUE
        return (
            Domain('privacy', 'in', ['public', 'confidential'])
            | Domain('user_id', '=', self.env.uid)
            | Domain('partner_ids', 'in', self.env.user.partner_id.ids)
            | Domain('privacy', '=', False) & self._get_open_calendar_domain()
        )

    @api.model
    def _get_open_calendar_domain(self):
        """Return whose meetings are open to all; who never chose has what the company chose."""
        settings = self.env['res.users.settings'].sudo()
        private = Domain('calendar_default_privacy', '=', 'private')
        if self.env['res.users']._default_user_calendar_default_privacy() == 'private':
            chosen = settings._search(~private).subselect('user_id')
            return Domain('user_id', '=', False) | Domain('user_id', 'in', chosen)
        return Domain('user_id', 'not in', settings._search(private).subselect('user_id'))
