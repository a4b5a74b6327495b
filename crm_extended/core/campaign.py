"""What a campaign brought, and what it cost in comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

# Counter of a campaign: what its leads and opportunities must have to be counted.
LEAD_COUNTERS = {
    'crm_opportunity_count': ('type', 'opportunity'),
    'crm_won_count': ('won_status', 'won'),
    'crm_lost_count': ('won_status', 'lost'),
    'crm_open_count': ('won_status', 'pending'),
}
# Ratio: the totals that it divides.
RATIOS = {
    'conversion_rate': ('won_count', 'lead_count'),
    'cost_per_lead': ('cost', 'lead_count'),
    'cost_per_won': ('cost', 'won_count'),
    'roi': ('profit', 'cost'),
}


class LeadGroup(NamedTuple):
    """So many leads that are alike."""

    type: str  # lead or opportunity
    won_status: str  # won, lost or pending
    count: int
    revenue: float  # expected of all of them, in the currency of the campaign


@dataclass(frozen=True)
class Results:
    """What a campaign brought.

    :param counters: the numbers by the names of ``LEAD_COUNTERS``
    :param won_revenue: in the currency of the campaign
    """

    lead_count: int
    counters: Mapping[str, int]
    won_revenue: float


def add_up(groups: Iterable[LeadGroup]) -> Results:
    """Return the results of a campaign with these leads."""
    groups = list(groups)
    return Results(
        lead_count=sum(group.count for group in groups),
        counters={
            name: sum(group.count for group in groups if getattr(group, field) == value)
            for name, (field, value) in LEAD_COUNTERS.items()
        },
        won_revenue=sum(group.revenue for group in groups if group.won_status == 'won'),
    )


def get_ratios(results: Results, cost: float) -> dict[str, float]:
    """Return the ratios of a campaign, each 0 where there is nothing to divide by.

    :param cost: in the currency of the campaign
    """
    totals = {
        'lead_count': results.lead_count,
        'won_count': results.counters['crm_won_count'],
        'cost': cost,
        'profit': results.won_revenue - cost,
    }
    return {
        name: divide(totals[dividend], totals[divisor])
        for name, (dividend, divisor) in RATIOS.items()
    }


def divide(dividend: float, divisor: float) -> float:
    """Return the ratio, 0 where there is nothing to divide by."""
    return dividend / divisor if divisor else 0.0


def convert(amount: float, rates: Mapping[int, float], origin: int, target: int) -> float:
    """Return an amount in another currency.

    :param rates: by the id of a currency, how much of it the same money is
    """
    return amount * rates[target] / rates[origin]
