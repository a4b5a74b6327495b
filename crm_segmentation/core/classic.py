"""What the classic segmentations of OpenERP say, and why some cannot become a segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ClassicLine:
    """One comparison of a classic segmentation: of sales or of purchases."""

    subject: str
    comparison: str
    value: float
    is_optional: bool


def get_match(lines: Sequence[ClassicLine]) -> str:
    """Return how many lines must hold: `any` of optional ones, else `all`."""
    return 'any' if lines and all(line.is_optional for line in lines) else 'all'


def is_mixed(lines: Sequence[ClassicLine]) -> bool:
    """Say whether mandatory lines stand beside several optional ones: no segment says that."""
    optional = sum(line.is_optional for line in lines)
    return 1 < optional < len(lines)
