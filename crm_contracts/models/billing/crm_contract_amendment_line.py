from odoo import api, fields, models
from odoo.exceptions import ValidationError

ACTIONS = [('change', 'Change'), ('end', 'End'), ('add', 'Add')]


class CrmContractAmendmentLine(models.Model):
    """One change of an amendment: another quantity or price, an end, or a further line."""

    _name = 'crm.contract.amendment.line'
    _description = 'Change of a Contract'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'crm.contract.line.mixin']
    _order = 'amendment_id, sequence, id'
    _check_company_auto = True
    _parent_link = 'amendment_id'

    amendment_id = fields.Many2one(
        'crm.contract.amendment', required=True, index=True, ondelete='cascade', check_company=True
    )
    contract_id = fields.Many2one(related='amendment_id.contract_id', store=True, index=True)
    company_id = fields.Many2one(related='amendment_id.company_id', store=True)
    currency_id = fields.Many2one(related='amendment_id.currency_id')
    is_applied = fields.Boolean(compute='_compute_is_applied')
    action = fields.Selection(
        ACTIONS,
        required=True,
        default='change',
        help='Change: the line gets the quantity and price given here. End: its last day is the '
        'day before. Add: a further line.',
    )
    line_id = fields.Many2one(
        'crm.contract.line',
        string='Contract Line',
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        domain="[('contract_id', '=', contract_id), ('kind', '=', 'recurring')]",
    )
    contract_line_ids = fields.One2many(
        'crm.contract.line',
        'amendment_line_id',
        string='Made Lines',
        readonly=True,
        help='Lines of the contract that the change made.',
    )
    date_due = fields.Date(string='Due', help='Day on which an added milestone is invoiced.')
    is_aligned = fields.Boolean(
        string='With the Other Lines',
        default=True,
        help='The periods of an added line start with those of the lines with the same period; '
        'the days before are charged by days.',
    )
    quantity = fields.Float(
        default=None,
        compute='_compute_quantity',
        store=True,
        readonly=False,
        precompute=True,
    )
    quantity_before = fields.Float(
        digits='Product Unit', compute='_compute_before', store=True, precompute=True
    )
    price_before = fields.Float(
        string='Unit Price Before',
        min_display_digits='Product Price',
        compute='_compute_before',
        store=True,
        precompute=True,
        help='Price of the day of the amendment, without taxes.',
    )
    amount = fields.Monetary(
        compute='_compute_amounts',
        help='What a whole period or the milestone costs from the day on, without taxes.',
    )
    amount_before = fields.Monetary(compute='_compute_amounts')
    monthly_change = fields.Monetary(
        compute='_compute_amounts', help='What the line brings more in a month, without taxes.'
    )

    _line_named = models.Constraint(
        "CHECK ((line_id IS NULL) = (action = 'add'))",
        'A change or an end names the line of the contract; what is added names none.',
    )
    _line_unique = models.UniqueIndex(
        '(amendment_id, line_id) WHERE line_id IS NOT NULL',
        'An amendment changes each line once.',
    )

    # === COMPUTE === #

    @api.depends('amendment_id.state')
    def _compute_is_applied(self):
        for change in self:
            change.is_applied = change.amendment_id.state == 'applied'

    @api.depends('line_id', 'amendment_id.date')
    def _compute_before(self):
        for change in self:
            line = change.line_id
            change.quantity_before = line.quantity
            change.price_before = bool(line) and line._get_price_on(change._get_day())

    @api.depends('line_id')
    def _compute_quantity(self):
        for change in self:
            change.quantity = change.line_id.quantity if change.line_id else change.quantity or 1.0

    @api.depends('product_id', 'line_id')
    def _compute_name(self):
        result = super()._compute_name()
        for change in self.filtered('line_id'):
            change.name = change.line_id.name
        return result

    @api.depends('line_id')
    def _compute_product_uom_id(self):
        result = super()._compute_product_uom_id()
        for change in self.filtered('line_id'):
            change.product_uom_id = change.line_id.product_uom_id
        return result

    @api.depends('line_id', 'amendment_id.date')
    def _compute_price_unit(self):
        """Propose the price of the day; one that was typed, and is of no line, stays."""
        result = super()._compute_price_unit()
        for change in self.filtered('line_id'):
            if change.price_unit in change._get_known_prices():
                change.price_unit = change.line_id._get_price_on(change._get_day())
        return result

    @api.depends(
        'action',
        'line_id',
        'kind',
        'quantity',
        'price_unit',
        'discount',
        'interval_count',
        'interval_unit',
        'quantity_before',
        'price_before',
    )
    def _compute_amounts(self):
        for change in self:
            line, is_ended = change.line_id or change, change.action == 'end'
            before = change.quantity_before, change.price_before
            after = change.quantity, change.price_unit
            change.amount_before = bool(change.line_id) and change._get_amount_at(*before)
            change.amount = not is_ended and change._get_amount_at(*after)
            is_charged = line.kind == 'recurring' and line.interval_count
            difference = change.amount - change.amount_before
            change.monthly_change = is_charged and difference / line._get_months()

    def _get_amount_at(self, quantity, price):
        """Return what a whole period comes to; override to price it otherwise."""
        return (self.line_id or self)._get_amount(quantity, price)

    def _get_known_prices(self):
        """Return the prices that the lines of the contract have or had, and none."""
        lines = self.line_id.contract_id.line_ids
        return {0.0, *lines.mapped('price_unit'), *lines.former_price_ids.mapped('price_unit')}

    # === CONSTRAINTS === #

    @api.constrains('line_id', 'contract_id')
    def _check_line(self):
        for change in self:
            if change.line_id and change.line_id.contract_id != change.contract_id:
                raise ValidationError(
                    self.env._(
                        '"%(line)s" is no line of the contract "%(contract)s".',
                        line=change.line_id.name,
                        contract=change.contract_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        changes = super().create(vals_list)
        changes.amendment_id._check_draft({'line_ids'})
        return changes

    def write(self, vals):
        self.amendment_id._check_draft(vals.keys())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        self.amendment_id._check_draft({'line_ids'})

    # === WHAT CHANGES === #

    def _get_customer_lang(self):
        return self.contract_id.partner_id.lang

    def _get_day(self):
        """Return the first day of what is agreed anew."""
        return self.amendment_id.date or fields.Date.context_today(self)

    def _is_effective(self):
        """Say whether the line changes anything."""
        self.ensure_one()
        return self.action != 'change' or self._changes_quantity() or self._changes_price()

    def _changes_quantity(self):
        digits = self.env['decimal.precision'].precision_get('Product Unit')
        return round(self.quantity - self.quantity_before, digits) != 0

    def _changes_price(self):
        return abs(self.price_unit - self.price_before) > 1e-9
