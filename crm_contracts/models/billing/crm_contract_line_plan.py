from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...core.days import move_day
from ...core.ledger import LIVE_STATES
from ...core.periods import (
    Schedule,
    get_charge,
    get_first_active_day,
    get_open_periods,
    get_spared_parts,
)
from ...core.plan import Entry
from ...core.states import OVER_STATES

# What says which periods there are.
RHYTHM_FIELDS = {'interval_count', 'interval_unit', 'date_start', 'align_month', 'prorate'}
# Ten years of days: what is more was not meant, and nobody could check its invoice.
MOST_PERIODS = 3660


class CrmContractLine(models.Model):
    """What was billed of contract lines, and what is due: periods and milestones not billed yet."""

    _inherit = 'crm.contract.line'

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

    # === COMPUTE === #

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
        'contract_id.invoice_date_rule',
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

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.contract_id._unpark_billing()
        return lines

    def write(self, vals):
        self._filter_changed(('contract_id', 'is_metered', 'kind'), vals)._check_unbilled()
        starts = self._get_next_starts() if vals.keys() & RHYTHM_FIELDS else {}
        result = super().write(vals)
        self._check_goes_on_from(starts)
        if not vals.keys() <= {'next_period_start', 'next_due_date'}:
            self.contract_id._unpark_billing()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_unbilled()

    # === GUARDS === #

    def _filter_changed(self, names, vals):
        """Return the lines of which some of the fields get another value."""
        given = [name for name in names if name in vals]
        return self.filtered(
            lambda line: any(
                self._fields[name].convert_to_write(line[name], line) != vals[name]
                for name in given
            )
        )

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

    def _is_invoiced(self):
        """Say whether an invoice stands for something of the line."""
        self.ensure_one()
        return any(row.state in LIVE_STATES for row in self.sudo().billing_ids)

    # === PLAN === #

    def _get_billing_plan(self, until):
        """Return what the lines have to be billed for up to a day, as a list of entries.

        Reads only; one query for many lines. Override to charge lines of another kind.
        """
        billed = self._get_billed_ranges()
        plan = []
        for line in self:
            if line.kind == 'milestone':
                plan += line._plan_milestone(until, billed[line.id])
            elif not line.is_metered:
                plan += line._plan_periods(until, billed[line.id])
        return plan

    def _get_billed_ranges(self):
        """Return {line id: [(first day, day after the last day)]} of what is not open."""
        ranges = {line._origin.id: [] for line in self}
        rows = (
            self.env['crm.contract.billing']
            .sudo()
            .search_fetch(
                self.env['crm.contract.billing']._get_settled_domain()
                & fields.Domain('line_id', 'in', self._origin.ids),
                ['line_id', 'period_start', 'period_end'],
            )
        )
        for row in rows:
            ranges[row.line_id.id].append((row.period_start, row.period_end))
        return ranges

    def _get_schedule(self):
        """Return the dates on which the periods of the line start and end."""
        self.ensure_one()
        contract = self.contract_id
        ends = [day for day in (self.date_end, contract._get_last_billable_day()) if day]
        return Schedule(
            anchor=self.date_start.replace(day=1) if self.align_month else self.date_start,
            interval_count=self.interval_count,
            interval_unit=self.interval_unit,
            date_from=max(self.date_start, contract.date_start or self.date_start),
            date_to=move_day(min(ends), days=1) if ends else None,
        )

    def _get_spared_parts(self, span, also=()):
        """Return the parts of a charged span that the contract does not cover any more, in order.

        :param span: (first day, day after the last one)
        :param also: further ranges in which it is about to rest, ``date.max`` for no end
        """
        suspended = [*self.contract_id._get_suspended_ranges(), *also]
        return get_spared_parts(span, self._get_schedule().date_to, suspended, self.prorate)

    def _get_open_periods(self, billed):
        if self.kind != 'recurring' or not (self.date_start and self.interval_unit):
            return iter(())
        suspended = self.contract_id._get_suspended_ranges()
        return get_open_periods(self._get_schedule(), billed, self.prorate, suspended)

    def _get_due_date(self, period):
        if self.timing == 'advance' and not self.is_metered:
            return period.start
        is_early = self.contract_id.invoice_date_rule == 'last'
        return move_day(period.end, days=-1) if is_early else period.end

    def _get_milestone_date(self):
        """Return when the milestone is due: once reached always, else not in a suspension."""
        if self.is_done:
            return self.contract_id.date_start
        if not self.date_due or self._is_called_off():
            return False
        return get_first_active_day(self.date_due, self.contract_id._get_suspended_ranges())

    def _is_called_off(self, closed=None):
        """Say whether the contract was over before its end, and before the milestone.

        :param closed: day on which it is about to be closed
        """
        self.ensure_one()
        closed = closed or self._get_early_closing_day()
        return bool(closed) and not self.is_done and (not self.date_due or self.date_due > closed)

    def _get_early_closing_day(self):
        """Return the day on which the contract was closed or cancelled before its end, or False."""
        contract = self.contract_id
        closed, end = contract.date_closed, contract.date_end
        is_early = not end or (closed and closed < end)
        return contract.state in OVER_STATES and is_early and closed

    def _plan_periods(self, until, billed):
        plan, known = [], {}
        for period in self._get_open_periods(billed):
            date_due = self._get_due_date(period)
            if date_due > until:
                break
            if len(plan) == MOST_PERIODS:
                return [replace(plan[0], held=self._get_too_many_hold(plan[0].period_start))]
            charge = get_charge(period, self._is_prorated(period.start, period.end))
            price = self._get_scale(period.start), charge
            if price not in known:
                known[price] = self._prepare_period(date_due, *price)
            plan.append(
                replace(
                    known[price],
                    date_due=date_due,
                    period_start=period.start,
                    period_end=period.end,
                )
            )
        return plan

    def _prepare_period(self, date_due, scale, charge):
        """Return the entry that all periods of a line have which are priced alike, but its days."""
        price = self._get_period_price(scale.get_price(self.quantity), charge)
        return self._prepare_charge(
            date_due,
            name=self._get_tiered_name(scale),
            price_unit=price,
            amount=self._get_amount(self.quantity, price),
        )

    def _is_prorated(self, start, end):
        """Say whether a period that is cut is charged by its days; override to cut others.

        :param end: the day after the last one
        """
        return self.prorate

    def _get_tiered_name(self, scale):
        """Return the text of a period, with the tiers that make its price."""
        if not scale.tiers:
            return self.name
        steps = self._get_steps_text(scale.get_steps(self.quantity))
        return '\n'.join(filter(None, (self.name, steps)))

    def _get_too_many_hold(self, start):
        return self.env._(
            'More than %(count)s periods of "%(line)s" are due, from %(start)s on. Correct where '
            'it starts, or bill up to an earlier day first.',
            count=MOST_PERIODS,
            line=self.name.split('\n')[0],
            start=format_date(self.env, start),
        )

    def _plan_milestone(self, until, billed):
        date_due = self._get_milestone_date()
        if billed or not date_due or date_due > until:
            return []
        return [self._prepare_charge(date_due)]

    def _prepare_charge(self, date_due, **values):
        """Return an entry of the plan; override to change it with ``dataclasses.replace``.

        Of periods that are priced alike the first one is asked for, and the others are its copies.
        """
        charge = {
            'name': self.name,
            'product_id': self.product_id.id,
            'product_uom_id': self.product_uom_id.id,
            'quantity': self.quantity,
            'price_unit': self.price_unit,
            'discount': self.discount,
            'amount': self.amount,
            **values,
        }
        return Entry(
            contract_id=self.contract_id.id,
            line_id=self.id,
            kind=self.kind,
            date_due=date_due,
            currency_id=self.currency_id.id,
            **charge,
        )

    def _get_period_price(self, price, charge):
        """Return the unit price of a part of a period.

        In whole cents where the amount stays the same, else as exact as it takes.
        """
        exact = price * charge
        if charge == 1.0:
            return exact
        rounded = self.currency_id.round(exact)
        same = self._get_amount(self.quantity, rounded) == self._get_amount(self.quantity, exact)
        return rounded if same else exact
