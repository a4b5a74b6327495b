"""What orders bring to a contract whose account they are on."""

from __future__ import annotations

from typing import NamedTuple


class OrderAmounts(NamedTuple):
    """What an order brings to a contract, without taxes, in the contract's currency."""

    expected: float = 0.0
    invoiced: float = 0.0
    to_invoice: float = 0.0

    def __add__(self, other: OrderAmounts) -> OrderAmounts:  # type: ignore[override]
        """Return the amounts of both together."""
        return OrderAmounts(
            self.expected + other.expected,
            self.invoiced + other.invoiced,
            self.to_invoice + other.to_invoice,
        )

    def without_debts(self) -> OrderAmounts:
        """Return the amounts without what is below 0 to invoice: no order gives anything back."""
        return self._replace(to_invoice=max(self.to_invoice, 0.0))

    @property
    def remaining(self) -> float:
        """What is still to come: of what was ordered, or more if the order says so today."""
        return max(self.expected - self.invoiced, self.to_invoice)
