from collections import defaultdict
from datetime import date, datetime

from odoo import api, fields, models
from odoo.fields import Domain

from ...core.claimable import DocumentKind, get_share, join_names

# Of applications that may be installed. Addons that depend on one add its kind themselves.
PURCHASE = DocumentKind(
    line='purchase.order.line',
    document='order_id',
    partner='partner_id',
    date='date_order',
    quantities=('product_qty', 'qty_received', 'qty_invoiced'),
    unit='product_uom_id',
    supplier=(('state', '=', 'purchase'), ('display_type', '=', False), ('product_qty', '>', 0)),
    subtotal='price_subtotal',
    currency='currency_id',
    lots='move_ids',
    executions=('invoice_lines', 'move_ids'),
)
DELIVERY = DocumentKind(
    line='stock.move',
    document='picking_id',
    partner='picking_id.partner_id',
    date='date_done',
    quantities=('quantity',),
    unit='product_uom',
    texts=('product_id',),
    customer=(('state', '=', 'done'), ('picking_type_id.code', '=', 'outgoing')),
    supplier=(('state', '=', 'done'), ('picking_type_id.code', '=', 'incoming')),
    orders=('sale_line_id', 'purchase_line_id'),
)
# How many lines of documents are shown at once.
SHOWN = 40


class ServiceClaimLine(models.Model):
    """The line of an invoice, order or delivery that an item comes from."""

    _inherit = 'service.claim.line'

    document_line = fields.Reference(index='btree_not_null', copy=False)
    document = fields.Reference(
        selection='_selection_document',
        compute='_compute_document',
        store=True,
        precompute=True,
        index='btree_not_null',
        help='The invoice, order or delivery that the item comes from.',
    )
    document_name = fields.Char(
        string='Invoice, Order or Delivery',
        compute='_compute_document',
        store=True,
        precompute=True,
        help='Number of the document that the item comes from.',
    )
    document_date = fields.Date(
        string='Date of the Document',
        compute='_compute_document',
        store=True,
        precompute=True,
        help='Day on which the item was invoiced, ordered or delivered.',
    )

    # === COMPUTE METHODS === #

    @api.depends('document_line')
    def _compute_document(self):
        kinds = self._get_document_kinds()
        for line, source in self._get_sources().items():
            kind = kinds.get(source._name)
            line.document = source[kind.document] if kind else False
            line.document_name = source[kind.document].display_name if kind else False
            line.document_date = self._get_day(source, kind) if kind else False

    @api.model
    def _selection_document(self):
        documents = [
            self.env[kind.line]._fields[kind.document].comodel_name
            for kind in self._get_document_kinds().values()
        ]
        return [(name, self.env[name]._description) for name in documents]

    # === KINDS OF DOCUMENTS === #

    @api.model
    def _get_document_kinds(self) -> dict[str, DocumentKind]:
        """Return {model of lines: kind} of what is installed; override to add a kind."""
        return {kind.line: kind for kind in (PURCHASE, DELIVERY) if kind.line in self.env}

    @api.model
    def _get_document_labels(self) -> dict[str, str]:
        """Return {model of lines: how people call their documents}; override with each kind."""
        labels = {
            PURCHASE.line: self.env._('Purchase Orders'),
            DELIVERY.line: self.env._('Deliveries and Receipts'),
        }
        return {line: label for line, label in labels.items() if line in self.env}

    @api.model
    def _get_document_line_models(self):
        return [*super()._get_document_line_models(), *self._get_document_kinds()]

    @api.model
    def _get_document_domain(self, kind, partner, company, against):
        """Return which lines a customer may claim, or may be claimed from a supplier."""
        conditions = kind.get_conditions(against)
        if conditions is None or not partner:
            return Domain.FALSE
        return (
            Domain(list(conditions))
            & Domain(f'{kind.partner}.commercial_partner_id', '=', partner.commercial_partner_id.id)
            & Domain('company_id', '=', company.id)
        )

    # === WHAT CAN BE CLAIMED === #

    @api.model
    def _get_claimable_lines(self, partner, company=None, against='customer', **narrowed):
        """Return what a contact's company may claim yet, as dictionaries, the newest first.

        :param partner: whose documents; that the user may ask for them is the caller's to know
        :param company: the seller's or buyer's company, by default that of the user
        :param narrowed: what narrows it, see `_find_document_lines`
        :return: for each line of a document: `key` (to hand to `service.claim._add_items`),
            `model`, `document`, `date`, `name`, `product_id`, `lot_name`, `quantity` (what is
            left of it), `unit_id` and `price` (of all that is left, without taxes) in
            `currency_id`
        """
        company = company or self.env.company
        found = []
        for kind in self._get_document_kinds().values():
            lines = self._find_document_lines(kind, partner, company, against, **narrowed)
            left = self._get_left_to_claim(lines)
            found += [
                self._describe_document_line(line, kind, left[line])
                for line in lines
                if self._compare_quantities(left[line], 0.0) > 0
            ]
        return sorted(found, key=lambda line: line['date'] or date.min, reverse=True)

    @api.model
    def _find_document_lines(
        self, kind, partner, company, against, model=None, search='', within=None
    ):
        """Return the newest lines that may be claimed, readable as the program.

        :param str model: lines of this model only
        :param str search: text in the number of the document, in the product or in the line
        :param within: a document whose lines are looked for
        """
        lines_sudo = self.env[kind.line].sudo()
        if model not in (None, kind.line):
            return lines_sudo
        domain = self._get_document_domain(kind, partner, company, against)
        if within:
            domain &= Domain(kind.document, '=', within.id)
        if search:
            domain &= Domain.OR(
                Domain(name, 'ilike', search) for name in (kind.document, *kind.texts)
            )
        return lines_sudo.search(domain, order='id desc', limit=None if within else SHOWN)

    @api.model
    def _describe_document_line(self, source, kind, quantity):
        amount, currency = self._get_worth(source, kind, quantity)
        return {
            'key': f'{source._name},{source.id}',
            'model': source._name,
            'document': source[kind.document].display_name,
            'date': self._get_day(source, kind),
            'name': self._get_item_name(source),
            'product_id': source.product_id.id,
            'lot_name': self._get_lot_names(source, kind),
            'quantity': quantity,
            'unit_id': source[kind.unit].id,
            'price': amount,
            'currency_id': currency.id,
        }

    @api.model
    def _prepare_claimed_item(self, source, kind, quantity, currency):
        """Return the values of an item; override to say more."""
        amount, own_currency = self._get_worth(source, kind, quantity)
        day = self._get_day(source, kind) or fields.Date.context_today(self)
        if own_currency and own_currency != currency:
            amount = own_currency._convert(amount, currency, source.company_id, day)
        return {
            'document_line': f'{source._name},{source.id}',
            'product_id': source.product_id.id,
            'name': self._get_item_name(source),
            'lot_name': self._get_lot_names(source, kind),
            'quantity': quantity,
            'product_uom_id': source[kind.unit].id,
            'amount_claimed': currency.round(amount),
        }

    # === READING A LINE === #

    def _get_sources(self):
        """Return {item: the line of a document that it comes from}, those of a model together.

        They are readable: who works on claims need not see the books to know what is claimed.
        """
        links = {line: line.sudo().document_line for line in self}
        ids = defaultdict(set)
        for source in filter(None, links.values()):
            ids[source._name].add(source.id)
        found = {
            source: source
            for name in ids
            for source in self.env[name].sudo().browse(ids[name]).exists()
        }
        return {line: found.get(source, self.browse()) for line, source in links.items()}

    @api.model
    def _get_day(self, source, kind):
        moment = source[kind.document][kind.date]
        if isinstance(moment, datetime):
            moment = fields.Datetime.context_timestamp(self, moment).date()
        return moment

    @api.model
    def _get_item_name(self, source):
        return source.product_id.display_name or source.name.partition('\n')[0]

    @api.model
    def _get_lot_names(self, source, kind):
        """Return the lots that were delivered, where stock is kept of them."""
        if 'lot_ids' not in source._fields:
            order, order_kind = self._get_order_line(source, kind)
            source = order[order_kind.lots] if order_kind.lots in order._fields else order
        lots = source.lot_ids if 'lot_ids' in source._fields else ()
        return join_names(lot.name for lot in lots)

    @api.model
    def _get_worth(self, source, kind, quantity):
        """Return (what a quantity of a line costs without taxes, currency): else by its order."""
        priced, pricing = (source, kind) if kind.subtotal else self._get_order_line(source, kind)
        if not pricing.subtotal:
            return 0.0, self.env['res.currency']
        whole = priced[pricing.quantities[0]]
        part = self._sum_in(priced[pricing.unit], [(quantity, source[kind.unit])])
        currency = priced[pricing.currency]
        return currency.round(get_share(priced[pricing.subtotal], whole, part)), currency

    @api.model
    def _get_order_line(self, source, kind):
        """Return (line of the order that a line carries out, its kind), else the line itself."""
        for name in kind.orders:
            if source._fields.get(name) and source[name]:
                order = source[name][:1]
                return order, self._get_document_kinds()[order._name]
        return source, kind
