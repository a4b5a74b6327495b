"""What the lines of a business card say: fields of a lead, and facts for its notes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from .card import Fact, get_picture_type
from .card_lines import TECHNICAL, Line, read_picture
from .card_values import get_name_keys, read_addresses_of_mail, read_numbers, read_place
from .text import clean_line, clean_text, get_words

# What a card tells in fields, and beside them.
Told = tuple[dict[str, Any], list[Fact]]

_SHORT, _LONG = 250, 20_000
_NOT_FOR_TALKING = {'FAX', 'PAGER', 'MODEM', 'TELEX'}
# What says no more than the field does; all else is a label that somebody chose.
_USUAL_TYPES = _NOT_FOR_TALKING | get_words(
    'HOME WORK CELL MOBILE VOICE PREF MSG VIDEO TEXT MAIN OTHER IPHONE INTERNET X400 DOM INTL '
    'POSTAL PARCEL MAIL HOMEPAGE SCHOOL HOMEFAX WORKFAX QUOTED-PRINTABLE BASE64 8BIT 7BIT B Q '
    'UTF-8 DEFAULT PROFILE BLOG JPEG PNG GIF TEXTPHONE CAR ISDN PCS BBS VCARD URI'
)
# How Apple writes labels of its own: _$!<HomePage>!$_
_APPLE_LABEL = re.compile(r'_\$!<(.*)>!\$_')
_NAME_PARTS = ('family', 'given', 'additional', 'prefix', 'suffix')
_PICTURES = ('PHOTO', 'X-MS-CARDPICTURE')
# Read one by one, or what programs say to programs.
_NO_FACTS = TECHNICAL | get_words(
    'FN N ORG TITLE ROLE TEL EMAIL URL ADR LABEL NOTE LANG KIND AGENT LOGO PHOTO X-ABLABEL X-ABADR '
    'X-ABSHOWAS X-ABUID X-MS-CARDPICTURE X-MS-OL-DESIGN X-MS-OL-DEFAULT-POSTAL-ADDRESS '
    'X-CAMCARD-ID X-IS-ANGLE X-IMAGEHASH X-IMAGETYPE X-EVOLUTION-FILE-AS X-MOZILLA-HTML X-CLASS '
    'X-PRODID X-SHARED-PHOTO-DISPLAY-PREF X-ACCOUNT'
)
_KINDS = {
    'NICKNAME': 'nickname',
    'BDAY': 'birthday',
    'ANNIVERSARY': 'anniversary',
    'X-ANNIVERSARY': 'anniversary',
    'CATEGORIES': 'categories',
    'IMPP': 'profile',
    'X-SOCIALPROFILE': 'profile',
}


class _Lines:
    """The lines of a card by their names, the preferred first."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.all = lines
        self._by_name: dict[str, list[Line]] = defaultdict(list)
        self._labels: dict[str, str] = {}
        for line in sorted(lines, key=lambda line: line.preference):
            self._by_name[line.name].append(line)
        for line in filter(lambda line: line.group, self['X-ABLABEL']):
            self._labels[line.group] = clean_line(line.text)

    def __getitem__(self, name: str) -> Sequence[Line]:
        return self._by_name.get(name, ())

    def get_texts(self, *names: str) -> list[str]:
        """Return the texts of the lines of the names, without empty ones."""
        texts = (clean_line(line.text, _SHORT) for name in names for line in self[name])
        return list(filter(None, texts))

    def get_text(self, *names: str) -> str:
        """Return the first of the texts."""
        return next(iter(self.get_texts(*names)), '')

    @property
    def pictures(self) -> list[Line]:
        """Return the lines that should hold a picture of the person."""
        return [line for name in _PICTURES for line in self[name] if line.value.strip()]

    def get_label(self, line: Line) -> str:
        """Return what somebody called a line, nothing for what all programs call it."""
        given = [self._labels[line.group]] if line.group in self._labels else []
        chosen = (
            _APPLE_LABEL.sub(r'\1', label).removeprefix('X-')
            for label in given or line.params.get('TYPE', ())
        )
        usual = (label for label in chosen if label.strip().upper() not in _USUAL_TYPES)
        return clean_line(', '.join(usual), _SHORT)

    def get_types(self, line: Line) -> set[str]:
        """Return the types of a line, also those that only its label says."""
        label = _APPLE_LABEL.sub(r'\1', self._labels.get(line.group, '')).upper()
        return {*line.types, *(kind for kind in _NOT_FOR_TALKING if label.endswith(kind))}


