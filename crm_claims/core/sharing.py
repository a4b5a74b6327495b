"""Who of a team gets the next case: whoever has the fewest for their capacity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NORMAL_CAPACITY = 1.0


class Member(NamedTuple):
    """Somebody who takes cases."""

    id: int
    capacity: float  # 2 takes twice as many as 1; always more than 0
    companies: frozenset[int]


class Request(NamedTuple):
    """A case that somebody has to take."""

    case: Hashable
    team: int
    companies: frozenset[int]  # a member needs all of them


def get_takers(
    team_members: Mapping[int, Iterable[tuple[int, frozenset[int]]]],
    capacities: Mapping[tuple[int, int], float],
) -> dict[int, list[Member]]:
    """Return {team: members who take cases at all}.

    :param team_members: {team: (member, companies of the member)} of who is there
    :param capacities: {(team, member): capacity} of those who take more or less than normal
    """
    takers = {
        team: [
            Member(member, capacities.get((team, member), NORMAL_CAPACITY), companies)
            for member, companies in members
        ]
        for team, members in team_members.items()
    }
    return {
        team: [member for member in members if member.capacity > 0]
        for team, members in takers.items()
    }


def share(
    requests: Iterable[Request],
    takers: Mapping[int, Sequence[Member]],
    loads: Mapping[int, int],
) -> dict[Hashable, int]:
    """Return {case: member}, spread evenly; a case that nobody can take is left out.

    :param loads: {member: number of open cases}
    """
    loads = Counter(loads)
    shared = {}
    for request in requests:
        candidates = [
            member
            for member in takers.get(request.team, ())
            if request.companies <= member.companies
        ]
        if candidates:
            member = _get_least_loaded(candidates, loads)
            loads[member.id] += 1
            shared[request.case] = member.id
    return shared


def _get_least_loaded(members: Sequence[Member], loads: Mapping[int, int]) -> Member:
    """Return who would have the fewest cases for their capacity with one more."""
    return min(members, key=lambda member: ((loads[member.id] + 1) / member.capacity, member.id))
