"""The arithmetic of hours: what they are charged at, and what prepaid units cover of them.

Time is in hours, days or whatever unit it was booked in; ``factor`` says how many units of
another kind one of them is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

# Decimals of a unit that count; the rest is noise of conversions.
UNIT_PRECISION = 6
# Less time than this is none.
LEAST_TIME = 1e-6

Key = TypeVar('Key', bound=Hashable)


class TimePrice(NamedTuple):
    """What a unit of somebody's time costs the customer, and the percentage that is charged."""

    product: Any
    unit: Any
    price: float
    ratio: float
    # taxes that were agreed, None for those of the product
    tax_ids: tuple[int, ...] | None = None

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


# === PREPAID UNITS === #


class PrepaidUsage(NamedTuple):
    """The prepaid units of one term: agreed, carried over from the term before, consumed."""

    granted: float = 0.0
    carried: float = 0.0
    consumed: float = 0.0

    @property
    def available(self) -> float:
        """All units that the term has."""
        return self.granted + self.carried

    @property
    def left(self) -> float:
        """Units that are not consumed yet."""
        return max(self.available - self.consumed, 0.0)

    @property
    def percentage(self) -> float:
        """Consumed units per available unit, in percent; 0 without any."""
        return 100 * self.consumed / self.available if self.available else 0.0

    def convert(self, get_units: Callable[[float], float]) -> PrepaidUsage:
        """Return the same in another unit."""
        return PrepaidUsage(*map(get_units, self))


class TermUnits(NamedTuple):
    """What was agreed for a term and booked in it, in its own unit.

    ``convert`` returns units of the term before in that unit, or ``None`` if nobody can say.
    """

    granted: float
    consumed: float
    convert: Callable[[float], float | None]


def get_usages(terms: Iterable[TermUnits], rolls_over: bool) -> list[PrepaidUsage]:
    """Return the usage of terms that follow each other; what one leaves may go to the next."""
    usages: list[PrepaidUsage] = []
    for term in terms:
        left = usages[-1].left if usages and rolls_over else 0.0
        carried = term.convert(left) if left else 0.0
        usages.append(PrepaidUsage(term.granted, carried or 0.0, term.consumed))
    return usages


def get_unsettled(available: float, settled: float) -> float:
    """Return the units of a term that no row of the ledger used yet; below 0 if more are used."""
    return round(available - settled, UNIT_PRECISION)


def cover(units: Mapping[Key, float | None], left: float) -> dict[Key, float]:
    """Return {hour: what of it is prepaid}, taken in the order of the hours.

    Corrections come first: what they take away is not over the prepaid units.

    :param units: {hour: its units}, ``None`` for what cannot be converted
    :param left: units that are not used yet; below 0 if more are used than there were
    """
    covered: dict[Key, float] = {}
    for hour, wanted in sorted(units.items(), key=lambda item: item[1] is None or item[1] >= 0):
        covered[hour] = min(wanted or 0.0, max(left, 0.0))
        left = round(left - covered[hour], UNIT_PRECISION)
    return covered


def add_up(booked: Iterable[tuple[Key, float | None]]) -> Counter[Key]:
    """Return {term: units booked in it}, without what cannot be converted."""
    consumed: Counter[Key] = Counter()
    for term, units in booked:
        consumed[term] += units or 0.0
    return Counter({term: round(units, UNIT_PRECISION) for term, units in consumed.items()})
