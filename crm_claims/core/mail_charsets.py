"""Texts of mails whose letters are declared wrongly, or not at all."""

from __future__ import annotations

import base64
import codecs
import quopri
import re
from dataclasses import dataclass

import chardet

# Python knows these, and they are no charsets of mails.
NO_CHARSETS = {'idna', 'punycode', 'raw-unicode-escape', 'undefined', 'unicode-escape'}
# What programs mean that declare the left: it has the same letters and more.
SUPERSETS = {
    'iso8859-1': 'cp1252',
    'iso8859-9': 'cp1254',
    'gb2312': 'gb18030',
    'gbk': 'gb18030',
    'shift_jis': 'cp932',
    'euc_kr': 'cp949',
    'big5': 'cp950',
}
# Letters of one byte each: nearly everything can be read as such, so it proves nothing.
NARROW = re.compile(r'(iso8859|cp125|koi8|mac|cp8|cp4|ascii)')
LEAST_CONFIDENCE = 0.5  # below that, a guess of the library is worse than Western Europe
SAMPLE_SIZE = 20_000  # bytes
LONG_ASCII = re.compile(rb'([\x00-\x7f]{30})[\x00-\x7f]+([\x00-\x7f]{30})')
ENCODED_WORD = r'=\?(?P<charset>[\w.:+-]+)(?:\*[\w-]+)?\?(?P<way>[bqBQ])\?(?P<text>[^?\s]*)\?='
ENCODED_WORDS = re.compile(rf'{ENCODED_WORD}(?:\s+=\?[\w.:*+-]+\?[bqBQ]\?[^?\s]*\?=)*')


@dataclass(frozen=True)
class Reading:
    """A text, and whether it says for sure what was written."""

    text: str
    is_sure: bool


def read(data: bytes, declared: str | None = None) -> Reading:
    """Return the text of bytes that declare their charset wrongly, or none."""
    charset = get_charset(declared)
    text = _decode(data, charset) if charset else None
    if text is not None and not _is_doubtful(data, text, charset):
        return Reading(text, is_sure=True)
    unicode = _decode(data, 'utf-8')
    if unicode is not None:
        return Reading(unicode, is_sure=True)
    return _read_superset(data, charset) or _guess(data, charset)


def get_charset(declared: str | None) -> str | None:
    """Return Python's name of a charset, None if there is none of that name."""
    try:
        info = codecs.lookup((declared or '').strip().strip('\'";'))
    except (LookupError, ValueError):
        return None
    is_text = getattr(info, '_is_text_encoding', True)
    return info.name if is_text and info.name not in NO_CHARSETS else None


def mend_head(value: str) -> str:
    """Return what stands in a head, in one line and readable: bytes that no head may hold, and
    coded words of charsets that do not exist or that cannot be what they say."""
    text = unfold(value)
    if re.search('[\ud800-\udfff]', text):
        text = unfold(read(text.encode('utf-8', 'surrogateescape')).text)
    return ENCODED_WORDS.sub(_mend_words, text)


def unfold(value: str) -> str:
    """Return what stands in a head in one line."""
    return ' '.join(value.split())


def _mend_words(match: re.Match[str]) -> str:
    words = list(re.finditer(ENCODED_WORD, match[0]))
    if all(_is_readable(word) for word in words):
        return match[0]
    data = b''.join(_get_bytes(word) for word in words)
    code = base64.b64encode(read(data, words[0]['charset']).text.encode()).decode()
    return f'=?utf-8?b?{code}?='


def _is_readable(word: re.Match[str]) -> bool:
    charset = get_charset(word['charset'])
    return charset is not None and _decode(_get_bytes(word), charset) is not None


def _get_bytes(word: re.Match[str]) -> bytes:
    raw = word['text'].encode('utf-8', 'replace')
    if word['way'].lower() == 'q':
        return quopri.decodestring(raw, header=True)
    try:
        return base64.b64decode(raw + b'=' * (-len(raw) % 4))
    except ValueError:
        return raw


def _decode(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except (UnicodeError, ValueError):
        return None


def _is_doubtful(data: bytes, text: str, charset: str | None) -> bool:
    """Tell a text that can be read as declared, and is not that: UTF-8 read as Latin letters, or
    controls where Windows has quotes and the euro."""
    if not charset or not NARROW.match(charset) or data.isascii():
        return False
    return _decode(data, 'utf-8') is not None or bool(re.search('[\x80-\x9f]', text))


def _read_superset(data: bytes, charset: str | None) -> Reading | None:
    """Return what was meant where a program declares less than it uses."""
    wider = SUPERSETS.get(charset or '')
    text = _decode(data, wider) if wider else None
    return None if text is None else Reading(text, is_sure=True)


def _guess(data: bytes, charset: str | None) -> Reading:
    """Return the likeliest text. Of a damaged one, whatever of it can be read."""
    if charset == 'utf-8' and _is_damaged_unicode(data):
        return Reading(data.decode('utf-8', 'replace'), is_sure=False)
    found = chardet.detect(_get_sample(data))
    is_likely = (found['confidence'] or 0) >= LEAST_CONFIDENCE
    guessed = get_charset(found['encoding']) if is_likely else None
    text = _decode(data, SUPERSETS.get(guessed, guessed)) if guessed else None
    return Reading(data.decode('cp1252', 'replace') if text is None else text, is_sure=False)


def _get_sample(data: bytes) -> bytes:
    """Return the neighbourhood of what is not ASCII: the library needs no more, and would take
    minutes for long runs of letters."""
    return LONG_ASCII.sub(rb'\1 \2', data)[:SAMPLE_SIZE]


def _is_damaged_unicode(data: bytes) -> bool:
    """Tell UTF-8 with some wrong bytes from another charset: most of its letters are right."""
    text = data.decode('utf-8', 'replace')
    wrong = text.count('\N{REPLACEMENT CHARACTER}')
    right = sum(not char.isascii() for char in text) - wrong
    return right > wrong
