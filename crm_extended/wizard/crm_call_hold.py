from odoo import api, fields, models


class CrmCallHold(models.TransientModel):
    """Ask what came of calls, and when to call again."""

    _name = 'crm.call.hold'
    _description = 'Held Calls'
    _inherit = ['crm.linked.mixin']

    call_ids = fields.Many2many(comodel_name='crm.call', string='Calls', required=True)
    outcome_id = fields.Many2one(comodel_name='crm.call.outcome')
    minutes = fields.Integer(
        help='How long the call took. A duration that is recorded already stays.'
    )
    note = fields.Text(help='What was talked about; added to the notes of the call.')
    next_date = fields.Datetime(
        string='Next Call',
        help='When the next call with the same people is planned; empty: none.',
    )
    # UX: what only one call can be asked
    is_single = fields.Boolean(compute='_compute_is_single')
    is_timed = fields.Boolean(compute='_compute_is_single')

    _minutes_not_negative = models.Constraint(
        'CHECK (minutes >= 0)', 'A call does not take less than no time.'
    )

    @api.depends('call_ids')
    def _compute_is_single(self):
        for wizard in self:
            wizard.is_single = len(wizard.call_ids) == 1
            wizard.is_timed = all(wizard.call_ids.mapped('duration'))

    def action_apply(self):
        """Note that the calls took place, with what is told of them.

        Calls that are held already stay as they are: a second click notes and plans nothing more.
        """
        self.ensure_one()
        calls = self.call_ids.filtered(lambda call: call.state != 'held')
        calls.action_hold(self.minutes / 60, self.outcome_id)
        if self.note:
            calls._note_feedback(self.note)
        if self.next_date:
            calls._plan_next(self.next_date)
        return {'type': 'ir.actions.act_window_close'}
