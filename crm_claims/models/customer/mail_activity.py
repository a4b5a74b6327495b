from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...core.cases import CASE_MODELS


class MailActivity(models.Model):
    """An approval is done by whoever is asked, and nobody asks himself."""

    _inherit = 'mail.activity'

    @api.constrains('user_id', 'activity_type_id', 'res_model_id', 'res_id')
    def _check_service_approver(self):
        for activity, case in self._get_service_approvals():
            is_own = activity.user_id == activity.create_uid
            if is_own or activity.user_id not in case._get_approvers():
                raise ValidationError(
                    self.env._(
                        '%(user)s cannot be asked to approve %(case)s. Ask the leader of its '
                        'team or a manager, and not yourself.',
                        user=activity.user_id.name or '',
                        case=case.display_name,
                    )
                )

    def _action_done(self, feedback=False, attachment_ids=None):
        approvals = self._get_service_approvals()
        for activity, case in approvals:
            if activity.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        'Only %(user)s can approve %(case)s.',
                        user=activity.user_id.name,
                        case=case.display_name,
                    )
                )
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for _activity, case in approvals:
            case._on_approved()
        return result

    def _get_service_approvals(self):
        """Return [(activity, its claim or ticket)] of those that ask for approval."""
        types = {
            model_name: self.env[model_name]._get_approval_type() for model_name in CASE_MODELS
        }
        return [
            (activity, self.env[activity.res_model].browse(activity.res_id))
            for activity in self
            if activity.activity_type_id in types.get(activity.res_model, ())
        ]
