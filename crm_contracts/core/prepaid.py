"""What prepaid units cover of booked hours: those of the terms, and packs bought beside them.

Everything is in hours. What the ledger settled is settled: hours that were invoiced over the
prepaid units use none of those that come later.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

# Decimals of an hour that count; the rest is noise of conversions.
UNIT_PRECISION = 6


def tidy(hours: float) -> float:
    """Return hours without the noise of conversions."""
    return round(hours, UNIT_PRECISION)


class Booked(NamedTuple):
    """Hours of a day that are not settled yet; ``None`` if they cannot be said in hours."""

    key: Hashable
    day: date
    hours: float | None


class Pack(NamedTuple):
    """Hours bought at once: what the ledger used of them, and the last day that may use them."""

    key: Hashable
    granted: float
    settled: float = 0.0
    date_end: date = date.max

    @property
    def left(self) -> float:
        """Hours that the ledger did not use; below 0 if it used more than there are now."""
        return tidy(self.granted - self.settled)


class Term(NamedTuple):
    """What was agreed for a term, what the ledger used of it, and the hours booked in it since.

    Its units go before packs that expire later than the term.
    """

    key: Hashable
    granted: float
    settled: float = 0.0
    date_end: date = date.max
    booked: Sequence[Booked] = ()


class PrepaidUsage(NamedTuple):
    """Prepaid hours of a term or a pack: agreed, carried over from the term before, consumed."""

    granted: float = 0.0
    carried: float = 0.0
    consumed: float = 0.0

    @property
    def available(self) -> float:
        """All units that there are."""
        return self.granted + self.carried

    @property
    def left(self) -> float:
        """Units that are not consumed yet."""
        return max(tidy(self.available - self.consumed), 0.0)

    @property
    def percentage(self) -> float:
        """Consumed units per available unit, in percent; 0 without any."""
        return 100 * self.consumed / self.available if self.available else 0.0

    def plus(self, other: PrepaidUsage) -> PrepaidUsage:
        """Return both together."""
        return PrepaidUsage(
            tidy(self.granted + other.granted),
            tidy(self.carried + other.carried),
            tidy(self.consumed + other.consumed),
        )

    def divide(self, hours: float) -> PrepaidUsage:
        """Return the same in a unit of so many hours."""
        return PrepaidUsage(*(tidy(own / hours) for own in self))


@dataclass
class Prepaid:
    """Where booked hours come from: {hour: {term or pack: its hours}}, and what that leaves."""

    draws: dict[Hashable, dict[Hashable, float]] = field(default_factory=dict)
    usages: dict[Hashable, PrepaidUsage] = field(default_factory=dict)

    def get_covered(self, key: Hashable) -> float:
        """Return what of an hour is prepaid."""
        return tidy(sum(self.draws[key].values()))


class _Pools:
    """Terms and packs while hours are taken from them."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self.packs = sorted(packs, key=lambda pack: pack.date_end)
        self.left = {pack.key: pack.left for pack in self.packs}
        self.used = {pack.key: pack.settled for pack in self.packs}

    def open(self, term: Term, left: float) -> None:
        """Let the units of a term be taken."""
        self.left[term.key] = left
        self.used[term.key] = term.settled

    def get_order(self, term: Term, day: date) -> list[Hashable]:
        """Return what may cover hours of a day, what expires first going first."""
        usable = [pack for pack in self.packs if pack.date_end >= day]
        before = [pack.key for pack in usable if pack.date_end < term.date_end]
        return [*before, term.key, *(pack.key for pack in usable[len(before) :])]

    def take(self, order: Sequence[Hashable], hours: float) -> dict[Hashable, float]:
        """Take hours as far as they go, in the order given, and say from where."""
        taken = {}
        for key in order:
            own = min(hours, max(self.left[key], 0.0))
            if own:
                taken[key] = own
                hours = tidy(hours - own)
        return self._count(taken)

    def give_back(self, order: Sequence[Hashable], hours: float, last: Hashable) -> dict:
        """Give hours back to what was used, the last used first, and the rest to ``last``."""
        given = {}
        for key in reversed(order):
            own = min(hours, max(self.used[key], 0.0))
            if own:
                given[key] = -own
                hours = tidy(hours - own)
        if hours:
            given[last] = tidy(given.get(last, 0.0) - hours)
        return self._count(given)

    def _count(self, taken: dict[Hashable, float]) -> dict[Hashable, float]:
        for key, own in taken.items():
            self.left[key] = tidy(self.left[key] - own)
            self.used[key] = tidy(self.used[key] + own)
        return taken


def settle(terms: Sequence[Term], packs: Iterable[Pack], rolls_over: bool) -> Prepaid:
    """Return what covers the booked hours of terms that follow each other.

    Of each term corrections come first: what they take away is not over the prepaid units. What
    a term leaves may go to the next; what that one used already is not given twice.
    """
    packs = list(packs)
    pools, prepaid, carried = _Pools(packs), Prepaid(), 0.0
    reserves = get_reserves(terms) if rolls_over else [0.0] * len(terms)
    for number, term in enumerate(terms):
        reserve, available = reserves[number], term.granted + carried
        pools.open(term, tidy(available - term.settled - reserve))
        draws = dict(_draw(term, pools))
        prepaid.draws |= draws
        over = sum(_get_uncovered(booked, draws) for booked in term.booked)
        prepaid.usages[term.key] = PrepaidUsage(
            term.granted, carried, tidy(pools.used[term.key] + over)
        )
        left = max(tidy(pools.left[term.key] + reserve), 0.0)
        carried = left if rolls_over else 0.0
    prepaid.usages |= {
        pack.key: PrepaidUsage(pack.granted, 0.0, pools.used[pack.key]) for pack in packs
    }
    return prepaid


def get_reserves(terms: Sequence[Term]) -> list[float]:
    """Return of each term what the terms after it used already of what it left them."""
    reserves = [0.0]
    for term in reversed(terms[1:]):
        reserves.append(max(term.settled + reserves[-1] - term.granted, 0.0))
    return reserves[::-1]


def _draw(term: Term, pools: _Pools) -> Iterator[tuple[Hashable, dict[Hashable, float]]]:
    corrections_first = sorted(term.booked, key=lambda one: one.hours is None or one.hours >= 0)
    for booked in corrections_first:
        order, hours = pools.get_order(term, booked.day), booked.hours or 0.0
        if hours < 0:
            yield booked.key, pools.give_back(order, -hours, term.key)
        else:
            yield booked.key, pools.take(order, hours)


def _get_uncovered(booked: Booked, draws: Mapping[Hashable, Mapping[Hashable, float]]) -> float:
    return (booked.hours or 0.0) - sum(draws[booked.key].values())
