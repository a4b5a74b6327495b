"""The figures of contracts: what they are expected to bring, what they bring, and what they cost.

Amounts are money without taxes; ratios are numbers like 0.25 for 25 %.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import add
from typing import NamedTuple

# What a contract brings, and what there is to say of each kind and of their total.
KINDS = ('milestone', 'recurring', 'time', 'cost', 'order', 'other')
# Of these a contract bills itself, or somebody enters them by hand.
OWN_KINDS = ('milestone', 'recurring', 'time', 'cost', 'other')
FIGURES = ('expected', 'invoiced', 'drafted', 'to_invoice', 'remaining')
# Kinds of the ledger that count as another one.
COUNTED_AS = {
    'advance': 'milestone',
    'minimum': 'recurring',
    'retention': 'milestone',
    'usage': 'recurring',
}
# What a contract costs.
COST_KINDS = ('time', 'purchase', 'expense', 'other')


def get_counted_as(kind: str) -> list[str]:
    """Return the kinds of the ledger that count as one, it included."""
    return [kind, *(own for own, counted in COUNTED_AS.items() if counted == kind)]


def get_ratio(part: float, whole: float) -> float:
    """Return a part per whole; zero where there is no whole."""
    return part / whole if whole else 0.0


# === WHAT A CONTRACT BRINGS === #


class Charged(NamedTuple):
    """What documents charge, and the part of it that stands on drafts still."""

    amount: float = 0.0
    drafted: float = 0.0

    def plus(self, other: Charged) -> Charged:
        """Return the sum of both."""
        return Charged(*map(add, self, other))


NOTHING_CHARGED = Charged()


class Amounts(NamedTuple):
    """What something is expected to bring, what was invoiced, and what is due today.

    ``drafted`` is the part of what was invoiced that stands on drafts.
    """

    expected: float = 0.0
    invoiced: float = 0.0
    to_invoice: float = 0.0
    drafted: float = 0.0

    @property
    def remaining(self) -> float:
        """What is expected and not invoiced; never less than what is to invoice."""
        return max(self.expected - self.invoiced, self.to_invoice)

    def plus(self, other: Amounts) -> Amounts:
        """Return the sum of both."""
        return Amounts(*map(add, self, other))

    def without_debts(self) -> Amounts:
        """Return the amounts without what is below 0 to invoice: no order gives anything back."""
        return self._replace(to_invoice=max(self.to_invoice, 0.0))


NOTHING = Amounts()


def get_fixed(agreed: float, milestones: float) -> float:
    """Return what the fixed part is expected to bring: as agreed, else what the milestones do."""
    return agreed or milestones


def get_amounts(
    fixed: float,
    charged: Mapping[str, Charged],
    due: Mapping[str, float],
    recurring: float,
    is_billable: bool,
) -> dict[str, Amounts]:
    """Return {kind: its Amounts} of what a contract bills itself.

    Of time, costs and what is entered by hand nobody knows more than what was invoiced and what
    is due.

    :param fixed: what is expected of the fixed part, in place of the milestones
    :param charged: {kind: what stands on documents}
    :param due: {kind: what is due today and not invoiced}
    :param recurring: what recurs up to the end and is not invoiced; zero where there is no end
    :param is_billable: whether it bills at all: else nothing is to invoice
    """
    to_come = {**due, 'recurring': recurring or due.get('recurring', 0.0)}
    amounts = {}
    for kind in OWN_KINDS:
        invoiced, drafted = charged.get(kind, NOTHING_CHARGED)
        expected = fixed if kind == 'milestone' else invoiced + to_come.get(kind, 0.0)
        to_invoice = due.get(kind, 0.0) if is_billable else 0.0
        amounts[kind] = Amounts(expected, invoiced, to_invoice, drafted)
    return amounts


def get_figures(amounts: Mapping[str, Amounts]) -> dict[str, float]:
    """Return {name of a figure: its amount}, by kind and in total.

    The names are those of the figure alone, and of figure and kind with a stroke between.
    """
    figures = {}
    for figure in FIGURES:
        by_kind = {kind: getattr(amounts.get(kind, NOTHING), figure) for kind in KINDS}
        figures[figure] = sum(by_kind.values())
        figures |= {f'{figure}_{kind}': amount for kind, amount in by_kind.items()}
    return figures


# === WHAT A CONTRACT EARNS === #


class Results(NamedTuple):
    """What was booked on the account of a contract, by kind; costs are less than zero."""

    totals: Mapping[str, float]

    @property
    def revenue(self) -> float:
        return self.totals.get('revenue', 0.0)

    @property
    def costs(self) -> dict[str, float]:
        """{kind: cost}, more than zero where money was spent."""
        # Not with a minus alone: nothing would be -0.0.
        return {kind: 0.0 - self.totals.get(kind, 0.0) for kind in COST_KINDS}

    @property
    def cost_total(self) -> float:
        return sum(self.costs.values())

    @property
    def margin(self) -> float:
        return self.revenue - self.cost_total

    @property
    def margin_rate(self) -> float:
        """The margin per revenue."""
        return get_ratio(self.margin, self.revenue)


def is_revenue(category: str, account_type: str) -> bool:
    """Say whether analytic items are revenue; what is not is cost.

    The document decides before the account: Odoo proposes income accounts on vendor refunds too,
    and customer invoices may carry the cost of the goods.

    :param category: kind of the document that Odoo gives analytic items
    :param account_type: type of their general account
    """
    if category == 'vendor_bill':
        return False
    if category == 'invoice':
        return not account_type.startswith('expense')
    return account_type.startswith('income')


# === MONTHLY REVENUE === #


class Movement(NamedTuple):
    """What changed the monthly revenue of a contract, by how much, and to how much."""

    kind: str
    amount: float
    mrr: float


def get_movement(
    before: float, after: float, is_first: bool, round_money: Callable[[float], float]
) -> Movement:
    """Return the movement from one monthly revenue to another.

    :param is_first: whether the contract had no movement before
    """
    before, after = round_money(before), round_money(after)
    kind = get_movement_kind(before, after, is_first)
    return Movement(kind, round_money(after - before), after)


def get_movement_kind(before: float, after: float, is_first: bool) -> str:
    """Return the kind of a change from one monthly revenue to another."""
    if not before:
        return 'new' if is_first else 'reactivation'
    if not after:
        return 'churn'
    return 'expansion' if after > before else 'contraction'
