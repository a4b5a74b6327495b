"""Read business cards (vCard 2.1, 3.0 and 4.0) into plain texts."""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from io import StringIO

from vobject.base import ContentLine, VObjectError, getLogicalLines, textLineToContentLine
from vobject.icalendar import stringToTextValues
from vobject.vcard import ADDRESS_ORDER, NAME_ORDER, splitFields, toList

from .text import clean_line, clean_text

# What the library raises on cards that nobody should have written.
_DAMAGES = (VObjectError, ValueError, LookupError, AttributeError, TypeError)
_LINE_END = re.compile(r'\r\n?|\n')
_BEGIN = re.compile(r'\s*BEGIN\s*:\s*VCARD\s*$', re.IGNORECASE)
_END = re.compile(r'\s*END\s*:\s*VCARD\s*$', re.IGNORECASE)
# Pictures and keys make no lead, and reading them takes most of the time.
_BULKY = re.compile(r'(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:]', re.IGNORECASE)
_QUOTED_PRINTABLE = re.compile('quoted-printable', re.IGNORECASE)
_CHARSET = re.compile(rb'CHARSET="?([\w-]+)', re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, 'utf-8-sig'),
    (codecs.BOM_UTF16_LE, 'utf-16'),
    (codecs.BOM_UTF16_BE, 'utf-16'),
)
# As most are written, as old programs wrote, and what takes whatever comes.
_UNICODE, _WESTERN, _ANY_BYTE = 'utf-8', 'cp1252', 'latin-1'
_NOT_FOR_TALKING = {'FAX', 'PAGER', 'MODEM', 'TELEX'}
_LEAST_PREFERRED = 101
_SHORT, _LONG = 250, 20_000
# Characters of a card, pictures aside; the library slows down with longer ones.
_MAX_CARD = 256 * 1024


