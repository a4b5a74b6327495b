from odoo import api, fields, models
from odoo.tools.misc import clean_context

from ...core.hours import get_day, move_to_day

CALL_ACTIVITY = 'mail.mail_activity_data_call'
REMINDER_FIELDS = {'state', 'date', 'user_id', 'name'}


class CrmCall(models.Model):
    """A planned call reminds its user through one open Call activity.

    The activity gives the call a place in the user's bell, the colours of what is late and
    the buttons of every activity. Call and activity follow each other in both directions:
    :meth:`_sync_reminders` from the call, ``mail.activity`` from the activity.
    """

    _inherit = 'crm.call'

    reminder_activity_id = fields.Many2one(
        comodel_name='mail.activity',
        string='Reminder',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        # whoever could choose the activity could have that of somebody else closed
        groups=fields.NO_ACCESS,
        help='The activity that reminds the salesperson of the planned call.',
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        calls._sync_reminders()
        return calls

    def write(self, vals):
        result = super().write(vals)
        if REMINDER_FIELDS & vals.keys():
            self._sync_reminders()
        return result

    # === BUSINESS === #

    def _needs_reminder(self):
        """Tell whether the call should have an open activity; open to other conditions."""
        self.ensure_one()
        return self.state == 'planned' and bool(self.user_id)

    def _get_reminder_deadline(self):
        """Return the day of the call where its user lives."""
        self.ensure_one()
        return get_day(self.date, self._get_timezone(self.user_id))

    def _get_date_on_day(self, day):
        """Return the call's moment moved to ``day``, at the same hour for its user."""
        self.ensure_one()
        return move_to_day(self.date, day, self._get_timezone(self.user_id))

    def _prepare_reminder_values(self):
        self.ensure_one()
        return {
            'activity_type_id': self.env['ir.model.data']._xmlid_to_res_id(
                CALL_ACTIVITY,
                raise_if_not_found=False,
            ),
            'automated': True,
            'date_deadline': self._get_reminder_deadline(),
            'res_id': self.id,
            'res_model_id': self.env['ir.model']._get_id(self._name),
            'summary': self.name,
            'user_id': self.user_id.id,
        }

    def _prepare_reminder_changes(self):
        """Return the values in which the open reminder lags behind the call."""
        self.ensure_one()
        expected = self._prepare_reminder_values()
        activity = self.reminder_activity_id
        return {
            name: expected[name]
            for name in ('date_deadline', 'summary', 'user_id')
            if expected[name] != activity._fields[name].convert_to_write(activity[name], activity)
        }

    def _prepare_values_from_reminder(self):
        """Return the values in which the call lags behind its activity."""
        self.ensure_one()
        activity, values = self.reminder_activity_id, {}
        if activity.user_id and activity.user_id != self.user_id:
            values['user_id'] = activity.user_id.id
        if activity.date_deadline != self._get_reminder_deadline():
            values['date'] = self._get_date_on_day(activity.date_deadline)
        return values

    def _sync_reminders(self):
        """Bring the activities of the calls in line with their state, date and user.

        The reminder belongs to the call, whoever may see the activity: hence the sudo.
        """
        if self.env.context.get('mail_activity_automation_skip'):
            return
        # Replaced, not extended: the defaults of a call are none of its activity's.
        context = clean_context(self.env.context)
        calls_sudo = self.sudo().with_context(context)  # pylint: disable=context-overridden
        waiting = calls_sudo.filtered(lambda call: call._needs_reminder())
        waiting._reopen_reminders()
        reminded = waiting.filtered('reminder_activity_id.active')
        reminded._update_reminders()
        (waiting - reminded)._create_reminders()
        (calls_sudo - waiting)._close_reminders()

    def _create_reminders(self):
        # a list of calls planned at once shows in the bell; a mail for each would be a flood
        activities = (
            self.env['mail.activity']
            .with_context(
                mail_activity_quick_update=len(self) > 1 or 'import_file' in self.env.context,
            )
            .create([call._prepare_reminder_values() for call in self])
        )
        for call, activity in zip(self, activities, strict=True):
            call.reminder_activity_id = activity

    def _reopen_reminders(self):
        """Open what was done with a call that turned out not to be held."""
        done = self.reminder_activity_id.filtered(lambda activity: not activity.active)
        done.write({'active': True, 'feedback': False})

    def _update_reminders(self):
        for changes, calls in self._group_by_values('_prepare_reminder_changes'):
            calls.reminder_activity_id.write(changes)

    def _close_reminders(self):
        held = self.filtered(lambda call: call.state == 'held')
        held.reminder_activity_id.filtered('active')._close_call_reminders()
        (self - held).reminder_activity_id.filtered('active').unlink()

    def _follow_reminders(self):
        """Move the calls to the day and user to which their activities were moved."""
        for values, calls in self._group_by_values('_prepare_values_from_reminder'):
            calls.write(values)

    def _note_feedback(self, feedback):
        """Keep what was said when the activity was done as the note of its call."""
        for note, calls in self.grouped('description').items():
            calls.description = '\n'.join(filter(None, [note, feedback]))

    def _group_by_values(self, prepare):
        """Return (values, calls) for the calls to which the method gives the same values."""
        groups = self.grouped(lambda call: frozenset(getattr(call, prepare)().items()))
        return [(dict(values), calls) for values, calls in groups.items() if values]
