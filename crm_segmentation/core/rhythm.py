"""When a segment is refreshed, in which portions, and how time alone changes whom it takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from dateutil.relativedelta import relativedelta

# Further back there are no documents, and further back dates end.
MAX_DAYS = 365_000
# In Odoo's notation of relative dates.
UNITS = {'day': 'd', 'month': 'm', 'year': 'y'}


def get_next(
    planned: datetime | None, now: datetime, unit: str | None, number: int
) -> datetime | None:
    """Return the next date in a rhythm; a date still to come stays.

    Dates that were missed are left out: the rhythm goes on from now.

    :param unit: of relativedelta, such as `days`; without one nothing is due
    """
    if not unit:
        return None
    if planned and planned > now:
        return planned
    step = relativedelta(**{unit: number})
    following = (planned or now) + step
    return following if following > now else now + step


def get_remainders(count: int, size: int | None) -> list[int]:
    """Return how much is left after each portion of some size; without a size it is one."""
    if not count:
        return []
    size = size or count
    return [max(count - done, 0) for done in range(size, count + size, size)]


def get_period(number: int, unit: str) -> str:
    """Return the first day of the last days, months or years relative to today: `-3m`."""
    return f'-{number}{UNITS[unit]}'


def get_doubled(period: str) -> str | None:
    """Return the first day of the period before the last days, months or years: `-6m` for `-3m`.

    A calendar period has none: it is not over.
    """
    if not period.startswith('-'):
        return None
    return f'-{2 * int(period[1:-1])}{period[-1]}'


def get_current_period(today: date, unit: str) -> str:
    """Return the first day of the current month, quarter or year relative to today: `=1d =4m`.

    The notation knows no quarters.
    """
    first_months = {'month': today.month, 'quarter': today.month - (today.month - 1) % 3, 'year': 1}
    return f'=1d ={first_months[unit]}m'


def get_ages(
    period: tuple[int, str] | None, days: Iterable[float] = ()
) -> tuple[relativedelta, ...]:
    """Return how old a document is when the mere passing of time changes what it counts for.

    :param period: number and unit of the last days, months or years that count
    :param days: numbers of days with which the age itself is compared
    """
    ages = [relativedelta(days=max(0, min(int(limit), MAX_DAYS))) for limit in days]
    if period:
        number, unit = period
        ages.insert(0, relativedelta(**{f'{unit}s': number}))
    # Documents of the future count from their date on.
    return (*ages, relativedelta()) if ages else ()
