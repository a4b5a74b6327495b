"""Prices that change from a day on: by what, from which price to which, and what is charged when.

An index revises prices by its rate of variation as statistics offices define it (INE, Insee,
Eurostat): (value / earlier value - 1) x 100. Two ways to apply it are agreed in contracts:

* from the *previous* revision: price in force x value / value at the last revision;
* from the *base*: base price x value / value of the base month, whatever was done in between.

Both are one step from the price in force, so that cap and floor limit what a customer notices.
Prices are money of a contract without taxes, percentages are numbers like 2.5.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from math import prod
from typing import Any, NamedTuple

from .days import move_day

# Months of an index and the values that are known: {month: value}.
Values = Mapping[date, float]


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


# === BY WHAT === #


class Rule(NamedTuple):
    """By what the prices of a contract are revised."""

    kind: str  # 'percentage', 'index' or another word for what changes nothing by itself
    percentage: float = 0.0
    is_from_base: bool = False
    lag: int = 0  # months before the new prices whose index value counts
    floor: float | None = None
    cap: float | None = None

    @property
    def changes_prices(self) -> bool:
        """Whether the rule changes prices at all."""
        return self.kind == 'index' or (self.kind == 'percentage' and bool(self.percentage))

    def get_month(self, day: date) -> date:
        """Return the month of the index whose value counts for prices that hold from a day on."""
        return move_day(day.replace(day=1), months=-self.lag)

    def get_months(self, day: date, base_month: date, revised_days: Iterable[date]) -> IndexMonths:
        """Return the months to compare for prices that hold from a day on.

        :param base_month: month for which the first prices stand
        :param revised_days: first days of the prices that were revised before
        """
        references = [base_month]
        if not self.is_from_base:
            references += map(self.get_month, revised_days)
        return IndexMonths(self.get_month(day), max(references))

    def get_level(self, base_month: date, revised: Iterable[tuple[date, float]]) -> float:
        """Return the prices in force as a multiple of those of the month compared with.

        Compared with the previous revision the prices in force are the base: 1.

        :param revised: (first day of the prices, percent) of the revisions before
        """
        if not self.is_from_base:
            return 1.0
        return get_level(
            percentage for day, percentage in revised if self.get_month(day) > base_month
        )

    def get_step(self, value: float, reference: float, level: float) -> Step:
        """Return the step that index values ask for, and what cap and floor leave of it."""
        raw = get_variation(value, reference, level)
        return Step(raw, get_limited(raw, self.floor, self.cap))


class IndexMonths(NamedTuple):
    """The month whose index value counts, and the one with which it is compared."""

    month: date
    reference_month: date

    @property
    def is_ordered(self) -> bool:
        """Whether the month is after the one compared with."""
        return self.month > self.reference_month

    def get_missing(self, values: Values) -> date | None:
        """Return the month whose value is not known, the one compared with first."""
        for month in (self.reference_month, self.month):
            if month not in values:
                return month
        return None


class Step(NamedTuple):
    """By how many percent prices change: as the rule asks, and after its cap and floor."""

    raw: float
    percentage: float


# === FROM WHICH PRICE TO WHICH === #

# What others added at a door of the contracts: (name, value) pairs.
Extra = tuple[tuple[str, Any], ...]


class Price(NamedTuple):
    """One price of a contract, before a revision and after it."""

    kind: str  # 'line', 'minimum', 'rate', or a price of the term: 'amount', 'overage'
    name: str
    price_old: float
    line_id: int | bool = False
    rate_id: int | bool = False
    yearly_quantity: float = 0.0  # how often it is charged in a year, zero where nobody knows
    price_exact: float = 0.0  # the new price before it was rounded
    price_new: float = 0.0
    extra: Extra = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the price as the doors of the contracts show it."""
        return _get_said(self)

    @property
    def key(self) -> tuple[str, int | bool]:
        """What tells the price from the others of its contract."""
        return self.kind, self.line_id or self.rate_id

    def revise(
        self, percentage: float, last: LastPrice | None, round_price: Callable[[float], float]
    ) -> Price:
        """Return the price with what some percent more make of it.

        It starts from the exact price of the last revision, so that rounding never adds up, unless
        somebody typed another price since.

        :param last: what the last revision made of the price; None to start from what it is
        """
        is_kept = last is not None and last.rounded == self.price_old
        exact = get_revised(last.exact if is_kept else self.price_old, percentage)
        return self._replace(price_exact=exact, price_new=round_price(exact))


class LastPrice(NamedTuple):
    """A price after a revision: as it is charged, and before it was rounded."""

    rounded: float
    exact: float


class Revision(NamedTuple):
    """How the prices of a contract are revised from a day on, or why they are not (``held``)."""

    contract_id: int
    date: date | bool
    revision_type: str
    held: str | None = None
    percentage_raw: float = 0.0  # before cap and floor
    percentage: float = 0.0
    index_id: int | bool = False
    month: date | bool = False
    value: float = 0.0
    reference_month: date | bool = False
    reference_value: float = 0.0
    price_ids: tuple[Price, ...] = ()
    charged_count: int = 0  # periods from the day on that are invoiced at the old price
    extra: Extra = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the revision as the doors of the contracts show it, its prices as well."""
        return {**_get_said(self), 'price_ids': [price.as_dict() for price in self.price_ids]}


def read_price(values: Mapping[str, Any]) -> Price:
    """Return the price that a dictionary of the doors says."""
    return Price(**_sort_out(values, Price._fields))


def read_revision(values: Mapping[str, Any]) -> Revision:
    """Return the revision that a dictionary of the doors says."""
    prices = tuple(map(read_price, values.get('price_ids', ())))
    return Revision(**_sort_out({**values, 'price_ids': prices}, Revision._fields))


def _get_said(one: Price | Revision) -> dict[str, Any]:
    said = one._asdict()
    extra = said.pop('extra')
    return {**said, **dict(extra)}


def _sort_out(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return the values of the names, and all others as ``extra``."""
    extra = tuple((name, value) for name, value in values.items() if name not in names)
    return {**{name: values[name] for name in names if name in values}, 'extra': extra}


# === WHAT IS CHARGED WHEN === #


class FormerPrice(NamedTuple):
    """A price that a line had, and the last day on which a period may start to have it."""

    date_to: date
    price_unit: float


def get_price_on(day: date, price: float, former: Iterable[FormerPrice]) -> float:
    """Return the price of a period that starts on a day.

    :param price: the one that holds after the former ones
    """
    candidates = [one for one in former if one.date_to >= day]
    return min(candidates).price_unit if candidates else price


def get_yearly_quantity(quantity: float, discount: float, months: float) -> float:
    """Return how often a price is charged in a year, what a discount takes off left out.

    :param discount: percent off the price
    :param months: length of a period
    """
    return quantity * (1 - discount / 100) * (12 / months)
