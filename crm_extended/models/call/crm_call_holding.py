from odoo import fields, models
from odoo.exceptions import UserError

# States after which nothing is to be done, and what a call loses on the way there.
CLOSED = {'held', 'cancelled'}
PLANNED_FIELDS = ('date', 'duration', 'outcome_id')


class CrmCall(models.Model):
    """A call that was held or cancelled by mistake is planned again as it had been planned."""

    _inherit = 'crm.call'

    # What the call was before: whoever could write it could have any call changed.
    planned_values = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS)
    next_call_id = fields.Many2one(
        comodel_name='crm.call',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        groups=fields.NO_ACCESS,
        help='The call that was planned when this one was held.',
    )

    # === CRUD === #

    def write(self, vals):
        if 'state' in vals:
            # before anything is noted in the name of all
            self.check_access('write')
        if vals.get('state') in CLOSED:
            self._remember_plan()
        elif vals.get('state') == 'planned':
            self._restore_plan()
        return super().write(vals)

    # === ACTIONS === #

    def action_hold(self, duration=None, outcome=None):
        """Note that the calls took place.

        :param float duration: hours; used where no duration was recorded yet
        :param outcome: ``crm.call.outcome`` record or id
        """
        now = fields.Datetime.now()
        by_kind = self.grouped(lambda call: (call.date > now, bool(call.duration)))
        for (is_early, is_timed), calls in by_kind.items():
            values = {'state': 'held'}
            if is_early:
                values['date'] = now
            if duration and not is_timed:
                values['duration'] = duration
            if outcome:
                values['outcome_id'] = int(outcome)
            calls.write(values)
        return True

    def action_ask_outcome(self):
        """Ask what came of calls that took place."""
        self._check_transition('held')
        action = self.env['ir.actions.act_window']._for_xml_id('crm_extended.crm_call_hold_action')
        action['context'] = {'default_call_ids': self.ids}
        return action

    def action_replan(self):
        """Plan calls again that were held or cancelled, as they had been planned.

        :raise UserError: one of them was missed; then none is changed
        """
        for call in self:
            if call.state == 'not_held':
                raise UserError(
                    self.env._(
                        'The call "%(call)s" did not take place. Reschedule it.', call=call.name
                    )
                )
        self.write({'state': 'planned'})
        return True

    # === BUSINESS === #

    def _plan_next(self, date):
        """Plan a call with the same people after each."""
        self._check_not_past(date)
        following = self.copy({'state': 'planned', 'date': date, 'description': False})
        for call_sudo, next_call in zip(self.sudo(), following, strict=True):
            call_sudo.next_call_id = next_call

    def _prepare_planned_values(self):
        self.ensure_one()
        return {
            name: self._fields[name].convert_to_write(self[name], self) for name in PLANNED_FIELDS
        }

    def _remember_plan(self):
        pending = self.sudo().filtered(lambda call: call.state not in CLOSED)
        for values, calls in pending._group_by_values('_prepare_planned_values'):
            calls.planned_values = {**values, 'date': fields.Datetime.to_string(values['date'])}

    def _restore_plan(self):
        """Give back what the plan was, and give up what was planned instead."""
        closed_sudo = self.filtered(lambda call: call.state in CLOSED).sudo()
        plans = [call.planned_values or {} for call in closed_sudo]
        outcome_ids = {plan.get('outcome_id') for plan in plans} - {None, False}
        outcomes = self.env['crm.call.outcome'].browse(outcome_ids)
        gone = (outcomes - outcomes.exists()).ids
        # the reminders follow at once when the state is written
        silent_sudo = closed_sudo.with_context(mail_activity_automation_skip=True)
        for call, plan in zip(silent_sudo, plans, strict=True):
            call.write({**plan, 'outcome_id': False} if plan.get('outcome_id') in gone else plan)
        closed_sudo.next_call_id.filtered(lambda call: call.state == 'planned').action_cancel()
        closed_sudo.write({'planned_values': False, 'next_call_id': False})
