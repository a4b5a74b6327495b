from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmCall(models.Model):
    """A call that does not take place as planned counts as an attempt, with the reason."""

    _inherit = 'crm.call'

    attempt_ids = fields.One2many(
        comodel_name='crm.call.attempt',
        inverse_name='call_id',
        string='Attempts',
        help='The moments at which the call was planned and did not take place.',
    )
    attempt_count = fields.Integer(
        string='Failed Attempts',
        compute='_compute_attempt_count',
        store=True,
    )

    # === COMPUTE === #

    @api.depends('attempt_ids')
    def _compute_attempt_count(self):
        for call in self:
            call.attempt_count = len(call.attempt_ids)

    # === CRUD === #

    def write(self, vals):
        if vals.get('state') == 'not_held':
            self._log_attempts()
        return super().write(vals)

    # === ACTIONS === #

    def action_not_held(self, reason=None):
        """Note that the calls did not take place; each counts as an attempt."""
        self.write({'state': 'not_held'})
        if reason:
            self._get_last_attempts().reason = reason
        return True

    def action_reschedule(self):
        """Ask for a new date and the reason."""
        self._check_did_not_take_place()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_extended.crm_call_reschedule_action',
        )
        action['context'] = {'default_call_ids': self.ids}
        return action

    # === BUSINESS === #

    def _prepare_attempt_values(self, reason=False):
        self.ensure_one()
        return {
            'call_id': self.id,
            'date': self.date,
            'user_id': self.user_id.id,
            'reason': reason,
        }

    def _log_attempts(self, reason=False):
        """Remember the dates for which the planned calls had been planned."""
        planned = self.filtered(lambda call: call.state == 'planned')
        return self.env['crm.call.attempt'].create(
            [call._prepare_attempt_values(reason) for call in planned]
        )

    def _check_did_not_take_place(self):
        labels = dict(self._fields['state']._description_selection(self.env))
        for call in self:
            if call.state == 'held':
                raise UserError(
                    self.env._(
                        'The call "%(call)s" is %(state)s and cannot be rescheduled. Plan it '
                        'again first, if it did not take place.',
                        call=call.name,
                        state=labels[call.state],
                    )
                )

    def _check_not_past(self, date):
        if fields.Datetime.to_datetime(date) < fields.Datetime.now():
            raise UserError(self.env._('A call cannot be planned for a moment in the past.'))

    def _get_last_attempts(self):
        return self.env['crm.call.attempt'].union(
            *[call.attempt_ids.sorted('id')[-1:] for call in self]
        )

    def _reschedule(self, date, reason=False):
        """Plan the calls anew; the date that is given up counts as an attempt.

        A call that was noted as not held has that attempt already: it gets the reason.
        """
        self._check_did_not_take_place()
        self._check_not_past(date)
        missed = self.filtered(lambda call: call.state == 'not_held')
        if reason:
            missed._get_last_attempts().filtered(lambda attempt: not attempt.reason).reason = reason
        self._log_attempts(reason)
        self.write({'state': 'planned', 'date': date})
