"""Texts of strangers."""

from __future__ import annotations


def clean_text(value: object, length: int) -> str:
    """Return the value as a text that the database takes, cut to a length.

    PostgreSQL knows neither null characters nor halves of characters.
    """
    text = str(value).replace('\0', '').encode('utf-8', 'ignore').decode()
    return text.strip()[:length]
