from odoo import fields, models


class CrmCallReschedule(models.TransientModel):
    """Ask when the calls take place instead, and why."""

    _name = 'crm.call.reschedule'
    _description = 'Reschedule Calls'
    _inherit = ['crm.linked.mixin']

    def _default_date(self):
        return self.env['crm.call']._get_next_working_hour(self.env.user, self.env.company)

    call_ids = fields.Many2many(comodel_name='crm.call', string='Calls', required=True)
    date = fields.Datetime(
        string='New Date',
        required=True,
        default=lambda self: self._default_date(),
        help='Not in the past. Proposed is the next working hour.',
    )
    reason = fields.Char(help='Why the call did not take place as planned.')

    def action_apply(self):
        """Plan the calls at the new date."""
        self.ensure_one()
        self.call_ids._reschedule(self.date, self.reason)
        return {'type': 'ir.actions.act_window_close'}
