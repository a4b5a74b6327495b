"""The lines of business cards (vCard): bytes of whatever program, made names and values.

Read line by line, so that a line that nobody can read costs nothing but itself. A library for
calendars and cards refuses the whole card instead, and takes forever on some broken lines.
"""

from __future__ import annotations

import quopri
import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .text import clean_line, get_words

# What cards say of people.
_TELLING = get_words(
    'N FN NICKNAME BDAY ANNIVERSARY GENDER ADR LABEL TEL EMAIL IMPP LANG TZ GEO TITLE ROLE ORG '
    'MEMBER RELATED CATEGORIES NOTE URL PHOTO LOGO AGENT KIND FBURL CALURI CALADRURI'
)
# What programs say to programs.
TECHNICAL = get_words(
    'BEGIN END VERSION PRODID UID REV CLASS MAILER NAME PROFILE SOURCE XML CLIENTPIDMAP '
    'SORT-STRING KEY SOUND'
)
_KNOWN = _TELLING | TECHNICAL
# What goes on for many lines and holds no words.
BULKY = get_words('PHOTO LOGO SOUND KEY X-MS-CARDPICTURE')
# What programs break into lines without saying so.
_BREAKABLE = get_words('N FN NICKNAME ADR LABEL TITLE ROLE ORG CATEGORIES NOTE')
_NAME = re.compile(rb'(?:[\w-]+\.)?([A-Za-z][\w-]*)(?:/[\w-]*)*\s*[;:]')
_QUOTED = re.compile(r'"[^"]*"')
_NAMED = re.compile(r'(?:([\w-]+)\.)?([A-Za-z][\w-]*)((?:/[\w-]*)*)\s*')
_ITEMS = re.compile(r'(?:"[^"]*"|[^;])+')
_VALUES = re.compile(r'(?:"[^"]*"|[^,])+')
_CHARSET = re.compile(rb'CHARSET="?([\w-]+)', re.IGNORECASE)
_QUOTED_PRINTABLE = re.compile(rb'QUOTED-PRINTABLE', re.IGNORECASE)
_BLANKS_AT_END = re.compile(rb'=[ \t]+\n')
_BASE_64 = re.compile(rb'BASE64|ENCODING="?B(?![\w-])', re.IGNORECASE)
# As Android names what its user called a number: X-CUSTOM(CHARSET=UTF-8,ENCODING=...,=4D=C3=B3)
_CUSTOM = re.compile(r'X-CUSTOM\((.*)\)', re.DOTALL | re.IGNORECASE)
# As most are written, as old programs wrote, and what takes whatever comes.
_UNICODE, _WESTERN, _ANY_BYTE = 'utf-8', 'cp1252', 'latin-1'
# Alphabets in which every byte is a letter: what is Unicode all the same is no accident.
_SINGLE_BYTE = re.compile(r'(?:iso-?8859|windows-125|cp125|latin|us-ascii|ascii)', re.IGNORECASE)
# Programs that break coded lines where they must do so near the 76th column.
_FULL_LINE = 70
_TOLD = 80


@dataclass(frozen=True)
class Line:
    """A property of a card. The value is a text or parts of one, still escaped."""

    name: str
    value: str
    group: str = ''
    params: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def types(self) -> set[str]:
        """Return WORK, CELL, PREF ... in capitals."""
        return {kind.strip().upper() for kind in self.params.get('TYPE', ())}

    @property
    def text(self) -> str:
        """Return the whole value as one text."""
        return unescape(self.value)

    @property
    def parts(self) -> list[str]:
        """Return the parts of the value; a list in a part is one text."""
        return [
            ', '.join(unescape(item).strip() for item in split_escaped(part, ','))
            for part in split_escaped(self.value, ';')
        ]

    @property
    def preference(self) -> int:
        """Return 1 for the most preferred of the lines of one name, 101 for the others."""
        rank = next(iter(self.params.get('PREF', ())), '')
        if rank.isdecimal():
            return int(rank)
        return 1 if 'PREF' in self.types else 101


