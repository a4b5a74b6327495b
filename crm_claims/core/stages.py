"""The kinds of stages that a case goes through, and what may follow what."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    # The kind of a stage; False is that of a case which is in none yet.
    Kind = str | bool

OPEN_KINDS = ('new', 'open', 'waiting')
CLOSED_KINDS = ('solved', 'rejected')

# The service level clocks stand while nobody here can do anything.
STANDING_KINDS = ('waiting', *CLOSED_KINDS)

# From the kind of stage a case is in to the kinds it may go to. Nothing goes back to New:
# somebody has looked at it. A closed case is reopened before anything else happens to it.
TRANSITIONS: Mapping[Kind, Collection[str]] = {
    False: {'new', 'open', 'waiting', 'solved', 'rejected'},
    'new': {'open', 'waiting', 'solved', 'rejected'},
    'open': {'waiting', 'solved', 'rejected'},
    'waiting': {'open', 'solved', 'rejected'},
    'solved': {'open'},
    'rejected': {'open'},
}

# What an open case is in where its team has no stage of its kind, the nearest first. For closed
# ones there is nothing: a change of team neither reopens a case nor rejects what was solved.
SUBSTITUTES: Mapping[Kind, tuple[str, ...]] = {
    'new': ('open', 'waiting'),
    'open': ('waiting', 'new'),
    'waiting': ('open', 'new'),
}

# What the customer's answer does to the kind of stage a case is in.
REPLY_MOVES: Mapping[Kind, str] = {'waiting': 'open', 'solved': 'open'}


def get_reply_move(kind: Kind, offered: Collection[str]) -> str | None:
    """Return the kind that an answer of the customer moves a case to, None if it stays.

    :param offered: kinds of the stages that the team of the case has
    """
    target = REPLY_MOVES.get(kind)
    return target if target in offered else None


def get_nearest_kind(kind: Kind, offered: Sequence[str]) -> str | None:
    """Return the kind that a case is in when its team offers these, None if it has no place.

    :param offered: kinds of the stages that the team has, in their order
    """
    if not kind:
        return next((first for first in offered if first in OPEN_KINDS), None)
    wanted = (kind, *SUBSTITUTES.get(kind, ()))
    return next((nearest for nearest in wanted if nearest in offered), None)


def is_reopened_by_merge(kind: Kind, merged: Collection[Kind]) -> bool:
    """Tell whether a case has to be taken up again because what it takes over was still open."""
    return kind in CLOSED_KINDS and any(other not in CLOSED_KINDS for other in merged)
