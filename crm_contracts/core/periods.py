"""The periods of a recurring charge: functions of dates alone, without a database."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import count, pairwise
from typing import NamedTuple

from .days import DateRange, move_day

UNIT_DAYS = {'day': 1, 'week': 7, 'month': 365 / 12, 'year': 365}
LONGEST_DAYS = {'day': 1, 'week': 7, 'month': 31, 'year': 366}


class Schedule(NamedTuple):
    """When periods begin: period ``n`` at ``anchor`` + n intervals, cut to the dates given.

    ``date_from`` is the first day charged, ``date_to`` the day after the last one, if there is one.
    """

    anchor: date
    interval_count: int
    interval_unit: str
    date_from: date
    date_to: date | None = None


class Period(NamedTuple):
    """A span of days with the day after its last one, and the days that a whole one has."""

    start: date
    end: date
    whole_days: int

    @property
    def share(self) -> float:
        """The part of a whole period that this one is (1.0 = all of it)."""
        return (self.end - self.start).days / self.whole_days


def get_periods(schedule: Schedule) -> Iterator[Period]:
    """Yield the periods in order, without end if the schedule has none.

    Counting from the anchor and never from the period before keeps the day of the month:
    31 January, 28 February, 31 March.
    """
    if schedule.interval_count < 1:
        return
    unit = f'{schedule.interval_unit}s'
    starts = (
        move_day(schedule.anchor, **{unit: number * schedule.interval_count})
        for number in count(_get_first_number(schedule))
    )
    for start, end in pairwise(starts):
        if start >= (schedule.date_to or date.max):
            return
        cut_start = max(start, schedule.date_from)
        cut_end = min(end, schedule.date_to or end)
        if cut_start < cut_end:
            yield Period(cut_start, cut_end, (end - start).days)


def _get_first_number(schedule: Schedule) -> int:
    """Return the number of a period that begins at or before the first day charged."""
    days = (schedule.date_from - schedule.anchor).days
    return max(days, 0) // (LONGEST_DAYS[schedule.interval_unit] * schedule.interval_count)


def get_open_periods(
    schedule: Schedule,
    billed: Iterable[DateRange],
    prorate: bool,
    suspended: Iterable[DateRange] = (),
) -> Iterator[Period]:
    """Yield what is still to be charged: each period without the days that are billed already.

    With proration suspended days are left out like billed ones. Without proration a period that
    was begun is charged in full: nothing of it is left when a part was billed, and a suspension
    spares it only when no day outside is left. A suspension up to ``date.max`` is an open one.
    """
    charged, paused = deque(sorted(billed)), deque(sorted(suspended))
    pause_without_end = min((start for start, end in paused if end == date.max), default=date.max)
    for period in get_periods(schedule):
        if period.start >= pause_without_end:
            return
        taken, spared = _get_overlaps(charged, period), _get_overlaps(paused, period)
        if prorate:
            yield from _get_gaps(period, sorted(taken + spared))
        elif not taken and any(_get_gaps(period, spared)):
            yield period


def get_first_active_day(day: date, suspended: Iterable[DateRange]) -> date | None:
    """Return the day itself, or the first one after the suspensions that it falls into.

    None if the suspension has no end.
    """
    for start, end in sorted(suspended):
        if start <= day < end:
            day = end
    return None if day == date.max else day


def get_spared_parts(
    span: DateRange, end: date | None, suspended: Iterable[DateRange], prorate: bool
) -> list[DateRange]:
    """Return the parts of a charged span that are not covered any more, in order.

    Days after the end, ``end`` being the first of them, and suspended ones. Without proration a
    period that was begun is charged in full: a suspension that ends spares it only when no day
    outside is left. One up to ``date.max`` is open, and like an end for now.
    """
    ends = [(end, date.max)] if end else []
    everything = _get_common_parts(span, [*ends, *suspended])
    if prorate or everything == [span]:
        return everything
    lasting = [(first, last) for first, last in suspended if last == date.max]
    return _get_common_parts(span, [*ends, *lasting])


def get_days(parts: Iterable[DateRange]) -> int:
    """Return how many days ranges that do not overlap have."""
    return sum((end - start).days for start, end in parts)


def get_active_share(period: Period, suspended: Iterable[DateRange], prorate: bool) -> float:
    """Return the part of a whole period in which nothing is suspended.

    Without proration a period that was begun counts in full.
    """
    span = (period.start, period.end)
    days = get_days([span]) - get_days(_get_common_parts(span, suspended))
    return days / period.whole_days if prorate else float(days > 0)


def get_charge(period: Period, prorate: bool) -> float:
    """Return how many times the price of a whole period is charged."""
    return period.share if prorate else 1.0


def get_months(interval_count: int, interval_unit: str) -> float:
    """Return the length of an interval in months, a month having 365 / 12 days."""
    if interval_unit == 'month':
        return interval_count
    return interval_count * UNIT_DAYS[interval_unit] / UNIT_DAYS['month']


def _get_common_parts(span: DateRange, ranges: Iterable[DateRange]) -> list[DateRange]:
    """Return the parts of a span that lie in any of the ranges, joined where they touch."""
    parts: list[DateRange] = []
    for first, last in sorted(ranges):
        start, end = max(first, span[0]), min(last, span[1])
        if start >= end:
            continue
        if parts and start <= parts[-1][1]:
            start, last_end = parts.pop()
            end = max(end, last_end)
        parts.append((start, end))
    return parts


def _get_overlaps(waiting: deque[DateRange], period: Period) -> list[DateRange]:
    """Return the ranges that touch a period, and forget those that end before it."""
    while waiting and waiting[0][1] <= period.start:
        waiting.popleft()
    return [span for span in waiting if span[0] < period.end and span[1] > period.start]


def _get_gaps(period: Period, overlaps: list[DateRange]) -> Iterator[Period]:
    start = period.start
    for billed_start, billed_end in overlaps:
        if start < billed_start:
            yield period._replace(start=start, end=billed_start)
        start = max(start, billed_end)
    if start < period.end:
        yield period._replace(start=start)
