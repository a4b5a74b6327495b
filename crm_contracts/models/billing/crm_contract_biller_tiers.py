from dataclasses import replace

from odoo import models
from odoo.fields import Domain

from ...core.days import move_day
from ...core.tiers import get_step_amounts
from ...core.time import is_nothing


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
        tiered = {
            tier: self._get_tiered_price(contract, *tier, own, settled)
            for tier, own in by_tier.items()
            if tier
        }

        def tiered_price_of(item):
            price = price_of(item)
            if not price or not price.tier:
                return price
            return price._replace(**tiered[price.tier])

        return tiered_price_of

    def _get_tiered_price(self, contract, rate, month, items, settled):
        """Return the price at which hours of a month come to what its tiers say, and its steps."""
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
        scale = rate._get_scale(month)
        return {
            'price': scale.get_price(quantity, before),
            'steps': tuple(scale.get_steps_after(before, quantity)),
        }

    def _make_time_entry(self, contract, employee, price, unit, items, settled):
        """Show the customer how hours of several prices make the price of a line."""
        entry = super()._make_time_entry(contract, employee, price, unit, items, settled)
        if entry.held or not price or len(price.steps) < 2:
            return entry
        return replace(entry, name=f'{entry.name}\n{self._get_steps_text(contract, price, entry)}')

    def _get_steps_text(self, contract, price, entry):
        """Return the steps of a price, one a line, in the language of the customer.

        They come to the amount of the entry, or to that of all entries of the month and the rate.
        """
        env = self._for_customer(contract).env
        rate = price.tier[0].with_env(env)
        whole = sum(step.quantity for step in price.steps)
        unit = env['uom.uom'].browse(entry.product_uom_id)
        own = entry.quantity * contract._get_unit_factor(unit, price.unit)
        is_whole = is_nothing(abs(whole - own))
        total = entry.amount if is_whole else price.get_amount(whole, price.price)
        amounts = get_step_amounts(price.steps, price.ratio, total, contract.currency_id.round)
        off = f' - {rate._get_number_text(price.discount)} %' if price.discount else ''
        steps = [
            f'{rate._get_number_text(step.quantity)} {rate.product_uom_id.name} x '
            f'{rate._get_number_text(step.price)}{off} = {rate._get_number_text(amount)}'
            for step, amount in zip(price.steps, amounts, strict=True)
        ]
        title = '' if is_whole else env._('All of the month at this price:')
        return '\n'.join(filter(None, (title, *steps)))

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
