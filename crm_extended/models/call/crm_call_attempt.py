from odoo import api, fields, models


class CrmCallAttempt(models.Model):
    """A moment at which a call had been planned and did not take place."""

    _name = 'crm.call.attempt'
    _description = 'Call Attempt'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'date'
    _parent_link = 'call_id'

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

    @api.model
    def _get_initial_fields(self):
        """An attempt may be entered by hand; only why it failed changes later."""
        return super()._get_initial_fields() | {'call_id', 'date', 'user_id'}
