from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...core.ledger import LIVE_STATES

# What says which periods there are.
RHYTHM_FIELDS = {'interval_count', 'interval_unit', 'date_start', 'align_month', 'prorate'}


class CrmContractLine(models.Model):
    """What a contract charges: a price per period, or an amount for a milestone."""

    _name = 'crm.contract.line'
    _description = 'Contract Line'
    _inherit = [
        'crm.program.mixin',
        'crm.linked.mixin',
        'crm.contract.line.mixin',
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
        help='Charged for a whole period or for the milestone, without taxes.',
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

    _dates_ordered = models.Constraint(
        'CHECK (date_end >= date_start)', 'A contract line cannot end before it starts.'
    )

    # === COMPUTE === #

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
        unplanned = self.filtered(lambda line: not line.contract_id)
        unplanned.next_period_start = unplanned.next_due_date = False
        for line in self - unplanned:
            period = next(line._get_open_periods(billed[line._origin.id]), None)
            if line.kind == 'milestone':
                line.next_period_start = False
                line.next_due_date = not billed[line._origin.id] and line._get_milestone_date()
            else:
                line.next_period_start = period and period.start
                line.next_due_date = period and line._get_due_date(period)

    # === NOTES === #

    @api.model
    def _get_noted_fields(self):
        return [
            *super()._get_noted_fields(),
            'name',
            'kind',
            'quantity',
            'discount',
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

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.contract_id._unpark_billing()
        return lines

    def write(self, vals):
        if vals.keys() & {'contract_id', 'kind'}:
            self._check_unbilled()
        starts = self._get_next_starts() if vals.keys() & RHYTHM_FIELDS else {}
        result = super().write(vals)
        self._check_goes_on_from(starts)
        if not vals.keys() <= {'next_period_start', 'next_due_date'}:
            self.contract_id._unpark_billing()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_unbilled()

    def _get_customer_lang(self):
        return self.contract_id.partner_id.lang

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

    def _is_as_proposed(self):
        """Say whether the line is still what a template proposed."""
        self.ensure_one()
        origin = self.template_line_id
        return bool(origin) and all(
            self[name] == origin[name] for name in origin._get_proposed_fields()
        )

    def _is_invoiced(self):
        """Say whether an invoice stands for something of the line."""
        self.ensure_one()
        return any(row.state in LIVE_STATES for row in self.sudo().billing_ids)

    def _has_dates_counted_from(self, date_start):
        """Say whether the dates of the line are those that a start of the contract proposes."""
        proposed = date_start and self._prepare_dates_counted_from(date_start)
        return bool(proposed) and all(self[name] == day for name, day in proposed.items())

    def _prepare_dates_counted_from(self, date_start):
        """Return the dates that a start of the contract proposes."""
        self.ensure_one()
        origin = self.template_line_id
        return origin._prepare_dates(date_start) if origin else {'date_start': date_start}

    # === GUARDS === #

    def _get_next_starts(self):
        """Return {line: first day that is not billed yet} of the lines that were billed."""
        billed = self.filtered(lambda line: line.next_period_start and line._is_invoiced())
        return {line: line.next_period_start for line in billed}

    def _check_goes_on_from(self, starts):
        """Refuse a rhythm that leaves out days after those that are billed.

        :param starts: {line: first day that was not billed before}
        """
        for line, start in starts.items():
            if not line.next_period_start or line.next_period_start > start:
                raise UserError(
                    self.env._(
                        'The line "%(line)s" of the contract "%(contract)s" is billed up to '
                        '%(day)s; with these dates the days after it would never be. Prorate it, '
                        'or give it an end date and add another line instead.',
                        line=line.name,
                        contract=line.contract_id.display_name,
                        day=format_date(self.env, fields.Date.subtract(start, days=1)),
                    )
                )

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
