"""How a line of a contract changes from a day on: which days keep the old and get the new."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import NamedTuple

from .days import Span, move_day
from .periods import Schedule, get_periods

# Which state of an amendment may follow which.
AMENDMENT_TRANSITIONS: Mapping[str, Set[str]] = {
    'draft': {'offered', 'applied', 'cancelled'},
    'offered': {'draft', 'applied', 'cancelled'},
    'cancelled': {'draft'},
    'applied': set(),
}


def get_boundary(schedule: Schedule, day: date) -> date:
    """Return the day itself if a period starts on it, else the day on which the next one does."""
    period = next(get_periods(schedule._replace(date_from=day, date_to=None)))
    is_whole = (period.end - period.start).days == period.whole_days
    return period.start if is_whole else period.end


class Split(NamedTuple):
    """What becomes of a line that changes from a day on.

    ``kept_until`` is the last day of the line as it was. ``bridge`` are the days of the running
    period that are charged apart, by days: the difference where the line goes on beside it, else
    all of the new price. ``starts`` is the first day of the new price for whole periods; ``None``
    if the line ends before.
    """

    kept_until: date | None
    bridge: Span | None
    starts: date | None


def get_split(day: date, boundary: date, end: date | None, is_more: bool) -> Split:
    """Return how a line is split that changes from a day on.

    What costs more stays as it is charged, and the difference comes beside it. What costs less
    ends with the day before: what was charged of the days after is credited.

    :param boundary: first day from which whole periods have the new price
    :param end: last day of the line, if it has one
    :param is_more: whether a whole period costs as much as before, or more
    """
    last = move_day(boundary, days=-1)
    starts = boundary
    if end and end <= last:
        last, starts = end, None
    bridge = Span(day, last) if day <= last else None
    return Split(last if is_more else move_day(day, days=-1), bridge, starts)


class Terms(NamedTuple):
    """Quantity and unit price of a line."""

    quantity: float
    price: float


def get_difference(before: Terms, after: Terms) -> Terms:
    """Return what is charged beside a line so that both come to its new quantity and price.

    Units more at the same price, a higher price of the same units, or one of what both make.
    """
    if after.price == before.price:
        return Terms(after.quantity - before.quantity, before.price)
    if after.quantity == before.quantity:
        return Terms(before.quantity, after.price - before.price)
    return Terms(1.0, after.quantity * after.price - before.quantity * before.price)
