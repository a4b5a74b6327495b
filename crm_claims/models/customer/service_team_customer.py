from odoo import fields, models


class ServiceTeam(models.Model):
    """What the customers of a team see and are asked for."""

    _inherit = 'service.team'

    case_properties_definition = fields.PropertiesDefinition('Fields of its Cases')
    shows_promises = fields.Boolean(
        string='Show Promises',
        help='Customers see in the portal by when we answer and solve, and whether we did in time.',
    )
    approval_amount = fields.Float(
        string='Approval above',
        help='A claim that grants more needs the approval of the leader or a manager before it is '
        'solved. In the currency of the company of the claim; 0: never.',
    )
