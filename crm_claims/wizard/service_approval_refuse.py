from odoo import fields, models


class ServiceApprovalRefuse(models.TransientModel):
    """Say why something on a case is not approved."""

    _name = 'service.approval.refuse'
    _description = 'Refuse Approval'
    _inherit = ['service.case.wizard']

    reason = fields.Text(required=True)

    def action_refuse(self):
        """Refuse what the cases that the dialogue was opened on ask the user to approve."""
        self.ensure_one()
        return self._get_cases().action_refuse_approval(self.reason)
