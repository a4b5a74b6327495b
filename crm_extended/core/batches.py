"""How many things that are done at once are divided when they cannot be."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Item = TypeVar('Item')


def halve(
    items: Iterable[Item], get_key: Callable[[Item], Hashable]
) -> tuple[list[Item], list[Item]]:
    """Return the items in two parts, none of them empty if there are two items or more.

    :param get_key: tells what an item belongs to; what belongs together is in the same part,
        unless nothing else is left to be parted. The parts have as many groups each, the second
        one more if the number is odd
    """
    groups: dict[Hashable, list[Item]] = {}
    for item in items:
        groups.setdefault(get_key(item), []).append(item)
    parts = list(groups.values())
    if len(parts) == 1:
        parts = [[item] for item in parts[0]]
    middle = len(parts) // 2
    return _join(parts[:middle]), _join(parts[middle:])


def _join(parts: list[list[Item]]) -> list[Item]:
    return [item for part in parts for item in part]
