"""Which lines of orders, invoices and deliveries can be claimed, and how they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# A part of a domain: field, operator, value.
Condition = tuple[str, str, object]


@dataclass(frozen=True)
class DocumentKind:
    """How the lines of a kind of document are read: names of fields."""

    line: str  # the model of the lines
    document: str  # what a line is a part of
    partner: str  # whose document it is, as path to a contact
    date: str  # field of the document: when it was sold, bought, delivered
    quantities: tuple[str, ...]  # the largest of these can be claimed
    unit: str  # that of the quantities
    texts: tuple[str, ...] = ('product_id', 'name')  # what a line is searched by
    customer: tuple[Condition, ...] | None = None  # lines that a customer claims; None: not any
    supplier: tuple[Condition, ...] | None = None  # lines that are claimed from a supplier
    subtotal: str | None = None  # what the whole line costs without taxes; None: see its order
    currency: str | None = None  # that of the subtotal
    lots: str | None = None  # link to what was delivered, where stock is kept
    orders: tuple[str, ...] = ()  # links to the line of the order that a line carries out
    executions: tuple[str, ...] = ()  # links of a line of an order to what carries it out

    def get_conditions(self, against: str) -> tuple[Condition, ...] | None:
        """Return which lines are claimed by a customer, or from a supplier; None: not any."""
        return self.customer if against == 'customer' else self.supplier


def get_share(total: float, quantity: float, part: float) -> float:
    """Return what a part of a quantity is worth of a total."""
    return total * part / quantity if quantity else 0.0


def get_left(limits: Iterable[tuple[float, float]]) -> float:
    """Return what is left of the scarcest of (quantity, what is claimed of it)."""
    return min(quantity - claimed for quantity, claimed in limits)


def join_names(names: Iterable[str]) -> str:
    """Return names without empty ones and doubles, in the order in which they came."""
    return ', '.join(dict.fromkeys(name for name in names if name))
