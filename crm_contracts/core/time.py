"""The arithmetic of hours: how they are rounded, and what they are charged at.

Time is in hours, days or whatever unit it was booked in; ``factor`` says how many units of
another kind one of them is.
"""

from __future__ import annotations

from math import ceil
from typing import Any, NamedTuple

from .tiers import Step

# Less time than this is none.
LEAST_TIME = 1e-6


class Rounding(NamedTuple):
    """How the hours of an entry are charged: in steps that were begun, and at least so many."""

    step: float = 0.0
    minimum: float = 0.0

    def charge(self, hours: float) -> float:
        """Return what hours are charged as; a correction takes away what they would have added.

        Corrections know no minimum: they change an entry and are none.
        """
        if hours <= 0:
            return -self._get_steps(-hours)
        return max(self._get_steps(hours), self.minimum)

    def _get_steps(self, hours: float) -> float:
        if not self.step:
            return hours
        return ceil(hours / self.step - LEAST_TIME) * self.step


class TimePrice(NamedTuple):
    """What a unit of somebody's time costs the customer, and the percentage that is charged."""

    product: Any
    unit: Any
    price: float
    ratio: float
    # taxes that were agreed, None for those of the product
    tax_ids: tuple[int, ...] | None = None
    # what its hours have in common that decide together on the price
    tier: Any = None
    # quantities in the unit, each at a price of its own, that make the price of all these hours
    steps: tuple[Step, ...] = ()

    @property
    def discount(self) -> float:
        """The percentage that is not charged."""
        return 100 - self.ratio

    def get_amount(self, quantity: float, price: float) -> float:
        """Return what a quantity comes to at a price of the same kind, not rounded."""
        return quantity * price * self.ratio / 100


class ChargedTime(NamedTuple):
    """Time as an invoice line has it: in the unit of its price, or in that of the booking."""

    quantity: float
    price: float
    is_converted: bool


def is_nothing(time: float) -> bool:
    """Say whether no more time was booked than taken away by corrections."""
    return time < LEAST_TIME


def get_charged_time(time: float, price: float, factor: float, digits: int) -> ChargedTime:
    """Return booked time as it is charged.

    In the unit of the price where that is exact, else in the unit in which it was booked. An
    invoice line knows few decimals: what gets lost in the quantity is in the price.

    :param price: of a unit of the price
    :param factor: how many units of the price a booked unit is
    :param digits: decimals of a quantity
    """
    converted = round(time * factor, digits)
    if converted and abs(converted - time * factor) < LEAST_TIME:
        return ChargedTime(converted, price, True)
    quantity = max(round(time, digits), 10**-digits)
    if abs(quantity - time) < LEAST_TIME:
        return ChargedTime(quantity, price * factor, False)
    return ChargedTime(quantity, price * factor * time / quantity, False)
