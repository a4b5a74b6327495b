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

    # === ACTIONS === #

    def action_review_merge(self):
        """Open the dialogue that shows what the merge will do before it converts."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('crm.action_merge_opportunities')
        action['context'] = {
            'active_model': 'crm.lead',
            'active_ids': (self.lead_id | self.duplicated_lead_ids).ids,
            'default_convert_id': self.id,
        }
        return action
