from odoo import api, fields, models

from .crm_interaction import SHORTEST_IN_CALENDAR

OVERDUE_COLOR = 1


class CrmInteraction(models.Model):
    """The interactions as a calendar of what was and is planned with customers."""

    _inherit = 'crm.interaction'

    # UX
    calendar_color = fields.Integer(compute='_compute_calendar_appearance')
    calendar_duration = fields.Float(
        compute='_compute_calendar_appearance',
        help='How much room it takes in the agenda, in hours: its duration, at least one.',
    )

    # === COMPUTE === #

    @api.depends('color', 'duration', 'is_overdue')
    def _compute_calendar_appearance(self):
        """Show what is overdue in a colour of its own, whatever it is."""
        for interaction in self:
            interaction.calendar_color = (
                OVERDUE_COLOR if interaction.is_overdue else interaction.color
            )
            interaction.calendar_duration = max(interaction.duration, SHORTEST_IN_CALENDAR)

    # === ACTIONS === #

    def action_plan_meeting(self, start=False, stop=False, all_day=False):
        """Open a new meeting from the agenda, with the customer that it shows.

        :param start: in UTC, as a string; the day alone if it takes all day. Likewise ``stop``
        """
        customer = self.env['res.partner'].browse(self.env.context.get('default_partner_id'))
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('New Meeting'),
            'res_model': 'calendar.event',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_allday': all_day,
                'default_partner_ids': (self.env.user.partner_id | customer).ids,
                **({'default_start': start, 'default_stop': stop} if start else {}),
            },
        }

    def action_plan_call(self):
        """Open the dialog of a planned call from the agenda, with the customer that it shows."""
        return self.env['crm.call']._get_dialog_action(
            'planned', partner_id=self.env.context.get('default_partner_id')
        )
