"""What strangers post from a website: what of it is kept, and how much in which time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from .text import clean_line, clean_text

Post = dict[str, str]
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
}
# What is not one line of text.
CLEANERS: dict[str, Cleaner] = {'message': clean_text}
# Any one of these makes a lead.
TELLING_FIELDS = ('name', 'subject', 'contact_name', 'email', 'phone', 'company', 'message')
# Who sent a post, the best answer first.
SENDER_FIELDS = ('contact_name', 'company', 'email', 'phone')
# A field that people do not see and machines fill in.
TRAP_FIELD = 'contact_by_fax'


def find_no_text(raw_post: Mapping[str, Any]) -> str | None:
    """Return the first of the known fields that is no text but a list or an object of JSON."""
    no_texts = (name for name in POST_FIELDS if isinstance(raw_post.get(name), (dict, list)))
    return next(no_texts, None)


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


def is_telling(post: Post) -> bool:
    """Tell whether a lead can be made of the post."""
    return any(post[name] for name in TELLING_FIELDS)


def get_title(post: Post) -> str:
    """Return what the sender called it, if anything."""
    return post['name'] or post['subject']


def get_sender(post: Post) -> str:
    """Return who sent the post, as well as it says so."""
    return next(filter(None, (post[name] for name in SENDER_FIELDS)), '')


def get_digest(post: Post) -> str:
    """Return a fingerprint of all that the post says, from which nobody learns what that is."""
    return hashlib.sha256(json.dumps(post, sort_keys=True).encode()).hexdigest()


def get_window_start(moment: datetime, length: timedelta) -> datetime:
    """Return when the window of a moment began; the first of each day begins at midnight."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (moment - midnight) // length * length


def is_complete_address(text: str) -> bool:
    """Tell whether a text is the address of a web page, of whatever host."""
    address = urlsplit(text)
    return address.scheme in ('http', 'https') and bool(address.netloc)
