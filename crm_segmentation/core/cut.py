"""Which of the contacts that match are taken: some by chance, one of several parts, or the best."""

from __future__ import annotations

# Hexadecimal digits of a contact's number by chance: as many as a signed number of 64 bits holds.
DIGITS = 15


def get_problem(kind: str | None, number: int, percent: float, part: int, parts: int) -> str | None:
    """Return the kind of a cut whose numbers make no sense, None if they do.

    :param kind: `number`, `top`, `percent` or `part`; nothing where all are taken
    """
    is_good = {
        'number': number > 0,
        'top': number > 0,
        'percent': 0 < percent <= 100,
        'part': 1 <= part <= parts and parts > 1,
    }
    return None if kind is None or is_good[kind] else kind
