"""What a domain says of its records as a whole, read from its terms."""

from collections.abc import Iterable

EQUALS = ('in', '=')


def get_only_value(terms: Iterable, name: str) -> list[int]:
    """Return the one id, in a list, that a field has in every record of a domain, else nothing.

    Terms that are joined by *or* or negated say it of no record for certain.
    """
    if not isinstance(terms, list | tuple) or any(term in ('|', '!') for term in terms):
        return []
    values = [term[2] for term in terms if term != '&' and term[0] == name and term[1] in EQUALS]
    ids = [
        id_ for value in values for id_ in (value if isinstance(value, list | tuple) else [value])
    ]
    return ids if len(ids) == 1 and type(ids[0]) is int else []
