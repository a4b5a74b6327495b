from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceTicket(models.Model):
    """The hours worked on a ticket: timesheets on its contract's account."""

    _inherit = 'service.ticket'

    crm_timesheet_ids = fields.One2many(
        'account.analytic.line',
        'crm_ticket_id',
        string='Timesheets',
        groups='hr_timesheet.group_hr_timesheet_user',
    )
    crm_hours_spent = fields.Float(
        string='Hours Spent',
        compute='_compute_crm_hours_spent',
        help='Hours that anybody booked on the ticket.',
    )

    @api.depends('crm_timesheet_ids.unit_amount', 'crm_timesheet_ids.product_uom_id')
    def _compute_crm_hours_spent(self):
        """Sum in hours whatever unit the time was booked in: one query for many tickets."""
        hour = self.env.ref('uom.product_uom_hour')
        hours = Counter()
        # sudo: who may see the ticket may see how long it took
        groups = (
            self.env['account.analytic.line']
            .sudo()
            ._read_group(
                [('crm_ticket_id', 'in', self.ids)],
                ['crm_ticket_id', 'product_uom_id'],
                ['unit_amount:sum'],
            )
        )
        for ticket, unit, time in groups:
            hours[ticket.id] += (unit or hour)._compute_quantity(time, hour, round=False)
        for ticket in self:
            ticket.crm_hours_spent = hours[ticket._origin.id]

    def write(self, vals):
        """Let the hours that are not billed yet follow the ticket to another contract."""
        may_move = bool(vals.keys() & {'contract_id', 'partner_id', 'company_id'})
        before = {ticket: ticket.contract_id for ticket in self} if may_move else {}
        result = super().write(vals)
        self.filtered(
            lambda ticket: before.get(ticket, ticket.contract_id) != ticket.contract_id
        )._move_time()
        return result

    def _move_time(self):
        # sudo: whoever may give the ticket another contract moves everybody's hours
        for ticket in self.sudo():
            lines = ticket.crm_timesheet_ids
            open_lines = lines.filtered(
                lambda line: not line.crm_contract_billing_id._binds_items()
            )
            for project, own in open_lines.grouped('project_id').items():
                own.write({'project_id': project.id})

    def _get_project(self):
        """Return the project for the work on the ticket: its contract's, else its team's."""
        self.ensure_one()
        # sudo: who works on tickets need not see contracts
        return self.contract_id.sudo().project_ids[:1].sudo(False) or self.team_id.project_id

    def _prepare_time(self):
        """Return the values of a timesheet on the ticket; override to say more."""
        self.ensure_one()
        project = self.task_id.project_id or self._get_project()
        if not project:
            raise UserError(
                self.env._(
                    'No time can be booked on %(ticket)s: neither its contract nor its team has a '
                    'project. A manager can choose one in the configuration of the team.',
                    ticket=self.display_name,
                )
            )
        return {'project_id': project.id, 'task_id': self.task_id.id}

    def _get_time_accounts(self):
        """Return {column of the plan: account} on which time of the ticket is booked."""
        # sudo: who books time need not see the contract
        account = self.contract_id.sudo().analytic_account_id
        return {account.root_plan_id._column_name(): account.id} if account else {}
