from odoo import models


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    # the activities of one customer, for the interactions: ids alone repeat from model to model
    _crm_interaction_document_idx = models.Index('(res_model, res_id)')

    def write(self, vals):
        result = super().write(vals)
        if 'date_deadline' in vals or 'user_id' in vals:
            self._get_reminded_calls()._follow_reminders()
        return result

    def _action_done(self, feedback=False, attachment_ids=None):
        calls_sudo = self._get_reminded_calls()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        calls_sudo.action_hold()
        return result

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
