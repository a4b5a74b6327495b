from odoo import models


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    # the activities of one customer, for the interactions: ids alone repeat from model to model
    _crm_interaction_document_idx = models.Index('(res_model, res_id)')

    # === CRUD === #

    def write(self, vals):
        result = super().write(vals)
        if 'date_deadline' in vals or 'user_id' in vals:
            self._get_reminded_calls()._follow_reminders()
        return result

    def unlink(self):
        """Give up the calls whose reminders are cancelled; whoever leaves takes no call along."""
        leaving = self.env['res.users'].browse(self.env.context.get('crm_leaving_user_ids'))
        calls_sudo = self._get_reminded_calls().filtered(lambda call: call.user_id not in leaving)
        result = super().unlink()
        if calls_sudo:
            calls_sudo.action_cancel()
        return result

    # === BUSINESS === #

    def _action_done(self, feedback=False, attachment_ids=None):
        calls_sudo = self._get_reminded_calls()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if feedback:
            calls_sudo._note_feedback(feedback)
        calls_sudo.action_hold()
        return result

    def _close_call_reminders(self):
        """Archive the reminders of calls that were held, as done activities are.

        Core's way posts a message on each document, one by one; a call tells already that it
        was held. It is taken where the type of the activity plans the next one.
        """
        chained = self.filtered(lambda activity: activity.chaining_type == 'trigger')
        if chained:
            chained._action_done()
        (self - chained).action_archive()

    def _get_reminded_calls(self):
        """Return the planned calls of which the activities are the reminders.

        Who may close or move an activity is decided by the activity; the call follows
        without asking again, as core does when it posts on the document.
        """
        activities = self.filtered(lambda activity: activity.res_model == 'crm.call')
        if not activities:
            return self.env['crm.call'].sudo()
        return (
            self.env['crm.call']
            .sudo()
            .search(
                [
                    ('reminder_activity_id', 'in', activities.ids),
                    ('state', '=', 'planned'),
                ]
            )
        )