def read_texts(lines: Sequence[Line]) -> dict[str, Any]:
    """Return what the lines say: fields of a card, also what of them could not be read."""
    card = _Lines(lines)
    values: dict[str, Any] = {'website': '', 'lang': card.get_text('LANG')}
    facts: list[Fact] = []
    for read in (_read_names, _read_phones, _read_emails, _read_websites, _read_places):
        told, more = read(card)
        values.update(told)
        facts += more
    photo, no_photo = _read_photo(card)
    facts += [*_read_others(card), *(Fact('website', text, 'Photo') for text in no_photo)]
    note = '\n'.join(filter(None, (clean_text(line.text) for line in card['NOTE'])))
    left_out = [] if photo or no_photo else [line.name for line in card.pictures[:1]]
    return {
        **values,
        'note': note[:_LONG],
        'photo': photo,
        'left_out': [*left_out, *(['NOTE'] if len(note) > _LONG else [])],
        'facts': tuple(dict.fromkeys(facts)),
    }


# Names


def _read_names(card: _Lines) -> Told:
    person, facts = _read_person(card)
    company, *departments = [*_get_companies(card), ['']][0]
    if _is_company(card, person, company):
        company, person = company or person, ''
    functions = card.get_texts('TITLE', 'ROLE')
    facts += [Fact('company', ', '.join(parts)) for parts in _get_companies(card)[1:]]
    facts += [Fact('role', text) for text in functions[1:] if text != functions[0]]
    return {
        'contact_name': person,
        'partner_name': company,
        'department': ', '.join(filter(None, departments)),
        'function': next(iter(functions), ''),
    }, facts


def _read_person(card: _Lines) -> tuple[str, list[Fact]]:
    """Return the name of the person, and those that say more."""
    parts = [clean_line(part, _SHORT) for line in card['N'][:1] for part in line.parts]
    part = dict(zip(_NAME_PARTS, parts, strict=False))
    written = card.get_texts('FN')
    plain = _join(part, 'given', 'additional', 'family')
    whole = _join(part, 'prefix', 'given', 'additional', 'family', 'suffix')
    person = (written or [plain])[0]
    others = (name for name in (*written[1:], whole) if _says_more(name, person))
    return person, [Fact('name', name) for name in others]


def _says_more(name: str, person: str) -> bool:
    words, known = get_name_keys(name), get_name_keys(person)
    # some scripts have no spaces between the names
    return not words <= known and sorted(''.join(words)) != sorted(''.join(known))


def _join(parts: dict[str, str], *names: str) -> str:
    return ' '.join(filter(None, map(parts.get, names)))


def _get_companies(card: _Lines) -> list[list[str]]:
    companies = ([clean_line(part, _SHORT) for part in line.parts] for line in card['ORG'])
    return [parts for parts in companies if any(parts)]


def _is_company(card: _Lines, person: str, company: str) -> bool:
    kind = card.get_text('KIND', 'X-ABSHOWAS').lower()
    return kind in ('org', 'company') or (bool(company) and person == company)


# Numbers and addresses


def _read_phones(card: _Lines) -> Told:
    phones: dict[str, str] = {}
    facts = []
    for line in card['TEL']:
        label, odd = card.get_label(line), sorted(card.get_types(line) & _NOT_FOR_TALKING)
        for number, text in read_numbers(line.text):
            key = re.sub(r'\D', '', number)
            if odd and 'VOICE' not in line.types:
                facts.append(_get_odd_number(odd, text, label))
            elif not key:
                facts.append(Fact('phone', text, label))
            else:
                is_more = bool(phones) and key not in phones
                phones.setdefault(key, number)
                if is_more or text != number or label:
                    facts.append(Fact('phone', text, label))
    return {'phones': tuple(phones.values())}, facts


