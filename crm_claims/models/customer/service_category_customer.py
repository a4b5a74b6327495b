from odoo import fields, models


class ServiceCategory(models.Model):
    """What customers see of a category and are asked for under it."""

    _inherit = 'service.category'

    case_properties_definition = fields.PropertiesDefinition('Fields of its Cases')
    is_offered = fields.Boolean(
        string='Offered to Customers',
        help='Customers choose it for what they write in the portal and in web forms.',
    )
