"""The days of an agreement: terms, suspensions, notices, and whose day it is.

A range of days has its first day and the day after its last one; what lasts has ``date.max``.
Where a name says *end* or *last*, that day is included.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from dateutil.relativedelta import relativedelta

DateRange = tuple[date, date]
Key = TypeVar('Key', bound=Hashable)


# Contracts ask for the same days again and again: most begin with a month.
@lru_cache
def move_day(day: date, **interval: int) -> date:
    """Return a day moved by an interval, but never beyond the last day that a calendar knows."""
    try:
        return day + relativedelta(**interval)
    except (OverflowError, ValueError):
        return date.max if max(interval.values()) > 0 else date.min


# === TERMS === #


class Span(NamedTuple):
    """The first and the last day of a term, both included; the last is empty while it is open."""

    start: date
    end: date | None = None


def get_first_end(start: date, months: int) -> date:
    """Return the last day of a first term of some months."""
    return move_day(start, months=months, days=-1)


def get_next_end(anchor: date, start: date, months: int) -> date:
    """Return the last day of a term of some months that starts on a day.

    It keeps the day of the month of the anchor, the start of the contract, where the terms before
    kept it too. Monthly from 31 January: until 27 February, 30 March, 29 April.
    """
    passed = (start.year - anchor.year) * 12 + start.month - anchor.month
    if move_day(anchor, months=passed) != start:
        anchor, passed = start, 0
    return move_day(anchor, months=passed + months, days=-1)


def get_elapsed(terms: Iterable[Span], today: date, start: date) -> Span:
    """Return the first day of the term that runs, and the last day of it that has come.

    :param start: first day of the contract, where no term has begun
    """
    begun = [term for term in terms if term.start <= today]
    term = max(begun, default=Span(start))
    return Span(term.start, max(term.start, min(term.end or today, today)))


# === RANGES === #


def get_range(first: date, last: date | None) -> DateRange:
    """Return the range of days from one to another, both included; without a last one: no end."""
    return first, move_day(last, days=1) if last else date.max


def is_overlapping(one: DateRange, other: DateRange) -> bool:
    """Say whether two ranges have a day in common."""
    return one[0] < other[1] and other[0] < one[1]


# === NOTICES === #


class NoticeDays(NamedTuple):
    """How many days before the end of a term its customer is told: from the first to the last."""

    earliest: int
    latest: int

    def get_told(self, today: date) -> Span:
        """Return between which days, both included, those terms end that are told today."""
        return Span(move_day(today, days=self.latest), move_day(today, days=self.earliest))

    def get_missed(self, today: date) -> Span:
        """Return between which days those terms end for which it is too late; maybe none."""
        return Span(today, move_day(today, days=self.latest - 1))


def get_notice_end(day: date, notice: int, start: date, end: date | None, months: int) -> date:
    """Return the last day of a contract of which notice is given on a day.

    Given in time, it ends with its term; too late for it, with the first further term that it is
    in time for.

    :param notice: days that lie between the notice and the end at least
    :param start: first day of the contract
    :param end: last day of the current term, if there is one
    :param months: length of each further term; zero: there is none
    """
    if not end:
        return move_day(day, days=notice)
    while months and day > move_day(end, days=-notice):
        end = get_next_end(start, move_day(end, days=1), months)
    return end


# === WHOSE DAY === #


class DayRank(NamedTuple):
    """What orders contracts on one account for a day: the least one has what is booked then."""

    is_unbillable: bool
    is_outside: bool
    is_over: bool
    distance: int  # in days


def get_day_rank(
    day: date, start: date, end: date | None, is_over: bool, is_billable: bool
) -> DayRank:
    """Return the rank of a contract for a day.

    The dates decide before the state: late hours of a closed contract are not its successor's.
    Outside of all dates it is who runs, then who is nearest.

    :param end: last day that the contract is charged for, if there is one
    :param is_billable: whether it runs or ran: what was never agreed or called off has nothing
    """
    distance = max((start - day).days, (day - end).days if end else 0, 0)
    return DayRank(not is_billable, distance > 0, is_over, distance)


class Claim(NamedTuple, Generic[Key]):
    """By what a contract claims days of an account that it shares; ``key`` says which one it is."""

    key: Key
    start: date
    end: date | None
    is_over: bool
    is_billable: bool

    def get_rank(self, day: date) -> tuple[DayRank, Key]:
        """Return what orders claims for a day: the least one has it."""
        rank = get_day_rank(day, self.start, self.end, self.is_over, self.is_billable)
        return rank, self.key


class Share(NamedTuple, Generic[Key]):
    """Days of an account that are one contract's, the first and the last one included."""

    key: Key
    start: date
    end: date


def get_shares(claims: Sequence[Claim[Key]]) -> list[Share[Key]]:
    """Return whose each day is, as ranges in order that leave no day of the calendar out."""
    shares: list[Share[Key]] = []
    for first, last in _get_stretches(claims):
        key = min(claims, key=lambda claim: claim.get_rank(first)).key
        if shares and shares[-1].key == key:
            first = shares.pop().start
        shares.append(Share(key, first, last))
    return shares


def _get_stretches(claims: Sequence[Claim[Key]]) -> list[DateRange]:
    """Return ranges of days, both ends included, in which no claim begins to win or to lose.

    That happens where one starts, after it ends, and half-way from an end to a start.
    """
    ends = [claim.end for claim in claims if claim.end]
    turns = {date.min, *(claim.start for claim in claims)}
    turns |= {move_day(end, days=1) for end in ends}
    for end in ends:
        for claim in claims:
            half = end + (claim.start - end) // 2
            turns |= {half, move_day(half, days=1)}
    firsts = sorted(turns)
    lasts = [day - timedelta(days=1) for day in firsts[1:]]
    return list(zip(firsts, [*lasts, date.max], strict=True))
