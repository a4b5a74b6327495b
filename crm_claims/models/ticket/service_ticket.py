from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_extended.models.shared.crm_customer_document_mixin import CustomerFigures


class ServiceTicket(models.Model):
    """A request for support."""

    _name = 'service.ticket'
    _description = 'Support Ticket'
    _inherit = 'service.case.mixin'
    _number_prefix = 'TCK'
    _portal_path = 'tickets'

    merged_into_id = fields.Many2one('service.ticket')
    follows_id = fields.Many2one('service.ticket')
    follow_up_ids = fields.One2many('service.ticket')

    @api.model
    def _get_crm_customer_figures(self):
        return CustomerFigures(
            domain=Domain('merged_into_id', '=', False),
            date='date_open',
            counts=('ticket_count',),
        )

    @api.model
    def _get_merge_completed_fields(self):
        return (*super()._get_merge_completed_fields(), 'claim_id', 'lead_id')
