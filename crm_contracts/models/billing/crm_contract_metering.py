from collections import defaultdict, deque
from dataclasses import replace
from datetime import date
from itertools import islice, takewhile

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

from ...core.days import move_day
from ...core.hours_charged import HoursCharged, get_amount_within
from ...core.periods import Period, get_active_share, get_periods
from ...core.tiers import get_missing

METERED_KINDS = ('usage', 'minimum')


class CrmContract(models.Model):
    _inherit = 'crm.contract'

    usage_ids = fields.One2many('crm.contract.usage', 'contract_id', string='Reported Usage')
    has_metered = fields.Boolean(
        compute='_compute_has_metered', help='A line charges what is reported as used.'
    )

    @api.depends('line_ids.is_metered')
    def _compute_has_metered(self):
        for contract in self:
            contract.has_metered = any(contract.line_ids.mapped('is_metered'))


class CrmContractLine(models.Model):
    """Lines that charge what is reported as used, at the end of each period.

    A period costs what its whole quantity costs. What is reported after it was billed is charged
    by what it changes of that, in price tiers and towards the minimum too.
    """

    _inherit = 'crm.contract.line'

    usage_ids = fields.One2many('crm.contract.usage', 'line_id', string='Reported Usage')

    # === NEXT INVOICE === #

    @api.depends(
        'is_metered', 'minimum_amount', 'counts_hours', 'usage_ids.date', 'usage_ids.billing_id'
    )
    def _compute_next_billing(self):
        super()._compute_next_billing()
        metered = self.filtered(
            lambda line: (
                line.is_metered and line.contract_id and line.date_start and line.interval_unit
            )
        )
        if not metered:
            return
        usage, rows = metered._get_open_usage(), metered._get_metered_rows()
        hours = metered._get_charged_hours_by_day()
        for line in metered:
            own = usage[line._origin]
            open_periods = line._get_metered_periods(
                own.mapped('date'), rows[line._origin], hours[line._origin]
            )
            periods = [*line._get_outside_days(own), *islice(open_periods, 1)]
            period = min(periods, default=None)
            line.next_period_start = period and period.start
            line.next_due_date = period and line._get_due_date(period)

    # === WHAT IS OPEN === #

    def _get_open_usage(self):
        """Return {line: usage that no invoice stands for, oldest first}: one query."""
        reports = self.env['crm.contract.usage'].sudo()
        found = reports.search(
            Domain('line_id', 'in', self._origin.ids) & reports._get_open_domain(),
            order='date, id',
        )
        return defaultdict(reports.browse, found.grouped('line_id'))

    def _get_billed_usage(self, open_usage):
        """Return {line: {day: quantity that was billed}}, as far back as something is open."""
        billed = defaultdict(dict)
        starts = [line._get_period_on(usage[:1].date).start for line, usage in open_usage.items()]
        if starts:
            settled = self.env['crm.contract.billing']._get_settled_domain()
            groups = self.env['crm.contract.usage']._read_group(
                Domain('line_id', 'in', [line.id for line in open_usage])
                & Domain('date', '>=', min(starts))
                & Domain('billing_id', 'any', settled),
                ['line_id', 'date:day'],
                ['quantity:sum'],
            )
            for line, day, quantity in groups:
                billed[line][day] = quantity
        return billed

    def _get_metered_rows(self):
        """Return {line: rows of the ledger that stand for its usage or minimum}: one query."""
        ledger = self.env['crm.contract.billing'].sudo()
        rows = ledger.search(
            ledger._get_settled_domain()
            & Domain('line_id', 'in', self._origin.ids)
            & Domain('kind', 'in', METERED_KINDS)
        )
        return defaultdict(ledger.browse, rows.grouped('line_id'))

    # === PERIODS === #

    def _get_charged_hours_by_day(self):
        """Return {line: [(day, what hours that count towards its minimum were charged)]}."""
        return defaultdict(list)

    def _get_metered_periods(self, days, rows, hours):
        """Yield the periods, in order, of which something is to be billed when they are over.

        :param days: of which something is open
        :param rows: of the ledger, that stand for periods
        :param hours: [(day, amount)] that count towards the minimum
        """
        days = deque(sorted(days))
        settled = {row.period_start for row in rows}
        last_start = self._get_last_minimum_day()
        for period in get_periods(self._get_schedule()):
            while days and days[0] < period.start:
                days.popleft()
            if not days and period.start >= last_start:
                break
            has_usage = days and days[0] < period.end
            if has_usage or (period.start not in settled and self._is_short(period, hours)):
                yield period

    def _is_short(self, period, hours):
        """Say whether hours alone leave something of the minimum of a period open."""
        charged = get_amount_within(hours, period)
        return self.currency_id.compare_amounts(self._get_minimum(period), charged) > 0

    def _get_last_minimum_day(self):
        """Return the day from which there is no minimum any more, or the last one there is."""
        if not self.minimum_amount:
            return date.min
        suspended = self.contract_id._get_suspended_ranges()
        return min((start for start, end in suspended if end == date.max), default=date.max)

    def _get_minimum(self, period):
        """Return the minimum of the days of a period that are covered."""
        suspended = self.contract_id._get_suspended_ranges()
        is_prorated = self._is_prorated(period.start, period.end)
        minimum = self._get_minimum_on(period.start) * get_active_share(
            period, suspended, is_prorated
        )
        return 0.0 if self.currency_id.is_zero(minimum) else minimum

    def _get_outside_days(self, usage):
        """Return the days of usage that no period has, each as one."""
        days = sorted(set(usage.mapped('date')))
        return [self._get_period_on(day) for day in days if not self._has_period_on(day)]

    def _get_due_periods(self, until, usage, rows, hours):
        """Return the periods, and days outside of them, of which something is due up to a day."""
        days = [*usage.mapped('date'), *hours.planned_days]
        periods = self._get_metered_periods(days, rows, hours.amounts)
        outside = self._get_outside_days(usage)
        return [
            *(day for day in outside if self._get_due_date(day) <= until),
            *takewhile(lambda period: self._get_due_date(period) <= until, periods),
        ]

    def _has_period_on(self, day):
        schedule = self._get_schedule()
        return schedule.date_from <= day < (schedule.date_to or fields.Date.add(day, days=1))

    def _get_period_on(self, day):
        """Return the period of a day, or the day itself where there is none."""
        if self._has_period_on(day):
            for period in get_periods(self._get_schedule()):
                if period.end > day:
                    return period
        return Period(day, move_day(day, days=1), 1)

    # === PLAN === #

    def _plan_usage(self, until, usage, rows, billed, hours):
        """Return the entries of the periods that are over: what was used, and the minimum.

        :param usage: what no invoice stands for
        :param rows: what of the ledger stands
        :param billed: {day: quantity that was billed}
        :param hours: HoursCharged that count towards the minimum
        """
        plan = []
        for period in self._get_due_periods(until, usage, rows, hours):
            own = usage.filtered(lambda one, days=period: days.start <= one.date < days.end)
            plan += self._plan_metered_period(period, own, rows, billed, hours)
        return plan

    def _plan_metered_period(self, period, usage, rows, billed, hours, share=1.0):
        """Return the entries of one period: what was used in it, and what is missing.

        :param usage: of the period
        :param share: part of its minimum that counts
        """
        plan = []
        before = sum(units for day, units in billed.items() if period.start <= day < period.end)
        scale = self._get_scale(period.start)
        if usage:
            plan.append(self._prepare_usage(period, usage, scale, before))
        if self._has_period_on(period.start):
            quantity = before + sum(usage.mapped('quantity'))
            charged = self._get_discounted(scale.get_amount(quantity))
            charged += get_amount_within(hours.amounts, period)
            plan += self._plan_minimum(period, self._get_minimum(period) * share, charged, rows)
        return plan

    def _prepare_usage(self, period, usage, scale, before):
        """Return the entry of usage of a period of which some was billed before."""
        quantity = sum(usage.mapped('quantity'))
        amount = self._get_discounted(scale.get_amount_after(before, quantity))
        steps = [] if before else scale.get_steps(quantity)
        name = '\n'.join(filter(None, (self.name, self._get_steps_text(steps))))
        if self._is_no_quantity(quantity):
            return self._prepare_settled_usage(period, usage)
        entry = self._prepare_metered(
            'usage',
            period,
            name=name,
            quantity=abs(quantity),
            price_unit=scale.get_price(quantity, before) * (1 if quantity > 0 else -1),
            discount=self.discount,
            amount=amount,
        )
        return replace(entry, reported_ids=tuple(usage.ids), waits=amount < 0 or None)

    def _prepare_settled_usage(self, period, usage):
        """Return the entry of usage that its corrections take back: nothing is invoiced."""
        nothing = dict.fromkeys(('quantity', 'price_unit', 'discount', 'amount'), 0.0)
        entry = self._prepare_metered('usage', period, name=self.name, **nothing)
        return replace(entry, reported_ids=tuple(usage.ids), state='covered')

    def _is_no_quantity(self, quantity):
        digits = self._fields['quantity'].get_digits(self.env)[1]
        return not round(quantity, digits)

    def _plan_minimum(self, period, minimum, charged, rows):
        """Return what makes a period up to its minimum, or gives back what did, as entries."""
        settled = rows.filtered(
            lambda row: row.kind == 'minimum' and row.period_start == period.start
        )
        if not self.minimum_amount and not settled:
            return []
        missing = self.currency_id.round(
            get_missing(minimum, charged, sum(settled.mapped('amount')))
        )
        if self.currency_id.is_zero(missing):
            return []
        entry = self._prepare_metered(
            'minimum',
            period,
            name=self._get_minimum_text(minimum),
            quantity=1.0,
            price_unit=missing,
            discount=0.0,
            amount=missing,
        )
        return [replace(entry, waits=missing < 0 or None)]

    def _get_minimum_text(self, minimum):
        env = self.with_context(lang=self._get_customer_lang() or self.env.lang).env
        return env._(
            '%(line)s: up to the minimum of %(amount)s',
            line=self._get_title(),
            amount=format_amount(env, minimum, self.currency_id),
        )

    def _get_discounted(self, amount):
        return self.currency_id.round(amount * (1 - self.discount / 100))

    def _prepare_metered(self, kind, period, **values):
        entry = self._prepare_charge(
            self._get_due_date(period),
            period_start=period.start,
            period_end=period.end,
            **values,
        )
        return replace(entry, kind=kind)


