from odoo import api, fields, models
from odoo.fields import Domain

from ...core.days import move_day
from ...core.figures import get_movement
from ...core.states import RUNNING_STATES

MOVEMENT_KINDS = [
    ('new', 'New'),
    ('expansion', 'Expansion'),
    ('contraction', 'Contraction'),
    ('churn', 'Churn'),
    ('reactivation', 'Reactivation'),
]


class CrmContract(models.Model):
    """The monthly revenue, and when it is logged: daily, with each state and each revision."""

    _inherit = 'crm.contract'

    mrr = fields.Monetary(
        string='Monthly Revenue',
        compute='_compute_mrr',
        help='What the recurring lines that run today bring in a month (MRR); nothing while '
        'suspended, nor after an end that was not renewed.',
    )
    arr = fields.Monetary(
        string='Yearly Revenue',
        compute='_compute_arr',
        help='Twelve times the monthly revenue (ARR).',
    )
    mrr_movement_ids = fields.One2many(
        'crm.contract.mrr.movement',
        'contract_id',
        string='Movements of Monthly Revenue',
        readonly=True,
    )
    yearly_value = fields.Monetary(
        compute='_compute_yearly_value',
        store=True,
        currency_field='company_currency_id',
        help='Twelve times the monthly revenue by the log, in company currency at the rates of its '
        'movements: what is at risk when the contract is not renewed.',
    )

    @api.depends(
        'state',
        'is_suspended',
        'date_end',
        'date_closed',
        'renewal_type',
        'line_ids.amount',
        'line_ids.date_start',
        'line_ids.date_end',
    )
    def _compute_mrr(self):
        today = fields.Date.context_today(self)
        for contract in self:
            contract.mrr = contract.sudo()._get_mrr(today)

    @api.depends('mrr')
    def _compute_arr(self):
        for contract in self:
            contract.arr = 12 * contract.mrr

    @api.depends('mrr_movement_ids.company_amount')
    def _compute_yearly_value(self):
        for contract in self:
            contract.yearly_value = 12 * sum(contract.mrr_movement_ids.mapped('company_amount'))

    def _get_mrr(self, day):
        """Return what the recurring lines bring in a month as they are on a day."""
        self.ensure_one()
        if not self._runs_on(day) or self.suspension_ids._get_on(day):
            return 0.0
        return sum(line._get_monthly_amount(day) for line in self.line_ids if line._is_on(day))

    def _runs_on(self, day):
        """Say whether the contract runs on a day: beyond its end only if it renews itself."""
        runs = self.state in RUNNING_STATES or (self.date_closed and self.date_closed > day)
        has_ended = self.date_end and self.date_end < day and self.renewal_type != 'tacit'
        return bool(runs) and not has_ended

    # === THE LOG === #

    @api.model
    def _get_daily_steps(self):
        """Dates alone change the monthly revenue: lines start and end, suspensions too."""
        may_have_changed = Domain('state', 'in', RUNNING_STATES) | Domain(
            'mrr_movement_ids', '!=', False
        )
        return [
            *super()._get_daily_steps(),
            (may_have_changed, lambda contracts: contracts._log_mrr()),
        ]

    def _on_enter_state(self, state):
        super()._on_enter_state(state)
        if state != 'draft':
            self._log_mrr()

    def _log_mrr(self):
        """Write by what the monthly revenue differs from the log; twice writes nothing.

        Revised prices move it on the first day of the new prices, however late that is noticed.
        """
        movements = self.env['crm.contract.mrr.movement'].sudo()
        contracts, today = self.sudo(), fields.Date.context_today(self)
        contracts._get_without_mrr_log()._log_mrr_history(today)
        unlogged = self.env['crm.contract.price.revision'].sudo()
        unlogged = unlogged.search(
            [
                ('contract_id', 'in', self.ids),
                ('is_in_mrr', '=', False),
                ('date', '<=', today),
            ],
            order='date, id',
        )
        for day, revisions in unlogged.grouped('date').items():
            movements._log(revisions.contract_id, day)
            revisions.is_in_mrr = True
        movements._log(contracts, today)

    def _get_without_mrr_log(self):
        return self.filtered(lambda contract: contract.line_ids and not contract.mrr_movement_ids)

    def _log_mrr_history(self, today):
        """Write what the monthly revenue was since the contracts began, each change on its day.

        So what is entered late, or comes from elsewhere, has the history of its own dates.
        """
        movements = self.env['crm.contract.mrr.movement']
        logged = movements._log_days({contract: contract._get_mrr_days(today) for contract in self})
        self.env['crm.contract.price.revision'].search(
            [('contract_id', 'in', logged.contract_id.ids), ('date', '<=', today)]
        ).is_in_mrr = True

    def _get_mrr_days(self, today):
        """Return the days up to today on which dates of the contract may change its revenue."""
        self.ensure_one()
        firsts = [
            self.date_start,
            self.date_closed,
            *self.line_ids.mapped('date_start'),
            *self.suspension_ids.mapped('date_from'),
        ]
        lasts = [
            self.date_end,
            *self.line_ids.mapped('date_end'),
            *self.line_ids.former_price_ids.mapped('date_to'),
            *self.suspension_ids.mapped('date_to'),
        ]
        days = {*firsts, *(move_day(day, days=1) for day in lasts if day)}
        return sorted(day for day in days if day and self.date_start <= day <= today)

    def _apply_price_revisions(self, revisions):
        """Revised prices that hold already are written at once, on their first day."""
        today = fields.Date.context_today(self)
        past = {revision.contract_id for revision in revisions if revision.date <= today}
        self.browse(past)._log_mrr()
        history = super()._apply_price_revisions(revisions)
        movements = self.env['crm.contract.mrr.movement'].sudo()
        for day, late in history.filtered(lambda one: one.date <= today).grouped('date').items():
            movements._log(late.contract_id, today, date=day)
            late.is_in_mrr = True
        return history

    def _take_back_price_revisions(self, revisions):
        """What revised prices moved goes back on the same day."""
        self._log_mrr()
        taken_back = super()._take_back_price_revisions(revisions)
        today = fields.Date.context_today(self)
        movements = self.env['crm.contract.mrr.movement'].sudo()
        for day, logged in taken_back.filtered('is_in_mrr').grouped('date').items():
            movements._log(logged.contract_id, today, date=day)
        return taken_back


