from odoo import fields, models


class ServiceCaseReject(models.TransientModel):
    """Ask why claims or tickets are rejected."""

    _name = 'service.case.reject'
    _description = 'Reject with a Reason'
    _inherit = ['service.case.wizard']

    reason = fields.Text(help='Noted in the chatter of what is rejected.')

    def action_reject(self):
        """Reject the claims or tickets that the wizard was opened on."""
        self.ensure_one()
        return self._get_cases().action_reject(reason=self.reason)
