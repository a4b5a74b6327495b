from odoo import models


class ServiceTicket(models.Model):
    """A request for support."""

    _name = 'service.ticket'
    _description = 'Support Ticket'
    _inherit = ['service.case.mixin']
    _number_prefix = 'TCK'
