"""What a dashboard consists of: filters, sources, cards, charts and tables.

All texts are English terms; Odoo translates them when it shows the dashboard. Where a panel gives
``matching``, it names for each filter the field that the filter holds for: a period is written
``field:date`` or ``field:datetime``. Numbers of ``sample`` stand in the place of the data while
there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PERIOD = 'period'
PERCENT = '0%'
HOURS = '0.0" h"'
MONTH = 'mmm yyyy'
BLUE, GREEN, ORANGE, RED = '#EFF6FF', '#ECFDF5', '#FFF7ED', '#FEF2F2'

# Turns (source, measure, value by dimension) into the formula of one value.
Value = Callable[..., str]
Formula = Callable[[Value], str]


@dataclass(frozen=True)
class Filter:
    """A choice above the dashboard: records of a model; without one, the period."""

    id: str
    label: str
    model: str = ''


@dataclass(frozen=True, eq=False)
class Source:
    """Figures of a model by groups, as the user may read them.

    :param rows: groups, as field or ``field:granularity``; dates come with the last one first
    :param sort: measure by which rows are sorted, the highest first
    """

    model: str
    measures: Sequence[str]
    matching: Mapping[str, str] = field(default_factory=dict)
    domain: Sequence[Any] = ()
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    sort: str = ''
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """A number with what it is compared to.

    :param baseline: formula of a second number, shown with ``text``; without one the number
        itself in the period before
    :param mode: how both are compared: percentage, difference, progress or (only shown) text
    """

    title: str
    formula: Formula
    menu: str
    sample: tuple[float, float]
    text: str = 'since last period'
    baseline: Formula | None = None
    mode: str = 'percentage'
    color: str = BLUE
    format: str = ''
    is_less_better: bool = False


@dataclass(frozen=True)
class Chart:
    """Records counted or added up, which open when they are clicked.

    :param action: action that shows them
    :param sample: numbers by the names of the bars; lists of them are those of the last months
    """

    title: str
    kind: str
    model: str
    groups: Sequence[str]
    menu: str
    action: str
    sample: Mapping[str, Any]
    measure: str = '__count'
    matching: Mapping[str, str] = field(default_factory=dict)
    domain: Sequence[Any] = ()
    order: str | None = None
    is_stacked: bool = False
    is_cumulated: bool = False
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """A line or bars of a curve.

    :param is_running_share: the share of all that the groups up to each one come to together
    """

    label: str
    measure: str
    kind: str = 'line'
    format: str = ''
    is_running_share: bool = False


@dataclass(frozen=True)
class Curve:
    """Several figures of one source beside each other, or in a format that charts have not."""

    title: str
    kind: str
    source: Source
    series: Sequence[Series]
    menu: str
    sample: Mapping[str, Sequence[float]]
    sample_labels: Sequence[str] = ()
    rows: int = 36


@dataclass(frozen=True)
class Column:
    """A column of a table; its formula takes what gives the value of a measure in the row."""

    label: str
    formula: Formula
    format: str = ''


@dataclass(frozen=True)
class Table:
    """The first groups of a source."""

    title: str
    label: str
    source: Source
    columns: Sequence[Column]
    menu: str
    rows: int = 8


@dataclass(frozen=True)
class Records:
    """The first records of a model: its fields with their labels."""

    title: str
    model: str
    columns: Mapping[str, str]
    order: Sequence[tuple[str, bool]]
    menu: str
    domain: Sequence[Any] = ()
    matching: Mapping[str, str] = field(default_factory=dict)
    rows: int = 8


Panel = Chart | Curve | Table | Records


@dataclass(frozen=True)
class Dashboard:
    """Cards in rows of four, and bands of one wide panel or of two beside each other."""

    filters: Sequence[Filter]
    cards: Sequence[Card]
    bands: Sequence[Sequence[Panel]]
    period: str = 'last_12_months'


def share(part: str, whole: str, otherwise: str = '""') -> str:
    """Return the formula of a part per whole."""
    return f'IFERROR(({part})/({whole}),{otherwise})'
