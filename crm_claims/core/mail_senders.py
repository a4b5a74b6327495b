"""Who a mail is really from, to whom it went, and which number it names."""

from __future__ import annotations

import re
from email.utils import getaddresses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    Heads = Mapping[str, Sequence[str]]

# Where a group or a form that writes in its own name says who wrote to it, the surest first.
AUTHORS = ('x-original-from', 'x-original-sender', 'x-google-original-from', 'reply-to')

# Where servers say for whom a mail arrived, besides those that Odoo reads.
ENVELOPES = (
    'envelope-to',
    'x-delivered-to',
    'x-envelope-to',
    'x-forwarded-to',
    'x-original-to',
    'x-real-to',
)

# The local part of addresses that programs write from.
ROBOT = re.compile(
    r'(no|do|non|ne)?[._-]?(not?)?[._-]?(reply|responder|repondre|rispondere|contestar|respond)\b'
    r'|(wordpress|www-data|www|web|webmaster|apache|nobody|forms?|formularios?|contact-?form'
    r'|mailer|notifications?|notificaciones|notify|postmaster|root|daemon)\b',
    re.IGNORECASE,
)
VIA = re.compile(r"['\"]?.+\b(via|vía|über|par|através de)\b.+", re.IGNORECASE)
WORD_WITH_DIGIT = re.compile(r'[^\s\[\](){}<>«»"“”,;:#!?]*\d[^\s\[\](){}<>«»"“”,;:#!?]*')
# Domains from which everybody may write: none of them is anybody's own.
PROVIDERS = frozenset(
    {
        'aol.com',
        'gmail.com',
        'gmx.com',
        'gmx.de',
        'gmx.es',
        'gmx.net',
        'googlemail.com',
        'hotmail.com',
        'hotmail.es',
        'hotmail.fr',
        'icloud.com',
        'libero.it',
        'live.com',
        'mac.com',
        'mail.com',
        'me.com',
        'msn.com',
        'orange.es',
        'orange.fr',
        'outlook.com',
        'outlook.es',
        'proton.me',
        'protonmail.com',
        'sapo.pt',
        't-online.de',
        'telefonica.net',
        'terra.es',
        'web.de',
        'yahoo.com',
        'yahoo.es',
        'yahoo.fr',
        'yandex.com',
        'ymail.com',
        'zoho.com',
    }
)
SUBJECT_SIZE = 500  # characters of a subject in which numbers are looked for
WORDS = 20  # of a subject that may be numbers


def get_author(heads: Heads, sender: str, ours: Collection[str]) -> str | None:
    """Return who else than its sender a mail says to be from, None if nobody.

    :param sender: the bare address that the mail came from
    :param ours: addresses that are no customer's
    """
    for head in AUTHORS:
        for name, address in getaddresses(heads.get(head, ())):
            bare = address.lower()
            if '@' in bare and bare != sender.lower() and bare not in ours:
                return f'"{name}" <{bare}>' if name else bare
    return None


def get_author_candidates(heads: Heads) -> set[str]:
    """Return all addresses that ``get_author`` may have to choose from."""
    values = [value for head in AUTHORS for value in heads.get(head, ())]
    return {address.lower() for _name, address in getaddresses(values) if '@' in address}


def is_relayed(heads: Heads, name: str, address: str) -> bool:
    """Tell whether a group, a form or another program passes on what somebody else wrote."""
    return (
        any(head in heads for head in AUTHORS[:-1])
        or bool(VIA.fullmatch(name))
        or bool(ROBOT.match(address))
    )


def get_domain(address: str) -> str:
    """Return what follows the @ of an address."""
    return address.rpartition('@')[2].lower()


def get_list_address(heads: Heads) -> str | None:
    """Return the address of the list that a mail came by: ``<team.example.com>`` names team@…"""
    for value in heads.get('list-id', ()):
        match = re.search(r'<([^<>@.\s]+)\.([^<>@\s]+)>', value)
        if match:
            return f'{match[1]}@{match[2]}'.lower()
    return None


def get_envelope(heads: Heads) -> list[str]:
    """Return for whom a server says that the mail arrived, where Odoo does not look."""
    values = [value for head in ENVELOPES for value in heads.get(head, ())]
    return [address.lower() for _name, address in getaddresses(values) if '@' in address]


def get_untagged(addresses: Iterable[str]) -> list[str]:
    """Return the addresses without what follows a plus: help+shop@… is help@…"""
    return [
        re.sub(r'\+[^@]*', '', address)
        for address in addresses
        if re.fullmatch(r'[^@+]+\+[^@]*@.+', address)
    ]


def get_numbers(subject: str) -> list[str]:
    """Return what may be the number of a case in a subject, each once."""
    words = (word.strip(".'") for word in WORD_WITH_DIGIT.findall(subject[:SUBJECT_SIZE]))
    return list(dict.fromkeys(words))[:WORDS]


def get_blocks(address: str) -> list[str]:
    """Return what may stand on a list of blocked senders for an address: itself, its domain and
    those above it."""
    labels = get_domain(address).split('.')
    domains = ['.'.join(labels[number:]) for number in range(len(labels) - 1)]
    return [address.lower(), *domains]
