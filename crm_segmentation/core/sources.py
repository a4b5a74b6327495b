"""By which documents the rules of a segment are followed from one run to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypedDict

from dateutil.relativedelta import relativedelta

# Transaction numbers of rows have 32 bits: those of a mark that is older say nothing.
MAX_TRANSACTIONS = 2**30
# Periods begin with days of the author's time zone: two days more cover every zone.
MARGIN = timedelta(days=2)

# Last id of the documents, and a checksum of whose they are.
Links = list[int | str | None]
NO_LINKS: Links = [None, None]


@dataclass(frozen=True)
class Source:
    """The rows of one table that tell whose value of a metric may have changed.

    `link` and `date` name the columns of the contact and of the day; `has_rates` says that rates
    of currencies count as well; `signature` is the same as long as the metric measures the same,
    whatever the time; `ages` are those at which time alone changes a value.
    """

    model: str
    link: str
    date: str | None
    has_rates: bool
    signature: str
    ages: tuple[relativedelta, ...] = ()

    @property
    def key(self) -> str:
        """Whose links are noted once, however many rules look at them."""
        return f'{self.model}.{self.link}'


class Mark(TypedDict):
    """What a run leaves for the next one.

    `since` is the oldest transaction that was under way, `moment` the time (`2026-06-15 10:00:00`),
    `rates` a checksum of the rates of currencies where they count, `links` are those by key.
    """

    criteria: str
    database: str
    since: int
    moment: str
    rates: str | bool | None
    links: dict[str, Links]


def get_signature(code: str, params: Sequence[object], sources: Iterable[Source]) -> str:
    """Return what is the same as long as criteria, rules and metrics are.

    :param code: SQL condition of the criteria and rules, with its params
    """
    return sha256(repr((code, params, list(sources))).encode()).hexdigest()


def is_comparable(known: Mark, mark: Mark) -> bool:
    """Say whether nothing happened between two runs that rows do not tell, links left aside."""
    return (
        known.keys() == mark.keys()
        and all(known[name] == mark[name] for name in ('criteria', 'database', 'rates'))
        and known['links'].keys() == mark['links'].keys()
        and 0 <= mark['since'] - known['since'] < MAX_TRANSACTIONS
    )


def get_changed_links(known: Mark, mark: Mark) -> dict[str, Links]:
    """Return the links of the earlier run that need another look.

    New documents change a checksum as lost ones do; where there were none nothing was lost.
    """
    return {
        key: links
        for key, links in known['links'].items()
        if links not in (NO_LINKS, mark['links'][key])
    }


def get_window(age: relativedelta, known: datetime, now: datetime) -> tuple[datetime, datetime]:
    """Return between which dates documents reached an age between two runs, in any time zone.

    The clock may have been put back between them.
    """
    begin, end = sorted((known, now))
    return begin - age - MARGIN, end - age + MARGIN
