"""Hours on the clocks of people: Odoo keeps moments in UTC and naive, a clock shows others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta, timezone, tzinfo
from itertools import cycle, islice

ONE_HOUR = timedelta(hours=1)
ONE_DAY = timedelta(days=1)


def to_local(moment: datetime, zone: tzinfo) -> datetime:
    """Return what the clocks of a time zone show at a moment in UTC; both are naive."""
    return moment.replace(tzinfo=timezone.utc).astimezone(zone).replace(tzinfo=None)


def to_utc(shown: datetime, zone: tzinfo) -> datetime:
    """Return at which moment in UTC the clocks of a time zone show something; both are naive.

    Where summer time lets them show it twice it is the later moment. Where it lets them skip it,
    it is the moment at which they would have shown it without.
    """
    offsets = {to_local(near, zone) - near for near in (shown - ONE_DAY, shown + ONE_DAY)}
    moments = [shown - offset for offset in offsets]
    return max([moment for moment in moments if to_local(moment, zone) == shown] or moments)


def get_day(moment: datetime, zone: tzinfo) -> date:
    """Return the day of a moment where the clocks are those of a time zone."""
    return to_local(moment, zone).date()


def move_to_day(moment: datetime, day: date, zone: tzinfo) -> datetime:
    """Return the moment on another day at which the clocks of a time zone show the same."""
    return to_utc(datetime.combine(day, to_local(moment, zone).time()), zone)


def get_next_full_hour(moment: datetime, zone: tzinfo) -> datetime:
    """Return the moment, or the next at which the clocks of a time zone show a full hour."""
    shown = to_local(moment, zone)
    passed = shown - shown.replace(minute=0, second=0, microsecond=0)
    return moment + ONE_HOUR - passed if passed else moment


def get_hours(spans: Iterable[tuple[datetime, datetime]]) -> Iterator[datetime]:
    """Yield the beginning of each span and every hour after it that is before its end."""
    for start, stop in spans:
        hour = start
        while hour < stop:
            yield hour
            hour += ONE_HOUR


def choose_hours(
    hours: Iterable[datetime], taken: Collection[datetime], number: int
) -> list[datetime]:
    """Return so many hours, first those that are not taken; the same again when they run out.

    Where all are taken, any will do: people plan two calls for one hour, if they have to.
    """
    offered = list(hours)
    free = [hour for hour in offered if hour not in taken]
    return list(islice(cycle(free or offered), number))
