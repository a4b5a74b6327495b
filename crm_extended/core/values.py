"""Values of strangers: what a text says where a field wants a number, a day or a choice."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from dateutil.parser import isoparse

from .text import get_name_key

Value = str | bool | int | float | date | datetime
Choices = Sequence[tuple[str, str]]

YES_WORDS = {
    '✓',
    '1',
    'true',
    'yes',
    'y',
    'on',
    'si',
    's',
    'x',
    'ok',
    'oui',
    'ja',
    'sim',
    'checked',
}
NO_WORDS = {'✗', '0', 'false', 'no', 'n', 'off', 'non', 'nein', 'nao', ''}
LARGEST = 2**31 - 1
DAY = re.compile(r'(\d{1,2})[./-](\d{1,2})[./-](\d{4})')
NUMBER = re.compile(r'[^\d.,+-]')
SEPARATOR = re.compile('[.,]')


def read_value(kind: str, text: str, choices: Choices = ()) -> Value | None:
    """Return what a text says to a field of a kind, None if it says nothing to it.

    :param kind: char, text, boolean, integer, float, monetary, date, datetime or selection
    :param choices: (value, label) of a selection; either is understood
    """
    if kind == 'selection':
        return _read_choice(text, choices)
    try:
        return READERS[kind](text.strip())
    except (ValueError, OverflowError):
        return None


def _read_choice(text: str, choices: Choices) -> str | None:
    wanted = get_name_key(text)
    found = (
        value for value, label in choices if wanted in (get_name_key(value), get_name_key(label))
    )
    return next(found, None)


def _read_boolean(text: str) -> bool:
    word = get_name_key(text)
    if word not in YES_WORDS | NO_WORDS:
        raise ValueError
    return word in YES_WORDS


def _read_float(text: str) -> float:
    """Return a number: the last of point and comma is the decimal one, if it comes once."""
    digits = NUMBER.sub('', text)
    last = (SEPARATOR.findall(digits) or ['.'])[-1]
    if digits.count(last) == 1:
        whole, _sign, cents = digits.rpartition(last)
        number = float(f'{SEPARATOR.sub("", whole)}.{cents}')
    else:
        number = float(SEPARATOR.sub('', digits))
    if not math.isfinite(number):
        raise ValueError
    return number


def _read_integer(text: str) -> int:
    number = int(re.sub(r'[\s.,]', '', text))
    if abs(number) > LARGEST:
        raise ValueError
    return number


def _read_date(text: str) -> date:
    """Return a day: as computers write it, or the day before the month."""
    found = DAY.fullmatch(text)
    if found:
        day, month, year = map(int, found.groups())
        return date(year, month, day)
    return date.fromisoformat(text[:10])


def _read_datetime(text: str) -> datetime:
    """Return a moment of UTC, which is meant where no zone is told; without a fraction."""
    moment = isoparse(text)
    offset = moment.utcoffset() or timedelta()
    return (moment - offset).replace(tzinfo=None, microsecond=0)


READERS: Mapping[str, Callable[[str], Value]] = {
    'char': str,
    'text': str,
    'boolean': _read_boolean,
    'integer': _read_integer,
    'float': _read_float,
    'monetary': _read_float,
    'date': _read_date,
    'datetime': _read_datetime,
}
