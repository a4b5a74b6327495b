"""What can be told of a mail before it is anybody's: who wrote it, to whom, and how to keep it."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# The heads of our own automatic mails.
ANSWERED_BY_NOBODY = {
    'Auto-Submitted': 'auto-replied',
    'X-Auto-Response-Suppress': 'All',
}

# The database stores neither NUL nor half of a surrogate pair.
UNSTORABLE = {0: None, **dict.fromkeys(range(0xD800, 0xE000), '\N{REPLACEMENT CHARACTER}')}

MESSAGE_ID_WIDTH = 998  # longest line of RFC 5322
SUBJECT_WIDTH = 250
EMAIL_WIDTH = 254  # of RFC 5321; what is longer is no address and too long for an index

# In bytes \w is ASCII only.
ADDRESS = re.compile(rb'[\w.+%-]{1,64}@[\w.-]{1,190}')
SENDER = re.compile(rb'^From:.*?(' + ADDRESS.pattern + rb')', re.IGNORECASE | re.MULTILINE)
HEAD_SIZE = 100_000  # bytes of a mail in which its addresses are looked for


def get_storable(value: Any) -> Any:
    """Return a text without what the database cannot store, anything else as it is."""
    return value.translate(UNSTORABLE) if isinstance(value, str) else value


def get_subject(words: str) -> str:
    """Return words in one line that fits a subject, cut between two words near its end."""
    line = ' '.join(words.split())
    if len(line) <= SUBJECT_WIDTH:
        return line
    cut = line[: SUBJECT_WIDTH - 1]
    words = cut.rpartition(' ')[0]
    return (words if len(words) > SUBJECT_WIDTH // 2 else cut) + '…'


def get_usable_address(address: str | bool | None) -> str | bool:
    """Return a bare address, False if it is none or too long to be one."""
    return address if address and len(address) <= EMAIL_WIDTH else False


def get_place(recipients: Sequence[str], address: str | bool | None) -> int:
    """Return how far back an address stands among the recipients; one that is not comes last."""
    lowered = [recipient.lower() for recipient in recipients]
    return lowered.index(address) if address in lowered else len(lowered)


def find_addresses(raw: bytes) -> list[str]:
    """Return whatever looks like an address in the head of a mail that may be damaged."""
    found: Iterable[bytes] = ADDRESS.findall(raw[:HEAD_SIZE])
    return [address.decode('ascii').lower() for address in found]


def find_sender(raw: bytes) -> str | None:
    """Return who wrote a mail that may be damaged, as far as its head tells."""
    sender = SENDER.search(raw[:HEAD_SIZE])
    return sender[1].decode('ascii') if sender else None


def is_about(raw: bytes, models: Iterable[str]) -> bool:
    """Tell whether a mail answers a message on a record of one of the models.

    Odoo writes record and model into the ids of its messages.
    """
    names = '|'.join(re.escape(model) for model in models)
    return bool(re.search(rf'-({names})@'.encode(), raw[:HEAD_SIZE]))


def wrap(raw: bytes, address: str | bool | None, subject: str, text: str) -> bytes:
    """Return a mail that carries another as a file. Nobody is answered: who knows whom.

    :param address: to whom it goes
    """
    wrapper = EmailMessage()
    sender = find_sender(raw)
    if sender:
        wrapper['From'] = sender
    if address:
        wrapper['To'] = address
    wrapper['Subject'] = subject
    wrapper['X-Auto-Response-Suppress'] = 'All'
    wrapper.set_content(text)
    wrapper.add_attachment(raw, maintype='application', subtype='octet-stream', filename='mail.eml')
    return wrapper.as_bytes()
