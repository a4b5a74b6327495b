from datetime import timedelta

from odoo import fields, models


class CrmCall(models.Model):
    """What follows from a call: a meeting, an opportunity."""

    _inherit = 'crm.call'

    meeting_ids = fields.One2many(
        comodel_name='calendar.event',
        inverse_name='crm_call_id',
        string='Meetings',
    )

    # === ACTIONS === #

    def action_schedule_meeting(self):
        """Open a new meeting that follows from the call, with the customer."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Schedule Meeting'),
            'res_model': 'calendar.event',
            'views': [(False, 'form')],
            'target': 'new',
            'context': self._prepare_meeting_defaults(),
        }

    def action_create_opportunity(self):
        """Open the opportunity of the call, created from it the first time."""
        self.ensure_one()
        self._take_turn()
        if not self.lead_id:
            self.lead_id = self.env['crm.lead'].create(self._prepare_opportunity_values())
        return self.lead_id.get_formview_action()

    # === BUSINESS === #

    def _prepare_meeting_defaults(self):
        """Return the context of a new meeting; without an e-mail the customer is not invited,
        but the meeting is the customer's all the same.
        """
        self.ensure_one()
        # the lead may be a colleague's by now
        lead = self.lead_id._filtered_access('read')
        opportunity = lead.filtered(lambda one: one.type == 'opportunity')
        start = self._get_next_working_hour(self.env.user, self.company_id)
        hours = self.env['calendar.event'].get_default_duration()
        return {
            'default_crm_call_id': self.id,
            'default_name': self.name,
            'default_opportunity_id': opportunity.id,
            'default_partner_ids': (self.env.user.partner_id | self.partner_id).ids,
            'default_start': start,
            # the calendar proposes an end for meetings that begin now
            'default_stop': start + timedelta(hours=hours),
        }

    def _prepare_opportunity_values(self):
        self.ensure_one()
        values = {
            'name': self.name,
            'type': 'opportunity',
            'partner_id': self.partner_id.id,
            'user_id': self.user_id.id,
            'team_id': self.team_id.id,
            'company_id': self.company_id.id,
            'medium_id': self.medium_id.id,
        }
        # the number of an opportunity is written back to its customer
        return values if self.partner_id else {**values, 'phone': self.phone}
