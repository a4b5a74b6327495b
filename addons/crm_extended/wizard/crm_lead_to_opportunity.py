from odoo import fields, models


class CrmLead2opportunityPartner(models.TransientModel):
    _inherit = 'crm.lead2opportunity.partner'

    action = fields.Selection(
        selection_add=[('nothing', 'Do not link to a customer')],
        ondelete={'nothing': 'cascade'},
    )

    def _convert_handle_partner(self, lead, action, partner_id):
        """Leave the customer of the lead as it is where no link is wanted."""
        if action == 'nothing':
            return None
        return super()._convert_handle_partner(lead, action, partner_id)
