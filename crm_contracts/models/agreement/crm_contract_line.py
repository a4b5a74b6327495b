from odoo import api, fields, models


class CrmContractLine(models.Model):
    """What a contract charges: a price per period, or an amount for a milestone."""

    _name = 'crm.contract.line'
    _description = 'Contract Line'
    _inherit = [
        'crm.program.mixin',
        'crm.linked.mixin',
        'crm.contract.line.mixin',
        'crm.contract.taxed.mixin',
        'crm.contract.noted.mixin',
    ]
    _order = 'contract_id, sequence, id'
    _check_company_auto = True
    _parent_link = 'contract_id'

    contract_id = fields.Many2one(
        'crm.contract', required=True, index=True, ondelete='cascade', check_company=True
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    currency_id = fields.Many2one(related='contract_id.currency_id')
    contract_state = fields.Selection(related='contract_id.state', string='Contract State')
    template_line_id = fields.Many2one(
        'crm.contract.template.line',
        string='Line of the Template',
        index='btree_not_null',
        ondelete='set null',
        help='Proposed this line.',
    )
    amount = fields.Monetary(
        compute='_compute_amount',
        help='Charged for a whole period or for the milestone, without taxes; by usage at least.',
    )
    monthly_amount = fields.Monetary(
        compute='_compute_monthly_amount',
        store=True,
        help='What a recurring line brings in a month, without taxes; 0 of a milestone.',
    )

    # When
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
    date_due = fields.Date(string='Due', help='Day on which the milestone is invoiced.')
    is_done = fields.Boolean(
        string='Reached', copy=False, help='Invoice the milestone with the next run.'
    )

    _dates_ordered = models.Constraint(
        'CHECK (date_end >= date_start)', 'A contract line cannot end before it starts.'
    )

    # === COMPUTE === #

    @api.depends('contract_id')
    def _compute_date_start(self):
        for line in self:
            line.date_start = line.date_start or line.contract_id.date_start

    @api.depends('quantity', 'price_unit', 'discount', 'is_metered', 'minimum_amount')
    def _compute_amount(self):
        for line in self:
            line.amount = line._get_whole_amount()

    @api.depends('amount', 'kind', 'interval_count', 'interval_unit')
    def _compute_monthly_amount(self):
        for line in self:
            is_charged = line.kind == 'recurring' and line.interval_count
            line.monthly_amount = is_charged and line.amount / line._get_months()

    @api.depends('kind', 'template_line_id')
    def _compute_tax_ids(self):
        super()._compute_tax_ids()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Complete what a template proposed: a form hands back what its list shows, and no more."""
        ids = {vals['template_line_id'] for vals in vals_list if vals.get('template_line_id')}
        origins = self.env['crm.contract.template.line'].browse(ids)
        proposed = {origin.id: origin._prepare_proposed() for origin in origins}
        return super().create(
            [{**proposed.get(vals.get('template_line_id'), {}), **vals} for vals in vals_list]
        )

    # === NOTES === #

    @api.model
    def _get_noted_fields(self):
        return [
            *super()._get_noted_fields(),
            'name',
            'kind',
            'quantity',
            'discount',
            'tax_ids',
            'is_metered',
            'minimum_amount',
            'counts_hours',
            'interval_count',
            'interval_unit',
            'timing',
            'prorate',
            'align_month',
            'date_start',
            'date_end',
            'date_due',
            'is_done',
        ]

    # === TAXES === #

    def _get_proposed_taxes(self):
        origin = self.template_line_id
        is_same = origin.product_id == self.product_id
        return origin.tax_ids if is_same else super()._get_proposed_taxes()

    def _get_service(self):
        company = self.contract_id.company_id
        return self.product_id or company._get_crm_contract_services()[self.kind]

    # === TEXTS AND AMOUNTS === #

    def _get_customer_lang(self):
        return self.contract_id.partner_id.lang

    def _get_whole_amount(self):
        """Return what is charged for a whole period; override to price it otherwise."""
        if self.is_metered:
            return self.minimum_amount
        return self._get_amount(self.quantity, self.price_unit)

    def _is_on(self, day):
        """Say whether the line charges periods on a day."""
        self.ensure_one()
        return (
            self.kind == 'recurring'
            and self.date_start <= day
            and (not self.date_end or self.date_end >= day)
        )

    # === WHAT A TEMPLATE PROPOSED === #

    def _is_as_proposed(self):
        """Say whether the line is still what a template proposed."""
        self.ensure_one()
        origin = self.template_line_id
        return bool(origin) and all(
            self[name] == origin[name] for name in origin._get_proposed_fields()
        )

    def _has_dates_counted_from(self, date_start):
        """Say whether the dates of the line are those that a start of the contract proposes."""
        proposed = date_start and self._prepare_dates_counted_from(date_start)
        return bool(proposed) and all(self[name] == day for name, day in proposed.items())

    def _prepare_dates_counted_from(self, date_start):
        """Return the dates that a start of the contract proposes."""
        self.ensure_one()
        origin = self.template_line_id
        return origin._prepare_dates(date_start) if origin else {'date_start': date_start}
