"""When the service level clocks of a case stood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .working_time import Span


@dataclass(frozen=True)
class Pauses:
    """The pauses of one case in order and without overlap; the last one may still last.

    Moments are naive UTC, to the second.
    """

    over: tuple[Span, ...] = ()
    since: datetime | None = None

    @classmethod
    def from_stored(cls, stored: Sequence[Sequence[str | None]]) -> Pauses:
        """Read a list of [from, to] in ISO format; what lasts has no end."""
        spans = [
            tuple(moment and datetime.fromisoformat(moment) for moment in span) for span in stored
        ]
        lasting = spans.pop()[0] if spans and not spans[-1][1] else None
        return cls(tuple(spans), lasting)

    def to_stored(self) -> list[list[str | None]]:
        """Return the list that ``from_stored`` reads."""
        lasting = [(self.since, None)] if self.since else []
        return [
            [moment and moment.isoformat(' ', 'seconds') for moment in span]
            for span in (*self.over, *lasting)
        ]

    def get_spans(self, until: datetime | None) -> list[Span]:
        """Return the pauses as [(from, to)].

        :param until: end of the pause that lasts; without it that one is left out
        """
        lasting = [(self.since, until)] if self.since and until else []
        return [*self.over, *lasting]

    def stand(self, since: datetime) -> Pauses:
        """Begin a pause, at the earliest where the last one ended; one that lasts goes on."""
        if self.since:
            return self
        earliest = self.over[-1][1] if self.over else since
        return replace(self, since=max(since, earliest))

    def run(self, now: datetime) -> Pauses:
        """End the pause that lasts; it never ends before it began."""
        if not self.since:
            return self
        return Pauses((*self.over, (self.since, max(self.since, now))))
