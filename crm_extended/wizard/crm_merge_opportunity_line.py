from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_amount, format_date, html2plaintext

from odoo.addons.crm.models.crm_lead import PARTNER_ADDRESS_FIELDS_TO_SYNC


class CrmMergeOpportunityLine(models.TransientModel):
    """A field that is not the same on all records to merge."""

    _name = 'crm.merge.opportunity.line'
    _description = 'Difference between Records to Merge'
    _inherit = ['crm.linked.mixin']
    _order = 'id'
    _parent_link = 'wizard_id'

    wizard_id = fields.Many2one(
        comodel_name='crm.merge.opportunity',
        required=True,
        ondelete='cascade',
    )
    field_name = fields.Char(required=True)
    label = fields.Char(string='Field', compute='_compute_label')
    texts = fields.Html(string='Values', compute='_compute_texts', sanitize=False)
    lead_id = fields.Many2one(
        comodel_name='crm.lead',
        string='Take From',
        context={'active_test': False},
        help='The record of which the value remains. Empty: the values of all, put together.',
    )

    # === COMPUTE === #

    @api.depends('field_name')
    @api.depends_context('lang')
    def _compute_label(self):
        labels = self.env['crm.lead'].fields_get(self.mapped('field_name'), ['string'])
        for line in self:
            is_address = line.field_name in PARTNER_ADDRESS_FIELDS_TO_SYNC
            line.label = (
                self.env._('Address')
                if is_address
                else labels.get(line.field_name, {}).get('string')
            )

    @api.depends('field_name', 'lead_id', 'wizard_id.opportunity_ids', 'wizard_id.survivor_id')
    @api.depends_context('lang')
    def _compute_texts(self):
        for line in self:
            line.texts = Markup().join(
                line._render_value(lead) for lead in line.wizard_id._get_sorted_leads()
            )

    # === BUSINESS === #

    def _render_value(self, lead):
        is_kept = not self.lead_id or lead == self.lead_id._origin
        return Markup('<div class="{}"><small class="text-muted">{}</small> {}</div>').format(
            'fw-bold' if is_kept else 'text-decoration-line-through text-muted',
            lead.display_name,
            self._get_text(lead, self.field_name) or '-',
        )

    def _get_field_names(self):
        is_address = self.field_name in PARTNER_ADDRESS_FIELDS_TO_SYNC
        return PARTNER_ADDRESS_FIELDS_TO_SYNC if is_address else [self.field_name]

    @api.model
    def _get_text(self, lead, name):
        """Return the value of the lead as the user reads it."""
        if name in PARTNER_ADDRESS_FIELDS_TO_SYNC:
            parts = (self._get_value_text(lead, part) for part in PARTNER_ADDRESS_FIELDS_TO_SYNC)
            return ', '.join(part for part in parts if part)
        return self._get_value_text(lead, name)

    def _get_value_text(self, lead, name):
        field, value = lead._fields[name], lead[name]
        if field.relational:
            return ', '.join(value.mapped('display_name'))
        if not value:
            return ''
        if field.type == 'html':
            return html2plaintext(value)
        if field.type == 'monetary':
            return format_amount(self.env, value, lead[field.get_currency_field(lead)])
        if field.type == 'date':
            return format_date(self.env, value)
        return str(field.convert_to_export(value, lead))
