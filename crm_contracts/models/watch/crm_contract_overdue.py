from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from ...core.figures import get_ratio
from ...core.states import RUNNING_STATES

OVERDUE_ACTIVITY = 'crm_contracts.mail_activity_type_overdue'


class CrmContractConditionsMixin(models.AbstractModel):
    """For how long contracts put up with invoices that nobody pays."""

    _inherit = 'crm.contract.conditions.mixin'

    overdue_pause_days = fields.Integer(
        string='Suspend after Days Overdue',
        help='Suspends the contract when one of its invoices has been overdue for so many days, '
        'and lets it go on when all of them are paid. Zero: never.',
    )

    _overdue_pause_not_negative = models.Constraint(
        'CHECK (overdue_pause_days >= 0)', 'The days overdue of a contract cannot be negative.'
    )


class CrmContractSuspension(models.Model):
    _inherit = 'crm.contract.suspension'

    is_for_overdue = fields.Boolean(
        string='For Unpaid Invoices',
        readonly=True,
        help='Made because invoices were overdue; ends by itself when they are paid.',
    )


class CrmContract(models.Model):
    """Unpaid invoices of a contract, and what becomes of it meanwhile."""

    _inherit = 'crm.contract'

    amount_overdue = fields.Monetary(
        string='Overdue',
        compute='_compute_overdue',
        currency_field='company_currency_id',
        help="What is not paid in time of the contract's invoices, taxes included, less credit "
        'notes and payments that were matched with them. Of an invoice of several contracts, its '
        'share by their amounts.',
    )
    date_overdue = fields.Date(
        string='Overdue Since',
        compute='_compute_overdue',
        help='Day on which the oldest of the overdue amounts was to be paid.',
    )
    is_overdue = fields.Boolean(
        string='Payment Overdue', compute='_compute_overdue', search='_search_is_overdue'
    )

    # === COMPUTE === #

    @api.depends('billing_ids.move_line_ids.move_id.amount_residual')
    def _compute_overdue(self):
        today = fields.Date.context_today(self)
        found = self.sudo()._get_overdue(today)
        for contract in self:
            amount, day = found.get(contract._origin.id, (0.0, False))
            contract.amount_overdue = contract.company_id.currency_id.round(amount)
            contract.date_overdue = day
            contract.is_overdue = bool(day)

    def _search_is_overdue(self, operator, value):
        if operator != 'in':
            return NotImplemented
        # Whether it is paid for may be known of every contract that may be read.
        overdue = self._get_overdue_domain(fields.Date.context_today(self))
        invoiced = Domain('move_id', 'any!', Domain('line_ids', 'any!', overdue))
        return Domain('billing_ids', 'any!', Domain('move_line_ids', 'any!', invoiced))

    @api.model
    def _get_overdue_domain(self, day):
        """Return the domain of the journal items that customers should have paid before a day."""
        return (
            Domain('account_type', '=', 'asset_receivable')
            & Domain('parent_state', '=', 'posted')
            & Domain('move_id.move_type', '=', 'out_invoice')
            & Domain('reconciled', '=', False)
            & Domain('date_maturity', '<', day)
        )

    def _get_overdue(self, day):
        """Return {contract id: (what is overdue on a day in company currency, since when)}.

        Constantly many queries. Contracts that owe nothing are left out.
        """
        charging = Domain(
            'move_id.invoice_line_ids.crm_contract_billing_id.contract_id', 'in', self.ids
        )
        groups = self.env['account.move.line']._read_group(
            self._get_overdue_domain(day) & charging,
            ['move_id'],
            ['amount_residual:sum', 'date_maturity:min'],
        )
        shares = self._get_invoice_shares([move.id for move, _residual, _first in groups])
        amounts, days = defaultdict(float), {}
        for move, residual, first in groups:
            for contract_id, share in shares[move.id].items():
                amounts[contract_id] += residual * share
                days[contract_id] = min(first, days.get(contract_id, first))
        return {key: (amount, days[key]) for key, amount in amounts.items() if amount > 0}

    def _get_invoice_shares(self, move_ids):
        """Return {invoice id: {contract id: its share in it, from 0 to 1}}."""
        groups = self.env['account.move.line']._read_group(
            [('move_id', 'in', move_ids), ('display_type', '=', 'product')],
            ['move_id', 'crm_contract_billing_id'],
            ['price_total:sum'],
        )
        by_move = defaultdict(lambda: defaultdict(float))
        for move, row, amount in groups:
            if row:
                by_move[move.id][row.contract_id.id] += amount
        own = set(self.ids)
        return {
            move_id: {
                contract_id: get_ratio(amount, sum(amounts.values()))
                for contract_id, amount in amounts.items()
                if contract_id in own
            }
            for move_id, amounts in by_move.items()
        }

    # === ACTIONS === #

    def action_view_overdue(self):
        """Open the invoices of the contracts that should have been paid."""
        action = self.env['ir.actions.act_window']._for_xml_id(
            'account.action_move_out_invoice_type'
        )
        action['domain'] = [
            ('crm_contract_ids', 'in', self.ids),
            ('line_ids', 'any', list(self._get_overdue_domain(fields.Date.context_today(self)))),
        ]
        action['context'] = {'create': False}
        return self.env['account.move']._put_crm_form(action)

    # === DAILY CHECK === #

    @api.model
    def _get_daily_steps(self):
        """Suspend what is not paid for, and let it go on when it is."""
        return [
            *super()._get_daily_steps(),
            (self._get_overdue_watch_domain(), lambda contracts: contracts._check_overdue()),
        ]

    @api.model
    def _get_overdue_watch_domain(self):
        """Return the domain of the contracts that unpaid invoices suspend, or suspended."""
        unpaid = Domain('overdue_pause_days', '>', 0) & Domain('is_overdue', '=', True)
        paused = Domain('suspension_ids', 'any', self._get_overdue_suspension_domain())
        return Domain('state', 'in', RUNNING_STATES) & (unpaid | paused)

    def _get_overdue_suspension_domain(self):
        return [('is_for_overdue', '=', True), ('date_to', '=', False)]

    def _check_overdue(self):
        today = fields.Date.context_today(self)
        for contract in self.sudo():
            paused = contract.suspension_ids._get_on(today).filtered('is_for_overdue')
            if paused and not contract.is_overdue:
                contract._resume_paid(today)
            elif contract._is_overdue_too_long(today) and not contract._get_suspended_on(today):
                contract._suspend_unpaid(today)

    def _is_overdue_too_long(self, today):
        """Say whether a contract does not put up with its unpaid invoices any more."""
        self.ensure_one()
        limit = self.overdue_pause_days
        return bool(limit and self.date_overdue and (today - self.date_overdue).days >= limit)

    def _get_suspended_on(self, today):
        """Return the suspensions that last, or are to come: no other fits beside them."""
        return self.suspension_ids.filtered(lambda one: not one.date_to or one.date_to >= today)

    def _suspend_unpaid(self, today):
        self.action_suspend(today)
        self.suspension_ids._get_on(today).is_for_overdue = True
        amount = formatLang(self.env, self.amount_overdue, currency_obj=self.company_currency_id)
        since = self.date_overdue
        self._tell_responsible(
            OVERDUE_ACTIVITY,
            lambda env: env._(
                'Suspended: %(amount)s overdue since %(day)s',
                amount=amount,
                day=format_date(env, since),
            ),
        )

    def _resume_paid(self, today):
        self.action_resume(today)
        self.activity_unlink([OVERDUE_ACTIVITY])
