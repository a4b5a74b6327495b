from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceCaseMixin(models.AbstractModel):
    """The hours worked on a case: timesheets on its contract's account."""

    _inherit = 'service.case.mixin'

    _time_link = None  # the field of timesheets that names the case

    crm_hours_spent = fields.Float(
        string='Hours Spent',
        compute='_compute_crm_hours_spent',
        help='Hours that anybody booked on the case.',
    )

    def _compute_crm_hours_spent(self):
        """Sum in hours whatever unit the time was booked in: one query for many cases."""
        hour = self.env.ref('uom.product_uom_hour')
        hours = Counter()
        # sudo: who may see the case may see how long it took
        groups = (
            self.env['account.analytic.line']
            .sudo()
            ._read_group(
                [(self._time_link, 'in', self.ids)],
                [self._time_link, 'product_uom_id'],
                ['unit_amount:sum'],
            )
        )
        for case, unit, time in groups:
            hours[case.id] += (unit or hour)._compute_quantity(time, hour, round=False)
        for case in self:
            case.crm_hours_spent = hours[case._origin.id]

    def write(self, vals):
        """Let the hours that are not billed yet follow the case to another contract."""
        may_move = bool(vals.keys() & {'contract_id', 'partner_id', 'company_id'})
        before = {case: case.contract_id for case in self} if may_move else {}
        result = super().write(vals)
        self.filtered(
            lambda case: before.get(case, case.contract_id) != case.contract_id
        )._move_time()
        return result

    def _move_time(self):
        # sudo: whoever may give the case another contract moves everybody's hours
        for case in self.sudo():
            lines = case.crm_timesheet_ids
            open_lines = lines.filtered(
                lambda line: not line.crm_contract_billing_id._binds_items()
            )
            for project, own in open_lines.grouped('project_id').items():
                own.write({'project_id': project.id})

    def _get_project(self):
        """Return the project for the work on the case: its contract's, else its team's."""
        self.ensure_one()
        # sudo: who works on cases need not see contracts
        return self.contract_id.sudo().project_ids[:1].sudo(False) or self.team_id.project_id

    def _get_task(self):
        """Return the task that the case became; a kind of case that becomes one knows it."""
        return self.env['project.task']

    def _prepare_time(self):
        """Return the values of a timesheet on the case; override to say more."""
        self.ensure_one()
        task = self._get_task()
        project = task.project_id or self._get_project()
        if not project:
            raise UserError(
                self.env._(
                    'No time can be booked on %(case)s: neither its contract nor its team has a '
                    'project. A manager can choose one in the configuration of the team.',
                    case=self.display_name,
                )
            )
        return {'project_id': project.id, 'task_id': task.id}

    def _get_time_accounts(self):
        """Return {column of the plan: account} on which time of the case is booked."""
        # sudo: who books time need not see the contract
        account = self.contract_id.sudo().analytic_account_id
        return {account.root_plan_id._column_name(): account.id} if account else {}


class ServiceTicket(models.Model):
    _inherit = 'service.ticket'

    _time_link = 'crm_ticket_id'

    crm_timesheet_ids = fields.One2many(
        'account.analytic.line',
        'crm_ticket_id',
        string='Timesheets',
        groups='hr_timesheet.group_hr_timesheet_user',
    )

    @api.depends('crm_timesheet_ids.unit_amount', 'crm_timesheet_ids.product_uom_id')
    def _compute_crm_hours_spent(self):
        return super()._compute_crm_hours_spent()

    def _get_task(self):
        return self.task_id


class ServiceClaim(models.Model):
    _inherit = 'service.claim'

    _time_link = 'crm_claim_id'

    crm_timesheet_ids = fields.One2many(
        'account.analytic.line',
        'crm_claim_id',
        string='Timesheets',
        groups='hr_timesheet.group_hr_timesheet_user',
    )

    @api.depends('crm_timesheet_ids.unit_amount', 'crm_timesheet_ids.product_uom_id')
    def _compute_crm_hours_spent(self):
        return super()._compute_crm_hours_spent()
