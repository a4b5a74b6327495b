from odoo import api, fields, models


class CrmLead2opportunityPartnerMass(models.TransientModel):
    _inherit = 'crm.lead2opportunity.partner.mass'

    action = fields.Selection(
        selection_add=[('nothing', 'Do not link to a customer')],
        ondelete={'nothing': 'cascade'},
    )
    crm_caller_ids = fields.Many2many(relation='crm_lead2opportunity_mass_caller_rel')
    crm_company_ids = fields.Many2many(relation='crm_lead2opportunity_mass_company_rel')

    # === CONVERSION === #

    def action_mass_convert(self):
        """Ask, after all others were converted with their customers, about those in doubt."""
        result = super().action_mass_convert()
        leads = self.lead_tomerge_ids.exists().filtered(self._is_crm_open)
        doubtful = leads._get_crm_doubtful() if self._finds_customers() else leads.browse()
        return doubtful._get_crm_customer_choice_action() if doubtful else result

    def _convert_and_allocate(self, leads, user_ids, team_id=False):
        wizard = self
        if self._finds_customers():
            doubtful = leads.filtered(self._is_crm_open)._get_crm_doubtful()
            wizard = self.with_context(crm_doubtful_lead_ids=doubtful.ids)
        return super(CrmLead2opportunityPartnerMass, wizard)._convert_and_allocate(
            leads, user_ids, team_id
        )

    def _convert_handle_partner(self, lead, action, partner_id):
        """Leave open who is the customer where it is not certain who is meant."""
        if lead.id in self.env.context.get('crm_doubtful_lead_ids', ()):
            return None
        return super()._convert_handle_partner(lead, action, partner_id)

    def _finds_customers(self):
        return self.action == 'each_exist_or_create'

    def _shows_crm_companies(self):
        return False

    @api.model
    def _is_crm_open(self, lead):
        return lead.active and not lead.partner_id
