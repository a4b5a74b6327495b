from odoo import models


class CalendarAttendee(models.Model):
    _inherit = 'calendar.attendee'

    # the meetings of one customer, for the interactions
    _crm_interaction_partner_idx = models.Index('(partner_id)')
