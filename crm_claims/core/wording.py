"""How moments are spoken of: which day it is, and how long ago."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# Up to here hours are easier to grasp than days.
HOURS_UNTIL = 2 * DAY


def get_day_word(day: date, today: date) -> str:
    """Return how a day is called: today, tomorrow, by its weekday within a week, else by date."""
    distance = (day - today).days
    near = {0: 'today', 1: 'tomorrow'}
    if distance in near:
        return near[distance]
    return 'weekday' if 1 < distance < 7 else 'date'


def get_elapsed(elapsed: timedelta) -> tuple[int, str]:
    """Return how much time has passed as (number, unit), at least a minute."""
    if elapsed < HOUR:
        return max(1, elapsed // MINUTE), 'minute'
    if elapsed < HOURS_UNTIL:
        return elapsed // HOUR, 'hour'
    return elapsed // DAY, 'day'
