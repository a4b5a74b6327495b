"""What is going to be invoiced, month by month: functions of dates and amounts alone."""

from __future__ import annotations

from datetime import date

from .days import move_day

# A year evens out the seasons.
AVERAGED_MONTHS = 12
# {key: the most days that something of this age has been due}
AGES = {'days_30': 30, 'days_60': 60, 'days_90': 90, 'older': date.max.toordinal()}


def get_month(day: date) -> date:
    """Return the first day of the month of a day."""
    return day.replace(day=1)


def get_invoice_month(date_due: date, today: date) -> date:
    """Return the month in which something is invoiced: what is overdue, now."""
    return get_month(max(date_due, today))


def get_averaged_months(date_start: date, today: date) -> int:
    """Return over how many months an average is taken: those that are over, at most a year.

    The month in which a contract begins counts, as its hours and costs do.
    """
    return max(0, min(_count_months(date_start, today), AVERAGED_MONTHS))


def get_coming_months(today: date, last_day: date) -> list[date]:
    """Return the first day of each month after that of today, up to that of the last day."""
    months = range(1, _count_months(today, last_day) + 1)
    return [move_day(get_month(today), months=number) for number in months]


def get_age(date_due: date, today: date) -> str:
    """Return the key of ``AGES`` for how long something has been due."""
    days = (today - date_due).days
    return next(key for key, most in AGES.items() if days <= most)


def _count_months(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month
