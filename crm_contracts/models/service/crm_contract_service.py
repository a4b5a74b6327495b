from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core.states import RUNNING_STATES


class CrmContract(models.Model):
    """The work for a contract: its customer's company, its projects and what is promised."""

    _name = 'crm.contract'
    _inherit = ['crm.commercial.partner.mixin', 'crm.contract']

    sla_policy_ids = fields.Many2many(
        'service.sla.policy',
        'crm_contract_service_sla_policy_rel',
        'contract_id',
        'policy_id',
        string='Service Levels',
        copy=False,
        check_company=True,
        help='Promised to the claims and tickets under this contract and no others. Without one '
        'the service levels for everybody apply.',
    )
    project_ids = fields.Many2many(
        'project.project',
        string='Projects of the Contract',
        compute='_compute_project_ids',
        help="Projects whose work is booked on the contract's account, as far as the user may see "
        'them.',
    )

    def _is_empty(self):
        # sudo: what is promised may be kept from salespeople
        return super()._is_empty() and not self.sudo().sla_policy_ids

    @api.depends('analytic_account_id')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_project_ids(self):
        """One query per analytic plan. Archived projects are read with ``active_test=False``."""
        found = self._get_projects_by_account()
        for contract, contract_sudo in zip(self, self.sudo(), strict=True):
            contract.project_ids = found.get(contract_sudo.analytic_account_id)

    def _get_projects_by_account(self):
        """Return {analytic account of a contract: its projects that the user may see}."""
        projects = self.env['project.project'].with_context(active_test=False)
        found = {}
        if projects.has_access('read'):
            for plan, accounts in self.sudo().analytic_account_id.grouped('root_plan_id').items():
                column = plan._column_name()
                found |= projects.search(Domain(column, 'in', accounts.ids)).sudo().grouped(column)
        return found

    def action_create_project(self):
        """Make a project whose work is booked on the account of the contract, and open it.

        :raises AccessError: for who may not make projects
        :raises UserError: before the contract has its account
        """
        self.ensure_one()
        if not self.sudo().analytic_account_id:
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" has no account yet. Confirm it before you make '
                    'its project.',
                    contract=self.display_name,
                )
            )
        return self.env['project.project'].create(self._prepare_project()).get_formview_action()

    def _prepare_project(self):
        """Return the values of a project of the contract."""
        self.ensure_one()
        account = self.sudo().analytic_account_id
        return {
            'name': self.name,
            'partner_id': self.partner_id.id,
            'company_id': self.company_id.id,
            'user_id': self.manager_id.id,
            'allow_timesheets': True,
            account.root_plan_id._column_name(): account.id,
        }

    def _on_enter_state(self, state):
        super()._on_enter_state(state)
        if state in RUNNING_STATES:
            self._create_projects()

    def _create_projects(self):
        """Make the projects of the contracts that ask for one and have none, archived or not."""
        asking_sudo = self.filtered('create_project').sudo().with_context(active_test=False)
        missing_sudo = asking_sudo.filtered(lambda contract: not contract.project_ids)
        self.env['project.project'].sudo().create(
            [contract._prepare_project() for contract in missing_sudo]
        )
        missing_sudo.invalidate_recordset(['project_ids', 'project_count'])
