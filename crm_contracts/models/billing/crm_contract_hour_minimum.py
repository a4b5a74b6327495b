from collections import defaultdict
from dataclasses import replace

from odoo import api, models
from odoo.fields import Domain

from ...core.hours_charged import HoursCharged
from ...core.periods import Period


class CrmContractLine(models.Model):
    """Lines whose minimum counts what the hours of the contract cost in the period."""

    _inherit = 'crm.contract.line'

    @api.depends('contract_id.billing_ids.amount', 'contract_id.billing_ids.state')
    def _compute_next_billing(self):
        return super()._compute_next_billing()

    def _get_charged_hours_by_day(self):
        found = super()._get_charged_hours_by_day()
        counting = self._origin.filtered('counts_hours')
        if not counting:
            return found
        ledger = self.env['crm.contract.billing'].sudo()
        groups = ledger._read_group(
            Domain('contract_id', 'in', counting.contract_id.ids)
            & Domain('kind', '=', 'time')
            & ledger._get_settled_domain(),
            ['contract_id', 'period_start:day'],
            ['amount:sum'],
        )
        for contract, day, amount in groups:
            for line in counting & contract.line_ids:
                found[line].append((day, amount))
        return found

    def _plan_usage(self, until, usage, rows, billed, hours):
        """A minimum waits for hours of its period that are held back."""
        plan = super()._plan_usage(until, usage, rows, billed, hours)
        reason = self.env._('Hours of the same time are held back.')
        return [
            replace(entry, held=reason, waits=True)
            if entry.kind == 'minimum'
            and hours.are_held(Period(entry.period_start, entry.period_end, 1))
            else entry
            for entry in plan
        ]


class CrmContractBiller(models.AbstractModel):
    """Minimums that count hours come last: they fill up what the hours of a period leave open."""

    _inherit = 'crm.contract.biller'

    def _collect(self, contracts, until):
        entries = super()._collect(contracts, until)
        lines = contracts.line_ids.filtered('counts_hours')
        if lines:
            entries += self._plan_metered(lines, until, self._get_hours_charged(lines, entries))
        return entries

    def _get_hours_charged(self, lines, entries):
        """Return {line: HoursCharged} of a plan, and of the ledger before it."""
        settled = lines._get_charged_hours_by_day()
        planned, held = defaultdict(list), defaultdict(list)
        for entry in entries:
            if entry.kind == 'time' and not entry.held:
                planned[entry.contract_id].append((entry.period_start, entry.amount))
            elif entry.kind == 'time' and not entry.waits:
                held[entry.contract_id].append(entry.period_start)
        return {
            line: HoursCharged(
                tuple(settled[line]),
                tuple(planned[line.contract_id.id]),
                tuple(held[line.contract_id.id]),
            )
            for line in lines
        }

    def _get_parts_shown(self, contract, items, settled):
        """Keep hours of several periods apart, unless corrections take one of them back."""
        lines = contract.line_ids.filtered('counts_hours')
        parts = items.grouped(
            lambda item: tuple(line._get_period_on(item.date).start for line in lines)
        ).values()
        if any(self._is_taken_back(contract, own, settled) for own in parts):
            parts = [items]
        show = super()._get_parts_shown
        return [part for own in parts for part in show(contract, own, settled)]
