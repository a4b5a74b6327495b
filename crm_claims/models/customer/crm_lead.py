from odoo import fields, models


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    service_ticket_ids = fields.One2many(
        'service.ticket',
        'lead_id',
        string='Tickets',
        groups='crm_claims.crm_claims_group_agent',
        help='The tickets that became this lead.',
    )

    def action_view_service_ticket(self):
        """Open the ticket that became this lead."""
        self.ensure_one()
        return self.service_ticket_ids[:1].get_formview_action()

    def _get_merge_moved_fields(self):
        return {**super()._get_merge_moved_fields(), 'service.ticket': 'lead_id'}
