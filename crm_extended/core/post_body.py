"""The body of a post: from bytes to names and values, whatever program wrote it."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from .post_entries import PostError, get_text, is_field

# So much text is read; files come on top of it.
MAX_TEXT = 64 * 1024
MAX_PARTS = 1000
MAX_BRACKETS = 6
# Reads gzip and zlib alike.
ANY_HEADER = 32 + zlib.MAX_WBITS
PACKED = {'gzip', 'x-gzip', 'deflate'}
UNPACKED = {'', 'identity'}
# Each byte is a character: for taking a text apart before it is known what it means.
BYTES = 'latin-1'
HEAD = 'Content-Type'
# What is meant where nothing is told, and what old pages write that tell nothing.
CHARSET, OLD_CHARSET = 'utf-8', 'cp1252'
BRACKETS = re.compile(r'\[([^\[\]]*)\]')


def unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """Return a body that may be packed, and never more of it than the limit."""
    coding = encoding.strip().lower()
    if coding in UNPACKED:
        return body
    if coding not in PACKED:
        raise PostError('packed')
    unpacker = zlib.decompressobj(ANY_HEADER)
    try:
        content = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise PostError('packed') from error
    if len(content) > limit:
        raise PostError('large')
    if not unpacker.eof:
        raise PostError('packed')
    return content


def read_body(body: bytes, content_type: str) -> list[dict[str, Any]]:
    """Return the posts that a body without files says: nearly always one.

    :param content_type: as the sender told it; JSON is recognised under every name, because
        scripts that must not ask for permission send it as plain text
    :raise PostError: it says nothing that can be read
    """
    if len(body) > MAX_TEXT:
        raise PostError('large')
    mimetype, charset = read_content_type(content_type)
    if mimetype.endswith('json'):
        return _get_posts(_read_json(body, charset))
    return _read_text(body, mimetype, charset)


def read_content_type(content_type: str) -> tuple[str, str]:
    """Return the kind and the character set that a head tells."""
    head = Message()
    head[HEAD] = content_type
    return head.get_content_type(), head.get_content_charset(CHARSET)


def nest(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields of a form, with ``a[b][c]`` opened and what came twice as a list."""
    nested: dict[str, Any] = {}
    for name, value in pairs:
        path = _get_path(name)
        inner = nested
        for part in path[:-1]:
            inner = _open(inner, part)
        _put(inner, path[-1], value)
    return nested


def flatten(nested: Any, name: str = '', depth: int = MAX_BRACKETS) -> Iterator[tuple[str, str]]:
    """Return the names and texts of a form again, from which ``nest`` makes the same.

    :param depth: so many brackets of a name are told; nothing below that
    """
    if isinstance(nested, dict) and depth >= 0:
        for part, value in nested.items():
            yield from flatten(value, f'{name}[{part}]' if name else part, depth - 1)
    elif isinstance(nested, list) and depth >= 0:
        for value in nested:
            yield from flatten(value, name, depth - 1)
    elif not isinstance(nested, (dict, list)):
        yield name, get_text(nested)


def decode(content: bytes, charset: str) -> str:
    """Return the text of bytes: as told if that is true, else as the old web writes it."""
    for name in (charset, CHARSET):
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return content.decode(OLD_CHARSET, errors='replace')


# === Texts === #


def _read_text(body: bytes, mimetype: str, charset: str) -> list[dict[str, Any]]:
    if body.lstrip()[:1] in (b'{', b'['):
        with suppress(PostError):  # it may look like JSON and be none
            return _get_posts(_read_json(body, charset))
    if mimetype == 'text/plain':
        return [_read_plain(decode(body, charset))]
    return [nest(_read_form(body, charset))]


def _read_plain(text: str) -> dict[str, Any]:
    """Return the ``name=value`` lines of a plain form, or the whole text as a message."""
    lines = text.strip().splitlines()
    if lines and all(re.match(r'[\w.\[\]-]+=', line) for line in lines):
        return nest(tuple(line.split('=', 1)) for line in lines)  # type: ignore[misc]
    return {'message': text} if lines else {}


def _read_form(body: bytes, charset: str) -> list[tuple[str, str]]:
    """Return the pairs of a form; each text is decoded alone, so one wrong one spoils no other."""
    try:
        raw_pairs = parse_qsl(
            body.decode(BYTES),
            keep_blank_values=True,
            encoding=BYTES,
            max_num_fields=MAX_PARTS,
        )
    except ValueError as error:
        raise PostError('parts') from error
    told = dict(raw_pairs).get('_charset_') or charset
    return [
        (decode(name.encode(BYTES), told), decode(value.encode(BYTES), told))
        for name, value in raw_pairs
    ]


def _read_json(body: bytes, charset: str) -> Any:
    with suppress(ValueError, RecursionError):  # perhaps only the bytes are wrong
        return json.loads(body)
    try:
        return json.loads(decode(body, charset))
    except (ValueError, RecursionError) as error:
        raise PostError('json') from error


def _get_posts(value: Any) -> list[dict[str, Any]]:
    """Return the posts of a JSON value: an object, a list of fields, or a list of objects."""
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list) or not value or not all(isinstance(i, dict) for i in value):
        raise PostError('object')
    return [{'fields': value}] if all(map(is_field, value)) else value


# === Names with brackets === #


def _get_path(name: str) -> list[str]:
    start = name.find('[')
    if start < 1 or not name.endswith(']'):
        return [name]
    parts = BRACKETS.findall(name[start:])
    is_whole = ''.join(f'[{part}]' for part in parts) == name[start:]
    if not is_whole or len(parts) > MAX_BRACKETS:
        return [name]
    return [name[:start], *(part for part in parts if part)]


def _open(inner: dict[str, Any], part: str) -> dict[str, Any]:
    """Return the object below a name; a text that stands there already stays, without a name."""
    below = inner.get(part)
    if not isinstance(below, dict):
        below = inner[part] = {} if below is None else {'': below}
    return below


def _put(inner: dict[str, Any], name: str, value: Any) -> None:
    known = inner.get(name)
    if isinstance(known, dict):
        _put(known, '', value)
    elif isinstance(known, list):
        known.append(value)
    else:
        inner[name] = value if known is None else [known, value]
