from odoo import fields, models


class CrmCallAttempt(models.Model):
    """A moment at which a call had been planned and did not take place."""

    _name = 'crm.call.attempt'
    _description = 'Call Attempt'
    _order = 'date desc, id desc'
    _rec_name = 'date'

    call_id = fields.Many2one(
        comodel_name='crm.call',
        required=True,
        readonly=True,
        index=True,
        ondelete='cascade',
    )
    date = fields.Datetime(
        string='Planned For',
        required=True,
        readonly=True,
        help='When the call should have taken place.',
    )
    user_id = fields.Many2one(
        comodel_name='res.users',
        string='Salesperson',
        readonly=True,
        help='Who should have made the call.',
    )
    reason = fields.Char(help='Why the call did not take place.')
