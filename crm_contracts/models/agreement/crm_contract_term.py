from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.days import get_first_end, get_next_end, move_day
from ...core.reactions import Reaction
from ...core.states import OVER_STATES


class CrmContractTerm(models.Model):
    """One period for which a contract was agreed, with the amount agreed for it.

    Terms are opened by confirming and renewing; together they are the contract's history.
    """

    _name = 'crm.contract.term'
    _description = 'Contract Term'
    _order = 'date_start desc, id desc'
    _check_company_auto = True

    contract_id = fields.Many2one(
        'crm.contract', required=True, index=True, ondelete='cascade', check_company=True
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    currency_id = fields.Many2one(related='contract_id.currency_id')
    date_start = fields.Date(string='From', required=True)
    date_end = fields.Date(string='To', help='Last day included; empty while the end is open.')
    fixed_amount = fields.Monetary(string='Agreed Amount')
    customer_notice = fields.Selection(
        [('sent', 'Sent'), ('missed', 'Not sent in time')],
        help='Whether the customer was told that the term ends.',
    )
    date_customer_notice = fields.Date(string='Customer Told On')
    date_digest = fields.Date(
        string='Last Digest', help='Day of the last weekly mail that listed the contract.'
    )
    is_digest_due = fields.Boolean(
        string='Told as Due', help='A weekly mail listed the contract as to renew already.'
    )
    prepaid_quantity = fields.Float(string='Prepaid Units', digits='Product Unit')
    prepaid_used = fields.Float(
        string='Used Before',
        digits='Product Unit',
        help='Prepaid units that were used before the contract was entered here.',
    )
    prepaid_uom_id = fields.Many2one(
        'uom.uom',
        string='Prepaid Unit',
        ondelete='restrict',
        compute='_compute_prepaid_conditions',
        store=True,
        readonly=False,
        precompute=True,
    )
    overage_price = fields.Float(
        min_display_digits='Product Price',
        compute='_compute_prepaid_conditions',
        store=True,
        readonly=False,
        precompute=True,
        help='Price of a unit over the prepaid ones of this term.',
    )
    prepaid_alerted = fields.Float(
        string='Alerted At (%)',
        help='The highest threshold of consumed units of which the account manager was told.',
    )

    _dates_ordered = models.Constraint(
        'CHECK (date_end >= date_start)', 'A term cannot end before it starts.'
    )
    # A range of one id instead of "=" spares an extension of the database.
    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(contract_id, contract_id, '[]') WITH &&,
            daterange(date_start, date_end, '[]') WITH &&)""",
        'The terms of a contract cannot overlap.',
    )

    @api.depends('contract_id')
    def _compute_prepaid_conditions(self):
        for term in self:
            term.prepaid_uom_id = term.contract_id.prepaid_uom_id
            term.overage_price = term.contract_id.overage_price

    @api.depends('contract_id', 'date_start', 'date_end')
    def _compute_display_name(self):
        for term in self:
            term.display_name = self.env._(
                '%(contract)s: %(start)s to %(end)s',
                contract=term.contract_id.display_name,
                start=term.date_start or '',
                end=term.date_end or '…',
            )


class CrmContract(models.Model):
    """For which time a contract is agreed: its dates, its terms, and the lengths of both.

    Three lengths are apart from each other: the initial months make the first term, the renewal
    months each further one, and the notice days say when a renewal is decided.
    """

    _inherit = 'crm.contract'
    _reactions = (Reaction({'date_term_start'}, before='_check_term_start'),)

    date_start = fields.Date(
        string='Start',
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self),
    )
    date_end = fields.Date(
        string='End',
        tracking=True,
        copy=False,
        index='btree_not_null',
        compute='_compute_date_end',
        store=True,
        readonly=False,
        precompute=True,
        help='Last day included; empty while the end is open.',
    )
    term_ids = fields.One2many('crm.contract.term', 'contract_id', string='Terms', readonly=True)
    date_term_start = fields.Date(
        string='Current Term From',
        copy=False,
        help='First day of the term that runs, of a contract that is entered years after it began. '
        'Empty: the first term begins with the contract.',
    )
    renewal_type = fields.Selection(tracking=True)
    date_notice = fields.Date(
        string='Notice',
        compute='_compute_date_notice',
        store=True,
        index='btree_not_null',
        help='Day from which the contract is to be renewed.',
    )
    days_to_end = fields.Integer(
        compute='_compute_days_to_end', help='Days left, negative when the end has passed.'
    )

    _dates_ordered = models.Constraint(
        'CHECK (date_end >= date_start)', 'A contract cannot end before it starts.'
    )
    _current_term_within = models.Constraint(
        'CHECK (date_term_start >= date_start AND date_term_start <= COALESCE(date_end, '
        'date_term_start))',
        'The current term of a contract begins between its start and its end.',
    )

    # === COMPUTE === #

    @api.depends('span_months', 'date_start')
    def _compute_date_end(self):
        """The initial months propose the end of a draft; what runs ends by its terms."""
        for contract in self:
            months = contract.span_months
            if months and contract.date_start and contract.state == 'draft':
                contract.date_end = get_first_end(contract.date_start, months)

    @api.depends('date_end', 'notice_days')
    def _compute_date_notice(self):
        """The end of a contract is the end of its current, last term."""
        for contract in self:
            contract.date_notice = contract.date_end and move_day(
                contract.date_end, days=-contract.notice_days
            )

    @api.depends('date_end')
    def _compute_days_to_end(self):
        today = fields.Date.context_today(self)
        for contract in self:
            contract.days_to_end = (contract.date_end - today).days if contract.date_end else 0

    # === CONSTRAINTS === #

    @api.constrains('state', 'date_end', 'renewal_type')
    def _check_tacit_months(self):
        """A contract that renews itself needs an end and a length."""
        for contract in self:
            if contract.renewal_type == 'tacit' and contract.date_end and not contract.term_months:
                raise ValidationError(
                    self.env._(
                        'The contract "%(contract)s" renews itself: give it renewal months.',
                        contract=contract.display_name,
                    )
                )

    def _check_term_start(self, vals):
        """Refuse another start of the term that ran once terms stand for it."""
        day = fields.Date.to_date(vals['date_term_start']) or False
        for contract in self.sudo():
            if contract.term_ids and contract.date_term_start != day:
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" has its terms: the day on which its current '
                        'term began cannot change any more. Cancel it and enter it anew if that '
                        'day is wrong.',
                        contract=contract.display_name,
                    )
                )

    # === TERMS === #

    def _open_first_terms(self):
        self.env['crm.contract.term'].sudo().create(
            [
                values
                for contract in self
                if not contract.term_ids
                for values in contract._prepare_first_terms()
            ]
        )

    def _prepare_first_terms(self):
        """Return the values of the first term; of a contract entered late, of two of them."""
        self.ensure_one()
        start, current = self.date_start, self.date_term_start
        if not current or current == start:
            return [self._prepare_term(start, self.date_end)]
        return [
            self._prepare_past_term(start, move_day(current, days=-1)),
            self._prepare_term(current, self.date_end),
        ]

    def _prepare_past_term(self, date_start, date_end):
        """Return the values of the time before the current term; override to grant less in it."""
        return self._prepare_term(date_start, date_end)

    def _get_current_terms(self):
        """Return the last term of each contract."""
        contracts = self.sudo().filtered('term_ids')
        # Browsed together: slices would be fetched one by one.
        return contracts.term_ids.browse(
            max(contract.term_ids, key=lambda term: term.date_start).id for contract in contracts
        )

    def _prepare_term(self, date_start, date_end):
        """Return the values of a term; override to carry more from term to term."""
        self.ensure_one()
        return {
            'contract_id': self.id,
            'date_start': date_start,
            'date_end': date_end,
            'fixed_amount': self.fixed_amount,
        }

    def _sync_terms(self, vals):
        """Let the first and the last term follow the dates and amount of their contract."""
        histories = [
            contract.term_ids.sorted('date_start') for contract in self.sudo() if contract.term_ids
        ]
        none = self.env['crm.contract.term'].sudo()
        last = {key: vals[key] for key in ('date_end', 'fixed_amount') if key in vals}
        if last:
            none.concat(*(terms[-1] for terms in histories)).write(last)
        if 'date_start' in vals:
            none.concat(*(terms[0] for terms in histories)).date_start = vals['date_start']

    # === THE NEXT TERM === #

    def _get_next_term_day(self):
        """Return the first day of the term after the last one, or False without an end."""
        return self.date_end and move_day(self.date_end, days=1)

    def _get_next_date_end(self):
        """Return the last day of the next term, anchored to the day of the month of the start."""
        self.ensure_one()
        if not self.term_months:
            raise UserError(
                self.env._(
                    'Say until when the contract "%(contract)s" is renewed, or give it renewal '
                    'months.',
                    contract=self.display_name,
                )
            )
        return get_next_end(self.date_start, self._get_next_term_day(), self.term_months)

    def _get_last_billable_day(self):
        """Return the last day that the contract is charged for, or False while it is open."""
        self.ensure_one()
        ends = [self.date_end, self.state in OVER_STATES and self.date_closed]
        return min(filter(None, ends), default=False)
