"""Where a text goes in an answer that somebody is writing."""

from __future__ import annotations

# How the web client marks the signature that it puts below an answer.
SIGNATURE = '<div data-o-mail-quote'


def insert_text(answer: str, text: str) -> str:
    """Return the answer with a text below what was typed and above the signature."""
    typed, mark, signature = answer.partition(SIGNATURE)
    return f'{typed}{text}{mark}{signature}'
