"""Texts of strangers."""

from __future__ import annotations

import unicodedata

from odoo.tools.mail import email_split_and_format


def leave_out_unstorable(text: str) -> str:
    """Return the text, markup as markup, without null characters and halves of characters."""
    return type(text)(text.replace('\0', '').encode('utf-8', 'ignore').decode())


def clean_text(value: object, length: int | None = None) -> str:
    """Return the value as a text that the database takes, cut to a length."""
    return leave_out_unstorable(str(value)).strip()[:length]


def clean_line(value: object, length: int | None = None) -> str:
    """Return the value as one line of text, cut to a length.

    Control characters become spaces: a line break begins a new header in a mail, and
    separates addresses.
    """
    text = ''.join(map(_without_control, clean_text(value)))
    return ' '.join(text.split())[:length].rstrip()


def clean_email(value: object, length: int | None = None) -> str:
    """Return the value as one line with no address but its first: a second would get mails."""
    line = clean_line(value)
    addresses = email_split_and_format(line)
    return (addresses[0] if len(addresses) > 1 else line)[:length]


def _without_control(character: str) -> str:
    return ' ' if unicodedata.category(character) in ('Cc', 'Zl', 'Zp') else character
