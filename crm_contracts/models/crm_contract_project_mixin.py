from odoo import fields, models


class CrmContractProjectMixin(models.AbstractModel):
    """The project that a contract gets when it is confirmed, where that is asked for."""

    _name = 'crm.contract.project.mixin'
    _description = 'Contract Project on Confirmation'

    create_project = fields.Boolean(
        help="Confirming makes a project, whose hours are booked on the contract's account."
    )

    def _create_projects(self):
        """Make the projects of the contracts that ask for one and have none, archived or not."""
        asking_sudo = self.filtered('create_project').sudo().with_context(active_test=False)
        missing_sudo = asking_sudo.filtered(lambda contract: not contract.project_ids)
        self.env['project.project'].sudo().create(
            [contract._prepare_project() for contract in missing_sudo]
        )
        missing_sudo.invalidate_recordset(['project_ids', 'project_count'])
