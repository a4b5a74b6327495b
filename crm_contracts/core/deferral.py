"""Which part of a charge belongs to the time up to a closing day: functions without a database.

A closing day is the last day of the time that is closed. Ranges have their first day and the day
after their last one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from .days import DateRange, move_day
from .periods import get_days


def get_earned_share(parts: Iterable[DateRange], closing_day: date) -> float:
    """Return which part of days lies up to the closing day, from 0 to 1; of no day all of it."""
    parts = list(parts)
    cut = move_day(closing_day, days=1)
    earned = [(start, min(end, cut)) for start, end in parts if start < cut]
    return get_days(earned) / get_days(parts) if parts else 1.0


def get_worked_share(items: Iterable[tuple[date, float]], closing_day: date) -> float:
    """Return which part of hours or costs lies up to the closing day.

    :param items: day and weight of each; what weighs nothing in total is earned at once
    """
    items = list(items)
    total = sum(weight for _day, weight in items)
    earned = sum(weight for day, weight in items if day <= closing_day)
    return earned / total if total else 1.0
