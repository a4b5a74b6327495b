from odoo import api, fields, models


class CrmLead2opportunityPartner(models.TransientModel):
    _inherit = 'crm.lead2opportunity.partner'

    action = fields.Selection(
        selection_add=[('nothing', 'Do not link to a customer')],
        ondelete={'nothing': 'cascade'},
    )
    crm_caller_ids = fields.Many2many(
        comodel_name='res.partner',
        relation='crm_lead2opportunity_caller_rel',
        string='Known by This Number',
        compute='_compute_crm_known',
        help='Contacts with the number of the lead, of which one may be the customer.',
    )
    crm_company_ids = fields.Many2many(
        comodel_name='res.partner',
        relation='crm_lead2opportunity_company_rel',
        string='Known Companies',
        compute='_compute_crm_known',
        help='Companies of which one may be the one that the lead names.',
    )

    # === COMPUTE === #

    @api.depends('lead_id')
    def _compute_crm_known(self):
        leads = self.lead_id
        facts = [lead._get_caller_facts() for lead in leads]
        callers = dict(zip(leads, leads._find_callers(facts), strict=True))
        companies = leads._find_crm_companies()
        nobody = self.env['res.partner']
        for convert in self:
            sure, doubtful = companies.get(convert.lead_id, (nobody, nobody))
            convert.crm_caller_ids = callers.get(convert.lead_id)
            convert.crm_company_ids = sure | doubtful

    @api.depends('lead_id')
    def _compute_action(self):
        """Ask who is meant where contacts have the number of the lead."""
        result = super()._compute_action()
        for convert in self.filtered('crm_caller_ids'):
            if convert.action == 'create':
                convert.action = 'exist'
        return result

    @api.depends('partner_id', 'action', 'lead_id')
    def _compute_commercial_partner_id(self):
        """Propose the company that is known for what the lead names."""
        result = super()._compute_commercial_partner_id()
        creating = self.filtered(lambda c: c.action == 'create' and not c.commercial_partner_id)
        companies = creating.lead_id._find_crm_companies()
        for convert in creating.filtered('lead_id'):
            convert.commercial_partner_id = companies[convert.lead_id][0]
        return result

    # === CONVERSION === #

    def _convert_handle_partner(self, lead, action, partner_id):
        """Leave the customer of the lead as it is where no link is wanted."""
        if action == 'nothing':
            return None
        leads = lead.with_context(crm_new_company=self._shows_crm_companies())
        return super()._convert_handle_partner(leads, action, partner_id)

    def _shows_crm_companies(self):
        """Tell whether the user saw who is known: who chose no company then wants a new one."""
        return True

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
