from odoo import fields, models

INVOICE_GROUPINGS = [
    ('contract', 'One per contract'),
    ('period', 'One per due date'),
    ('customer', 'One per customer'),
]
RENEWAL_TYPES = [
    ('manual', 'By hand'),
    ('tacit', 'Tacit'),
    ('none', 'Not renewed'),
]


class CrmContractTemplate(models.Model):
    """The usual conditions of a kind of contract, proposed to each new one."""

    _name = 'crm.contract.template'
    _description = 'Contract Template'
    _inherit = [
        'crm.linked.mixin',
        'crm.contract.threshold.mixin',
        'crm.contract.cost.markup.mixin',
        'crm.contract.revision.rule.mixin',
    ]
    _order = 'name, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', default=lambda self: self.env.company)
    terms = fields.Html(
        string='Terms and Conditions',
        translate=True,
        help='Text that the contracts of this template start with.',
    )
    span_months = fields.Integer(
        string='Initial Months',
        default=12,
        help='Length of the first term. Zero leaves the end open.',
    )
    renewal_type = fields.Selection(RENEWAL_TYPES, default='manual', required=True)
    term_months = fields.Integer(
        string='Renewal Months', default=12, help='Length of each further term.'
    )
    notice_days = fields.Integer(
        default=30, help='Days before the end of a term in which the renewal is decided.'
    )
    notify_customer = fields.Boolean(
        string='Tell the Customer',
        help='Send the customer a mail before a term ends, in the days that the settings say.',
    )
    create_project = fields.Boolean(
        help="Confirming makes a project, whose hours are booked on the contract's account."
    )

    # Billing
    line_ids = fields.One2many(
        'crm.contract.template.line', 'template_id', string='Lines', copy=True
    )
    rate_ids = fields.One2many(
        'crm.contract.template.rate', 'template_id', string='Rates', copy=True
    )
    bill_time = fields.Boolean(help="Bill the hours on the contract's account.")
    time_ratio = fields.Float(
        string='Billed Ratio (%)',
        digits='Discount',
        default=100.0,
        help='Percent of the price of hours that is charged, 0 to 100.',
    )
    time_product_id = fields.Many2one(
        'product.product',
        string='Service without Rate',
        check_company=True,
        ondelete='restrict',
        domain="[('type', '=', 'service'), ('sale_ok', '=', True)]",
        help="Hours that no rate fits are billed as this service. Empty: the company's.",
    )
    bill_costs = fields.Boolean(help="Bill the costs on the contract's account.")
    prepaid_quantity = fields.Float(
        string='Prepaid Units',
        digits='Product Unit',
        help='Hours or days of each term that are paid with the contract. Zero: none.',
    )
    prepaid_uom_id = fields.Many2one(
        'uom.uom',
        string='Prepaid Unit',
        ondelete='restrict',
        default=lambda self: self.env['ir.model.data']._xmlid_to_res_id('uom.product_uom_hour'),
    )
    overage_price = fields.Float(
        min_display_digits='Product Price', help='Price of a unit over the prepaid ones.'
    )
    prepaid_rollover = fields.Boolean(
        string='Roll Over', help='Units that a term leaves unused are added to the next one.'
    )
    invoice_grouping = fields.Selection(
        INVOICE_GROUPINGS,
        required=True,
        default='contract',
        help='What comes on one invoice: all that is due of a contract, each due date apart, or '
        'all contracts of a customer that say so.',
    )
    invoice_auto_post = fields.Boolean(
        string='Post Automatically', help='Confirm the invoices when they are made.'
    )
    invoice_auto_send = fields.Boolean(
        string='Send Automatically', help='Send what was confirmed automatically to the customer.'
    )
    portal_show_hours = fields.Boolean(
        string='Show Hours to the Customer',
        help='The customer sees in the portal who worked when, on what and for how long.',
    )

    _months_positive = models.Constraint(
        'CHECK (span_months BETWEEN 0 AND 1200 AND term_months BETWEEN 0 AND 1200)',
        'The months of a contract template are between 0 and 1,200.',
    )
    _notice_positive = models.Constraint(
        'CHECK (notice_days BETWEEN 0 AND 36500)',
        'The notice days of a contract template are between 0 and 36,500.',
    )
    _time_ratio_in_range = models.Constraint(
        'CHECK (time_ratio >= 0 AND time_ratio <= 100)',
        'The billed ratio of a contract template is a percentage between 0 and 100.',
    )
    _prepaid_positive = models.Constraint(
        'CHECK (prepaid_quantity >= 0 AND overage_price >= 0)',
        'The prepaid units of a contract template and their price cannot be negative.',
    )
