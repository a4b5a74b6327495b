from odoo import Command, api, fields, models

from odoo.addons.crm.models.crm_lead import PARTNER_ADDRESS_FIELDS_TO_SYNC

# Merged by core, of no interest to who merges.
_NOT_SHOWN = {'create_date', 'date_automation_last', 'color'}


class CrmMergeOpportunity(models.TransientModel):
    """Show what a merge will do before it does it, and let the user choose."""

    _name = 'crm.merge.opportunity'
    _inherit = ['crm.linked.mixin', 'crm.merge.opportunity']

    survivor_id = fields.Many2one(
        comodel_name='crm.lead',
        string='Surviving Record',
        compute='_compute_survivor_id',
        store=True,
        readonly=False,
        domain="[('id', 'in', opportunity_ids)]",
        context={'active_test': False},
        help='The record that remains; the others are merged into it.',
    )
    convert_id = fields.Many2one(
        comodel_name='crm.lead2opportunity.partner',
        string='Conversion',
        help='The conversion that waits for the merge: it says who gets the opportunity.',
    )
    line_ids = fields.One2many(
        comodel_name='crm.merge.opportunity.line',
        inverse_name='wizard_id',
        string='Differences',
        compute='_compute_line_ids',
        store=True,
        readonly=False,
        help='The values that are not the same on all records, and which one remains.',
    )
    has_different_customers = fields.Boolean(compute='_compute_differences')
    has_different_companies = fields.Boolean(compute='_compute_differences')
    moved_summary = fields.Char(
        string='Also Moves',
        compute='_compute_moved_summary',
        help='What hangs on the other records and goes to the surviving one.',
    )

    # === COMPUTE === #

    @api.depends('opportunity_ids')
    def _compute_survivor_id(self):
        for wizard in self:
            leads = wizard.opportunity_ids
            if wizard.survivor_id not in leads:
                wizard.survivor_id = leads._sort_by_confidence_level(reverse=True)[:1]

    @api.depends('opportunity_ids', 'survivor_id')
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *(Command.create(values) for values in wizard._prepare_lines()),
            ]

    @api.depends('opportunity_ids')
    def _compute_differences(self):
        for wizard in self:
            leads = wizard.opportunity_ids
            wizard.has_different_customers = len(leads.partner_id.commercial_partner_id) > 1
            wizard.has_different_companies = len(leads.company_id) > 1

    @api.depends('opportunity_ids', 'survivor_id')
    def _compute_moved_summary(self):
        for wizard in self:
            counts = wizard._get_moved_counts()
            wizard.moved_summary = ', '.join(f'{name}: {n}' for name, n in counts.items())

    # === ACTIONS === #

    def action_merge(self):
        wizard = self.with_context(crm_merge_choice=self._prepare_choice())
        if self.convert_id:
            return wizard._convert_merged()
        return super(CrmMergeOpportunity, wizard).action_merge()

    # === BUSINESS === #

    def _convert_merged(self):
        """Go on with the conversion, which merges what is left in this dialogue."""
        convert = self.convert_id
        convert.name = 'merge'
        convert.duplicated_lead_ids = self.opportunity_ids
        return convert.action_apply()

    def _get_sorted_leads(self):
        """Return the records as core ranks them, the surviving one first."""
        leads = self.opportunity_ids._origin._sort_by_confidence_level(reverse=True)
        return (self.survivor_id._origin & leads) | leads

    def _prepare_lines(self):
        leads = self._get_sorted_leads()
        lines = self.env['crm.merge.opportunity.line']
        return [
            {'field_name': name, 'lead_id': lead.id}
            for name, lead in self._get_default_leads(leads).items()
            if len({lines._get_text(other, name) for other in leads}) > 1
        ]

    def _get_default_leads(self, leads):
        """Return, per field, the lead of which core keeps the value; none: of all together."""
        combined = leads._merge_get_fields_specific()
        defaults = {}
        for name in leads.fields_get(leads._merge_get_fields(), ['string']):
            if name in _NOT_SHOWN or name in PARTNER_ADDRESS_FIELDS_TO_SYNC[1:]:
                continue
            if name in combined:
                defaults[name] = leads.browse()
            elif name in PARTNER_ADDRESS_FIELDS_TO_SYNC:
                defaults[name] = max(leads, key=self._count_address_fields)
            else:
                defaults[name] = leads.filtered(name)[:1]
        return defaults

    def _count_address_fields(self, lead):
        return sum(bool(lead[name]) for name in PARTNER_ADDRESS_FIELDS_TO_SYNC)

    def _prepare_choice(self):
        """Return what the user wants otherwise than core would do it."""
        defaults = self._get_default_leads(self._get_sorted_leads())
        values = {}
        for line in self.line_ids:
            if line.lead_id and line.lead_id != defaults.get(line.field_name):
                values.update(dict.fromkeys(line._get_field_names(), line.lead_id.id))
        return {'survivor_id': self.survivor_id.id, 'values': values}

    def _get_moved_counts(self):
        """Return ``{name of the model: count}``."""
        losers = self.opportunity_ids._origin - self.survivor_id._origin
        if not losers:
            return {}
        losers.check_access('read')
        self.env.flush_all()
        counts = self.env['crm.merge.snapshot']._count_attached(losers._name, losers.ids)
        named = {
            self.env['ir.model']._get(model).name: counts.get(f'{self.env[model]._table}.{column}')
            for model, column in losers._get_merge_moved_references().items()
        }
        return {name: count for name, count in named.items() if count}
