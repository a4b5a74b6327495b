from odoo import models
from odoo.fields import Domain

from ...core.days import move_day


class CrmContractBiller(models.AbstractModel):
    """Hours whose price depends on how many there are in a month: they are billed when it is over.

    All hours of a rate in a month make its price, whoever worked them. What is booked later goes
    on where the month stands.
    """

    _inherit = 'crm.contract.biller'

    def _get_due_hours(self, contract, items, until):
        """Return the hours without those of months with price tiers that are not over yet."""
        if contract.state == 'closed' or not contract.rate_ids.tier_ids:
            return items
        return items.filtered(
            lambda item: (
                not contract.rate_ids._get_most_specific(item.employee_id, item.date).tier_ids
                or move_day(item.date.replace(day=1), months=1) <= move_day(until, days=1)
            )
        )

    def _get_tiered_pricing(self, contract, items, price_of, settled):
        """Return the function of an item that knows the price of the tiers of its month.

        :param price_of: the one that knows the prices without tiers
        :param settled: {item id: time in its own unit that is not to be charged}
        """
        if not contract.rate_ids.tier_ids:
            return price_of
        by_tier = items.grouped(lambda item: (price := price_of(item)) and price.tier)
        averages = {
            tier: self._get_tiered_price(contract, *tier, own, settled)
            for tier, own in by_tier.items()
            if tier
        }

        def tiered_price_of(item):
            price = price_of(item)
            if not price or not price.tier:
                return price
            return price._replace(price=averages[price.tier])

        return tiered_price_of

    def _get_tiered_price(self, contract, rate, month, items, settled):
        """Return the price at which hours of a month come to what its tiers say."""
        unit = rate.product_uom_id
        quantity = sum(
            (
                contract._get_charged_units(item.unit_amount, self._get_booked_unit(item))
                - settled.get(item.id, 0.0)
            )
            * contract._get_unit_factor(self._get_booked_unit(item), unit)
            for item in items
        )
        before = self._get_charged_before(contract, rate, month)
        return rate._get_scale(month).get_price(quantity, before)

    def _get_charged_before(self, contract, rate, month):
        """Return how much of a rate in a month was charged, in the unit of the rate."""
        ledger = self.env['crm.contract.billing']
        rows = ledger.search(
            ledger._get_settled_domain()
            & Domain('state', '!=', 'covered')
            & Domain('contract_id', '=', contract.id)
            & Domain('kind', '=', 'time')
            & Domain('period_start', '>=', month)
            & Domain('period_start', '<', move_day(month, months=1))
        )
        return sum(
            row.quantity * contract._get_unit_factor(row.product_uom_id, rate.product_uom_id)
            for row in rows
            if row._get_rate() == rate
        )


class CrmContractBilling(models.Model):
    _inherit = 'crm.contract.billing'

    def _get_rate(self):
        """Return the rate of the hours of a row, whatever part of them it is."""
        self.ensure_one()
        item = (self.origin_id or self).analytic_line_ids[:1]
        return self.contract_id.rate_ids._get_most_specific(item.employee_id, self.period_start)