def read_lines(lines: Iterable[bytes], encoding: str) -> tuple[list[Line], list[str]]:
    """Return what could be read of the lines of a card, and what could not.

    :param encoding: what the file is written in where it is neither Unicode nor says so
    """
    read, left_out = [], []
    for raw in _unfold(lines):
        if line := _read_line(raw, encoding):
            read.append(line)
        else:
            left_out.append(clean_line(_decode(raw[:_TOLD], [], encoding)[0]))
    return read, left_out


def find_encoding(content: bytes) -> str:
    """Return the first alphabet that a file names, else that of the West."""
    charset = _CHARSET.search(content)
    return charset[1].decode() if charset else _WESTERN


def read_picture(line: Line) -> bytes:
    """Return the bytes of a picture, none where the line holds none."""
    code = line.text.rpartition('base64,')[2]
    return _decode_base_64(''.join(code.split())) or b''


def unescape(text: str) -> str:
    """Return a text without the backslashes that keep its characters apart from separators."""
    return re.sub(r'\\(.)', _unescape_character, text)


def escape(text: str) -> str:
    """Return a text as the value of a line holds it."""
    return re.sub(r'([\\;,])', r'\\\1', text).replace('\n', r'\n')


def split_escaped(text: str, separator: str) -> list[str]:
    """Return what stands between separators that are not escaped."""
    parts: list[list[str]] = [[]]
    for character in re.findall(r'\\.|.', text, re.DOTALL):
        if character == separator:
            parts.append([])
        else:
            parts[-1].append(character)
    return [''.join(part) for part in parts]


def _unescape_character(match: re.Match) -> str:
    character = match[1]
    if character in 'nN':
        return '\n'
    return character if character in '\\;,:"' else match[0]


# From lines of a file to lines of a card


def _unfold(lines: Iterable[bytes]) -> list[bytes]:
    """Return lines that were broken as one; a break that nobody escaped becomes one that is."""
    whole: list[list[bytes]] = []
    for line in lines:
        rest = _get_continuation(whole[-1], line) if whole else None
        if rest is not None:
            whole[-1].append(rest)
        elif line.strip():
            whole.append([line])
    return [b''.join(pieces) for pieces in whole]


def _get_continuation(pieces: list[bytes], line: bytes) -> bytes | None:
    """Return what a line adds to the one before, None where it begins one of its own."""
    head, last = pieces[0].partition(b':')[0], pieces[-1].rstrip()
    is_coded = bool(_QUOTED_PRINTABLE.search(head))
    if is_coded and last.endswith(b'='):
        return None if _is_surely_property(line) else b'\n' + _outdent(last, line)
    if not line.strip():
        return b''
    if line.startswith((b' ', b'\t')):
        return line[1:]
    name = _get_name(pieces[0])
    if _is_property(line, name):
        return None
    return _join_raw(head, name, line, is_coded)


def _join_raw(head: bytes, name: bytes, line: bytes, is_coded: bool) -> bytes | None:
    """Return a line that is not marked as what it is, the rest of the one before."""
    if name.decode() in BULKY or _BASE_64.search(head):
        return line
    if name.decode() not in _BREAKABLE and not name.startswith(b'X-'):
        return None
    return (b'=0A' if is_coded else b'\\n') + line


def _outdent(last: bytes, line: bytes) -> bytes:
    """Return the rest of a coded line without an indent in the midst of a word."""
    is_indented = line.startswith((b' ', b'\t')) and len(last) < _FULL_LINE
    is_in_word = last[-2:-1].isalnum() and line[1:2].isalnum()
    return line[1:] if is_indented and is_in_word else line


def _get_name(line: bytes) -> bytes:
    match = _NAME.match(line)
    return match[1].upper() if match else b''


