from odoo import api, fields, models

from odoo.addons.crm.models.crm_lead import PARTNER_ADDRESS_FIELDS_TO_SYNC


class CrmMergeOpportunityLine(models.TransientModel):
    """A field that is not the same on all leads to merge."""

    _name = 'crm.merge.opportunity.line'
    _description = 'Difference between Leads to Merge'
    _inherit = ['crm.linked.mixin', 'crm.merge.line.mixin']
    _order = 'id'
    _parent_link = 'wizard_id'
    _address_fields = PARTNER_ADDRESS_FIELDS_TO_SYNC

    wizard_id = fields.Many2one(
        comodel_name='crm.merge.opportunity',
        required=True,
        ondelete='cascade',
    )
    texts = fields.Html(string='Values', compute='_compute_texts', sanitize=False)
    lead_id = fields.Many2one(
        comodel_name='crm.lead',
        string='Take From',
        context={'active_test': False},
        help='The record of which the value remains. Empty: the values of all, put together.',
    )

    @api.depends('field_name', 'lead_id', 'wizard_id.opportunity_ids', 'wizard_id.survivor_id')
    @api.depends_context('lang')
    def _compute_texts(self):
        for line in self:
            line.texts = line._render_values(line.lead_id._origin)

    def _get_records(self):
        return self.wizard_id._get_sorted_leads()
