from odoo import models


class CrmContract(models.Model):
    """The project that a contract gets when it is confirmed, where that is asked for."""

    _inherit = 'crm.contract'

    def _create_projects(self):
        """Make the projects of the contracts that ask for one and have none, archived or not."""
        asking_sudo = self.filtered('create_project').sudo().with_context(active_test=False)
        missing_sudo = asking_sudo.filtered(lambda contract: not contract.project_ids)
        self.env['project.project'].sudo().create(
            [contract._prepare_project() for contract in missing_sudo]
        )
        missing_sudo.invalidate_recordset(['project_ids', 'project_count'])
