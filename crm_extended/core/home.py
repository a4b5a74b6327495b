"""What a home shows: cards with what is to be done, on which everything is a link or an action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

# How urgent something is, the most urgent first.
TONES = ('danger', 'warning', 'success', 'info', 'muted')
# How many rows of a card are shown; the rest is behind its title.
ROWS = 5
NOON, EVENING, NIGHT = 12, 19, 5

Action = Mapping[str, Any]  # what the web client executes


@dataclass(frozen=True)
class Button:
    """Something to do with a tap: a method of a model, or an address.

    :param method: ``action_…`` of the model; what it answers is executed
    :param ids: of which records; None for a method of the model itself
    :param href: an address in place of a method, as ``tel:+34600111222``
    """

    label: str
    icon: str = ''
    model: str | None = None
    method: str | None = None
    ids: tuple[int, ...] | None = None
    href: str | None = None
    primary: bool = False


@dataclass(frozen=True)
class Row:
    """One of the records of a card; a tap opens it.

    :param when: the moment, in words and in the zone of the user
    :param href: what a tap on its telephone calls
    """

    id: int
    model: str
    name: str
    detail: str = ''
    when: str = ''
    tone: str = 'muted'
    href: str | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Part:
    """A part of what a card counts, with the list of exactly that."""

    label: str
    count: int
    action: Action
    tone: str = 'muted'


@dataclass(frozen=True)
class Search:
    """A field in which a record is looked for; ``method`` of the one found is executed."""

    model: str
    method: str
    placeholder: str


@dataclass(frozen=True)
class Block:
    """A card of a home.

    :param count: how many there are; ``action`` opens exactly these
    :param value: a figure that is no number of records, as it is read
    :param percent: 0 to 100 of what is to be reached
    :param parts: where the records are of several kinds: each with its own list
    :param empty: the sentence of a card without rows
    :param is_later: it is asked for by itself, once the others are shown
    """

    key: str
    sequence: int
    title: str
    icon: str
    tone: str = 'muted'
    count: int | None = None
    value: str | None = None
    hint: str = ''
    percent: int | None = None
    action: Action | None = None
    rows: tuple[Row, ...] = ()
    parts: tuple[Part, ...] = ()
    buttons: tuple[Button, ...] = ()
    search: Search | None = None
    empty: str = ''
    is_later: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the card as the web client reads it."""
        return _get_plain(self)


def _get_plain(value: Any) -> Any:
    """Return what JSON knows in place of cards and what is in them; actions stay as they are."""
    if is_dataclass(value):
        return {field.name: _get_plain(getattr(value, field.name)) for field in fields(value)}
    return list(map(_get_plain, value)) if isinstance(value, tuple) else value


def get_percent(reached: float, wanted: float) -> int | None:
    """Return how much of what is wanted is reached, 0 to 100; None where nothing is wanted."""
    if wanted <= 0:
        return None
    return int(min(max(reached / wanted, 0), 1) * 100)


def get_most_urgent(tones: Iterable[str]) -> str:
    """Return the most urgent of the tones."""
    return min(tones, key=TONES.index, default=TONES[-1])


def get_part_of_day(hour: int) -> str:
    """Return with which part of the day people greet each other at an hour of their clocks."""
    if NIGHT <= hour < NOON:
        return 'morning'
    return 'afternoon' if NOON <= hour < EVENING else 'evening'
