"""Texts of strangers: posts, business cards, mails."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar('Item')


def get_words(text: str) -> frozenset[str]:
    """Return the words of a text, each once."""
    return frozenset(text.split())


def leave_out_unstorable(text: str) -> str:
    """Return the text, markup as markup, without null characters and halves of characters."""
    return type(text)(text.replace('\0', '').encode(errors='ignore').decode())


def clean_text(value: object, length: int | None = None) -> str:
    """Return the value as a text that the database takes, cut to a length."""
    return leave_out_unstorable(str(value)).strip()[:length]


def clean_line(value: object, length: int | None = None) -> str:
    """Return the value as one line of text, cut to a length.

    Control characters become spaces: a line break begins a new header in a mail, and
    separates addresses.
    """
    text = ''.join(map(_without_control, clean_text(value)))
    return ' '.join(text.split())[:length].rstrip()


def clean_email(
    split: Callable[[str], Sequence[str]], value: object, length: int | None = None
) -> str:
    """Return the value as one line with no address but its first: a second would get mails.

    :param split: returns the addresses in a text, with the names before them
    """
    line = clean_line(value)
    addresses = split(line)
    return (addresses[0] if len(addresses) > 1 else line)[:length]


def get_name_key(name: str | None) -> str:
    """Return how names are compared: without accents and capitals."""
    letters = unicodedata.normalize('NFKD', name or '')
    return ''.join(filter(_is_no_accent, letters)).casefold().strip()


def cut_list(items: Sequence[Item], limit: int) -> tuple[Sequence[Item], int]:
    """Return as many of the items as may be told, and how many more there are."""
    return items[:limit], max(len(items) - limit, 0)


def _is_no_accent(character: str) -> bool:
    return not unicodedata.combining(character)


def _without_control(character: str) -> str:
    return ' ' if unicodedata.category(character) == 'Cc' else character
