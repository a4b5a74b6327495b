"""The arithmetic of costs that a customer pays: their markup, less what vendors refunded."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

Key = TypeVar('Key', bound=Hashable)


class Cost(NamedTuple):
    """What an analytic item cost, in the currency of the contract; a refund is below 0.

    Without an item it is what costs that were passed on before differ by since.
    """

    item_id: int | bool
    amount: float


class Markup(NamedTuple):
    """What is added to costs, in percent, and how the result is rounded."""

    percentage: float
    round_amount: Callable[[float], float]

    def charge(self, costs: Sequence[Cost]) -> float:
        """Return what costs come to for the customer."""
        return self.round_amount(sum(cost.amount for cost in costs) * (1 + self.percentage / 100))


def net_refunds(
    groups: Mapping[Key, Sequence[Cost]], charge: Callable[[Sequence[Cost]], float]
) -> dict[Key, list[Cost]]:
    """Settle products that were refunded more than they cost with the dearest of their kind.

    :param groups: {product: its costs}, all of one kind
    :param charge: function of costs that returns what they come to
    :return: the same costs, of which only the last product may still come to less than nothing
    """
    amounts = {product: charge(costs) for product, costs in groups.items()}
    refunds_first = sorted(groups, key=lambda product: (amounts[product] > 0, -amounts[product]))
    netted: dict[Key, list[Cost]] = {}
    refunds: list[Cost] = []
    for product in refunds_first:
        costs = [*refunds, *groups[product]]
        refunds = costs if charge(costs) <= 0 else []
        if not refunds:
            netted[product] = costs
    return {**netted, product: refunds} if refunds else netted