class CrmContractBiller(models.AbstractModel):
    """The source of what others report as used."""

    _inherit = 'crm.contract.biller'

    def _get_sources(self):
        return [*super()._get_sources(), self._plan_usage]

    def _plan_usage(self, contracts, until):
        """Bill the usage of the lines that charge by it."""
        metered = contracts.line_ids.filtered('is_metered')
        lines = metered.filtered(lambda line: not line.counts_hours)
        return self._plan_metered(lines, until, dict.fromkeys(lines, HoursCharged()))

    def _plan_metered(self, lines, until, hours):
        """Return the entries of lines by usage; three queries for many lines.

        :param hours: {line: HoursCharged}
        """
        return [
            entry
            for line, *known in self._read_metered(lines)
            for entry in line._plan_usage(until, *known, hours[line])
        ]

    def _read_metered(self, lines):
        """Return (line, open usage, rows of the ledger, {day: billed quantity}) of each line."""
        if not lines:
            return []
        usage, rows = lines._get_open_usage(), lines._get_metered_rows()
        billed = lines._get_billed_usage({line: own for line, own in usage.items() if own})
        return [(line, usage[line], rows[line], billed[line]) for line in lines]

    def _write_ledger(self, contracts, plan):
        plan = super()._write_ledger(contracts, plan)
        reports = self.env['crm.contract.usage']
        for entry in plan.entries:
            if entry.reported_ids:
                reports.browse(entry.reported_ids).billing_id = entry.billing_id
        return plan
