"""What is wrong with criteria, told apart by what the program says of it."""

from __future__ import annotations

import re
from typing import NamedTuple


class Reason(NamedTuple):
    """What kind of mistake it is, and the part of the criteria that it is in."""

    kind: str
    part: str = ''


PATTERNS = {
    'field': re.compile(r'Invalid field [\w.]+\.(?P<part>\w+) in condition'),
    'operator': re.compile(r'Invalid operator in condition \([^,]+, (?P<part>[^,]+), '),
    'search': re.compile(r'Cannot convert (?P<part>[\w.]+) to SQL'),
    'date': re.compile(
        r'(Failed to cast|in expression date:|isoformat string:) (?P<part>.+?)( into a date.*)?$'
    ),
    'length': re.compile(r'longer than (?P<part>\d+) characters'),
    'form': re.compile(
        r'invalid (item|argument)|malformed|syntax|never closed|unexpected|unterminated'
        r'|not a valid|nested|recursion|memory',
        re.IGNORECASE,
    ),
}


def get_reason(text: str) -> Reason:
    """Return the kind of the mistake that a text speaks of, `other` where that is not known."""
    for kind, pattern in PATTERNS.items():
        if match := pattern.search(text):
            return Reason(kind, match.groupdict().get('part', '').strip('\'"'))
    return Reason('other')
