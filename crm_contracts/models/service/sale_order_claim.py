from odoo import models


class SaleOrder(models.Model):
    """Orders that are claimed, and that replace what was claimed."""

    _name = 'sale.order'
    _inherit = ['service.claimed.mixin', 'sale.order']
