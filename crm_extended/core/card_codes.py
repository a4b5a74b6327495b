"""Business cards that are no vCard: MECARD and BIZCARD of QR codes, jCard (RFC 7095)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from .card_lines import Line, escape, split_escaped, unescape

# A card to read: its bytes, its lines, and what of it is none.
Code = tuple[bytes, list[Line], list[str]]

_CODES = re.compile(r'^\s*(MECARD|BIZCARD):(.*?)(?=^\s*(?:MECARD|BIZCARD):|\Z)', re.I | re.M | re.S)
_BIZCARD_NAMES = {
    'T': ('TITLE',),
    'C': ('ORG',),
    'A': ('ADR',),
    'B': ('TEL', 'WORK'),
    'M': ('TEL', 'CELL'),
    'F': ('TEL', 'FAX'),
    'E': ('EMAIL',),
}
_ADDRESS_PARTS = 7


def read_codes(content: bytes) -> Iterator[Code]:
    """Yield the cards of a file that holds codes, nothing of a file of vCards."""
    if content.lstrip().startswith(b'['):
        yield from _read_json(content)
    elif content.lstrip()[:5].upper() in (b'MECAR', b'BIZCA'):
        for kind, fields in _CODES.findall(content.decode(errors='replace')):
            yield _read_code(kind.upper(), fields)


# QR codes


def _read_code(kind: str, text: str) -> Code:
    fields, left_out = [], []
    for item in split_escaped(text.strip(), ';'):
        name, has_colon, value = item.strip().partition(':')
        if has_colon:
            fields.append((name.upper(), value))
        elif name:
            left_out.append(name)
    read = _read_mecard if kind == 'MECARD' else _read_bizcard
    return f'{kind}:{text.strip()}\n'.encode(), read(fields), left_out


def _read_mecard(fields: list[tuple[str, str]]) -> list[Line]:
    return [_read_mecard_field(name, value) for name, value in fields]


def _read_mecard_field(name: str, value: str) -> Line:
    parts = [escape(unescape(part)) for part in split_escaped(value, ',')]
    if name == 'N' or (name == 'ADR' and len(parts) == _ADDRESS_PARTS):
        return Line(name, ';'.join(parts))
    return Line(name.removesuffix('-AV'), escape(unescape(value)))


def _read_bizcard(fields: list[tuple[str, str]]) -> list[Line]:
    values = {name: escape(unescape(value)) for name, value in fields}
    given, family = values.get('N', ''), values.get('X', '')
    lines = [Line('N', f'{family};{given}')]
    for name, value in fields:
        if name not in ('N', 'X'):
            target, *kinds = _BIZCARD_NAMES.get(name, (name,))
            lines.append(Line(target, escape(unescape(value)), params={'TYPE': tuple(kinds)}))
    return lines


# JSON


def _read_json(content: bytes) -> Iterator[Code]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return
    for card in found if isinstance(found[:1] and found[0], list) else [found]:
        if _is_jcard(card):
            yield _read_jcard(card)


def _is_jcard(card: Any) -> bool:
    return isinstance(card, list) and card[:1] == ['vcard'] and isinstance(card[-1], list)


def _read_jcard(card: list) -> Code:
    lines, left_out = [], []
    for item in card[-1]:
        if _is_jcard_property(item):
            lines.append(_read_jcard_property(*item))
        else:
            left_out.append(json.dumps(item, ensure_ascii=False))
    return json.dumps(card, ensure_ascii=False).encode(errors='ignore'), lines, left_out


def _is_jcard_property(item: Any) -> bool:
    return (
        isinstance(item, list)
        and len(item) > 3
        and isinstance(item[0], str)
        and isinstance(item[1], dict)
    )


def _read_jcard_property(name: str, params: dict, _type: Any, *values: Any) -> Line:
    texts = {key.upper(): tuple(map(str, _to_list(value))) for key, value in params.items()}
    group = ''.join(texts.pop('GROUP', ()))
    return Line(name.upper(), ','.join(map(_write_parts, values)), group.lower(), texts)


def _write_parts(value: Any) -> str:
    """Return a value of JSON as a line of a vCard holds it: parts, and lists in them."""
    return ';'.join(
        ','.join(escape(str(text)) for text in _to_list(part)) for part in _to_list(value)
    )


def _to_list(value: Any) -> list:
    return value if isinstance(value, list) else [value]
