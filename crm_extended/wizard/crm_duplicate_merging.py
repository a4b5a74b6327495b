from odoo import Command, api, fields, models

from ..models.duplicate.res_partner_merging import ADDRESS


class CrmDuplicateMerging(models.TransientModel):
    """Show what a merge of contacts will do before it does it, and let the user choose."""

    _name = 'crm.duplicate.merging'
    _description = 'Merge Contacts'
    _inherit = ['crm.linked.mixin']

    duplicate_id = fields.Many2one(
        comodel_name='crm.duplicate', required=True, readonly=True, ondelete='cascade'
    )
    partner_ids = fields.Many2many(
        comodel_name='res.partner', string='Contacts', compute='_compute_partner_ids'
    )
    survivor_id = fields.Many2one(
        comodel_name='res.partner',
        string='Surviving Contact',
        compute='_compute_survivor_id',
        store=True,
        readonly=False,
        domain="[('id', 'in', partner_ids)]",
        help='The contact that stays; the others are merged into it.',
    )
    line_ids = fields.One2many(
        comodel_name='crm.duplicate.merging.line',
        inverse_name='wizard_id',
        string='Differences',
        compute='_compute_line_ids',
        store=True,
        readonly=False,
        help='The values that are not the same on all contacts, and which one stays.',
    )
    moved_summary = fields.Char(
        string='Also Moves',
        compute='_compute_moved_summary',
        help='What hangs on the other contacts and goes to the surviving one.',
    )

    # === COMPUTE === #

    @api.depends('duplicate_id')
    def _compute_partner_ids(self):
        contacts = self.duplicate_id._get_visible_contacts()
        for wizard in self:
            wizard.partner_ids = contacts[wizard.duplicate_id.id]

    @api.depends('duplicate_id')
    def _compute_survivor_id(self):
        for wizard in self:
            if wizard.survivor_id not in wizard.partner_ids:
                wizard.survivor_id = (
                    wizard.partner_ids and wizard.partner_ids._origin._get_crm_merge_survivor()
                )

    @api.depends('survivor_id')
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *(Command.create(values) for values in wizard._prepare_lines()),
            ]

    @api.depends('survivor_id')
    def _compute_moved_summary(self):
        for wizard in self:
            counts = wizard._get_moved_counts()
            wizard.moved_summary = ', '.join(f'{name}: {n}' for name, n in counts.items())

    # === ACTIONS === #

    def action_merge(self):
        """Merge the contacts as chosen."""
        self.ensure_one()
        self.duplicate_id._check_open()
        self.duplicate_id._merge(self.survivor_id, self._get_choice())
        return {'type': 'ir.actions.act_window_close'}

    # === BUSINESS === #

    def _get_sorted_contacts(self):
        """Return the contacts, the surviving one first."""
        contacts = self.partner_ids._origin
        return (self.survivor_id._origin & contacts) | contacts

    def _prepare_lines(self):
        contacts = self._get_sorted_contacts()
        lines = self.env['crm.duplicate.merging.line']
        return [
            {'field_name': name, 'partner_id': contact.id}
            for name, contact in self._get_default_contacts(contacts).items()
            if len({lines._get_text(other, name) for other in contacts}) > 1
        ]

    def _get_default_contacts(self, contacts):
        """Return, per field, the contact of which the value stays; none: of all together."""
        # only what the user may read is shown
        shown = contacts.fields_get(contacts._get_crm_merge_fields(), ['string'])
        defaults = {}
        for name in shown:
            if name == ADDRESS[0]:
                defaults[name] = contacts._get_crm_merge_address()
            elif name == 'comment':
                defaults[name] = contacts.browse()
            elif name not in ADDRESS:
                defaults[name] = contacts.filtered(name)[:1]
        return defaults

    def _get_choice(self):
        """Return ``{field: contact}`` of what is chosen, but for what the survivor keeps anyway."""
        return {
            name: line.partner_id
            for line in self.line_ids
            if line.partner_id != self.survivor_id or not self.survivor_id[line.field_name]
            for name in line._get_field_names()
            if line.partner_id
        }

    def _get_moved_counts(self):
        """Return ``{name of the model: count}`` of what goes along, as far as the user may know."""
        losers = self.partner_ids._origin - self.survivor_id._origin
        if not losers:
            return {}
        self.env.flush_all()
        counts = self.env['crm.merge.snapshot']._count_attached('res.partner', losers.ids)
        named = {
            self.env['ir.model']._get(model).name: counts.get(f'{self.env[model]._table}.{column}')
            for model, column in losers._get_crm_merge_told().items()
            if self.env[model].has_access('read')
        }
        return {name: count for name, count in named.items() if count}


class CrmDuplicateMergingLine(models.TransientModel):
    """A field that is not the same on all contacts to merge."""

    _name = 'crm.duplicate.merging.line'
    _description = 'Difference between Contacts to Merge'
    _inherit = ['crm.linked.mixin', 'crm.merge.line.mixin']
    _order = 'id'
    _parent_link = 'wizard_id'
    _address_fields = ADDRESS

    wizard_id = fields.Many2one(
        comodel_name='crm.duplicate.merging', required=True, ondelete='cascade'
    )
    texts = fields.Html(string='Values', compute='_compute_texts', sanitize=False)
    partner_id = fields.Many2one(
        comodel_name='res.partner',
        string='Take From',
        help='The contact of which the value stays. Empty: the values of all, put together.',
    )

    @api.depends('field_name', 'partner_id', 'wizard_id.survivor_id')
    @api.depends_context('lang')
    def _compute_texts(self):
        for line in self:
            line.texts = line._render_values(line.partner_id._origin)

    def _get_records(self):
        return self.wizard_id._get_sorted_contacts()
