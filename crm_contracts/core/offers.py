"""Offers: whether what the customer is about to sign is what was offered, and whether in time."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256

from dateutil.relativedelta import relativedelta


def get_digest(terms: object) -> str:
    """Return what tells apart terms that differ: of lists, dictionaries, texts, numbers and days.

    The order of the keys does not count, that of the items of a list does.
    """
    return sha256(json.dumps(terms, default=str, sort_keys=True).encode()).hexdigest()


def is_expired(last: date | None, today: date) -> bool:
    """Say whether an offer holds no longer; it holds on its last day, and for good without one."""
    return bool(last) and last < today


def get_last_day(agreed: date | None, today: date, days: int) -> date | None:
    """Return the last day of an offer that is made today.

    :param agreed: the day that somebody typed, which stays
    :param days: for how many days offers usually hold; without any they hold for good
    """
    if agreed or days <= 0:
        return agreed
    return today + relativedelta(days=days)
