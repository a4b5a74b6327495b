from odoo import models


class ResUsers(models.Model):
    _inherit = 'res.users'

    def action_archive(self):
        """Leave the calls of who leaves planned: core deletes the activities, not the work."""
        leaving = self.with_context(crm_leaving_user_ids=self.ids)
        return super(ResUsers, leaving).action_archive()