@dataclass(frozen=True)
class Card:
    """One business card: its texts, and the bytes it was read from.

    Mails and phones come the preferred first. ``is_damaged`` cards hold nothing else.
    """

    source: bytes
    is_damaged: bool = False
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

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nobody on the card."""
        return not self.sender

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

    def split_emails(self, split: Callable[[str], Iterable[str]]) -> Card:
        """Return the card with each address apart, also of a line that holds several.

        :param split: returns the addresses in a text; one that holds none stays as it is
        """
        emails = (email for line in self.emails for email in split(line) or [line])
        return replace(self, emails=tuple(dict.fromkeys(emails)))


def read_cards(content: bytes) -> Iterator[Card]:
    """Yield the cards of a file one by one; a damaged card does not spoil the others."""
    text, encoding = _decode(content)
    for lines in _split(text.replace('\0', '')):
        yield _read_card(lines, encoding)


def _decode(content: bytes) -> tuple[str, str]:
    """Return the text and its encoding: as marked, UTF-8, as a card says, or Western."""
    marked = [name for mark, name in _MARKS if content.startswith(mark)]
    charset = _CHARSET.search(content)
    named = [charset[1].decode()] if charset else []
    for encoding in (*marked, _UNICODE, *named, _WESTERN):
        try:
            return content.decode(encoding), encoding
        except (ValueError, LookupError):
            continue
    return content.decode(_ANY_BYTE), _ANY_BYTE


def _split(text: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in _LINE_END.split(text):
        if _BEGIN.match(line):
            if lines:
                yield lines
            lines = [line]
        elif lines:
            lines.append(line)
            if _END.match(line):
                yield lines
                lines = []
    if lines:
        yield lines


def _read_card(lines: list[str], encoding: str) -> Card:
    source = '\r\n'.join([*lines, '']).encode(encoding)
    text = _QUOTED_PRINTABLE.sub('QUOTED-PRINTABLE', '\n'.join(_without_bulk(lines)))
    if len(text) > _MAX_CARD or not _END.match(lines[-1]):
        return Card(source, is_damaged=True)
    try:
        return Card(source, **_read_texts(_parse(text)))
    except _DAMAGES:
        return Card(source, is_damaged=True)


def _parse(text: str) -> dict[str, list[ContentLine]]:
    """Return the lines of a card by their names, the preferred first."""
    contents = defaultdict(list)
    allows_soft_breaks = 'QUOTED-PRINTABLE' in text
    for text_line, _number in getLogicalLines(StringIO(text), allows_soft_breaks):
        line = textLineToContentLine(text_line)
        contents[line.name].append(line)
    return {name: sorted(lines, key=_get_preference) for name, lines in contents.items()}


def _without_bulk(lines: list[str]) -> Iterator[str]:
    is_bulk = False
    for line in lines:
        if not line.startswith((' ', '\t')):
            is_bulk = bool(_BULKY.match(line))
        if not is_bulk:
            yield line


def _read_texts(contents: dict[str, list[ContentLine]]) -> dict[str, str | tuple[str, ...]]:
    company, *departments = _get_parts(contents, 'ORG') or ['']
    person = _get_text(contents, 'FN') or _get_full_name(contents)
    if _is_company(contents, person, company):
        company, person = company or person, ''
    return {
        'contact_name': person,
        'partner_name': company,
        'department': ', '.join(filter(None, departments)),
        'function': _get_text(contents, 'TITLE') or _get_text(contents, 'ROLE'),
        'emails': _get_usable(contents, 'EMAIL', 'mailto:'),
        'phones': _get_usable(contents, 'TEL', 'tel:'),
        'website': _get_text(contents, 'URL'),
        'lang': _get_text(contents, 'LANG'),
        'note': _get_notes(contents),
        **_read_address(contents),
    }


def _read_address(contents) -> dict[str, str]:
    parts = dict(zip(ADDRESS_ORDER, _get_parts(contents, 'ADR'), strict=False))
    return {
        'street': parts.get('street', ''),
        'street2': ', '.join(filter(None, map(parts.get, ('extended', 'box')))),
        'zip': parts.get('code', ''),
        'city': parts.get('city', ''),
        'state': parts.get('region', ''),
        'country': parts.get('country', ''),
    }


def _is_company(contents, person: str, company: str) -> bool:
    kind = _get_text(contents, 'KIND') or _get_text(contents, 'X-ABSHOWAS')
    return kind.lower() in ('org', 'company') or (bool(company) and person == company)


def _get_full_name(contents) -> str:
    name = dict(zip(NAME_ORDER, _get_parts(contents, 'N'), strict=False))
    return ' '.join(filter(None, map(name.get, ('given', 'additional', 'family'))))


def _get_usable(contents, name: str, scheme: str) -> tuple[str, ...]:
    """Return the addresses or numbers that people answer, each once."""
    lines = [line for line in contents.get(name, ()) if not _get_types(line) & _NOT_FOR_TALKING]
    texts = (_without_scheme(text, scheme) for text in _get_texts({name: lines}, name))
    return tuple(dict.fromkeys(filter(None, texts)))


def _get_text(contents, name: str) -> str:
    return next(iter(_get_texts(contents, name)), '')


def _get_texts(contents, name: str) -> list[str]:
    return [clean_line(value, _SHORT) for value in _get_values(contents, name)]


def _get_notes(contents) -> str:
    notes = map(clean_text, _get_values(contents, 'NOTE'))
    return '\n'.join(notes)[:_LONG]


def _get_values(contents, name: str) -> list[str]:
    # no separator: commas are no lists here, although many do not escape them
    return [
        stringToTextValues(line.value, listSeparator=None)[0] for line in contents.get(name, ())
    ]


def _get_parts(contents, name: str) -> list[str]:
    """Return the parts of a structured text; lists in a part become one text."""
    parts = splitFields(contents[name][0].value) if name in contents else []
    return [clean_line(', '.join(text.strip() for text in toList(part)), _SHORT) for part in parts]


def _get_types(line: ContentLine) -> set[str]:
    """Return WORK, CELL, PREF ... of a line, in the ways of all versions."""
    types = ','.join([*line.singletonparams, *line.params.get('TYPE', ())])
    return set(types.upper().split(','))


def _get_preference(line: ContentLine) -> int:
    """Return 1 for the most preferred of the lines of one name."""
    ranks = line.params.get('PREF')
    if ranks and ranks[0].isdecimal():
        return int(ranks[0])
    return 1 if 'PREF' in _get_types(line) else _LEAST_PREFERRED


def _without_scheme(value: str, scheme: str) -> str:
    if not value.lower().startswith(scheme):
        return value
    return value[len(scheme) :].partition(';')[0]
