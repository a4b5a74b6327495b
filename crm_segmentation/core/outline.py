"""Rules in groups: an indented list read as a tree, and what of it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

# Groups within groups within groups: deeper nobody reads.
MAX_LEVEL = 4


class Line(NamedTuple):
    """How far in a line stands, and whether it is the head of a group."""

    level: int
    is_group: bool


class Node(NamedTuple):
    """A line by its place, with what belongs to it: None for a rule, which has nothing in it."""

    place: int
    inner: list[Node] | None = None


def get_tree(lines: Iterable[Line]) -> list[Node]:
    """Return the lines as a tree; a group without rules is as if it was not there.

    A line belongs to the nearest group above that stands further out.
    """
    roots: list[Node] = []
    open_groups: list[tuple[int, list[Node]]] = [(-1, roots)]
    for place, line in enumerate(lines):
        while len(open_groups) > 1 and open_groups[-1][0] >= line.level:
            open_groups.pop()
        node = Node(place, [] if line.is_group else None)
        open_groups[-1][1].append(node)
        if node.inner is not None:
            open_groups.append((line.level, node.inner))
    return _without_empty(roots)


def _without_empty(nodes: Sequence[Node]) -> list[Node]:
    kept = [
        node if node.inner is None else Node(node.place, _without_empty(node.inner))
        for node in nodes
    ]
    return [node for node in kept if node.inner != []]


def find_misplaced(lines: Iterable[Line]) -> int | None:
    """Return the place of the first line that stands further in than its group asks for."""
    groups: list[int] = [-1]
    for place, line in enumerate(lines):
        while len(groups) > 1 and groups[-1] >= line.level:
            groups.pop()
        if line.level != groups[-1] + 1:
            return place
        if line.is_group:
            groups.append(line.level)
    return None


def get_needed(match: str, number: int, total: int) -> int:
    """Return how many of some lines must hold; for none it is how many must not."""
    return {'all': total, 'any': 1, 'some': number, 'none': 0}[match]


def get_verdict(match: str, number: int, verdicts: Sequence[bool | None]) -> bool | None:
    """Say whether a group holds, None if what is not known decides.

    :param verdicts: whether each line in it holds, None where that is not known
    """
    held = sum(verdict is True for verdict in verdicts)
    highest = held + sum(verdict is None for verdict in verdicts)
    if match == 'none':
        return False if held else None if highest else True
    needed = get_needed(match, number, len(verdicts))
    return True if held >= needed else None if highest >= needed else False
