"""What a row of the billing ledger charges, keeps, gives back and takes back.

A row was billed first as a whole. What documents give back of it becomes a part of its own, which
is billed again as it was; the row and its parts are a family.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from .periods import DateRange, get_days

LIVE_STATES = ('invoiced', 'covered')
# Which state may follow which. A waived row is settled: its source is never billed again.
TRANSITIONS = {
    'invoiced': {'released'},
    'covered': {'released'},
    'released': {'invoiced', 'waived'},
    'waived': set(),
}


class Grid(NamedTuple):
    """The steps in which documents have quantities, or amounts."""

    step: float
    round: Callable[[float], float]

    def compare(self, one: float, other: float) -> float:
        """Return less than 0, 0 or more, as one is less than, as much as or more than the other."""
        return self.round(one) - self.round(other)


class Charge(NamedTuple):
    """What a row charges: a quantity that comes to an amount, by a price less its discount."""

    quantity: float
    amount: float
    price: float
    quantities: Grid
    amounts: Grid
    is_split: bool = False
    # of what was billed first, where this is a part of it
    base_price: float = 0.0

    def get_amount_of(self, quantity: float) -> float:
        """Return what a quantity comes to at the price, as on documents."""
        return self.amounts.round(self.price * quantity)

    def fit_price(self, price: float, quantity: float, amount: float) -> float:
        """Return a price changed so that a quantity comes to an amount, if it does not already."""
        is_by_price = self.amounts.compare(amount, self.get_amount_of(quantity)) == 0
        return price if is_by_price else price * (amount / (self.price * quantity))

    def get_unrounded(self, quantity: float, amount: float) -> float:
        """Return what an amount is at the price, if not what the quantity comes to.

        Days come to the cent. By their rounded quantity, what stands beside them would seem too
        much or too little. A cent may come from documents that were rounded one by one.
        """
        difference = abs(amount - self.get_amount_of(quantity))
        if not self.price or self.amounts.compare(difference, self.amounts.step) <= 0:
            return quantity
        return amount / self.price

    def get_exact_quantity(self) -> float:
        """Return the quantity, without its rounding where the amount is that of days.

        The price of a part makes up for its rounding: what it is exactly, the first price says.
        """
        if self.base_price:
            exact = self.amount / self.base_price
            is_rounded = abs(exact - self.quantity) <= self.quantities.step / 2 + 1e-9
            return exact if is_rounded else self.quantity
        return self.get_unrounded(self.quantity, self.amount)

    def get_credited_quantity(self, exact: float) -> float:
        """Return a quantity as credit notes have it: of a day of a long period, the smallest."""
        quantity = self.quantities.round(exact)
        is_too_little = exact > 0 and self.get_amount_of(exact) != 0
        if quantity or not is_too_little or self.is_split:
            return quantity
        return self.quantities.step

    def get_quantity_of(self, amount: float) -> float:
        """Return the quantity with which a part of the amount is credited, as documents have it.

        All of it has all of the amount; a part leaves something of both, and is 0 where the
        quantity cannot be parted any more.
        """
        if self.amounts.compare(abs(amount), abs(self.amount)) >= 0:
            return self.quantity
        step = self.quantities.step
        quantity = max(self.quantities.round(self.quantity * amount / self.amount), step)
        return self.quantities.round(min(quantity, self.quantity - step))


class Carried(NamedTuple):
    """What becomes of a row whose documents say something else: what goes, or what comes back.

    ``amount`` is what is given back comes to; ``None`` stands for: by its price.
    """

    given_back: float = 0.0
    amount: float | None = None
    taken_back: float = 0.0


def carry(charge: Charge, quantity: float, amount: float, is_by_days: bool) -> Carried:
    """Return what a row has to give back or to take back, to charge what its documents say.

    :param is_by_days: whether unused days were credited, to the cent of the days; else quantities
        have their price
    """
    rest = charge.quantity - quantity
    order = charge.quantities.compare(rest, 0.0)
    if order > 0:
        return Carried(given_back=rest, amount=charge.amount - amount if is_by_days else None)
    return Carried(taken_back=-rest) if order < 0 else Carried()


class TakenBack(NamedTuple):
    """How a quantity is taken from parts: the first ones whole, and something of the next one."""

    whole: int
    split: float
    is_missing: bool


def take_back(quantity: float, parts: Iterable[float], quantities: Grid) -> TakenBack:
    """Return how a row takes a quantity back from the open parts of its family, in order.

    :param parts: quantities of the parts
    """
    whole = 0
    for part in parts:
        if quantities.compare(part, quantity) > 0:
            return TakenBack(whole, quantity, False)
        quantity -= part
        whole += 1
        if quantities.compare(quantity, 0.0) == 0:
            return TakenBack(whole, 0.0, False)
    return TakenBack(whole, 0.0, True)


def get_charged_status(states: Collection[str], charged: float, drafted: float) -> str:
    """Say what became of something whose rows are in some states; without rows it is open.

    :param charged: what documents charge of it, rebates deducted
    :param drafted: the part of that which stands on drafts
    """
    settled = [state for state in states if state != 'released']
    standing = [state for state in settled if state != 'waived']
    if not settled:
        return 'open'
    if 'covered' in standing:
        return 'covered'
    if not standing or charged == 0.0:
        return 'given_up' if len(settled) == len(states) else 'open'
    if len(standing) < len(states):
        return 'partly'
    return 'drafted' if drafted == charged else 'charged'


# === DAYS THAT ARE NOT COVERED ANY MORE === #


def overlap(one: DateRange | None, other: DateRange | None) -> bool:
    """Say whether two periods have a day in common; what has no period is the same all over."""
    if not one or not other:
        return True
    return one[0] < other[1] and other[0] < one[1]


def get_share(parts: Iterable[DateRange], span: DateRange) -> float:
    """Return the part of a span that some of its days are, from 0 to 1."""
    return get_days(parts) / get_days([span])


def get_standing(standing: Iterable[float], quantities: Iterable[float], spared: float) -> float:
    """Return what stands of a family beyond what the contract covers of it; below 0: less.

    :param standing: exact quantities of the rows that stand
    :param quantities: those of the whole family
    :param spared: part of the days that is not covered, from 0 to 1
    """
    return sum(standing) - sum(quantities) * (1 - spared)


class Opened(NamedTuple):
    """What of a row may be billed again: a quantity as on documents, and what it is exactly."""

    quantity: float
    exact: float


def get_opened(
    waiting: Iterable[float], standing: float, spared: float, quantities: Grid
) -> list[Opened | None]:
    """Return how much of rows that are to be billed again may be, in their order; None: nothing.

    What was given back of days that are not covered stays given back.

    :param waiting: quantities of the rows
    :param standing: what stands of their family beyond what is covered
    :param spared: part of the days that is not covered, from 0 to 1
    """
    opened: list[Opened | None] = []
    for quantity in waiting:
        exact = min(quantity, -standing) if spared else quantity
        own = quantities.round(exact) if spared else quantity
        is_open = quantities.compare(own, 0.0) > 0
        standing += own if is_open else 0.0
        opened.append(Opened(own, exact) if is_open else None)
    return opened


class Unused(NamedTuple):
    """What a row charges of days that its contract does not cover any more.

    ``quantity`` is rounded as on invoice lines; ``amount`` is that of the days, to the cent and
    without taxes; ``parts`` are the days as ranges, each with the day after its last one.
    """

    quantity: float
    amount: float
    parts: list[DateRange]


def get_unused(
    charges: Iterable[Charge], standing: float, parts: list[DateRange]
) -> list[Unused | None]:
    """Return what rows charge of days that are not covered, in their order; None for nothing.

    :param charges: of the rows that stand, the latest first
    :param standing: what stands of their family beyond what is covered and credited
    :param parts: days of the family that are not covered
    """
    unused: list[Unused | None] = []
    for charge in charges:
        whole = charge.get_exact_quantity()
        exact = min(standing, whole)
        quantity = charge.get_credited_quantity(exact)
        if charge.quantities.compare(quantity, 0.0) <= 0:
            unused.append(None)
            continue
        kept = charge.amounts.round(charge.amount * (1 - exact / whole))
        unused.append(Unused(quantity, charge.amount - kept, parts))
        standing -= exact
    return unused
