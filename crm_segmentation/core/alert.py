"""When the size of a segment has moved so much that its owner wants to know."""

from __future__ import annotations


def has_moved(before: int, now: int, percent: float) -> bool:
    """Say whether a size moved by more than some percent; from nothing every size has.

    :param percent: 0 for never
    """
    return percent > 0 and abs(now - before) * 100 > percent * before


def get_move(before: int, now: int) -> str:
    """Return how much a size moved: `+50 %`, or `+3` where there was nothing."""
    if not before:
        return f'{now:+}'
    return f'{(now - before) / before:+.0%}'.replace('%', ' %')