def _is_property(line: bytes, before: bytes) -> bool:
    """Tell whether a line begins a property, and is not a sentence with a colon.

    :param before: the property that it would else belong to
    """
    match = _NAME.match(line)
    if not match:
        return False
    name, capitals = match[1], match[1].upper().decode()
    if capitals.startswith('X-'):
        return True
    if name.isupper():
        return capitals in _KNOWN or b':' in line
    if before == b'NOTE':
        return capitals in _TELLING and name.islower()
    return capitals in _KNOWN


def _is_surely_property(line: bytes) -> bool:
    """Tell whether a line begins a property although the one before says that it goes on."""
    name = _get_name(line)
    return name.decode() in _KNOWN and line.startswith(name) and b':' in line


# From a line to a property


def _read_line(raw: bytes, encoding: str) -> Line | None:
    head_bytes = raw.partition(b':')[0]
    charsets = [name.decode() for name in _CHARSET.findall(head_bytes)]
    text, used = _decode(raw, charsets, encoding)
    head, value = _split_head(text)
    named = _NAMED.match(head)
    if not named or ':' not in text:
        return None
    params = _read_params([*_ITEMS.findall(head[named.end() :]), *named[3].split('/')])
    name = named[2].upper().replace('_', '-')
    if name not in BULKY:
        value = _decode_value(value.encode(used), params, [*charsets, used], encoding)
    return Line(name, value, (named[1] or '').lower(), params)


def _split_head(text: str) -> tuple[str, str]:
    """Return what stands before and after the first colon that no quotes hold."""
    hidden = _QUOTED.sub(_hide, text)
    head = (hidden if ':' in hidden else text).partition(':')[0]
    return text[: len(head)], text[len(head) + 1 :]


def _hide(match: re.Match) -> str:
    return '"' * len(match[0])


def _read_params(items: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the parameters by name; those of old versions have none, and are types."""
    params: dict[str, tuple[str, ...]] = {}
    for item in filter(None, items):
        key, values = _read_param(item)
        params[key] = (*params.get(key, ()), *values)
    return params


def _read_param(item: str) -> tuple[str, list[str]]:
    if custom := _CUSTOM.match(item):
        return 'TYPE', [_read_custom(custom[1])]
    key, is_named, value = item.partition('=')
    if not is_named:
        return 'TYPE', [item.strip()]
    values = [text.strip('" ') for text in _VALUES.findall(value)]
    if key.strip().upper() == 'TYPE':
        # "voice,home": some put the quotes around all
        values = [kind for text in values for kind in text.split(',')]
    return key.strip().upper(), values


def _read_custom(text: str) -> str:
    coding, _comma, label = text.rpartition(',')
    if 'QUOTED-PRINTABLE' not in coding.upper():
        return label
    return _decode(quopri.decodestring(label.encode()), [], _WESTERN)[0]


def _decode_value(
    value: bytes, params: Mapping[str, tuple[str, ...]], charsets: list[str], encoding: str
) -> str:
    """Return the value of a line as text, whatever it was coded in."""
    codings = {text.upper() for text in (*params.get('ENCODING', ()), *params.get('TYPE', ()))}
    if codings & {'QUOTED-PRINTABLE', 'Q'}:
        value = quopri.decodestring(_BLANKS_AT_END.sub(b'=\n', value))
    elif codings & {'BASE64', 'B'}:
        value = _decode_base_64(value.decode(_ANY_BYTE)) or value
    return _decode(value, charsets, encoding)[0].replace('\r\n', '\n')


def _decode_base_64(code: str) -> bytes | None:
    try:
        return b64decode(code + '=' * (-len(code) % 4), validate=True)
    except ValueError:
        return None


def _decode(content: bytes, charsets: list[str], encoding: str) -> tuple[str, str]:
    """Return a text and its alphabet: as the line says, Unicode, as the file says, Western."""
    encodings = [*charsets, _UNICODE, encoding, _WESTERN]
    if any(map(_SINGLE_BYTE.match, charsets)):
        encodings.insert(0, _UNICODE)
    for name in encodings:
        try:
            return content.decode(name), name
        except (ValueError, LookupError):
            continue
    return content.decode(_ANY_BYTE), _ANY_BYTE
