"""The arithmetic of price revisions, apart from any record.

An index revises prices by its rate of variation as statistics offices define it (INE, Insee,
Eurostat): (value / earlier value - 1) x 100. Two ways to apply it are agreed in contracts:

* from the *previous* revision: price in force x value / value at the last revision;
* from the *base*: base price x value / value of the base month, whatever was done in between.

Both are one step from the price in force, so that cap and floor limit what a customer notices.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod


def get_variation(value: float, reference: float, level: float = 1.0) -> float:
    """Return the percent from prices at a level to those that an index asks for.

    :param level: prices in force as a multiple of those that stand for the reference
    """
    return (value / reference / level - 1) * 100


def get_level(percentages: Iterable[float]) -> float:
    """Return the multiple of the first price that steps of some percent one upon another make."""
    return prod(1 + percentage / 100 for percentage in percentages)


def get_limited(percentage: float, floor: float | None, cap: float | None) -> float:
    """Return a percentage that is not below the floor and not above the cap, where there are."""
    if floor is not None:
        percentage = max(percentage, floor)
    return percentage if cap is None else min(percentage, cap)


def get_revised(price: float, percentage: float) -> float:
    """Return a price plus some percent, not rounded."""
    return price * (1 + percentage / 100)
