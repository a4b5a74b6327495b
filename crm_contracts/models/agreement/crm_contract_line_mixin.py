from odoo import api, fields, models

from ...core.periods import get_months

LINE_KINDS = [('recurring', 'Recurring'), ('milestone', 'Milestone')]
INTERVAL_UNITS = [('day', 'Days'), ('week', 'Weeks'), ('month', 'Months'), ('year', 'Years')]
TIMINGS = [('advance', 'In advance'), ('arrears', 'In arrears')]


class CrmContractLineMixin(models.AbstractModel):
    """What is charged and how often: the same for the line of a contract and of a template."""

    _name = 'crm.contract.line.mixin'
    _description = 'What a Contract Charges'
    _inherit = ['crm.contract.priced.mixin']

    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        LINE_KINDS,
        required=True,
        default='recurring',
        help='Recurring: charged for each period. Milestone: charged once, when it is reached.',
    )

    # What
    product_id = fields.Many2one(
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
    price_unit = fields.Float(
        help="Price of one unit for a whole period, in the contract's currency, without taxes. "
        'Typed here it holds for all that is not billed yet; what revises prices from a day on '
        'keeps the price of the periods before.',
    )
    discount = fields.Float(
        string='Discount (%)', digits='Discount', help='Percent off the price, 0 to 100.'
    )

    is_metered = fields.Boolean(
        string='By Usage',
        help='Charge at the end of each period what was reported as used in it, instead of a fixed '
        'quantity.',
    )
    minimum_amount = fields.Monetary(
        string='Minimum',
        help='Least amount of a whole period by usage, without taxes: what is missing is charged '
        'as a line of its own. Zero: none.',
    )
    counts_hours = fields.Boolean(
        string='Hours Count',
        help='What the hours of the contract cost in a period counts towards its minimum, '
        'besides what was used.',
    )

    # How often
    interval_count = fields.Integer(string='Every', default=1, required=True)
    interval_unit = fields.Selection(INTERVAL_UNITS, default='month', required=True)
    timing = fields.Selection(
        TIMINGS,
        default='advance',
        required=True,
        help='In advance: due on the first day of the period. '
        'In arrears: due on the day after its last one.',
    )
    prorate = fields.Boolean(
        help='Charge a period that is cut by the dates by its days; otherwise in full.'
    )
    align_month = fields.Boolean(
        string='First of the Month',
        help='Start each period on the first of a month. The first period is then a shorter one.',
    )

    _interval_positive = models.Constraint(
        'CHECK (interval_count > 0 AND interval_count <= 1000)',
        'The interval of a contract line is between 1 and 1,000 days, weeks, months or years.',
    )
    _discount_in_range = models.Constraint(
        'CHECK (discount >= 0 AND discount <= 100)',
        'The discount of a contract line is a percentage between 0 and 100.',
    )
    _quantity_not_negative = models.Constraint(
        'CHECK (quantity >= 0)', 'The quantity of a contract line cannot be negative.'
    )
    _metering_possible = models.Constraint(
        "CHECK (NOT is_metered OR kind = 'recurring')",
        'Only what recurs is charged by usage.',
    )
    _minimum_not_negative = models.Constraint(
        'CHECK (minimum_amount >= 0)', 'The minimum of a contract line cannot be negative.'
    )
    _counting_possible = models.Constraint(
        'CHECK (NOT counts_hours OR is_metered)',
        'Only towards the minimum of what is charged by usage do hours count.',
    )
    _alignment_possible = models.Constraint(
        "CHECK (NOT align_month OR interval_unit IN ('month', 'year'))",
        'Only months and years can start on the first of the month.',
    )

    # === COMPUTE === #

    @api.depends('product_id')
    def _compute_name(self):
        for line in self.filtered('product_id'):
            product = line.product_id.with_context(lang=line._get_customer_lang())
            line.name = product.get_product_multiline_description_sale()

    def _get_customer_lang(self):
        """Return the language of the text; override where there is a customer."""
        return self.env.lang

    # === TEXTS AND AMOUNTS === #

    def _get_interval_label(self):
        """Return the period of the price, like "every 3 months"; once for a milestone."""
        self.ensure_one()
        if self.kind == 'milestone':
            return self.env._('once')
        count = self.interval_count
        if count == 1:
            return {
                'day': self.env._('per day'),
                'week': self.env._('per week'),
                'month': self.env._('per month'),
                'year': self.env._('per year'),
            }[self.interval_unit]
        return {
            'day': self.env._('every %s days', count),
            'week': self.env._('every %s weeks', count),
            'month': self.env._('every %s months', count),
            'year': self.env._('every %s years', count),
        }[self.interval_unit]

    def _get_amount(self, quantity, price_unit):
        amount = quantity * price_unit * (1 - self.discount / 100)
        return self.currency_id.round(amount) if self.currency_id else amount

    def _get_months(self):
        """Return the length of a period in months."""
        return get_months(self.interval_count, self.interval_unit)
