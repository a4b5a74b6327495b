from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceClaimPick(models.TransientModel):
    """Choose what is claimed from invoices, orders and deliveries: for a claim, or for a new one.

    Opened on a claim it offers what the claim's customer may claim; opened on a document, what
    is on it.
    """

    _name = 'service.claim.pick'
    _description = 'Items from Documents'
    _inherit = ['crm.linked.mixin']

    claim_id = fields.Many2one('service.claim', readonly=True)
    document = fields.Reference(selection='_selection_document', readonly=True)
    partner_id = fields.Many2one(
        'res.partner', string='Customer or Supplier', compute='_compute_partner_id'
    )
    model = fields.Selection(
        selection='_selection_model', string='From', help='Empty: the newest of every kind.'
    )
    search_text = fields.Char(string='Number or Product')
    line_ids = fields.One2many(
        'service.claim.pick.line',
        'pick_id',
        string='Items',
        compute='_compute_line_ids',
        store=True,
        readonly=False,
    )

    # === DEFAULTS === #

    @api.model
    def default_get(self, fields_list):
        """Take what the dialog is opened on, if the user may work with it."""
        values = super().default_get(fields_list)
        origin = self._get_origin()
        if not origin:
            return values
        if origin._name == 'service.claim':
            origin.check_access('write')
            return {**values, 'claim_id': origin.id}
        origin.check_access('read')
        return {**values, 'document': f'{origin._name},{origin.id}'}

    @api.model
    def _get_origin(self):
        model = self.env.context.get('active_model')
        known = {'service.claim', *dict(self._selection_document())}
        return self.env[model].browse(self.env.context.get('active_id')) if model in known else None

    @api.model
    def _selection_document(self):
        return self.env['service.claim.line']._selection_document()

    @api.model
    def _selection_model(self):
        return list(self.env['service.claim.line']._get_document_labels().items())

    # === COMPUTE METHODS === #

    @api.depends('claim_id', 'document')
    def _compute_partner_id(self):
        for pick in self:
            origin = pick.claim_id or pick.document
            pick.partner_id = origin.partner_id if origin else False

    @api.depends('claim_id', 'document', 'model', 'search_text')
    def _compute_line_ids(self):
        for pick in self:
            commands = [Command.create(pick._prepare_line(line)) for line in pick._find_lines()]
            pick.line_ids = [Command.clear(), *commands]

    # === ACTIONS === #

    def action_add(self):
        """Add the chosen items to the claim, or make a claim of them and open it."""
        self.ensure_one()
        chosen = self.line_ids.filtered(lambda line: line.is_chosen and line.quantity > 0)
        if not chosen:
            raise UserError(self.env._('Tick what is claimed.'))
        claim = self.claim_id or self.env['service.claim'].create(self._prepare_claim())
        claim._add_items({line.key: line.quantity for line in chosen})
        if self.claim_id:  # its form is below the dialog, and reads again what has changed
            return {'type': 'ir.actions.act_window_close'}
        return claim.get_formview_action()

    # === BUSINESS METHODS === #

    def _find_lines(self):
        """Return what the user may choose of."""
        if self.claim_id:
            self.claim_id.check_access('write')
            claim = self.claim_id
            return self._get_claimable_lines(claim.commercial_partner_id, claim.against)
        if self.document:
            self.document.check_access('read')
            return self._get_claimable_lines(self.document.partner_id, self._get_against())
        return []

    def _get_claimable_lines(self, partner, against):
        origin = self.claim_id or self.document
        return self.env['service.claim.line']._get_claimable_lines(
            partner,
            origin.company_id,
            against,
            model=self.model or None,
            search=self.search_text or '',
            within=self.document,
        )

    def _get_against(self):
        """Return whose claim the document can be a reason for."""
        lines = self.env['service.claim.line']
        kinds = lines._get_document_kinds().values()
        document, partner = self.document, self.document.partner_id
        for kind in kinds:
            for against in ('customer', 'supplier'):
                if lines._find_document_lines(
                    kind, partner, document.company_id, against, within=document
                ):
                    return against
        raise UserError(
            self.env._(
                'Nothing of %(document)s can be claimed: claims are about what was invoiced, '
                'ordered or delivered, so it has to be confirmed and to have items.',
                document=document.display_name,
            )
        )

    def _prepare_line(self, line):
        """Return the values of a line of the dialog."""
        return {name: line[name] for name in self.line_ids._get_shown_fields()}

    def _prepare_claim(self):
        """Return the values of the claim about a document; override to say more."""
        document = self.document
        values = {
            'name': self.env._('Claim about %(document)s', document=document.display_name),
            'partner_id': document.partner_id.id,
            'against': self._get_against(),
            'company_id': document.company_id.id,
            'ref': f'{document._name},{document.id}',
        }
        if 'currency_id' in document._fields:
            values['currency_id'] = document.currency_id.id
        return values


class ServiceClaimPickLine(models.TransientModel):
    """A line of a document in the dialog: what it says is only shown, its key is what counts."""

    _name = 'service.claim.pick.line'
    _description = 'Item from a Document'
    _inherit = ['crm.linked.mixin']
    _parent_link = 'pick_id'

    pick_id = fields.Many2one('service.claim.pick', required=True, ondelete='cascade')
    key = fields.Char(required=True)
    is_chosen = fields.Boolean(string='Claim')
    document = fields.Char()
    date = fields.Date()
    name = fields.Char(string='Item')
    lot_name = fields.Char(string='Lot/Serial Number')
    quantity = fields.Float(digits='Product Unit', help='What is left to claim, or less.')
    unit_id = fields.Many2one('uom.uom')
    price = fields.Monetary(help='Of all that is left, without taxes.')
    currency_id = fields.Many2one('res.currency')

    @api.model
    def _get_shown_fields(self):
        return (
            *('key', 'document', 'date', 'name', 'lot_name'),
            *('quantity', 'unit_id', 'price', 'currency_id'),
        )
