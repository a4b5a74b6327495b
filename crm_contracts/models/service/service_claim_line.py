from odoo import api, fields, models

from odoo.addons.crm_claims.core.claimable import DocumentKind

INVOICE = DocumentKind(
    line='account.move.line',
    document='move_id',
    partner='partner_id',
    date='invoice_date',
    quantities=('quantity',),
    unit='product_uom_id',
    customer=(
        ('parent_state', '=', 'posted'),
        ('display_type', '=', 'product'),
        ('move_id.move_type', 'in', ('out_invoice', 'out_receipt')),
        ('quantity', '>', 0),
    ),
    supplier=(
        ('parent_state', '=', 'posted'),
        ('display_type', '=', 'product'),
        ('move_id.move_type', 'in', ('in_invoice', 'in_receipt')),
        ('quantity', '>', 0),
    ),
    subtotal='price_subtotal',
    currency='currency_id',
    orders=('sale_line_ids', 'purchase_line_id'),
)
ORDER = DocumentKind(
    line='sale.order.line',
    document='order_id',
    partner='order_partner_id',
    date='date_order',
    quantities=('product_uom_qty', 'qty_delivered', 'qty_invoiced'),
    unit='product_uom_id',
    customer=(
        ('state', '=', 'sale'),
        ('display_type', '=', False),
        ('is_downpayment', '=', False),
        ('product_uom_qty', '>', 0),
    ),
    subtotal='price_subtotal',
    currency='currency_id',
    lots='move_ids',
    executions=('invoice_lines', 'move_ids'),
)


class ServiceClaimLine(models.Model):
    """Items that come from invoices, bills and orders."""

    _inherit = 'service.claim.line'

    move_line_id = fields.Many2one(
        'account.move.line',
        string='Invoice Line',
        compute='_compute_move_line_id',
        inverse='_inverse_move_line_id',
        store=True,
        precompute=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        help='The line of the invoice or bill that the item comes from.',
    )

    @api.depends('document_line')
    def _compute_move_line_id(self):
        for line in self:
            source = line.sudo().document_line
            is_invoiced = source and source._name == INVOICE.line
            line.move_line_id = source.id if is_invoiced else False

    def _inverse_move_line_id(self):
        for line in self:
            line.document_line = line.move_line_id or False

    @api.model
    def _get_document_kinds(self):
        return {INVOICE.line: INVOICE, ORDER.line: ORDER, **super()._get_document_kinds()}

    @api.model
    def _get_document_labels(self):
        return {
            INVOICE.line: self.env._('Invoices and Bills'),
            ORDER.line: self.env._('Sales Orders'),
            **super()._get_document_labels(),
        }

    @api.model
    def _get_guarded_links(self):
        """Return also the line of an invoice: who names one has to be allowed to read it."""
        return super()._get_guarded_links() | {'move_line_id'}
