"""What a timer books: whole steps, and nothing that was forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

# Nobody works longer without a break: who left a timer running longer went home.
LONGEST = timedelta(hours=12)


def is_forgotten(start: datetime, end: datetime) -> bool:
    """Say whether a timer ran too long to be believed."""
    return end - start > LONGEST


def get_booked_hours(start: datetime, end: datetime, step: int) -> float:
    """Return the hours to book, in steps of so many minutes that were begun, at least one.

    :param step: minutes, 0 as 1
    """
    step = max(step, 1)
    minutes = (end - start).total_seconds() / 60
    return max(ceil(minutes / step), 1) * step / 60
