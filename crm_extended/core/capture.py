"""What strangers post from a website: what of it is kept, and how much in which time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_interface
from typing import Any
from urllib.parse import urlsplit

from .text import clean_email, clean_line, clean_text

Post = dict[str, str]
File = tuple[str, bytes]
Cleaner = Callable[[object, int], str]

# What a post may carry, and how many characters of it are kept.
POST_FIELDS = {
    'name': 200,
    'subject': 200,
    'contact_name': 120,
    'email': 254,
    'phone': 60,
    'company': 200,
    'message': 20_000,
    'utm_campaign': 100,
    'utm_medium': 100,
    'utm_source': 100,
    'street': 200,
    'city': 100,
    'zip': 24,
    'website': 200,
    'function': 120,
    'page': 500,
    'referrer': 500,
    'lang': 10,
    'consent': 10,
    'consent_version': 10,
    'seconds': 10,
    'clicks': 1000,
    'notes': 20_000,
    'files': 2000,
}
# What is not one line of text.
CLEANERS: dict[str, Cleaner] = {'message': clean_text, 'clicks': clean_text, 'notes': clean_text}
# What differs between two clicks on the same thing.
PASSING_FIELDS = {'seconds'}
# Any one of these makes a lead.
TELLING_FIELDS = (
    'name', 'subject', 'contact_name', 'email', 'phone', 'company', 'message', 'notes',
)  # fmt: skip
# Who sent a post, the best answer first.
SENDER_FIELDS = ('contact_name', 'company', 'email', 'phone')
ADDRESS = re.compile(r'[^@\s<>,;:"]+@[^@\s<>,;:"]+\.[^@\s<>,;:"]+')
# So much of a line is looked through for an address.
LINE_LENGTH = 1000
FILE_NAME_LENGTH = 120
LEAST_SHARE = 3
# A field that people do not see and machines fill in.
TRAP_FIELD = 'contact_by_fax'


def clean_post(raw_post: Mapping[str, Any], cleaners: Mapping[str, Cleaner]) -> Post:
    """Return the known fields as texts of limited length, empty where nothing came.

    :param cleaners: what makes the text of a field, for those that are not just one line
    """
    post = {}
    for name, length in POST_FIELDS.items():
        value = raw_post.get(name)
        clean = cleaners.get(name, clean_line)
        post[name] = '' if value in (None, False) else clean(value, length)
    return post


def clean_address(
    split: Callable[[str], Sequence[str]], value: object, length: int | None = None
) -> str:
    """Return the first valid address of what was typed, else the line as it is.

    :param split: returns the addresses in a text, with the names before them
    """
    line = clean_line(value, LINE_LENGTH)
    found = ADDRESS.search(line)
    return clean_email(split, line, length) if '<' in line or not found else found[0][:length]


def is_telling(post: Post) -> bool:
    """Tell whether a lead can be made of the post."""
    return any(post[name] for name in TELLING_FIELDS)


def get_title(post: Post) -> str:
    """Return what the sender called it, if anything."""
    return post['name'] or post['subject']


def get_sender(post: Post) -> str:
    """Return who sent the post, as well as it says so."""
    return next(filter(None, (post[name] for name in SENDER_FIELDS)), '')


def get_message(post: Post) -> str:
    """Return what was written, and below it what else was said."""
    return '\n\n'.join(filter(None, (post['message'], post['notes'])))


def get_digest(post: Post) -> str:
    """Return a fingerprint of all that the post says, from which nobody learns what that is."""
    said = {name: text for name, text in post.items() if name not in PASSING_FIELDS}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def split_files(
    files: Sequence[File], number: int, size: int
) -> tuple[list[File], list[tuple[str, int]]]:
    """Return the files that are kept, and the name and size in bytes of the others.

    :param number: so many are kept
    :param size: the largest, in bytes
    """
    kept, left = [], []
    for name, content in files:
        name = clean_line(name.replace('\\', '/').rpartition('/')[2], FILE_NAME_LENGTH) or 'file'
        if len(kept) < number and len(content) <= size:
            kept.append((name, content))
        else:
            left.append((name, len(content)))
    return kept, left


def get_share(limit: int, percent: int) -> int:
    """Return how much of a form's limit one sender may use up, never less than a few."""
    return max(LEAST_SHARE, limit * percent // 100)


def get_network(address: str) -> str:
    """Return where a sender is: his address, of IPv6 the half that names his network."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    return str(ip_interface(f'{ip}/64').network)


def is_too_fast(seconds: str, least: int) -> bool:
    """Tell whether a form was filled in faster than people type; who tells nothing is not."""
    return seconds.isdecimal() and int(seconds) < least


def find_language(told: str, installed: Sequence[str]) -> str:
    """Return the installed language that is nearest to what a browser or a form tells.

    :param told: ``es``, ``es_MX`` or ``es-MX,es;q=0.9``: the first one counts
    """
    code = re.split('[,;]', told.replace('-', '_'))[0].strip().lower()
    exact = [lang for lang in installed if lang.lower() == code]
    near = [lang for lang in installed if code and lang.lower()[:2] == code.partition('_')[0]]
    return next(iter(exact + near), '')


def get_window_start(moment: datetime, length: timedelta) -> datetime:
    """Return when the window of a moment began; the first of each day begins at midnight."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (moment - midnight) // length * length


def is_complete_address(text: str) -> bool:
    """Tell whether a text is the address of a web page, of whatever host."""
    address = urlsplit(text)
    return address.scheme in ('http', 'https') and bool(address.netloc)
