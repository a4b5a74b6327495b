from odoo import models

from ...core.deferral import get_earned_share
from ...core.hours_charged import HoursCharged
from ...core.plan import read_entry

# In the context, lets hours be charged before their month is over. As an object of this process,
# no client can send it.
CLOSING = object()


class CrmContract(models.Model):
    """What was used, and worked at prices by the month, is earned before its period is over."""

    _inherit = 'crm.contract'

    def _get_begun_entries(self, day):
        """Add the usage of periods that run on, as if it were billed on the day."""
        closing = self.with_context(crm_contract_closes=CLOSING)
        entries = super(CrmContract, closing)._get_begun_entries(day)
        biller = self.env['crm.contract.biller']
        running = biller._plan_running_usage(self, day, [read_entry(entry) for entry in entries])
        return [*entries, *(entry.as_dict() for entry in running)]


class CrmContractLine(models.Model):
    _inherit = 'crm.contract.line'

    def _plan_running_usage(self, day, usage, rows, billed, hours):
        """Return the entries of the period that is not due yet on a day, as if it ended with it.

        Its minimum counts by its days up to then. For the parameters see ``_plan_usage``.
        """
        period = self._get_period_on(day)
        if self._get_due_date(period) <= day:
            return []
        own = usage.filtered(lambda one: period.start <= one.date <= day)
        share = get_earned_share([(period.start, period.end)], day)
        return self._plan_metered_period(period, own, rows, billed, hours, share)


class CrmContractBiller(models.AbstractModel):
    _inherit = 'crm.contract.biller'

    def _plan_running_usage(self, contracts, day, entries):
        """Return what was used of periods that are not due yet on a day, in constant queries.

        :param entries: what is due by then, whose hours may count towards minimums
        """
        lines = contracts.line_ids.filtered(
            lambda line: line.is_metered and line.date_start and line.interval_unit
        )
        hours = dict.fromkeys(lines, HoursCharged())
        hours |= self._get_hours_charged(lines.filtered('counts_hours'), entries)
        return [
            entry
            for line, *known in self._read_metered(lines)
            for entry in line._plan_running_usage(day, *known, hours[line])
        ]

    def _get_due_hours(self, contract, items, until):
        """Count hours whose price goes by the month as if the month ended with the day."""
        if self.env.context.get('crm_contract_closes') is CLOSING:
            return items
        return super()._get_due_hours(contract, items, until)
