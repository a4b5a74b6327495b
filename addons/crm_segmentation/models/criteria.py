"""Reads domains that people wrote: literals only, and not too long to be read."""

from ast import literal_eval

from odoo.fields import Domain

MAX_LENGTH = 20_000


def parse_criteria(text):
    """Return the domain that a text says.

    :raise ValueError: with what is wrong, also for a call, a name or an endless nesting
    """
    text = (text or '[]').strip()
    if len(text) > MAX_LENGTH:
        raise ValueError(f'longer than {MAX_LENGTH} characters')
    try:
        return Domain(literal_eval(text))
    except (TypeError, SyntaxError, KeyError, RecursionError, MemoryError) as error:
        raise ValueError(error) from error
