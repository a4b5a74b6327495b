"""Where a text goes in an answer that somebody is writing, and when the customer had it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

# How the web client marks the signature that it puts below an answer.
SIGNATURE = '<div data-o-mail-quote'


def insert_text(answer: str, text: str) -> str:
    """Return the answer with a text below what was typed and above the signature."""
    typed, mark, signature = answer.partition(SIGNATURE)
    return f'{typed}{text}{mark}{signature}'


def get_answered_at(said_at: datetime, opened_at: datetime, now: datetime) -> datetime:
    """Return when a case was answered: not before it was opened, and not in the future."""
    return max(min(said_at, now), opened_at)
