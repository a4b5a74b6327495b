from dataclasses import replace

from odoo import fields, models
from odoo.tools import format_date

from ...core.periods import (
    Schedule,
    get_charge,
    get_first_active_day,
    get_months,
    get_open_periods,
    get_spared_parts,
    move_day,
)
from ...core.plan import Entry

# Ten years of days: what is more was not meant, and nobody could check its invoice.
MOST_PERIODS = 3660


class CrmContractLine(models.Model):
    """What contract lines have to be billed for: their periods and milestones not billed yet."""

    _inherit = 'crm.contract.line'

    def _get_billing_plan(self, until):
        """Return what the lines have to be billed for up to a day, as a list of entries.

        Reads only; one query for many lines. Override to charge lines of another kind.
        """
        billed = self._get_billed_ranges()
        plan = []
        for line in self:
            if line.kind == 'milestone':
                plan += line._plan_milestone(until, billed[line.id])
            else:
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
        return period.start if self.timing == 'advance' else period.end

    def _get_milestone_date(self):
        """Return when the milestone is due: once reached always, else not in a suspension."""
        if self.is_done:
            return self.contract_id.date_start
        if not self.date_due or self._is_called_off():
            return False
        return get_first_active_day(self.date_due, self.contract_id._get_suspended_ranges())

    def _is_called_off(self, closed=None):
        """Say whether the contract was closed before its end, and before the milestone.

        :param closed: day on which it is about to be closed
        """
        self.ensure_one()
        closed = closed or self.contract_id._get_early_closing_day()
        return bool(closed) and not self.is_done and (not self.date_due or self.date_due > closed)

    def _plan_periods(self, until, billed):
        plan = []
        for period in self._get_open_periods(billed):
            date_due = self._get_due_date(period)
            if date_due > until:
                break
            if len(plan) == MOST_PERIODS:
                return [replace(plan[0], held=self._get_too_many_hold(plan[0].period_start))]
            charge = get_charge(period, self.prorate)
            price = self._get_period_price(self._get_price_on(period.start), charge)
            plan.append(
                self._prepare_charge(
                    date_due,
                    price_unit=price,
                    amount=self._get_amount(self.quantity, price),
                    period_start=period.start,
                    period_end=period.end,
                )
            )
        return plan

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
        """Return an entry of the plan; override to change it with ``dataclasses.replace``."""
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

    def _get_amount(self, quantity, price_unit):
        amount = quantity * price_unit * (1 - self.discount / 100)
        return self.currency_id.round(amount) if self.currency_id else amount

    def _is_on(self, day):
        """Say whether the line charges periods on a day."""
        self.ensure_one()
        return (
            self.kind == 'recurring'
            and self.date_start <= day
            and (not self.date_end or self.date_end >= day)
        )

    def _get_monthly_amount(self, day=None):
        """Return the amount of a recurring line for one month, at the price of a day if given."""
        amount = self._get_amount(self.quantity, self._get_price_on(day)) if day else self.amount
        return amount / get_months(self.interval_count, self.interval_unit)
