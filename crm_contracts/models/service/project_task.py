from odoo import fields, models


class ProjectTask(models.Model):
    _inherit = 'project.task'

    service_ticket_ids = fields.One2many(
        'service.ticket',
        'task_id',
        string='Tickets',
        groups='crm_claims.crm_claims_group_agent',
        help='The tickets that became this task.',
    )

    def action_view_service_ticket(self):
        """Open the ticket that became this task."""
        self.ensure_one()
        return self.service_ticket_ids[:1].get_formview_action()
