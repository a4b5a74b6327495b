from odoo import api, fields, models


class CrmLead(models.Model):
    """Shows on a lead that its sender is known already."""

    _inherit = 'crm.lead'

    # core's index on the address serves parts of it, not many whole ones at once
    _crm_email_normalized_idx = models.Index(
        '(email_normalized) WHERE email_normalized IS NOT NULL'
    )

    crm_known_lead_ids = fields.Many2many(
        comodel_name='crm.lead',
        string='Known Leads',
        context={'active_test': False},
        compute='_compute_crm_known',
        groups='sales_team.group_sale_salesman',
        help='Other leads and opportunities with the same e-mail address, or the same phone '
        'number and name, lost and archived ones too.',
    )
    crm_known_partner_ids = fields.Many2many(
        comodel_name='res.partner',
        string='Known Contacts',
        context={'active_test': False},
        compute='_compute_crm_known',
        groups='sales_team.group_sale_salesman',
        help='Contacts with the same e-mail address, or the same phone number and name, '
        'besides the customer.',
    )
    crm_known_lead_count = fields.Integer(
        string='Number of Known Leads',
        compute='_compute_crm_known',
        groups='sales_team.group_sale_salesman',
    )
    crm_known_partner_count = fields.Integer(
        string='Number of Known Contacts',
        compute='_compute_crm_known',
        groups='sales_team.group_sale_salesman',
    )
    crm_known_hidden_count = fields.Integer(
        string='Known to Colleagues',
        compute='_compute_crm_known',
        groups='sales_team.group_sale_salesman',
        help='How many such records of the same company you may not open.',
    )
    crm_known_count = fields.Integer(
        string='Known',
        compute='_compute_crm_known',
        groups='sales_team.group_sale_salesman',
        help='How many records have the same e-mail address, or the same phone number and name.',
    )

    @api.depends(
        'email_normalized', 'phone_sanitized', 'contact_name', 'partner_name', 'partner_id'
    )
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_crm_known(self):
        known_people = self.env['crm.capture.known']
        people = [
            known_people._get_person(
                [lead.email_normalized],
                [lead.phone_sanitized],
                lead.contact_name or lead.partner_name,
            )
            for lead in self
        ]
        for lead, known in zip(self, known_people._find(people), strict=True):
            lead.crm_known_lead_ids = known.leads - lead._origin
            lead.crm_known_partner_ids = known.partners - lead.partner_id
            lead.crm_known_lead_count = len(lead.crm_known_lead_ids)
            lead.crm_known_partner_count = len(lead.crm_known_partner_ids)
            lead.crm_known_hidden_count = known.hidden_count
            lead.crm_known_count = (
                lead.crm_known_lead_count + lead.crm_known_partner_count + known.hidden_count
            )

    # === ACTIONS === #

    def action_view_crm_known_leads(self):
        """Open the leads and opportunities that are counted as known."""
        return self._get_crm_known_leads_action(self.crm_known_lead_ids)

    def action_view_crm_known_partners(self):
        """Open the contacts that are counted as known."""
        return self._get_crm_known_partners_action(self.crm_known_partner_ids)

    # === BUSINESS === #

    @api.model
    def _get_crm_known_leads_action(self, leads):
        return self._get_crm_known_action('crm.crm_lead_all_leads', leads)

    @api.model
    def _get_crm_known_partners_action(self, partners):
        return self._get_crm_known_action('base.action_partner_form', partners)

    @api.model
    def _get_crm_known_action(self, xmlid, records):
        return self._get_crm_list_action(
            xmlid, [('id', 'in', records.ids)], {'active_test': False, 'create': False}
        )
