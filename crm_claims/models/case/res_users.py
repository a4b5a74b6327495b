from odoo import models

from ...core.cases import CASE_MODELS


class ResUsers(models.Model):
    """Colleagues who leave: their open cases go back to the teams."""

    _inherit = 'res.users'

    def write(self, vals):
        result = super().write(vals)
        colleagues = self.filtered(lambda user: not user.share)
        if vals.get('active') is False and colleagues:
            colleagues._leave_cases()
        return result

    def _leave_cases(self):
        """Give the open cases back, and hear no more of any."""
        # sudo: whoever archives a colleague need not see the cases
        self.env['mail.followers'].sudo().search(
            [
                ('res_model', 'in', (*CASE_MODELS, 'service.team')),
                ('partner_id', 'in', self.partner_id.ids),
            ]
        ).unlink()
        for model_name in CASE_MODELS:
            self.env[model_name]._get_open_of('user_id', self)._assign_anew()
