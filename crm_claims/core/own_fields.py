"""Fields that a team or a category gives its cases: what the customer has to do with each, and what
was typed into one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Definition = Mapping[str, Any]
Answer = str | int | float | bool | None

# What is kept in the definition of a field beside what Odoo keeps there.
CUSTOMER_KEY = 'service_customer'
# The customer reads it, may fill it in on forms, has to.
SHOWN, ASKED, REQUIRED = 'shown', 'asked', 'required'
CUSTOMER_USES = (SHOWN, ASKED, REQUIRED)
# JSON keeps no larger whole number for certain.
LARGEST_NUMBER = 2**53


class WrongAnswer(ValueError):
    """What was typed is no value of the field."""

    def __init__(self, reason: str):
        """Say why.

        :param reason: missing, number, date or choice
        """
        super().__init__(reason)
        self.reason = reason


def is_shown(definition: Definition) -> bool:
    """Tell whether the customer sees the field: what he fills in he sees as well."""
    return definition.get(CUSTOMER_KEY) in CUSTOMER_USES


def is_asked(definition: Definition) -> bool:
    """Tell whether forms ask the customer for the field."""
    return definition.get(CUSTOMER_KEY) in (ASKED, REQUIRED) and definition['type'] in READERS


def read_answer(definition: Definition, text: str) -> Answer:
    """Return what was typed as the value of the field, None for nothing.

    :raise WrongAnswer: it is none, or nothing where something has to be
    """
    text = text.strip()
    if definition['type'] != 'boolean' and not text:
        if definition[CUSTOMER_KEY] == REQUIRED:
            raise WrongAnswer('missing')
        return None
    return READERS[definition['type']](text, definition)


def _read_text(text: str, _definition: Definition) -> str:
    return text


def _read_boolean(text: str, definition: Definition) -> bool:
    """A box that has to be filled in has to be ticked: a consent."""
    if not text and definition[CUSTOMER_KEY] == REQUIRED:
        raise WrongAnswer('missing')
    return bool(text)


def _read_integer(text: str, _definition: Definition) -> int:
    number = _read_number(text)
    if number != int(number):
        raise WrongAnswer('number')
    return int(number)


def _read_float(text: str, _definition: Definition) -> float:
    return _read_number(text)


def _read_number(text: str) -> float:
    """Read a number as people write it, with a point or a comma."""
    try:
        number = float(text.replace(',', '.'))
    except ValueError as error:
        raise WrongAnswer('number') from error
    if not math.isfinite(number) or abs(number) > LARGEST_NUMBER:
        raise WrongAnswer('number')
    return number


def _read_date(text: str, _definition: Definition) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise WrongAnswer('date') from error


def _read_selection(text: str, definition: Definition) -> str:
    if text not in [key for key, _label in definition.get('selection') or ()]:
        raise WrongAnswer('choice')
    return text


# Types of fields that a form can ask for.
READERS: dict[str, Callable[[str, Definition], Answer]] = {
    'char': _read_text,
    'text': _read_text,
    'boolean': _read_boolean,
    'integer': _read_integer,
    'float': _read_float,
    'date': _read_date,
    'selection': _read_selection,
}
