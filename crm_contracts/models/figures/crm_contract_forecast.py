from collections import defaultdict
from datetime import date

from odoo import fields, models

from ...core.days import move_day
from ...core.forecast import (
    AVERAGED_MONTHS,
    get_averaged_months,
    get_coming_months,
    get_invoice_month,
    get_month,
)
from ...core.hours_charged import get_amount_within
from ...core.periods import Period
from ...core.plan import Entry
from ...core.states import RUNNING_STATES

# In the context, lets contracts that renew themselves go on. As an object of this process, no
# client can send it.
RENEWING = object()
ITEM_KINDS = ('time', 'cost')


class CrmContract(models.Model):
    """What the contracts are going to be invoiced for, month by month."""

    _inherit = 'crm.contract'

    def action_forecast(self):
        """Open the invoices to come of the contracts, or without any of all that run."""
        contracts = self or self.search([('state', 'in', RUNNING_STATES)])
        contracts.check_access('read')
        return self.env['crm.contract.forecast']._open(contracts)

    def _forecast_billing(self, date_to, renew=False, estimate=False):
        """Return what the contracts are going to be invoiced for up to a day, as a list of dicts.

        As ``_preview_billing`` has them, without what is held back, and with the ``month``, its
        first day, in which they are invoiced: what is overdue this month. Prices are those that
        are known today. Reads only, and constantly often for many contracts.

        :param date_to: last day on which something becomes due
        :param renew: whether contracts that renew themselves go on after their end; what is due
            for days after it has ``is_renewal``
        :param estimate: whether hours and costs go on as they were on average in the last months,
            at most twelve; such entries have ``is_estimate``
        """
        date_to, today = fields.Date.to_date(date_to), fields.Date.context_today(self)
        self.check_access('read')
        contracts = self.sudo().filtered(lambda contract: contract._is_billable())
        if renew:
            contracts = contracts.with_context(crm_contract_renews=RENEWING)
        entries = [entry for entry in contracts._get_billing_plan(date_to) if not entry['held']]
        entries = contracts._deduct_from_forecast(entries, date_to)
        if estimate:
            estimates = contracts._estimate_items(today, date_to)
            entries = contracts._lower_minimums(entries, estimates)
            entries += [entry.as_dict() for entry in estimates]
        ends = {contract.id: contract.date_end or date.max for contract in contracts}
        return [
            {
                **entry,
                'month': get_invoice_month(entry['date_due'], today),
                'is_estimate': entry.get('is_estimate', False),
                'is_renewal': (entry['period_start'] or entry['date_due'])
                > ends[entry['contract_id']],
            }
            for entry in entries
        ]

    def _get_last_billable_day(self):
        """Let what renews itself go on where a forecast asks for it."""
        if self.env.context.get('crm_contract_renews') is RENEWING and self._renews_itself():
            return False
        return super()._get_last_billable_day()

    def _renews_itself(self):
        """Say whether the contract goes on after its end unless somebody ends it."""
        self.ensure_one()
        is_tacit = self.renewal_type == 'tacit' and self.state in RUNNING_STATES
        return is_tacit and not self.date_closing

    # === HOURS AND COSTS === #

    def _estimate_items(self, today, date_to):
        """Return an entry for the hours, and one for the costs, of each month to come."""
        return [
            self._make_estimate(contract, kind, amount, month)
            for (contract, kind), amount in self._get_monthly_averages(today).items()
            for month in get_coming_months(
                today, min(date_to, contract._get_last_billable_day() or date_to)
            )
        ]

    def _lower_minimums(self, entries, estimates):
        """Return the entries with less to make up for where hours that count are expected."""
        expected = defaultdict(list)
        for estimate in estimates:
            if estimate.kind == 'time':
                expected[estimate.contract_id].append((estimate.period_start, estimate.amount))
        counting = set(self.line_ids.filtered('counts_hours').ids)
        lowered = []
        for entry in entries:
            if entry['kind'] == 'minimum' and entry['line_id'] in counting:
                period = Period(entry['period_start'], entry['period_end'], 1)
                hours = get_amount_within(expected[entry['contract_id']], period)
                entry = {**entry, 'amount': max(entry['amount'] - hours, 0.0)}
            lowered.append(entry)
        return [entry for entry in lowered if entry['amount']]

    def _get_monthly_averages(self, today):
        """Return {(contract, kind): what its hours or costs came to in a month on average}."""
        billed = self.env['crm.contract.billing']._read_group(
            [
                ('contract_id', 'in', self.ids),
                ('kind', 'in', ITEM_KINDS),
                ('state', '=', 'invoiced'),
                ('date_due', '>=', move_day(get_month(today), months=-AVERAGED_MONTHS)),
                ('date_due', '<', get_month(today)),
            ],
            ['contract_id', 'kind'],
            ['amount:sum'],
        )
        runs_for = {contract: get_averaged_months(contract.date_start, today) for contract in self}
        return {
            (contract, kind): contract.currency_id.round(amount / runs_for[contract])
            for contract, kind, amount in billed
            if runs_for[contract]
        }

    def _make_estimate(self, contract, kind, amount, month):
        end = move_day(month, months=1)
        return Entry(
            contract_id=contract.id,
            kind=kind,
            period_start=month,
            period_end=end,
            date_due=move_day(end, days=-1),
            name=self.env._('Average of the last months'),
            quantity=1.0,
            price_unit=amount,
            amount=amount,
            currency_id=contract.currency_id.id,
            extra={'is_estimate': True},
        )
