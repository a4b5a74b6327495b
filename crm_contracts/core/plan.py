"""What is going to be billed: entries in order, of which no step changes one that another has.

An entry becomes one row of the ledger and one line of an invoice. It holds ids and values and is
frozen: a step that knows more makes a new entry of it. At the doors of the contracts an entry is
a dictionary, which whoever extends them may read and add to.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

# States of rows that come on no invoice: what prepaid units cover, and what comes to nothing.
UNINVOICED = ('covered', 'waived')


@dataclass(frozen=True)
class Entry:
    """What is due once: a period, a milestone, hours, costs, or a row that is billed again.

    Ids are those of the database, ``False`` for none. ``period_end`` is the day after the last one.
    Prices and amounts are in the currency, without taxes; ``discount`` is in percent. What is
    ``None`` is not said at all.
    """

    contract_id: int
    kind: str
    date_due: date
    currency_id: int
    name: str
    line_id: int | bool = False
    period_start: date | bool = False
    period_end: date | bool = False
    product_id: int | bool = False
    product_uom_id: int | bool = False
    quantity: float = 0.0
    price_unit: float = 0.0
    discount: float = 0.0
    amount: float = 0.0
    # why it is held back, empty for what is billed
    held: str = ''
    # whether it solves itself, so that nobody has to be told
    waits: bool | None = None
    # analytic items that it bills
    item_ids: tuple[int, ...] | None = None
    # reports of usage that it bills
    reported_ids: tuple[int, ...] | None = None
    # advance that it charges, or deducts below zero
    advance_id: int | None = None
    # kind of the entries with which it comes on one invoice
    beside: str | None = None
    # state of its row, if not the first one
    state: str | None = None
    # units of a term that hours use up, in the unit of the term
    term_id: int | None = None
    covered_quantity: float | None = None
    # (pack, units of it that hours use up)
    pack_uses: tuple[tuple[int, float], ...] | None = None
    # row of the ledger that stands for it
    billing_id: int | None = None
    # taxes of its invoice line, empty for none
    tax_ids: tuple[int, ...] | None = None
    # what others added
    extra: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as the doors of the contracts show it, without what it does not say."""
        values = {name: getattr(self, name) for name in NAMES}
        said = {name: value for name, value in values.items() if value is not None}
        for name in LISTS & said.keys():
            said[name] = list(said[name])
        return {**said, **self.extra}


NAMES = tuple(own.name for own in fields(Entry) if own.name != 'extra')
# tuples here, lists at the doors
LISTS = {'item_ids', 'tax_ids'}


def read_entry(values: Mapping[str, Any]) -> Entry:
    """Return the entry that a dictionary of the doors says."""
    said = {name: value for name, value in values.items() if name in NAMES}
    for name in LISTS & said.keys():
        said[name] = None if said[name] is None else tuple(said[name])
    extra = {name: value for name, value in values.items() if name not in NAMES}
    return Entry(**said, extra=extra)


@dataclass(frozen=True)
class Plan:
    """The entries of a run of the billing, in the order in which they are shown and billed."""

    entries: tuple[Entry, ...] = ()

    @property
    def charged(self) -> Plan:
        """What is billed: all that is not held back."""
        return Plan(tuple(entry for entry in self.entries if not entry.held))

    @property
    def invoiced(self) -> Plan:
        """What comes on invoices: all but what prepaid units cover, or comes to nothing."""
        return Plan(tuple(entry for entry in self.entries if entry.state not in UNINVOICED))

    @property
    def contract_ids(self) -> tuple[int, ...]:
        """The contracts of the entries, each once."""
        return tuple(dict.fromkeys(entry.contract_id for entry in self.entries))

    @property
    def total(self) -> float:
        """What the entries come to, not rounded."""
        return sum(entry.amount for entry in self.entries)

    @property
    def unsolved(self) -> dict[int, str]:
        """{contract: why something of it is held back that somebody has to solve}."""
        return {
            entry.contract_id: entry.held
            for entry in self.entries
            if entry.held and not entry.waits
        }

    @property
    def rows_by_item(self) -> dict[int, int | None]:
        """{analytic item: the row of the ledger that bills it}."""
        return {
            item_id: entry.billing_id for entry in self.entries for item_id in entry.item_ids or ()
        }

    def hold(self, get_reason: Callable[[Entry], str]) -> Plan:
        """Return the plan with the entries held back for which a function finds a reason."""
        return Plan(tuple(replace(entry, held=get_reason(entry)) for entry in self.entries))

    def complete(self, get_more: Callable[[Entry], Entry]) -> Plan:
        """Return the plan with the entries that a function makes of those it has."""
        return Plan(tuple(map(get_more, self.entries)))

    def sort(self, contract_ids: Iterable[int]) -> Plan:
        """Return the plan in the order of contracts, and of the due days within each."""
        order = {contract_id: index for index, contract_id in enumerate(contract_ids)}
        return Plan(
            tuple(
                sorted(self.entries, key=lambda entry: (order[entry.contract_id], entry.date_due))
            )
        )

    def group(self, get_key: Callable[[Entry], Hashable]) -> dict[Hashable, Plan]:
        """Return {key: entries that have it in common, as those of an invoice}."""
        groups: dict[Hashable, list[Entry]] = {}
        for entry in self.entries:
            groups.setdefault(get_key(entry), []).append(entry)
        return {key: Plan(tuple(entries)) for key, entries in groups.items()}

    def hold_below_zero(
        self,
        get_key: Callable[[Entry], Hashable],
        round_amount: Callable[[int, float], float],
        reason: str,
    ) -> Plan:
        """Return the plan with the invoices held back that would come to less than nothing.

        :param get_key: function that returns what the entries of an invoice have in common
        :param round_amount: function that rounds an amount as a currency has it
        """
        charged = self.charged
        if all(entry.amount >= 0 for entry in charged.entries):
            return self
        below = {
            key
            for key, invoice in charged.group(get_key).items()
            if round_amount(invoice.entries[0].currency_id, invoice.total) < 0
        }
        return self.hold(lambda entry: entry.held or (reason if get_key(entry) in below else ''))

    def with_rows(self, rows: Iterable[int]) -> Plan:
        """Return the plan with rows of the ledger, in order, for the entries that have none yet."""
        new = iter(rows)
        return Plan(
            tuple(
                entry if entry.billing_id is not None else replace(entry, billing_id=next(new))
                for entry in self.entries
            )
        )
