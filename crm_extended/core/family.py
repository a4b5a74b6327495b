"""On whose cards documents stand: those of people, of their companies, and of who is above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Tally(NamedTuple):
    """How many documents a customer has that belong to a company."""

    partner_id: int | None
    company_id: int | None  # the company of the customer at the time of the documents
    numbers: Sequence[int]  # one for each counter


@dataclass(frozen=True)
class Family:
    """People and companies in a hierarchy.

    :param parents: the id of who is above, by that of each member; a parent outside ends the way
    :param companies: the ids of the members that are companies of their own
    """

    parents: Mapping[int, int | None]
    companies: Collection[int]

    def find_owners(self, partner_id: int | None, company_id: int | None) -> set[int]:
        """Return on whose cards a document stands.

        It is the company's of its time and of whom that one belongs to. It is the contact's and
        of the contacts above, but for the company: that he is with another one now takes it
        nowhere.
        """
        return {*self._climb(partner_id, self.companies), *self._climb(company_id)}

    def count(self, counters: Sequence[str], tallies: Iterable[Tally]) -> Counter:
        """Return the number of documents by counter and id of whose card they stand on."""
        counts: Counter = Counter()
        for tally in tallies:
            for owner_id in self.find_owners(tally.partner_id, tally.company_id):
                for name, number in zip(counters, tally.numbers, strict=True):
                    counts[name, owner_id] += number
        return counts

    def _climb(self, partner_id: int | None, top: Collection[int] = ()) -> Iterator[int]:
        """Yield a member and those above, but none of those that are the top."""
        while partner_id in self.parents:
            yield partner_id
            partner_id = self.parents[partner_id]
            if partner_id in top:
                return
