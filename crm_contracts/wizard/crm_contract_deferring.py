from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..core.days import move_day

DEFERRAL_KINDS = [('deferred', 'Deferred'), ('accrued', 'Accrued')]


class CrmContractDeferring(models.TransientModel):
    """Shows at a closing day what contracts billed too early or not yet, and books it."""

    _name = 'crm.contract.deferring'
    _description = 'Deferred and Accrued Revenue'
    _inherit = ['crm.linked.mixin']
    _check_company_auto = True

    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Date(
        string='Closing Day',
        required=True,
        default=lambda self: self._get_last_closing_day(),
        help='Last day of the time that is closed.',
    )
    contract_ids = fields.Many2many(
        'crm.contract',
        string='Contracts',
        check_company=True,
        help='Empty for all contracts of the company.',
    )
    line_ids = fields.One2many(
        'crm.contract.deferring.line',
        'deferring_id',
        string='Amounts',
        compute='_compute_line_ids',
        store=True,
    )
    amount_deferred = fields.Monetary(
        string='Deferred',
        compute='_compute_amounts',
        help='Invoiced up to the closing day, for days after it.',
    )
    amount_accrued = fields.Monetary(
        string='Accrued',
        compute='_compute_amounts',
        help='Earned up to the closing day, and not invoiced by then.',
    )
    journal_id = fields.Many2one(
        'account.journal',
        compute='_compute_journal_id',
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('type', '=', 'general')]",
    )
    deferred_account_id = fields.Many2one(
        'account.account',
        string='Account of Deferred Revenue',
        compute='_compute_accounts',
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('account_type', '=', 'liability_current')]",
    )
    accrued_account_id = fields.Many2one(
        'account.account',
        string='Account of Accrued Revenue',
        compute='_compute_accounts',
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('account_type', '=', 'asset_current')]",
    )
    reversal_date = fields.Date(
        string='Reversed On',
        compute='_compute_reversal_date',
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    move_ids = fields.Many2many(
        'account.move',
        string='Entries of This Day',
        compute='_compute_move_ids',
        help='Entries of the closing day that were made before and not cancelled.',
    )

    # === DEFAULTS AND COMPUTE === #

    @api.model
    def _get_last_closing_day(self):
        """Return the last day of the month before this one."""
        return move_day(fields.Date.context_today(self).replace(day=1), days=-1)

    @api.depends('company_id', 'date', 'contract_ids')
    def _compute_line_ids(self):
        for deferring in self:
            found = deferring._get_contracts()._get_deferrals(deferring.date or fields.Date.today())
            deferring.line_ids = [Command.clear(), *map(Command.create, found)]

    @api.depends('line_ids.company_amount')
    def _compute_amounts(self):
        for deferring in self:
            totals = Counter()
            for line in deferring.line_ids:
                totals[line.kind] += line.company_amount
            deferring.amount_deferred = totals['deferred']
            deferring.amount_accrued = totals['accrued']

    @api.depends('company_id')
    def _compute_journal_id(self):
        journals = self.env['account.journal']
        for deferring in self:
            deferring.journal_id = journals.search(
                [
                    *journals._check_company_domain(deferring.company_id),
                    ('type', '=', 'general'),
                ],
                limit=1,
            )

    @api.depends('company_id')
    def _compute_accounts(self):
        """Propose the accounts of the last time."""
        for deferring in self:
            company = deferring.company_id
            deferring.deferred_account_id = company.crm_contract_deferred_account_id
            deferring.accrued_account_id = company.crm_contract_accrued_account_id

    @api.depends('date')
    def _compute_reversal_date(self):
        for deferring in self:
            deferring.reversal_date = deferring.date and move_day(deferring.date, days=1)

    @api.depends('company_id', 'date')
    def _compute_move_ids(self):
        for deferring in self:
            deferring.move_ids = self.env['account.move'].search(
                [
                    ('company_id', '=', deferring.company_id.id),
                    ('crm_contract_closing_day', '=', deferring.date),
                    ('state', '!=', 'cancel'),
                ]
            )

    def _get_contracts(self):
        """Return the contracts chosen, or all that could have something to defer or accrue."""
        contracts = self.contract_ids._origin
        return contracts or contracts.search(
            Domain('company_id', '=', self.company_id.id) & contracts._get_billable_domain()
        )

    # === ACTIONS === #

    def action_view_lines(self):
        """Open the amounts, to be grouped and exported."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_contracts.crm_contract_deferring_line_action'
        )
        return {**action, 'domain': [('deferring_id', '=', self.id)]}

    def action_print(self):
        """Print the amounts."""
        report = self.env.ref('crm_contracts.crm_contract_deferring_action_print')
        return report.report_action(self)

    def action_create_entry(self):
        """Book the amounts as a draft entry at the closing day, and its reversal as another.

        :raises UserError: if there is nothing to book, an account is missing, or an entry of the
            closing day exists already
        """
        self.ensure_one()
        self._check_bookable()
        moves = self.env['account.move'].with_company(self.company_id)
        entry = moves.create(self._prepare_entry())
        reversal = entry._reverse_moves(
            [
                {
                    'date': self.reversal_date,
                    'ref': self.env._('Reversal of: %(entry)s', entry=entry.ref),
                    'crm_contract_closing_day': self.date,
                }
            ]
        )
        self._remember_accounts()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('account.action_move_journal_line'),
            'domain': [('id', 'in', (entry | reversal).ids)],
            'context': {'create': False},
        }

    def _remember_accounts(self):
        # sudo: what was chosen last is proposed the next time
        self.company_id.sudo().write(
            {
                'crm_contract_deferred_account_id': self.deferred_account_id.id,
                'crm_contract_accrued_account_id': self.accrued_account_id.id,
            }
        )

    def _check_bookable(self):
        if not self.line_ids:
            raise UserError(self.env._('There is nothing to defer or to accrue on this day.'))
        if self.move_ids:
            raise UserError(
                self.env._(
                    'The closing day %(day)s was booked already: %(entries)s. Delete or cancel '
                    'these entries first.',
                    day=format_date(self.env, self.date),
                    entries=', '.join(self.move_ids.mapped('display_name')),
                )
            )
        if self.reversal_date <= self.date:
            raise UserError(self.env._('The reversal has to be after the closing day.'))
        for kind, label in self.line_ids._fields['kind']._description_selection(self.env):
            if self.line_ids.filtered(lambda line, kind=kind: line.kind == kind):
                self._check_account(kind, label)
        if not self.journal_id or not all(line.account_id for line in self.line_ids):
            raise UserError(
                self.env._('Choose a journal, and give each product or journal an income account.')
            )

    def _check_account(self, kind, label):
        if not self[f'{kind}_account_id']:
            raise UserError(
                self.env._('Choose the account on which "%(kind)s" is booked.', kind=label)
            )

    # === ENTRY === #

    def _prepare_entry(self):
        """Return the values of the entry: deferred revenue is taken off, accrued revenue added."""
        return {
            'move_type': 'entry',
            'company_id': self.company_id.id,
            'journal_id': self.journal_id.id,
            'date': self.date,
            'ref': self.env._(
                'Revenue of contracts at %(day)s', day=format_date(self.env, self.date)
            ),
            'crm_contract_closing_day': self.date,
            'line_ids': [
                *self._prepare_entry_lines('deferred', 1.0),
                *self._prepare_entry_lines('accrued', -1.0),
            ],
        }

    def _prepare_entry_lines(self, kind, sign):
        """Return the commands for the lines of a kind and their counterpart.

        :param sign: 1 for what is debited on the income accounts, -1 for what is credited
        """
        own = self.line_ids.filtered(lambda line: line.kind == kind)
        lines = [
            self._prepare_entry_line(
                account, contract.display_name, sign * sum(lines.mapped('company_amount'))
            )
            for (contract, account), lines in own.grouped(
                lambda line: (line.contract_id, line.account_id)
            ).items()
        ]
        label = dict(own._fields['kind']._description_selection(self.env))[kind]
        total = -sign * sum(own.mapped('company_amount'))
        lines.append(self._prepare_entry_line(self[f'{kind}_account_id'], label, total))
        return [Command.create(line) for line in lines if line['balance']]

    def _prepare_entry_line(self, account, name, balance):
        return {
            'account_id': account.id,
            'name': name,
            'balance': self.currency_id.round(balance),
            'tax_ids': False,
        }


class CrmContractDeferringLine(models.TransientModel):
    """What one charge of a contract defers or accrues at a closing day."""

    _name = 'crm.contract.deferring.line'
    _description = 'Deferred or Accrued Revenue'
    _inherit = ['crm.linked.mixin']
    _order = 'kind desc, contract_id, id'
    _rec_name = 'contract_id'

    deferring_id = fields.Many2one(
        'crm.contract.deferring', required=True, readonly=True, ondelete='cascade', index=True
    )
    kind = fields.Selection(DEFERRAL_KINDS, required=True, readonly=True)
    contract_id = fields.Many2one('crm.contract', required=True, readonly=True, ondelete='cascade')
    partner_id = fields.Many2one(related='contract_id.partner_id', store=True)
    line_id = fields.Many2one('crm.contract.line', string='Contract Line', readonly=True)
    billing_id = fields.Many2one('crm.contract.billing', string='Ledger', readonly=True)
    account_id = fields.Many2one('account.account', string='Income Account', readonly=True)
    name = fields.Text(string='Description', readonly=True)
    period_start = fields.Date(string='From', readonly=True)
    period_end = fields.Date(
        string='To', readonly=True, help='The day after the last day of the period.'
    )
    amount = fields.Monetary(
        string='In Contract Currency',
        readonly=True,
        help="In the contract's currency, without taxes.",
    )
    currency_id = fields.Many2one('res.currency', readonly=True)
    company_amount = fields.Monetary(
        string='Amount', readonly=True, currency_field='company_currency_id'
    )
    company_currency_id = fields.Many2one(
        related='deferring_id.company_id.currency_id', string='Company Currency'
    )

    def _get_last_day(self):
        """Return the last day of the period, or False."""
        return self.period_end and move_day(self.period_end, days=-1)
