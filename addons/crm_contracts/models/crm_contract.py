from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .crm_contract_template import RENEWAL_TYPES

STATES = [
    ('draft', 'Draft'),
    ('open', 'Running'),
    ('to_renew', 'To Renew'),
    ('closed', 'Closed'),
    ('cancelled', 'Cancelled'),
]
# Which state may follow which.
TRANSITIONS = {
    'draft': {'open', 'cancelled'},
    'open': {'to_renew', 'closed', 'cancelled'},
    'to_renew': {'open', 'closed', 'cancelled'},
    'closed': set(),
    'cancelled': set(),
}
RUNNING_STATES = ('open', 'to_renew')


class CrmContract(models.Model):
    """What was agreed with a customer, for which time, and what came of it.

    A contract owns one analytic account: whatever is booked on it, by whomever, is its
    revenue or its cost.
    """

    _name = 'crm.contract'
    _description = 'Customer Contract'
    _inherit = [
        'mail.thread',
        'mail.activity.mixin',
        'crm.contract.number.mixin',
        'crm.contract.analytic.mixin',
        'crm.contract.renewal.mixin',
        'crm.contract.item.mixin',
        'crm.contract.amount.mixin',
    ]
    _order = 'code desc, id desc'
    _rec_names_search = ['name', 'code']
    _check_company_auto = True

    name = fields.Char(string='Subject', required=True, tracking=True)
    code = fields.Char(
        string='Number',
        readonly=True,
        copy=False,
        index='trigram',
        help='Drawn from the number series of the company.',
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        STATES,
        default='draft',
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    template_id = fields.Many2one(
        'crm.contract.template', check_company=True, help='Proposes terms, duration and renewal.'
    )

    # Who
    partner_id = fields.Many2one(
        'res.partner',
        string='Customer',
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        ondelete='restrict',
    )
    manager_id = fields.Many2one(
        'res.users',
        string='Account Manager',
        index='btree_not_null',
        tracking=True,
        default=lambda self: self.env.user,
        check_company=True,
        domain="[('share', '=', False)]",
        help='Is told when the contract has to be renewed.',
    )
    team_id = fields.Many2one(
        'crm.team',
        string='Sales Team',
        check_company=True,
        index='btree_not_null',
        compute='_compute_team_id',
        store=True,
        readonly=False,
        precompute=True,
        ondelete='set null',
    )
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company
    )

    # Conditions
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
    terms = fields.Html(
        string='Terms and Conditions',
        compute='_compute_terms',
        store=True,
        readonly=False,
        precompute=True,
    )
    currency_id = fields.Many2one(
        'res.currency',
        required=True,
        compute='_compute_currency_id',
        store=True,
        readonly=False,
        precompute=True,
    )
    fixed_amount = fields.Monetary(
        string='Agreed Amount',
        tracking=True,
        help='Amount that the current term is expected to bring.',
    )
    line_ids = fields.One2many('crm.contract.line', 'contract_id', string='Lines', copy=True)
    rate_ids = fields.One2many('crm.contract.rate', 'contract_id', string='Rates', copy=True)
    billing_ids = fields.One2many(
        'crm.contract.billing', 'contract_id', string='Billing Ledger', readonly=True
    )
    close_reason = fields.Text(copy=False, tracking=True)
    date_closed = fields.Date(readonly=True, copy=False)

    # Terms and renewal
    term_ids = fields.One2many('crm.contract.term', 'contract_id', string='Terms', readonly=True)
    renewal_type = fields.Selection(
        RENEWAL_TYPES,
        required=True,
        compute='_compute_renewal_type',
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help='By hand: somebody decides when the notice is due.\n'
        'Tacit: renews itself when a term ends, unless it was closed before.\n'
        'Not renewed: closes itself when the term ends.',
    )
    term_months = fields.Integer(
        string='Renewal Months',
        compute='_compute_term_months',
        store=True,
        readonly=False,
        precompute=True,
        help='Length of each further term.',
    )
    notice_days = fields.Integer(
        compute='_compute_notice_days',
        store=True,
        readonly=False,
        precompute=True,
        help='Days before the end of a term in which the renewal is decided.',
    )
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

    _code_unique = models.UniqueIndex(
        '(company_id, code)', 'Another contract of the company has this number.'
    )
    _dates_ordered = models.Constraint(
        'CHECK (date_end >= date_start)', 'A contract cannot end before it starts.'
    )
    _term_months_positive = models.Constraint(
        'CHECK (term_months >= 0)', 'The renewal months of a contract cannot be negative.'
    )
    _time_ratio_in_range = models.Constraint(
        'CHECK (time_ratio >= 0 AND time_ratio <= 100)',
        'The billed ratio of a contract is a percentage between 0 and 100.',
    )
    _notice_positive = models.Constraint(
        'CHECK (notice_days >= 0)', 'The notice days of a contract cannot be negative.'
    )

    # === COMPUTE === #

    @api.depends('code', 'name')
    def _compute_display_name(self):
        for contract in self:
            contract.display_name = ' '.join(filter(None, (contract.code, contract.name)))

    @api.depends('manager_id')
    def _compute_team_id(self):
        for manager, contracts in self.grouped('manager_id').items():
            if not manager:
                continue
            strangers = contracts.filtered(
                lambda contract, manager=manager: (
                    manager not in contract.team_id.member_ids | contract.team_id.user_id
                )
            )
            if strangers:
                strangers.team_id = self.env['crm.team']._get_default_team_id(user_id=manager.id)

    @api.depends('company_id')
    def _compute_currency_id(self):
        for contract in self:
            contract.currency_id = contract.company_id.currency_id

    @api.depends('template_id', 'date_start')
    def _compute_date_end(self):
        for contract in self:
            months = contract.template_id.span_months
            if months and contract.date_start and contract.state == 'draft':
                contract.date_end = contract.date_start + relativedelta(months=months, days=-1)

    @api.depends('template_id')
    def _compute_terms(self):
        for contract in self:
            contract.terms = contract.template_id.terms or contract.terms

    @api.depends('template_id')
    def _compute_renewal_type(self):
        for contract in self:
            contract.renewal_type = (
                contract.template_id.renewal_type or contract.renewal_type or 'manual'
            )

    @api.depends('template_id')
    def _compute_term_months(self):
        for contract in self:
            template = contract.template_id
            contract.term_months = template.term_months if template else contract.term_months or 12

    @api.depends('template_id')
    def _compute_notice_days(self):
        for contract in self:
            template = contract.template_id
            contract.notice_days = template.notice_days if template else contract.notice_days or 30

    @api.depends('date_end', 'notice_days')
    def _compute_date_notice(self):
        """The end of a contract is the end of its current, last term."""
        for contract in self:
            contract.date_notice = contract.date_end and contract.date_end - relativedelta(
                days=contract.notice_days
            )

    @api.depends('date_end')
    def _compute_days_to_end(self):
        today = fields.Date.context_today(self)
        for contract in self:
            contract.days_to_end = (contract.date_end - today).days if contract.date_end else 0

    # === CONSTRAINTS === #

    @api.constrains('state', 'date_end', 'renewal_type')
    def _check_running_dates(self):
        """A contract that renews itself needs an end and a length."""
        for contract in self:
            if contract.renewal_type == 'tacit' and contract.date_end and not contract.term_months:
                raise ValidationError(
                    self.env._(
                        'The contract "%(contract)s" renews itself: give it renewal months.',
                        contract=contract.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create(self._prepare_codes(vals_list))
        for state, entering in contracts.grouped('state').items():
            entering._on_enter_state(state)
        return contracts

    def write(self, vals):
        """Keep states to the declared transitions and the terms to the contract's dates."""
        entering = self.browse()
        if 'state' in vals:
            entering = self.filtered(lambda contract: contract.state != vals['state'])
            entering._check_transition(vals['state'])
        result = super().write(vals)
        entering._on_enter_state(vals.get('state'))
        if vals.keys() & {'date_start', 'date_end', 'fixed_amount'}:
            self._sync_terms(vals)
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if 'name' in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._('%(contract)s (copy)', contract=contract.name))
            for contract, vals in zip(self, vals_list, strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        for contract in self:
            if contract.state not in ('draft', 'cancelled'):
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" was confirmed. Close or cancel it instead of '
                        'deleting it.',
                        contract=contract.display_name,
                    )
                )

    # === ACTIONS === #

    def action_confirm(self):
        """Start the contracts: first term and analytic account."""
        self._transition_to('open')

    def action_close(self, reason=None):
        """End the contracts.

        :param reason: why, kept on the contract
        """
        self._transition_to('closed', **({'close_reason': reason} if reason else {}))

    def action_cancel(self):
        """Call the contracts off."""
        self._transition_to('cancelled')

    def action_renew(self):
        """Open the dialogue that renews the contract."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_contracts.crm_contract_renewal_action'
        )
        action['context'] = {'default_contract_id': self.id}
        return action

    # === STATES === #

    def _transition_to(self, state, **values):
        """Move the contracts to a state, with all that belongs to it."""
        self.write({'state': state, **values})

    def _check_transition(self, target):
        labels = dict(self._fields['state']._description_selection(self.env))
        for contract in self:
            if target not in TRANSITIONS[contract.state]:
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" is %(state)s and cannot become %(target)s.',
                        contract=contract.display_name,
                        state=labels[contract.state],
                        target=labels.get(target, target),
                    )
                )

    def _on_enter_state(self, state):
        """Do what belongs to a state, however it was reached."""
        if state == 'open':
            self._open_first_terms()
            self._create_analytic_accounts()
        elif state == 'to_renew':
            self._schedule_renewal()
        elif state == 'closed':
            self.date_closed = fields.Date.context_today(self)
        if state in ('open', 'closed', 'cancelled'):
            self._drop_renewal_activities()

    # === TERMS === #

    def _open_first_terms(self):
        self.env['crm.contract.term'].sudo().create(
            [
                contract._prepare_term(contract.date_start, contract.date_end)
                for contract in self
                if not contract.term_ids
            ]
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
