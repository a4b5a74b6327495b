from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.alerts import get_thresholds

RENEWAL_TYPES = [
    ('manual', 'By hand'),
    ('tacit', 'Tacit'),
    ('none', 'Not renewed'),
]
INVOICE_DATES = [
    ('run', 'Day of Confirmation'),
    ('due', 'Due Day'),
    ('last', 'Last Day Charged'),
]
INVOICE_GROUPINGS = [
    ('contract', 'One per contract'),
    ('period', 'One per due date'),
    ('customer', 'One per customer'),
]
TIME_DETAILS = [
    ('employee', 'By employee'),
    ('task', 'By task'),
    ('entry', 'Each entry'),
    ('one', 'One line'),
]
COST_DETAILS = [('product', 'By product'), ('entry', 'Each cost')]
MARKUPS_BY_KIND = {'cost_markup_purchase', 'cost_markup_expense', 'cost_markup_other'}
MARKUP_HELP = 'Percent added to them; empty or zero: at cost. Changing the markup for all sets it.'


class CrmContractConditionsMixin(models.AbstractModel):
    """The conditions of a contract, which its template proposes: said once for both.

    What is declared here the template proposes. A field of one of them alone, and what one of them
    says otherwise, stands in its own files.
    """

    _name = 'crm.contract.conditions.mixin'
    _description = 'Conditions of a Contract'
    _inherit = ['crm.contract.revision.rule.mixin']

    # How long
    terms = fields.Html(string='Terms and Conditions')
    span_months = fields.Integer(
        string='Initial Months',
        help='Length of the first term: proposes the end. Zero leaves the end open.',
    )
    renewal_type = fields.Selection(
        RENEWAL_TYPES,
        required=True,
        default='manual',
        help='By hand: somebody decides when the notice is due.\n'
        'Tacit: renews itself when a term ends, unless it was closed before.\n'
        'Not renewed: closes itself when the term ends.',
    )
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

    # Time
    bill_time = fields.Boolean(
        help="Bill the hours on the contract's account at the rates of the contract."
    )
    time_ratio = fields.Float(
        string='Billed Ratio (%)',
        digits='Discount',
        default=100.0,
        help='Percent of the price of hours that is charged, 0 to 100; the rest is a discount.',
    )
    time_product_id = fields.Many2one(
        'product.product',
        string='Service without Rate',
        check_company=True,
        ondelete='restrict',
        domain="[('type', '=', 'service'), ('sale_ok', '=', True)]",
    )
    prepaid_quantity = fields.Float(
        string='Prepaid Units',
        digits='Product Unit',
        help='Hours or days of each term that are paid with the contract. Zero: none.',
    )
    prepaid_uom_id = fields.Many2one(
        'uom.uom',
        string='Prepaid Unit',
        ondelete='restrict',
        # No env.ref: it asks the database for each record that is made.
        default=lambda self: self.env['ir.model.data']._xmlid_to_res_id('uom.product_uom_hour'),
        help='Hours or days.',
    )
    overage_price = fields.Float(
        min_display_digits='Product Price',
        help="Price of a unit over the prepaid ones, in the contract's currency, without taxes. "
        'Zero: the rates of the contract, where hours are billed.',
    )
    prepaid_rollover = fields.Boolean(
        string='Roll Over', help='Units that a term leaves unused are added to the next one.'
    )
    alert_thresholds = fields.Char(
        default='75,90,100',
        help='Percentages of the prepaid units, separated by commas, at which the account manager '
        'is alerted, once each in a term.',
    )

    time_rounding = fields.Float(
        string='Begun Minutes',
        help='Each entry of time is charged, and taken from prepaid units, in steps of so many '
        'minutes that were begun: 15 for quarters of an hour. Zero: as it was booked.',
    )
    time_minimum = fields.Float(
        string='Least Minutes',
        help='Each entry of time is charged, and taken from prepaid units, with so many minutes '
        'at least. Corrections below zero have no minimum. Zero: as it was booked.',
    )
    hours_per_day = fields.Float(
        string='Hours of a Day',
        help='How many hours a day has where prices or prepaid units are by the day, like 7.5. '
        'Zero: as the units of measure say.',
    )

    # Costs. Each kind follows the markup for all until it gets its own. They are computed apart,
    # for Odoo computes none of the fields of a method of which one is given.
    bill_costs = fields.Boolean(
        help="Bill the purchases, expenses and other costs on the contract's account."
    )
    cost_product_id = fields.Many2one(
        'product.product',
        string='Service for Costs',
        check_company=True,
        ondelete='restrict',
        domain="[('sale_ok', '=', True)]",
        help='Gives account and taxes to costs that come without a product.',
    )
    cost_markup = fields.Float(
        string='Markup (%)',
        help='Percent added to the costs, unless their kind has a markup of its own.',
    )
    cost_markup_purchase = fields.Float(
        string='Markup on Purchases (%)',
        compute='_compute_cost_markup_purchase',
        store=True,
        readonly=False,
        precompute=True,
        help=MARKUP_HELP,
    )
    cost_markup_expense = fields.Float(
        string='Markup on Expenses (%)',
        compute='_compute_cost_markup_expense',
        store=True,
        readonly=False,
        precompute=True,
        help=MARKUP_HELP,
    )
    cost_markup_other = fields.Float(
        string='Markup on Other Costs (%)',
        compute='_compute_cost_markup_other',
        store=True,
        readonly=False,
        precompute=True,
        help=MARKUP_HELP,
    )

    # Invoices
    payment_term_id = fields.Many2one(
        'account.payment.term',
        string='Payment Terms',
        check_company=True,
        ondelete='restrict',
        help='When the invoices are to be paid. Empty: as the payer usually does.',
    )
    preferred_payment_method_line_id = fields.Many2one(
        'account.payment.method.line',
        string='Payment Method',
        check_company=True,
        ondelete='restrict',
        domain="[('payment_type', '=', 'inbound'), ('company_id', 'parent_of', company_id)]",
        help='How the invoices are to be paid. Empty: as the payer usually does.',
    )
    journal_id = fields.Many2one(
        'account.journal',
        string='Invoicing Journal',
        check_company=True,
        ondelete='restrict',
        domain="[('type', '=', 'sale')]",
        help='Journal of the invoices, which gives them their numbers. Empty: as Odoo chooses.',
    )
    invoice_grouping = fields.Selection(
        INVOICE_GROUPINGS,
        required=True,
        default='contract',
        help='One per contract: all that is due comes on one invoice.\n'
        'One per due date: periods that were missed come on an invoice each.\n'
        'One per customer: with the other contracts that say so, are paid by the same payer in the '
        'same way, have the same delivery address, company, currency, journal and fiscal position, '
        'and are billed in the same run.',
    )
    invoice_date_rule = fields.Selection(
        INVOICE_DATES,
        string='Invoice Date',
        required=True,
        default='run',
        help='Day of confirmation: the day on which an invoice is confirmed.\n'
        'Due day: the day from which its latest period or milestone is due.\n'
        'Last day charged: the last day of its latest period; periods in arrears are then invoiced '
        'on that day already, not on the next one.\n'
        'An invoice never bears a day that is to come, nor one whose books are closed.',
    )
    time_detail = fields.Selection(
        TIME_DETAILS,
        string='Detail of Hours',
        required=True,
        default='employee',
        help='How hours stand on invoices. Each line is rounded, so that the total may differ by '
        'some cents. Hours of which corrections take some back stay together.',
    )
    cost_detail = fields.Selection(
        COST_DETAILS,
        string='Detail of Costs',
        required=True,
        default='product',
        help='How costs stand on invoices. Each cost with its description, date and document of '
        'the vendor: each line is rounded. Costs that were refunded in part stay together.',
    )
    retention_rate = fields.Float(
        string='Retention (%)',
        digits='Discount',
        help='Percent of each invoice that is held back, and invoiced when the contract is closed '
        'or on the day that it says.',
    )
    invoice_auto_post = fields.Boolean(
        string='Post Automatically',
        help='Confirm the invoices when they are made. On an invoice of several contracts, all of '
        'them have to say so.',
    )
    invoice_auto_send = fields.Boolean(
        string='Send Automatically',
        help='Send what was confirmed automatically to the customer, as Odoo sends many invoices. '
        'Electronic records, like those of VeriFactu, SII or FacturaE, are made when an invoice is '
        'sent: without this, when somebody presses Send.',
    )
    portal_show_hours = fields.Boolean(
        string='Show Hours to the Customer',
        help='The customer sees in the portal who worked when, on what and for how long.',
    )

    _months_positive = models.Constraint(
        'CHECK (span_months BETWEEN 0 AND 1200 AND term_months BETWEEN 0 AND 1200)',
        'The months of a contract are between 0 and 1,200.',
    )
    _notice_positive = models.Constraint(
        'CHECK (notice_days BETWEEN 0 AND 36500)',
        'The notice days of a contract are between 0 and 36,500.',
    )
    _time_ratio_in_range = models.Constraint(
        'CHECK (time_ratio >= 0 AND time_ratio <= 100)',
        'The billed ratio of a contract is a percentage between 0 and 100.',
    )
    _time_rounding_in_range = models.Constraint(
        """CHECK (time_rounding BETWEEN 0 AND 1440 AND time_minimum BETWEEN 0 AND 1440
              AND hours_per_day BETWEEN 0 AND 24)""",
        'Hours are rounded to 0 to 1,440 minutes, and a day has 0 to 24 hours.',
    )
    _retention_in_range = models.Constraint(
        'CHECK (retention_rate >= 0 AND retention_rate <= 100)',
        'The retention of a contract is a percentage between 0 and 100.',
    )
    _cost_markups_not_negative = models.Constraint(
        """CHECK (cost_markup >= 0 AND cost_markup_purchase >= 0
              AND cost_markup_expense >= 0 AND cost_markup_other >= 0)""",
        'A markup on costs cannot be negative.',
    )

    @api.depends('cost_markup')
    def _compute_cost_markup_purchase(self):
        for record in self:
            record.cost_markup_purchase = record.cost_markup

    @api.depends('cost_markup')
    def _compute_cost_markup_expense(self):
        for record in self:
            record.cost_markup_expense = record.cost_markup

    @api.depends('cost_markup')
    def _compute_cost_markup_other(self):
        for record in self:
            record.cost_markup_other = record.cost_markup

    @api.constrains('alert_thresholds')
    def _check_alert_thresholds(self):
        for record in self:
            try:
                record._get_alert_thresholds()
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        'The alert thresholds of "%(contract)s" are percentages separated by '
                        'commas, like 75,90,100.',
                        contract=record.display_name,
                    )
                ) from error

    @api.model
    def _get_template_fields(self):
        """Return the fields that template and contract share and the one proposes to the other.

        Those that are declared here; extend the list with others that both have under one name.
        """
        fields_of_both = self.env['crm.contract.conditions.mixin']._fields
        return [
            name
            for name, field in fields_of_both.items()
            if field.store and name not in (*models.MAGIC_COLUMNS, 'company_id')
        ]

    def _get_alert_thresholds(self):
        self.ensure_one()
        return get_thresholds(self.alert_thresholds)

    def _get_cost_markup(self, kind):
        """Return the percentage added to a kind of cost; override to charge another."""
        self.ensure_one()
        return self[f'cost_markup_{kind}']
