from odoo import fields, models
from odoo.exceptions import UserError


class ServiceTicket(models.Model):
    _inherit = 'service.ticket'

    task_id = fields.Many2one(
        'project.task',
        check_company=True,
        copy=False,
        readonly=True,
        index='btree_not_null',
        ondelete='set null',
        help='The task that the ticket became.',
    )

    def action_convert_to_task(self):
        """Open the task that the ticket became, made the first time.

        In a project of the ticket's contract, else in that of its team.
        """
        return self._convert('task_id', self._prepare_task_values)

    def _prepare_task_values(self):
        """Return the values of the task; override to say more."""
        self.ensure_one()
        return {
            'name': self.name,
            'description': self.description,
            'partner_id': self.partner_id.id,
            'project_id': self._get_task_project().id,
            'user_ids': [fields.Command.set(self.user_id.ids)],
            'company_id': self.company_id.id,
        }

    def _get_task_project(self):
        """Return the project for the task; a contract knows a better one than the team."""
        project = self._get_project()
        if not project:
            raise UserError(
                self.env._(
                    '%(ticket)s cannot become a task: its team has no project. '
                    'A manager can choose one in the configuration of the team.',
                    ticket=self.display_name,
                )
            )
        return project

    def _get_merge_completed_fields(self):
        return (*super()._get_merge_completed_fields(), 'task_id')
