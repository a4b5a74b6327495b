"""Who is the same person: whoever shares an e-mail address or a phone number.

A person is a set of them, in their normal form and without empty ones. Equality alone counts, so
that indexes answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

Person = frozenset[str]
Name = TypeVar('Name')


class Keys(NamedTuple):
    """Addresses and numbers to look for."""

    emails: list[str]
    phones: list[str]


def get_person(emails: Iterable[str | bool], phones: Iterable[str | bool]) -> Person:
    """Return the person of addresses and numbers in their normal form; leave out empty ones."""
    return frozenset(filter(None, (*emails, *phones)))


def get_keys(people: Iterable[Person]) -> Keys:
    """Return all that the people can be found by, in a fixed order."""
    keys = sorted(frozenset().union(*people))
    return Keys([key for key in keys if '@' in key], [key for key in keys if '@' not in key])


def collect(found: Mapping[str, Collection[int]], person: Person) -> list[int]:
    """Return the ids of what was found by any address or number of a person, sorted.

    :param found: ids by address or number
    """
    return sorted(set().union(*(found.get(key, ()) for key in person)))


def find_twins(people: Sequence[Person], names: Sequence[Name]) -> list[Name | None]:
    """Return for each of the people the name of who came before and is the same, if anybody did.

    Of several who are the same, the one counts who brought the address or number first.
    """
    first: dict[str, Name] = {}
    twins = []
    for person, name in zip(people, names, strict=True):
        twins.append(next((first[key] for key in sorted(person) if key in first), None))
        for key in person:
            first.setdefault(key, name)
    return twins
