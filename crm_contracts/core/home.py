"""What the homes of those who work with contracts reckon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple, TypeVar

from .days import move_day

Key = TypeVar('Key')

# Renewals are looked at as far ahead as this, in days.
HORIZONS = (30, 60, 90)
# Prepaid units come to their end when less than this is left, in percent.
LITTLE_LEFT = 25


class Renewal(NamedTuple):
    """How many contracts are to be decided on after a day up to another, and their yearly value."""

    days: int
    date_from: date
    date_to: date
    number: int
    value: dict


def get_horizons(today: date, found: Iterable[tuple[date, Key, int, float]]) -> list[Renewal]:
    """Share contracts out by the days that are left to decide on them, each in one horizon.

    What should have been decided on before is in the first one.

    :param found: (day, whose money, number of contracts, yearly value)
    """
    found = list(found)
    horizons, date_from = [], date.min
    for days in HORIZONS:
        date_to = move_day(today, days=days)
        inside = [one for one in found if date_from < one[0] <= date_to]
        value: Counter = Counter()
        for _day, key, _number, amount in inside:
            value[key] += amount
        number = sum(one[2] for one in inside)
        horizons.append(Renewal(days, date_from, date_to, number, dict(value)))
        date_from = date_to
    return horizons


def get_lowest_margins(
    results: Mapping[Key, tuple[float, float]], number: int
) -> list[tuple[Key, float | None]]:
    """Return [(key, margin per revenue)] of the lowest; None where costs brought no revenue.

    What has neither is left out.

    :param results: {key: (margin, revenue)}
    """
    rates = {
        key: margin / revenue if revenue > 0 else None
        for key, (margin, revenue) in results.items()
        if margin or revenue
    }
    lowest = sorted(rates.items(), key=lambda item: (item[1] is not None, item[1] or 0.0))
    return lowest[:number]
