"""What is on a business card, in whatever shape it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

# Pictures that browsers show, by how their files begin.
_PICTURES = {
    b'\xff\xd8\xff': 'jpg',
    b'\x89PNG\r\n\x1a\n': 'png',
    b'GIF8': 'gif',
    b'BM': 'bmp',
    b'RIFF': 'webp',
}


class Fact(NamedTuple):
    """Something on a card that no field of its own takes: an extension, a birthday, a profile."""

    kind: str
    text: str
    label: str = ''


@dataclass(frozen=True)
class Card:
    """One business card: its texts, and the bytes it was read from.

    Mails and phones come the preferred first; ``facts`` are what a note keeps. ``left_out`` are the
    lines that could not be read, ``is_cut`` says that the end of the card is missing.
    """

    source: bytes
    contact_name: str = ''
    partner_name: str = ''
    department: str = ''
    function: str = ''
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    street: str = ''
    street2: str = ''
    zip: str = ''
    city: str = ''
    state: str = ''
    country: str = ''
    website: str = ''
    lang: str = ''
    note: str = ''
    facts: tuple[Fact, ...] = ()
    photo: bytes = b''
    left_out: tuple[str, ...] = ()
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nobody on the card."""
        return not self.sender

    @property
    def is_damaged(self) -> bool:
        """Tell whether nobody is on the card because lines of it could not be read."""
        return self.is_empty and bool(self.left_out)

    @property
    def sender(self) -> str:
        """Return who is on the card, as well as it says so."""
        names = (self.contact_name, self.partner_name, *self.emails[:1], *self.phones[:1])
        return next(filter(None, names), '')

    @property
    def title(self) -> str:
        """Return what a lead of the card is called: the person and the company, each once."""
        company = self.partner_name if self.partner_name != self.sender else ''
        return ', '.join(filter(None, (self.sender, company)))

    @property
    def language(self) -> str:
        """Return the code of the language, without that of a country, in small letters."""
        return self.lang.lower().partition('-')[0]


def get_file_type(source: bytes) -> tuple[str, str]:
    """Return with which ending and type the file of a card is kept."""
    if source.startswith(b'['):
        return 'json', 'application/json'
    if source.lstrip()[:5].upper() in (b'MECAR', b'BIZCA'):
        return 'txt', 'text/plain'
    return 'vcf', 'text/vcard'


def get_picture_type(picture: bytes) -> str:
    """Return the ending of the file of a picture, nothing where the bytes are none."""
    return next((ending for mark, ending in _PICTURES.items() if picture.startswith(mark)), '')