class CrmContractMrrMovement(models.Model):
    """What changed the monthly revenue of a contract, and on which day.

    The movements of a contract add up to its monthly revenue.
    """

    _name = 'crm.contract.mrr.movement'
    _description = 'Movement of Monthly Revenue'
    _order = 'date desc, id desc'
    _rec_name = 'contract_id'

    contract_id = fields.Many2one(
        'crm.contract', required=True, readonly=True, ondelete='cascade', index=True
    )
    position = fields.Integer(
        required=True, readonly=True, help='Number of the movement in its contract, from 1.'
    )
    date = fields.Date(required=True, readonly=True, index=True)
    kind = fields.Selection(
        MOVEMENT_KINDS,
        required=True,
        readonly=True,
        help='New: the first revenue. Expansion and contraction: more or less than before. '
        'Churn: nothing any more. Reactivation: again after a churn.',
    )
    amount = fields.Monetary(
        string='In Contract Currency',
        readonly=True,
        help="Change of the monthly revenue, in the contract's currency.",
    )
    mrr = fields.Monetary(
        string='Monthly Revenue',
        readonly=True,
        aggregator=None,
        help="Monthly revenue after the movement, in the contract's currency.",
    )
    company_amount = fields.Monetary(
        string='Amount',
        readonly=True,
        currency_field='company_currency_id',
        help='At the rate of the day.',
    )
    currency_id = fields.Many2one('res.currency', required=True, readonly=True)
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    company_currency_id = fields.Many2one(
        related='company_id.currency_id', string='Company Currency'
    )
    partner_id = fields.Many2one(related='contract_id.partner_id', store=True)
    manager_id = fields.Many2one(related='contract_id.manager_id', store=True)
    team_id = fields.Many2one(related='contract_id.team_id', store=True)
    template_id = fields.Many2one(related='contract_id.template_id', store=True)

    # Two runs at once see the same last movement: one of them is refused.
    _position_unique = models.UniqueIndex(
        '(contract_id, position)', 'This change of the monthly revenue is written already.'
    )
    _something_moved = models.Constraint(
        'CHECK (amount <> 0)', 'A movement of the monthly revenue changes it.'
    )

    @api.model
    def _log(self, contracts, day, date=None):
        """Write by what the monthly revenue of a day differs from the log, if it does.

        :param date: day of the movement, if another one
        """
        logged = self._get_logged(contracts)
        amounts = {contract: contract._get_mrr(day) for contract in contracts}
        self.create(
            [
                self._prepare(contract, *logged[contract.id], amount, date or day)
                for contract, amount in amounts.items()
                if contract.currency_id.compare_amounts(amount, logged[contract.id][0])
            ]
        )

    @api.model
    def _log_days(self, days):
        """Write the movements of contracts that have none yet, and return them.

        :param days: {contract: days on which the monthly revenue may have changed, in order}
        """
        values_list = []
        for contract, own in days.items():
            before, last = 0.0, 0
            for day in own:
                after = contract._get_mrr(day)
                if contract.currency_id.compare_amounts(after, before):
                    values_list.append(self._prepare(contract, before, last, after, day))
                    before, last = after, last + 1
        return self.create(values_list)

    @api.model
    def _get_logged(self, contracts):
        """Return {contract id: (monthly revenue by the log, number of movements)}."""
        groups = self._read_group(
            [('contract_id', 'in', contracts.ids)], ['contract_id'], ['amount:sum', 'position:max']
        )
        nothing = dict.fromkeys(contracts.ids, (0.0, 0))
        return nothing | {contract.id: (amount, last) for contract, amount, last in groups}

    @api.model
    def _prepare(self, contract, before, last, after, day):
        """Return the values of the movement from the monthly revenue of the log to another one."""
        currency, company = contract.currency_id, contract.company_id
        movement = get_movement(before, after, not last, currency.round)
        return {
            **movement._asdict(),
            'contract_id': contract.id,
            'position': last + 1,
            'date': day,
            'currency_id': currency.id,
            'company_amount': currency._convert(movement.amount, company.currency_id, company, day),
        }
