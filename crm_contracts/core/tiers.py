"""Prices that depend on the quantity: graduated, each tier at its own price, or by the volume.

The base price holds up to the first tier; each tier from the quantity on that it names. Of tiers
for the same quantity the one with the latest day holds, as with prices that were revised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

GRADUATED = 'graduated'


class Tier(NamedTuple):
    """From which quantity, and from which day on, a unit has a price."""

    quantity: float
    price: float
    start: date = date.min


class Step(NamedTuple):
    """A quantity that has a price of its own."""

    quantity: float
    price: float


class Scale(NamedTuple):
    """How a quantity is priced: a base price and its tiers, in order."""

    base: float
    tiers: tuple[Tier, ...] = ()
    mode: str = GRADUATED

    def get_steps(self, quantity: float) -> list[Step]:
        """Return how a quantity is priced, without what is nothing."""
        if not self.tiers or quantity <= self.tiers[0].quantity:
            return [Step(quantity, self.base)]
        if self.mode != GRADUATED:
            reached = [tier for tier in self.tiers if tier.quantity < quantity]
            return [Step(quantity, reached[-1].price)]
        return self._get_graduated(quantity)

    def _get_graduated(self, quantity: float) -> list[Step]:
        steps, start, price = [], 0.0, self.base
        for tier in self.tiers:
            if tier.quantity < quantity:
                steps.append(Step(tier.quantity - start, price))
                start, price = tier.quantity, tier.price
        return [*steps, Step(quantity - start, price)]

    def get_steps_after(self, before: float, quantity: float) -> list[Step]:
        """Return how a quantity is priced that goes on where another one before it stands.

        None where it changes what the one before costs: there the price is of both.
        """
        if quantity <= 0 or before < 0 or (before and self.mode != GRADUATED):
            return []
        steps, passed = [], before
        for step in self.get_steps(before + quantity):
            known = min(step.quantity, passed)
            passed -= known
            if step.quantity > known:
                steps.append(Step(step.quantity - known, step.price))
        return steps

    def get_amount(self, quantity: float) -> float:
        """Return what a quantity comes to, not rounded."""
        return sum(step.quantity * step.price for step in self.get_steps(quantity))

    def get_amount_after(self, before: float, quantity: float) -> float:
        """Return by how much a quantity raises what was charged for another before it."""
        return self.get_amount(before + quantity) - self.get_amount(before)

    def get_price(self, quantity: float, before: float = 0.0) -> float:
        """Return the price of a unit that makes a quantity come to its amount.

        :param before: quantity of the same period that was charged before
        """
        if not self.tiers or not quantity:
            return self.base
        return self.get_amount_after(before, quantity) / quantity


def get_step_amounts(
    steps: Iterable[Step],
    ratio: float,
    total: float,
    round_amount: Callable[[float], float],
) -> list[float]:
    """Return what each step comes to in money, which adds up to the total: the last has the rest.

    :param ratio: percentage that is charged
    :param round_amount: function that rounds an amount as its currency has it
    """
    amounts = [round_amount(step.quantity * step.price * ratio / 100) for step in steps]
    return [*amounts[:-1], round_amount(total - sum(amounts[:-1]))]


def get_tiers_on(tiers: Iterable[Tier], day: date) -> tuple[Tier, ...]:
    """Return the tiers that hold on a day, in the order of their quantities."""
    latest: dict[float, Tier] = {}
    for tier in tiers:
        known = latest.get(tier.quantity, tier)
        if known.start <= tier.start <= day:
            latest[tier.quantity] = tier
    return tuple(sorted(latest.values()))


def get_missing(minimum: float, charged: float, settled: float) -> float:
    """Return what is still to be charged of a minimum, below 0 for what is given back.

    :param charged: what the period comes to by its quantity
    :param settled: what was charged before to make up for the minimum
    """
    return max(minimum - charged, 0.0) - settled
