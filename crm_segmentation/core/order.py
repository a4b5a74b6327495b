"""In which order segments are applied, and which of those that exclude each other comes first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise


class CircleError(ValueError):
    """Segments depend on each other; `circle` holds their ids, the first one again as the last."""

    def __init__(self, circle: Sequence[int]) -> None:
        super().__init__(circle)
        self.circle = circle


def get_dependencies(
    uses: Mapping[int, Iterable[int]], groups: Iterable[Sequence[int]]
) -> dict[int, set[int]]:
    """Return {segment: segments that are applied before it}.

    A group is applied in one go: what one of its segments needs comes before all of them, and
    what needs one of them comes after all.

    :param uses: {segment: segments whose members its criteria look at}
    :param groups: segments of each exclusive group, in the order in which they take contacts
    """
    together = {segment: members for members in groups for segment in members}
    dependencies: dict[int, set[int]] = {segment: set() for segment in uses}
    for segment, used in uses.items():
        members = together.get(segment, (segment,))
        for other in used:
            if other in members:
                dependencies[segment].add(other)
            else:
                dependencies[members[0]].add(together.get(other, (other,))[-1])
    for members in together.values():
        for earlier, later in pairwise(members):
            dependencies[later].add(earlier)
    return dependencies


def get_order(dependencies: Mapping[int, Iterable[int]]) -> list[int]:
    """Return all segments, each after what it depends on.

    :raise CircleError: if there is no such order
    """
    try:
        return list(TopologicalSorter(dependencies).static_order())
    except CycleError as error:
        raise CircleError(error.args[1]) from error


def sort_some(segments: Iterable[int], dependencies: Mapping[int, Iterable[int]]) -> list[int]:
    """Return some of the segments, each after what it depends on.

    Two transactions may have closed a circle that neither could see: then the order in which the
    dependencies list them has to do.
    """
    try:
        order = get_order(dependencies)
    except CircleError:
        order = list(dependencies)
    wanted = set(segments)
    return [segment for segment in order if segment in wanted]


def get_units(order: Iterable[int], groups: Mapping[int, int]) -> list[list[int]]:
    """Return what is refreshed together: a segment alone, or an exclusive group as a whole.

    A group comes where the last of its segments does, after everything that one of them needs.

    :param groups: {segment: its exclusive group} of those that have one
    """
    units: dict[tuple[bool, int], list[int]] = {}
    for segment in order:
        unit = segment in groups, groups.get(segment, segment)
        units[unit] = [*units.pop(unit, []), segment]
    return list(units.values())


def get_place(sequence: int, segment: int | None) -> tuple[int, float]:
    """Return where a segment stands in its list: lower places are asked first.

    :param segment: its id, nothing for one that is not saved yet: it comes last of its sequence
    """
    return sequence, segment or math.inf
