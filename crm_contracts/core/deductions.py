"""What is deducted from an invoice: advances that it uses up, in their order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

Key = TypeVar('Key', bound=Hashable)


def get_rest(invoiced: float = 0.0, waived: float = 0.0) -> float:
    """Return what is left of an advance; below 0 what was deducted beyond it and is owed.

    :param invoiced: what was invoiced of it and neither deducted nor credited
    :param waived: what was credited and is never billed again: nobody owes it
    """
    return max(invoiced, min(invoiced + waived, 0.0))


def get_left(rest: float, charging: float) -> float:
    """Return what invoices may deduct of an advance; below 0 what they have to bring back.

    :param rest: what was invoiced of it and not deducted; below 0 where it was credited since
    :param charging: what is charged of it now, which makes up for what was deducted too much
    """
    return max(rest, min(rest + charging, 0.0))


def get_deductions(left: Mapping[Key, float], total: float) -> dict[Key, float]:
    """Return {advance: what an invoice deducts of it}, without what is nothing.

    :param left: {advance: what is left of it}; below 0 where more was deducted than it was, which
        comes back
    :param total: what the invoice charges; nothing is deducted beyond it
    """
    deductions: dict[Key, float] = {}
    for advance, rest in left.items():
        amount = min(rest, max(total, 0.0))
        if amount:
            deductions[advance] = amount
            total -= amount
    return deductions


def get_retained_share(
    held: float, charged: float, credited: float, round_amount: Callable[[float], float]
) -> float:
    """Return what of a retention goes back with a credit of what it was held back of.

    Its share; with the last of what was charged all that is left of it.

    :param held: what is held back still
    :param charged: what the same invoice charges still, and it is held back of
    :param credited: what is credited of that
    :param round_amount: function that rounds an amount as its currency has it
    """
    kept = max(1 - credited / charged, 0.0)
    return held - round_amount(held * kept)
