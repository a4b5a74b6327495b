from odoo import fields, models


class CalendarEvent(models.Model):
    _inherit = 'calendar.event'

    crm_call_id = fields.Many2one(
        comodel_name='crm.call',
        string='Call',
        index='btree_not_null',
        ondelete='set null',
        help='The call from which this meeting was planned.',
    )