def _get_odd_number(kinds: list[str], text: str, label: str) -> Fact:
    if 'FAX' in kinds:
        return Fact('fax', text, label)
    return Fact('phone', text, label or kinds[0].capitalize())


def _read_emails(card: _Lines) -> Told:
    emails: list[str] = []
    facts = []
    for line in card['EMAIL']:
        label = card.get_label(line)
        found, rest = read_addresses_of_mail(line.text)
        facts += [Fact('email', email, label) for email in found if label or emails]
        if rest:
            facts.append(Fact('email', rest, label))
        emails += found
    return {'emails': tuple(dict.fromkeys(emails))}, facts


def _read_websites(card: _Lines) -> Told:
    told = [(clean_line(line.text, _SHORT), card.get_label(line)) for line in card['URL']]
    sites = [(site, label) for site, label in told if site]
    first = sites[0][0] if sites else ''
    return {'website': first}, [
        Fact('website', site, label) for site, label in sites if label or site != first
    ]


def _read_places(card: _Lines) -> Told:
    countries = {line.group: clean_line(line.text) for line in card['X-ABADR']}
    places, facts, texts = [], [], []
    for line in card['ADR']:
        place = read_place(line.parts, countries.get(line.group, ''))
        label, text = card.get_label(line), ', '.join(filter(None, place.values()))
        if text:
            if label or (texts and text != texts[0]):
                facts.append(Fact('address', text, label))
            places.append(place)
            texts.append(text)
    known = get_name_keys(' '.join(texts))
    whole = (label for label in _get_address_labels(card) if not get_name_keys(label) <= known)
    facts += [Fact('address', text) for text in whole]
    return places[0] if places else read_place([], ''), facts


def _get_address_labels(card: _Lines) -> Iterable[str]:
    """Return addresses as they stand on envelopes."""
    written = (
        Line('LABEL', label).text for line in card['ADR'] for label in line.params.get('LABEL', ())
    )
    printed = (', '.join(line.text.split('\n')) for line in card['LABEL'])
    texts = (', '.join(filter(str.strip, text.split('\n'))) for text in (*written, *printed))
    return (clean_line(text, _SHORT) for text in texts)


# Everything else


def _read_others(card: _Lines) -> list[Fact]:
    lines = (line for line in card.all if line.name not in _NO_FACTS)
    facts = (_read_other(card, line) for line in lines)
    return [fact for fact in facts if fact.text]


def _read_other(card: _Lines, line: Line) -> Fact:
    if line.name == 'X-ANDROID-CUSTOM':
        return _read_android(line)
    kind, label = _KINDS.get(line.name, 'other'), card.get_label(line)
    text = clean_line(line.text.strip('; '), 4 * _SHORT)
    if kind == 'categories':
        text = text.replace('* ', '').replace('myContacts', '').strip(', ')
    if kind == 'profile':
        label = label or ', '.join(line.params.get('X-SERVICE-TYPE', ()))
    if kind == 'other':
        label = label or line.name.removeprefix('X-').replace('-', ' ').capitalize()
    return Fact(kind, text, label)


def _read_android(line: Line) -> Fact:
    """Return what stands as ``vnd.android.cursor.item/nickname;Luci;1;;``."""
    kind, *parts = line.parts
    name = kind.rpartition('/')[2].replace('_', ' ')
    text = clean_line(', '.join(part for part in parts if len(part) > 1), 4 * _SHORT)
    kind = _KINDS.get(name.upper(), 'other')
    return Fact(kind, text, name.capitalize() if kind == 'other' else '')


def _read_photo(card: _Lines) -> tuple[bytes, list[str]]:
    """Return the picture of the person, and the addresses of others."""
    pictures = map(read_picture, card.pictures)
    texts = (line.text for line in card.pictures if line.value[:4].lower() == 'http')
    photo = next(filter(get_picture_type, pictures), b'')
    return photo, [clean_line(text, _SHORT) for text in texts]
