"""What hours were charged, as far as it counts towards the minimum of a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .periods import Period


@dataclass(frozen=True)
class HoursCharged:
    """Hours of a contract, as far as its customer pays for them.

    Amounts are in the currency of the contract, each with the first day of its hours: those on
    the ledger, and those that are about to come there.
    """

    settled: tuple[tuple[date, float], ...] = ()
    planned: tuple[tuple[date, float], ...] = ()
    # days of hours that a reason holds back: what they come to is not known yet
    held_days: tuple[date, ...] = ()

    @property
    def amounts(self) -> tuple[tuple[date, float], ...]:
        """All of them."""
        return (*self.settled, *self.planned)

    @property
    def planned_days(self) -> tuple[date, ...]:
        """Days of which something comes to the ledger now."""
        return tuple(day for day, _amount in self.planned)

    def are_held(self, period: Period) -> bool:
        """Say whether hours of a period are held back."""
        return any(period.start <= day < period.end for day in self.held_days)


def get_amount_within(amounts: Iterable[tuple[date, float]], period: Period) -> float:
    """Return what the amounts of the days of a period come to."""
    return sum(amount for day, amount in amounts if period.start <= day < period.end)
