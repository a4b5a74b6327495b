from odoo import api, fields, models


class ServiceClaimLine(models.Model):
    """One thing that is claimed, and what becomes of it."""

    _name = 'service.claim.line'
    _description = 'Claim Line'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin']
    _order = 'claim_id, sequence, id'
    _check_company_auto = True
    _parent_link = 'claim_id'

    claim_id = fields.Many2one(
        'service.claim',
        required=True,
        index=True,
        ondelete='cascade',
    )
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        'product.product',
        check_company=True,
        index='btree_not_null',
        ondelete='restrict',
    )
    name = fields.Char(
        string='Description',
        compute='_compute_name',
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    lot_name = fields.Char(string='Lot/Serial Number', index='trigram')
    document_line = fields.Reference(
        selection='_selection_document_line',
        help='The line of the invoice, order or delivery that it comes from.',
    )
    quantity = fields.Float(required=True, default=1.0, digits='Product Unit')
    product_uom_id = fields.Many2one(
        'uom.uom',
        string='Unit',
        compute='_compute_product_uom_id',
        store=True,
        readonly=False,
        precompute=True,
        ondelete='restrict',
    )
    reason = fields.Char(help='What is wrong with it.')
    outcome = fields.Selection(
        [
            ('return', 'Return'),
            ('credit', 'Credit'),
            ('replacement', 'Replacement'),
            ('repair', 'Repair'),
            ('rejected', 'Rejected'),
        ],
        help='What becomes of it. Empty: not decided yet.',
    )
    amount_claimed = fields.Monetary(string='Claimed')
    amount_granted = fields.Monetary(string='Granted')
    company_id = fields.Many2one(related='claim_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='claim_id.currency_id')

    _quantity_positive = models.Constraint(
        'CHECK (quantity > 0)',
        'The quantity of a claim line must be more than zero.',
    )
    _amounts_not_negative = models.Constraint(
        'CHECK (amount_claimed >= 0 AND amount_granted >= 0)',
        'The amounts of a claim line cannot be negative.',
    )
    _rejected_grants_nothing = models.Constraint(
        "CHECK (outcome IS DISTINCT FROM 'rejected' OR COALESCE(amount_granted, 0) = 0)",
        'A rejected line grants nothing. Choose another outcome, or clear the granted amount.',
    )

    @api.depends('product_id')
    def _compute_name(self):
        for line in self:
            line.name = line.name or line.product_id.display_name

    @api.depends('product_id')
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id or line.product_uom_id

    @api.model
    def _selection_document_line(self):
        return [
            (model_name, self.env[model_name]._description)
            for model_name in self._get_document_line_models()
            if self.env[model_name].has_access('read')
        ]

    @api.model
    def _get_document_line_models(self) -> list[str]:
        """Return the models whose lines may be claimed; addons that know orders add theirs."""
        return []

    def _prepare_supplier_line(self):
        """Return what a claim to the supplier says about the same thing."""
        self.ensure_one()
        return {
            'product_id': self.product_id.id,
            'name': self.name,
            'lot_name': self.lot_name,
            'quantity': self.quantity,
            'product_uom_id': self.product_uom_id.id,
            'reason': self.reason,
        }
