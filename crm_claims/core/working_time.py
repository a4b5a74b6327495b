"""Arithmetic with working time: how much of it lies between two moments, and when it is used up."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Span = tuple[datetime, datetime]

DAY = timedelta(days=1)
FIRST_WINDOW = timedelta(weeks=4)
HORIZON = timedelta(weeks=52 * 50)


def read_around_the_clock(first_day: date, last_day: date) -> list[Span]:
    """Return the time between two days as one span of work."""
    return [(datetime.combine(first_day, time.min), datetime.combine(last_day, time.min))]


class WorkingTime:
    """The work of a calendar from a moment on, read in windows that grow as they are needed.

    Moments are naive UTC. Windows are whole weeks from a Monday in the calendar's own time zone,
    because a flexible calendar counts its hours by the week that it is asked for.
    """

    def __init__(self, read: Callable[[date, date], list[Span]], start: datetime):
        """
        :param read: returns the spans of work between two days, in order and without overlap
        :param start: no question will be about the time before it
        """
        local_day = start.date() - DAY  # the earliest that it can be anywhere on earth
        self._read = read
        self._first_day = self._read_until = local_day - timedelta(days=local_day.weekday())
        self._starts: list[datetime] = []
        self._stops: list[datetime] = []
        self._totals: list[timedelta] = []  # work from the beginning to the end of each span

    def count(self, start: datetime, stop: datetime, pauses: Sequence[Span] = ()) -> timedelta:
        """Return the work between two moments, without that in the pauses.

        What lies more than fifty years ahead is not read to its end: nobody works that long on
        anything, and a year that was mistyped would take minutes.
        """
        if stop <= start:
            return timedelta()
        self._reach(stop)
        paused = sum(
            (
                self.count(max(start, pause_start), min(stop, pause_stop))
                for pause_start, pause_stop in pauses
            ),
            timedelta(),
        )
        return self._get_total(stop) - self._get_total(start) - paused

    def plan(
        self, start: datetime, work: timedelta, pauses: Sequence[Span] = ()
    ) -> datetime | None:
        """Return when the work is done that begins at a moment and stands still in the pauses.

        :param pauses: in order and without overlap; what begins after the end moves nothing
        :return: None if the calendar does not offer as much in fifty years
        """
        end = self._plan(start, work)
        for pause_start, pause_stop in pauses:
            if not end or pause_start >= end:
                break
            work += self.count(max(start, pause_start), pause_stop)
            end = self._plan(start, work)
        return end

    def _plan(self, start, work):
        self._reach(start)
        total = self._get_total(start) + work
        while not self._totals or self._totals[-1] < total:
            if self._is_beyond_the_horizon():
                return None
            self._extend()
        index = bisect_left(self._totals, total)
        return max(start, self._stops[index] - (self._totals[index] - total))

    def _get_total(self, moment):
        """Return the work from the beginning to a moment that is already reached."""
        index = bisect_right(self._starts, moment) - 1
        if index < 0:
            return timedelta()
        return self._totals[index] - max(timedelta(), self._stops[index] - moment)

    def _reach(self, moment):
        while moment.date() - self._read_until >= -DAY and not self._is_beyond_the_horizon():
            self._extend()

    def _is_beyond_the_horizon(self):
        return self._read_until - self._first_day > HORIZON

    def _extend(self):
        """Read as much again as is known, so that far moments take few windows."""
        window_end = self._read_until + max(FIRST_WINDOW, self._read_until - self._first_day)
        for start, stop in self._read(self._read_until, window_end):
            self._starts.append(start)
            self._stops.append(stop)
            self._totals.append((self._totals or [timedelta()])[-1] + (stop - start))
        self._read_until = window_end
