from odoo import fields, models


class CrmLead2opportunityPartnerMass(models.TransientModel):
    _inherit = 'crm.lead2opportunity.partner.mass'

    action = fields.Selection(
        selection_add=[('nothing', 'Do not link to a customer')],
        ondelete={'nothing': 'cascade'},
    )
