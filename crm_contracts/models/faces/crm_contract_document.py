from __future__ import annotations

from datetime import date
from typing import NamedTuple

from odoo import fields, models

from ...core.figures import get_fixed
from ...core.states import PLANNED_STATES

DAY = 'uom.product_uom_day'


class Total(NamedTuple):
    """A sum of the document: what it is, and how much without taxes in the contract's currency."""

    label: str
    amount: float


class CrmContract(models.Model):
    """What the printed contract and the portal tell the customer of the conditions."""

    _inherit = 'crm.contract'

    def _get_document_title(self) -> str:
        """Return what the document is: an offer until the contract starts."""
        self.ensure_one()
        is_planned = self.state in PLANNED_STATES
        return self.env._('Offer') if is_planned else self.env._('Contract')

    def _get_document_lines(self):
        """Return the charges, but for milestones that were called off and never invoiced."""
        self.ensure_one()
        return self.line_ids.filtered(
            lambda line: (
                line.kind != 'milestone' or line._is_invoiced() or not line._is_called_off()
            )
        )

    # === TOTALS === #

    def _get_document_totals(self) -> list[Total]:
        """Return what recurs, per length of its periods, and the sum up to the end, if it has one.

        Hours, costs and usage come as they are booked or reported: the term does not count them.
        """
        self.ensure_one()
        totals = self._get_period_totals()
        of_term = self._get_term_total()
        if of_term:
            totals.append(Total(self.env._('Total of the term'), of_term))
        return totals

    def _get_period_totals(self):
        today = max(fields.Date.context_today(self), self.date_start)
        amounts = {}
        for line in self.line_ids.filtered(lambda line: line._is_on(today)):
            label = line._get_interval_label()
            amounts[label] = amounts.get(label, 0.0) + line._get_document_amount()
        return [
            Total(self.env._('Total %(period)s', period=label), amount)
            for label, amount in amounts.items()
        ]

    def _get_term_total(self):
        """Return what the current term brings in all, or nothing while its end is open."""
        if not self.date_end:
            return 0.0
        term = self._get_current_terms()
        start = term.date_start or self.date_start
        lines = self._get_document_lines()
        milestones = lines.filtered(
            lambda line: line.kind == 'milestone' and (line.date_due or start) >= start
        )
        recurring = [
            entry.amount
            for line in lines - milestones
            if line.kind == 'recurring' and not line.is_metered
            for entry in line._plan_periods(date.max, ())
            if entry.period_start >= start and not entry.held
        ]
        fixed = get_fixed(self.fixed_amount, sum(milestones.mapped('amount')))
        return self.currency_id.round(fixed + sum(recurring))

    # === TIME AND COSTS === #

    def _get_day_hours(self) -> float:
        """Return how many hours a day has, where prices or prepaid units are by the day; else 0."""
        self.ensure_one()
        day = self.env.ref(DAY)
        units = self.rate_ids.product_uom_id if self.bill_time else day.browse()
        if self.prepaid_quantity:
            units |= self.prepaid_uom_id
        return self._get_hours(1.0, day) if day in units else 0.0

    def _get_cost_terms(self) -> list[tuple[str, float]]:
        """Return (kind of cost, markup in percent) of what is passed on; all in one if alike."""
        self.ensure_one()
        if not self.bill_costs:
            return []
        kinds = {
            'purchase': self.env._('Purchases'),
            'expense': self.env._('Expenses'),
            'other': self.env._('Other costs'),
        }
        markups = {kind: self._get_cost_markup(kind) for kind in kinds}
        if len(set(markups.values())) == 1:
            return [(self.env._('Purchases, expenses and other costs'), markups['other'])]
        return [(kinds[kind], markup) for kind, markup in markups.items()]


class CrmContractLine(models.Model):
    """What the document tells of a charge, as it is priced today."""

    _inherit = 'crm.contract.line'

    def _get_document_price(self):
        """Return the unit price of the quantity; of usage, that of the first unit."""
        self.ensure_one()
        scale = self._get_scale(fields.Date.context_today(self))
        return scale.base if self.is_metered else scale.get_price(self.quantity)

    def _get_document_amount(self):
        """Return what a whole period or the milestone costs; of usage, the least."""
        self.ensure_one()
        if self.is_metered:
            return self._get_minimum_on(fields.Date.context_today(self))
        return self._get_amount(self.quantity, self._get_document_price())

    def _get_document_tiers(self):
        """Return the prices for larger quantities that hold today."""
        self.ensure_one()
        return self.tier_ids._get_on(fields.Date.context_today(self)).sorted('quantity_from')


class CrmContractRate(models.Model):
    _inherit = 'crm.contract.rate'

    def _get_document_unit(self) -> str:
        """Return for what the price of a rate is, as one says it."""
        self.ensure_one()
        said = {
            self.env.ref(DAY): self.env._('a day'),
            self.env.ref('uom.product_uom_hour'): self.env._('an hour'),
        }
        return said.get(self.product_uom_id, f'/ {self.product_uom_id.name}')
