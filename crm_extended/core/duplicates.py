"""Which contacts are there twice: what they are compared by, and the groups that they make.

A trait is something that two contacts may share: an address, a number, a name in a place. Equality
of traits finds candidates, so that an index can; rules on the two cards decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations, pairwise, product
from typing import NamedTuple

from . import companies
from .phones import split_numbers
from .text import get_name_key

CROWD = 5  # what more contacts share belongs to nobody in particular
GROUP = 10  # contacts of a group: nobody decides about more at once
STRENGTHS = {'vat': 80, 'email': 70, 'phone': 60, 'name': 40}
FURTHER = 5  # how much stronger each further kind of trait makes a group

DIGITS = 7  # of a phone number at least
TAIL = 9  # digits by which numbers are compared: the code of the country may not be noted
_TITLES = 'd dna don dona sr sra srta dr dra ing lic mr mrs ms miss herr frau m mme prof'
_PARTICLES = 'de del la las los y e i da do dos das van von der den di du le'
TELLING_NOTHING = frozenset(f'{_TITLES} {_PARTICLES}'.split())
# Addresses of a desk, not of a person.
_DESKS = (
    'info contact contacto contacte kontakt mail email correo office oficina hello hola hallo '
    'ventas sales vertrieb comercial compras pedidos orders admin administracion administration '
    'facturacion facturas billing invoices accounting contabilidad buchhaltung support soporte '
    'service servicio servicios recepcion reception marketing rrhh hr team webmaster noreply '
    'no-reply'
)
DESKS = frozenset(_DESKS.split())


class Card(NamedTuple):
    """What of a contact is compared, as it is noted."""

    id: int
    name: str = ''
    is_company: bool = False
    email: str = ''  # in its normal form
    phones: tuple[str, ...] = ()
    tax_number: str = ''  # empty on who belongs to a company: it is the company's
    country: str = ''
    city: str = ''
    owner: int = 0  # the only company of ours that works with it, 0 for all of them
    above: tuple[int, ...] = ()  # ids of those that it belongs to, the highest last


class Trait(NamedTuple):
    """Something that contacts may share."""

    kind: str
    value: str


class Match(NamedTuple):
    """Contacts that share a trait."""

    trait: Trait
    is_crowded: bool  # more than a crowd share it; then these have the same name, too
    ids: Collection[int]


class Reason(NamedTuple):
    """Why contacts are in one group."""

    kind: str
    ids: list[int]


class Group(NamedTuple):
    """Contacts that may be the same."""

    ids: frozenset[int]
    reasons: list[Reason]  # the strongest first, one of each kind

    @property
    def strength(self) -> int:
        return STRENGTHS[self.reasons[0].kind] + FURTHER * (len(self.reasons) - 1)


# === WHAT IS COMPARED === #


def get_words(card: Card) -> list[str]:
    """Return the words that tell a name, in a fixed order; titles and legal forms tell nothing."""
    if card.is_company:
        return sorted(companies.get_company_key(card.name).split())
    words = set(re.split(r'[\W_]+', get_name_key(card.name))) - {''}
    return sorted(words - TELLING_NOTHING or words)


def get_traits(card: Card) -> set[Trait]:
    """Return what the contact can be found by."""
    traits = {Trait('phone', tail) for tail in get_tails(card.phones)}
    traits.update(
        Trait('vat', key) for key in companies.get_tax_keys(card.tax_number, card.country)
    )
    traits.update(Trait('name', name) for name in _get_places(card))
    if card.email:
        traits.add(Trait('email', card.email))
    return traits


def get_tails(phones: Iterable[str]) -> set[str]:
    """Return the numbers in some texts without the code of their country."""
    numbers = (number.lstrip('+') for text in phones for number in split_numbers(text))
    return {number[-TAIL:] for number in numbers if len(number) >= DIGITS}


def are_alike(one: Collection[str], other: Collection[str]) -> bool:
    """Tell whether two names may be one: all words of the shorter are in the longer one.

    An initial stands for a word, as long as one whole word is in both.
    """
    shorter, longer = sorted((one, other), key=len)
    return not set(shorter).isdisjoint(longer) and all(
        any(_is_same_word(word, known) for known in longer) for word in shorter
    )


def are_apart(one: Card, other: Card) -> bool:
    """Tell whether two contacts cannot be the same, whatever they share.

    One belongs to the other, they are those of different companies of ours, or their tax numbers
    differ.
    """
    if other.id in one.above or one.id in other.above:
        return True
    if one.owner and other.owner and one.owner != other.owner:
        return True
    numbers = [companies.get_tax_keys(card.tax_number, card.country) for card in (one, other)]
    return all(numbers) and set(numbers[0]).isdisjoint(numbers[1])


def _get_places(card: Card) -> Iterator[str]:
    """Yield the name where it tells something: a company's anywhere, a person's full name in a
    town or company."""
    words = get_words(card)
    if not words or not (card.is_company or len(words) > 1):
        return
    name, town = ' '.join(words), get_name_key(card.city)
    if card.is_company:
        yield name
    elif card.above:
        yield f'{name} @{card.above[-1]}'
    if town:
        yield f'{name} @{town}'


def _is_same_word(word: str, known: str) -> bool:
    return word == known or (1 in (len(word), len(known)) and word[0] == known[0])


# === GROUPS === #


def find_matches(cards: Iterable[Card]) -> list[Match]:
    """Return what the contacts share among themselves."""
    sharing: defaultdict[Trait, list[Card]] = defaultdict(list)
    for card in cards:
        for trait in get_traits(card):
            sharing[trait].append(card)
    return [match for trait, members in sharing.items() for match in _get_matches(trait, members)]


def _get_matches(trait: Trait, members: list[Card]) -> Iterator[Match]:
    """Yield the contacts that share a trait; in a crowd, those of the same name."""
    is_crowded = len(members) > CROWD
    named: defaultdict[str, list[int]] = defaultdict(list)
    for card in members:
        named[' '.join(get_words(card)) if is_crowded else ''].append(card.id)
    for ids in named.values():
        if len(ids) > 1 and not (is_crowded and trait.kind == 'name'):
            yield Match(trait, is_crowded, ids)


def find_pairs(match: Match, cards: Mapping[int, Card]) -> Iterator[tuple[int, int]]:
    """Yield the pairs for which what they share is a reason to be the same."""
    members = [cards[id_] for id_ in sorted(match.ids) if id_ in cards]
    pairs = combinations(members, 2) if len(members) <= CROWD else pairwise(members)
    is_shared = match.is_crowded or _is_shared(match.trait, members)
    for one, other in pairs:
        is_enough = not is_shared and one.is_company == other.is_company
        if not are_apart(one, other) and (is_enough or are_alike(get_words(one), get_words(other))):
            yield one.id, other.id


def make_groups(
    matches: Iterable[Match], cards: Mapping[int, Card], apart: Collection[frozenset[int]] = ()
) -> list[Group]:
    """Return the groups of contacts that may be the same; who is in one is in no other.

    What is shared by the strongest traits is put together first. No group has two contacts that
    cannot be the same.

    :param apart: pairs of which somebody said so
    """
    homes = {id_: {id_} for match in matches for id_ in match.ids}
    found = []
    for match in sorted(matches, key=_get_order):
        for one, other in find_pairs(match, cards):
            if _can_join(homes[one], homes[other], cards, apart):
                homes[one].update(homes[other])
                homes.update(dict.fromkeys(homes[other], homes[one]))
            if homes[one] is homes[other]:
                found.append((match.trait.kind, one, other))
    return _get_groups(homes, found)


def _is_shared(trait: Trait, members: Collection[Card]) -> bool:
    """Tell whether a trait is no reason by itself: a phone, the address of a desk or a company."""
    if trait.kind == 'phone':
        return True
    if trait.kind != 'email':
        return False
    ids = {card.id for card in members}
    is_companys = any(not ids.isdisjoint(card.above) for card in members)
    return is_companys or trait.value.partition('@')[0] in DESKS


def _get_order(match: Match) -> tuple[int, str, int]:
    return -STRENGTHS[match.trait.kind], match.trait.value, min(match.ids)


def _can_join(
    one: set[int],
    other: set[int],
    cards: Mapping[int, Card],
    apart: Collection[frozenset[int]],
) -> bool:
    if one is other or len(one) + len(other) > GROUP:
        return False
    return not any(
        frozenset(pair) in apart or are_apart(cards[pair[0]], cards[pair[1]])
        for pair in product(one, other)
    )


def _get_groups(
    homes: Mapping[int, set[int]], found: Iterable[tuple[str, int, int]]
) -> list[Group]:
    reasons: defaultdict[frozenset[int], dict[str, set[int]]] = defaultdict(dict)
    for kind, one, other in found:
        reasons[frozenset(homes[one])].setdefault(kind, set()).update((one, other))
    return [
        Group(ids, [Reason(kind, sorted(members)) for kind, members in kinds.items()])
        for ids, kinds in reasons.items()
    ]
