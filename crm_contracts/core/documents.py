"""The dates of a document: the day that it bears, and the days that it tells of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple


class ChargedDays(NamedTuple):
    """The days of a charge: when it is due, and the first and last day that it is for, if any."""

    due: date
    first: date | None = None
    last: date | None = None


def get_invoice_date(
    rule: str, charges: Iterable[ChargedDays], today: date, locked: date
) -> date | None:
    """Return the day that an invoice bears, None for the day of its confirmation.

    That of its latest charge, but never a day that is to come, nor one whose books are closed while
    there is an open one.

    :param rule: ``run``, ``due`` for the day on which it is due, ``last`` for the last day charged
    :param locked: last day of the books that are closed
    """
    if rule == 'run':
        return None
    days = [charge.due if rule == 'due' else charge.last or charge.due for charge in charges]
    return min(max(*days, locked + timedelta(days=1)), today) if days else None


def get_operation_date(charges: Iterable[ChargedDays], invoiced: date) -> date | None:
    """Return the day on which what is charged was done: the last one, as far as it has come."""
    days = [charge.last for charge in charges if charge.last]
    return min(max(days), invoiced) if days else None


def get_charged_span(charges: Iterable[ChargedDays]) -> tuple[date, date] | None:
    """Return the first and the last day that charges are for, None where they have no days."""
    spans = [(charge.first, charge.last) for charge in charges if charge.first and charge.last]
    if not spans:
        return None
    return min(first for first, _last in spans), max(last for _first, last in spans)


def get_quarter(day: date) -> tuple[int, int]:
    """Return year and quarter of a day."""
    return day.year, (day.month + 2) // 3


def is_early(charges: Iterable[ChargedDays], invoiced: date) -> bool:
    """Say whether something is charged whose days begin in a later quarter than the invoice."""
    return any(
        charge.first and get_quarter(charge.first) > get_quarter(invoiced) for charge in charges
    )
