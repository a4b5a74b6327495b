"""What happens by itself when fields of a record are written, as data."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple


class Reaction(NamedTuple):
    """The names of methods that are called when one of some fields is written.

    ``before`` gets the values that are about to be written, may refuse them, and returns what
    ``after`` wants to know of the time before. ``after`` gets the values, and what ``before``
    returned if there is one.
    """

    fields: Collection[str] | None  # None: whatever is written
    before: str = ''
    after: str = ''

    def is_due(self, names: Collection[str]) -> bool:
        """Say whether writing fields of these names calls it."""
        return self.fields is None or any(name in self.fields for name in names)


def get_due(reactions: Collection[Reaction], names: Collection[str]) -> list[Reaction]:
    """Return the reactions that writing fields of some names calls, in their order."""
    return [reaction for reaction in reactions if reaction.is_due(names)]
