"""Who is the same person: whoever shares an e-mail address, or a phone number and the name.

Colleagues share the number of a switchboard, so a number alone says nothing, unless one of the two
has no name. A person is a set of addresses and numbers in their normal form, whose equality alone
counts, so that indexes answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from .text import get_name_key, get_words

Name = TypeVar('Name')
Words = frozenset[str]
# What stands before names and is none; initials of it too.
_TITLES = get_words(
    'd da don dona dr dra sr sra srta sres prof profa ing lic mr mrs ms miss sir herr frau med '
    'dipl m mme mlle dott sig'
)


class Person(NamedTuple):
    """Addresses and numbers of a person, and the words of the name."""

    keys: frozenset[str]
    name: Words = frozenset()


class Keys(NamedTuple):
    """Addresses and numbers to look for."""

    emails: list[str]
    phones: list[str]


def get_person(
    emails: Iterable[str | bool], phones: Iterable[str | bool], name: str | bool = ''
) -> Person:
    """Return the person of addresses and numbers in their normal form; leave out empty ones."""
    return Person(frozenset(filter(None, (*emails, *phones))), get_name_words(name or ''))


def get_name_words(name: str) -> Words:
    """Return the words of a name without accents, capitals, order and titles."""
    words = frozenset(re.findall(r'\w+', get_name_key(name)))
    return words - _TITLES or words


def have_same_name(one: Words, other: Words) -> bool:
    """Tell whether two names may be of one person; who has none may be anybody.

    A second name or surname may be missing, as long as two words are the same.
    """
    if not one or not other or one == other:
        return True
    return min(len(one), len(other)) > 1 and (one < other or other < one)


def get_keys(people: Iterable[Person]) -> Keys:
    """Return all that the people can be found by, in a fixed order."""
    keys = sorted(frozenset().union(*(person.keys for person in people)))
    return Keys(list(filter(_is_email, keys)), [key for key in keys if not _is_email(key)])


def collect(found: Mapping[str, Mapping[int, Words]], person: Person) -> list[int]:
    """Return the ids of those found who are the person, sorted.

    :param found: names by id, by address or number
    """
    same = (
        record_id
        for key in person.keys
        for record_id, name in found.get(key, {}).items()
        if _is_email(key) or have_same_name(person.name, name)
    )
    return sorted(set(same))


def find_twins(people: Sequence[Person], names: Sequence[Name]) -> list[Name | None]:
    """Return for each of the people the name of who came before and is the same, if anybody did.

    Of several who are the same, the one counts who brought the address or number first.
    """
    seen: dict[str, dict[Words, Name]] = defaultdict(dict)
    twins = []
    for person, name in zip(people, names, strict=True):
        twins.append(next(_find_seen(seen, person), None))
        for key in person.keys:
            seen[key].setdefault(person.name, name)
    return twins


def _find_seen(seen: Mapping[str, Mapping[Words, Name]], person: Person) -> Iterator[Name]:
    return (
        name
        for key in sorted(person.keys)
        for words, name in seen.get(key, {}).items()
        if _is_email(key) or have_same_name(person.name, words)
    )


def _is_email(key: str) -> bool:
    return '@' in key
