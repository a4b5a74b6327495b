"""Numbers, addresses and places as people write them on business cards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from .text import clean_line, get_name_key

_SHORT = 250
_PLACE_PARTS = ('box', 'extended', 'street', 'city', 'region', 'code', 'country')
_BETWEEN_EMAILS = re.compile(r'[\s<>,;:"()\[\]\']+')
_EMAIL = re.compile(r'[^@]+@[^@]+')
_SCHEME = re.compile(r'\s*(?:tel|mailto|callto):', re.IGNORECASE)
# What is dialled after the number: "ext. 12", ";ext=12", "p12" and ",12" after a pause.
_EXTENSION = re.compile(
    r'(.*?\d)[\s,;(]*(?:ext=|\b(?:ext|extension|extensión|int|interno|durchwahl|poste)\b[.:]?'
    r'|(?<![a-z])[pwx,;]+)\s*\d+#?\)?',
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r'\s*[/;|\n]\s*')
# Less is an extension or a short number of a network.
_DIGITS_OF_A_NUMBER = 6


def read_numbers(text: str) -> list[tuple[str, str]]:
    """Return each number of a text, as it is called and as it was written."""
    text, is_address = _without_scheme(text)
    parts = [text] if is_address else _split_numbers(text)
    numbers = ((_without_extension(part), part) for part in parts)
    if is_address:
        numbers = ((number.partition(';')[0], part) for number, part in numbers)
    return [(number.strip(), clean_line(part, _SHORT)) for number, part in numbers if part.strip()]


def read_addresses_of_mail(text: str) -> tuple[list[str], str]:
    """Return the e-mail addresses in a text, and the text where it says more than a name."""
    text, is_address = _without_scheme(text)
    if is_address:
        text = text.partition('?')[0]
    words = list(filter(None, _BETWEEN_EMAILS.split(text)))
    found = [word.rstrip('.') for word in words if _EMAIL.fullmatch(word)]
    is_more = len(found) < len(words) and not (found and '<' in text)
    return found, clean_line(text, _SHORT) if is_more else ''


def read_place(parts: Sequence[str], country: str) -> dict[str, str]:
    """Return the fields of an address; what is one text only is a street.

    :param country: where the address is if it does not say so itself
    """
    if len(parts) == 1:
        parts = ['', '', *parts]
    part = dict(zip(_PLACE_PARTS, parts, strict=False))
    known = get_name_keys(' '.join(part.values()))
    more = (row for row in parts[len(_PLACE_PARTS) :] if not get_name_keys(row) <= known)
    rows = [
        *part.get('street', '').split('\n'),
        *(part.get('extended', ''), part.get('box', '')),
        *more,
    ]
    street, *rest = [*filter(None, map(clean_line, rows)), '']
    found = {name: clean_line(part.get(name, ''), _SHORT) for name in _PLACE_PARTS[3:]}
    return {
        'street': street[:_SHORT],
        'street2': ', '.join(filter(None, rest))[:_SHORT],
        'zip': found['code'],
        'city': found['city'],
        'state': found['region'],
        'country': found['country'] or (country if any(part.values()) else ''),
    }


def get_name_keys(text: str) -> frozenset[str]:
    """Return the words of a text as they are compared: without accents and capitals."""
    return frozenset(re.findall(r'\w+', get_name_key(text)))


def _without_scheme(text: str) -> tuple[str, bool]:
    match = _SCHEME.match(text)
    return (unquote(text[match.end() :]), True) if match else (text, False)


def _split_numbers(text: str) -> list[str]:
    parts = _SEPARATOR.split(text)
    are_numbers = all(_count_digits(part) >= _DIGITS_OF_A_NUMBER for part in parts)
    return parts if are_numbers else [text]


def _without_extension(text: str) -> str:
    text = clean_line(text, _SHORT)
    match = _EXTENSION.fullmatch(text)
    if match and _count_digits(match[1]) >= _DIGITS_OF_A_NUMBER:
        return match[1]
    return text


def _count_digits(text: str) -> int:
    return sum(map(str.isdigit, text))
