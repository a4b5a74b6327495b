from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [('recurring', 'Recurring'), ('milestone', 'Milestone')]
INTERVAL_UNITS = [('day', 'Days'), ('week', 'Weeks'), ('month', 'Months'), ('year', 'Years')]
TIMINGS = [('advance', 'In advance'), ('arrears', 'In arrears')]


class CrmContractLine(models.Model):
    """What a contract charges: a price per period, or an amount for a milestone."""

    _name = 'crm.contract.line'
    _description = 'Contract Line'
    _inherit = [
        'crm.contract.line.plan.mixin',
        'crm.contract.line.price.mixin',
        'crm.contract.line.label.mixin',
    ]
    _order = 'contract_id, sequence, id'
    _check_company_auto = True

    contract_id = fields.Many2one(
        'crm.contract', required=True, index=True, ondelete='cascade', check_company=True
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    currency_id = fields.Many2one(related='contract_id.currency_id')
    contract_state = fields.Selection(related='contract_id.state', string='Contract State')
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        KINDS,
        required=True,
        default='recurring',
        help='Recurring: charged for each period. Milestone: charged once, when it is reached.',
    )

    # What
    product_id = fields.Many2one(
        'product.product',
        check_company=True,
        ondelete='restrict',
        domain="[('sale_ok', '=', True)]",
        help='Gives text, price, account and taxes of the invoice line.',
    )
    name = fields.Text(
        string='Description',
        required=True,
        compute='_compute_name',
        store=True,
        readonly=False,
        precompute=True,
        help="Text of the invoice line, in the customer's language.",
    )
    quantity = fields.Float(digits='Product Unit', default=1.0, required=True)
    product_uom_id = fields.Many2one(
        'uom.uom',
        string='Unit',
        ondelete='restrict',
        compute='_compute_product_uom_id',
        store=True,
        readonly=False,
        precompute=True,
    )
    price_unit = fields.Float(
        string='Unit Price',
        min_display_digits='Product Price',
        compute='_compute_price_unit',
        store=True,
        readonly=False,
        precompute=True,
        help="Price of one unit for a whole period, in the contract's currency, without taxes. "
        'Periods that start before the last change keep the price that they had.',
    )
    discount = fields.Float(
        string='Discount (%)', digits='Discount', help='Percent off the price, 0 to 100.'
    )
    amount = fields.Monetary(
        compute='_compute_amount',
        help='Charged for a whole period or for the milestone, without taxes.',
    )
    monthly_amount = fields.Monetary(
        compute='_compute_monthly_amount',
        store=True,
        help='What a recurring line brings in a month, without taxes; 0 of a milestone.',
    )

    # When
    interval_count = fields.Integer(string='Every', default=1, required=True)
    interval_unit = fields.Selection(INTERVAL_UNITS, default='month', required=True)
    timing = fields.Selection(
        TIMINGS,
        default='advance',
        required=True,
        help='In advance: due on the first day of the period. '
        'In arrears: due on the day after its last one.',
    )
    date_start = fields.Date(
        string='From',
        compute='_compute_date_start',
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help='First day charged. Each period starts on the same day of the month, or on the last '
        'day of a shorter month.',
    )
    date_end = fields.Date(
        string='Until', help='Last day charged; empty: as long as the contract runs.'
    )
    prorate = fields.Boolean(
        help='Charge a period that is cut by the dates by its days; otherwise in full.'
    )
    align_month = fields.Boolean(
        string='First of the Month',
        help='Start each period on the first of a month. The first period is then a shorter one.',
    )
    date_due = fields.Date(string='Due', help='Day on which the milestone is invoiced.')
    is_done = fields.Boolean(
        string='Reached', copy=False, help='Invoice the milestone with the next run.'
    )

    # What was billed
    billing_ids = fields.One2many('crm.contract.billing', 'line_id', string='Billed', readonly=True)
    next_period_start = fields.Date(
        string='Next Period',
        compute='_compute_next_billing',
        store=True,
        help='First day that is not billed yet.',
    )
    next_due_date = fields.Date(
        string='Next Invoice',
        compute='_compute_next_billing',
        store=True,
        help='Day from which the next period or the milestone is invoiced.',
    )

    _interval_positive = models.Constraint(
        'CHECK (interval_count > 0)', 'The interval of a contract line must be positive.'
    )
    _dates_ordered = models.Constraint(
        'CHECK (date_end >= date_start)', 'A contract line cannot end before it starts.'
    )
    _discount_in_range = models.Constraint(
        'CHECK (discount >= 0 AND discount <= 100)',
        'The discount of a contract line is a percentage between 0 and 100.',
    )
    _quantity_not_negative = models.Constraint(
        'CHECK (quantity >= 0)', 'The quantity of a contract line cannot be negative.'
    )
    _alignment_possible = models.Constraint(
        "CHECK (NOT align_month OR interval_unit IN ('month', 'year'))",
        'Only months and years can start on the first of the month.',
    )

    # === COMPUTE === #

    @api.depends('product_id')
    def _compute_name(self):
        for line in self.filtered('product_id'):
            product = line.product_id.with_context(lang=line.contract_id.partner_id.lang)
            line.name = product.get_product_multiline_description_sale()

    @api.depends('product_id')
    def _compute_product_uom_id(self):
        for line in self.filtered('product_id'):
            line.product_uom_id = line.product_id.uom_id

    @api.depends('product_id', 'product_uom_id', 'contract_id.currency_id')
    def _compute_price_unit(self):
        for line in self.filtered('product_id'):
            prices = line.product_id._price_compute(
                'list_price',
                uom=line.product_uom_id,
                currency=line.contract_id.currency_id,
                company=line.contract_id.company_id,
            )
            line.price_unit = prices[line.product_id.id]

    @api.depends('contract_id')
    def _compute_date_start(self):
        for line in self:
            line.date_start = line.date_start or line.contract_id.date_start

    @api.depends('quantity', 'price_unit', 'discount')
    def _compute_amount(self):
        for line in self:
            line.amount = line._get_amount(line.quantity, line.price_unit)

    @api.depends('amount', 'kind', 'interval_count', 'interval_unit')
    def _compute_monthly_amount(self):
        for line in self:
            is_charged = line.kind == 'recurring' and line.interval_count
            line.monthly_amount = line._get_monthly_amount() if is_charged else 0

    @api.depends(
        'kind',
        'interval_count',
        'interval_unit',
        'timing',
        'date_start',
        'date_end',
        'prorate',
        'align_month',
        'date_due',
        'is_done',
        'contract_id.date_start',
        'contract_id.date_end',
        'contract_id.date_closed',
        'contract_id.suspension_ids.date_from',
        'contract_id.suspension_ids.date_to',
        'billing_ids.state',
        'billing_ids.rebill',
    )
    def _compute_next_billing(self):
        billed = self._get_billed_ranges()
        for line in self:
            period = next(line._get_open_periods(billed[line._origin.id]), None)
            if line.kind == 'milestone':
                line.next_period_start = False
                line.next_due_date = not billed[line._origin.id] and line._get_milestone_date()
            else:
                line.next_period_start = period and period.start
                line.next_due_date = period and line._get_due_date(period)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.contract_id._unpark_billing()
        return lines

    def write(self, vals):
        if vals.keys() & {'contract_id', 'kind'}:
            self._check_unbilled()
        result = super().write(vals)
        if not vals.keys() <= {'next_period_start', 'next_due_date'}:
            self.contract_id._unpark_billing()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_unbilled()

    def _check_unbilled(self):
        billed = self.sudo().filtered('billing_ids')[:1]
        if billed:
            raise UserError(
                self.env._(
                    'The line "%(line)s" of the contract "%(contract)s" was billed already. Give '
                    'it an end date and add another line instead.',
                    line=billed.name,
                    contract=billed.contract_id.display_name,
                )
            )
