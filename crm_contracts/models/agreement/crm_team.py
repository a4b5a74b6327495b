from odoo import fields, models


class CrmTeam(models.Model):
    _inherit = 'crm.team'

    crm_asks_for_contract = fields.Boolean(
        string='Ask for a Contract',
        default=True,
        help='Whoever wins an opportunity gets an activity to make its contract, once.',
    )
