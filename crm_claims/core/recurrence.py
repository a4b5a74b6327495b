"""The days of what recurs: every so many days, weeks, months or years from a first day on."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

# Days and months that a unit has.
DAYS = {'day': 1, 'week': 7}
MONTHS = {'month': 1, 'year': 12}
UNITS = (*DAYS, *MONTHS)


def get_day(first: date, number: int, count: int, unit: str) -> date:
    """Return one of the days, counted from 0; always from the first: 31 January, 28 February,
    31 March.

    :param count: how many units lie between two days
    :param unit: one of ``UNITS``
    """
    return first + relativedelta(**{f'{unit}s': number * count})


def get_next(first: date, after: date, count: int, unit: str) -> date:
    """Return the first of the days that comes after a day."""
    if after < first:
        return first
    return get_day(first, _get_number(first, after, count, unit) + 1, count, unit)


def get_last(first: date, until: date, count: int, unit: str) -> date | None:
    """Return the last of the days up to a day, that one included; None before the first."""
    if until < first:
        return None
    return get_day(first, _get_number(first, until, count, unit), count, unit)


def _get_number(first: date, day: date, count: int, unit: str) -> int:
    """Return the number of the last of the days that is not after a day."""
    if unit in DAYS:
        return (day - first).days // (count * DAYS[unit])
    months = (day.year - first.year) * 12 + day.month - first.month
    number = months // (count * MONTHS[unit])
    return number if get_day(first, number, count, unit) <= day else number - 1
