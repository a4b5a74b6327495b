"""Thresholds of consumption at which somebody is alerted, once each."""

from __future__ import annotations

from collections.abc import Iterable


def get_thresholds(text: str | None) -> list[float]:
    """Return the percentages that a text names, separated by commas.

    :raises ValueError: if something in it is no percentage of more than zero
    """
    thresholds = [float(word) for word in (text or '').split(',') if word.strip()]
    if not all(threshold > 0 for threshold in thresholds):
        raise ValueError(text)
    return thresholds


def get_reached(thresholds: Iterable[float], percentage: float, alerted: float) -> list[float]:
    """Return the thresholds that are reached and of which nobody was told, the lowest first.

    :param percentage: of the units that are consumed
    :param alerted: the highest threshold of which somebody was told, zero for none
    """
    return sorted(threshold for threshold in thresholds if alerted < threshold <= percentage)
