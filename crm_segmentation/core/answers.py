"""What a rule makes of a measured value, and what of that may be told."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    '>=': operator.ge,
    '>': operator.gt,
    '<=': operator.le,
    '<': operator.lt,
    '=': operator.eq,
    '!=': operator.ne,
}
# These place a contact among the others.
RANKS = ('top_percent', 'quantile')
# The best fifth of the contacts has a score of 5.
SCORES = 5
# Who bought nothing ever bought longer ago than any number of days; of nothing there is no average,
# no first day, no share and no growth.
ABSENT = {
    'count': 0.0,
    'count_distinct': 0.0,
    'sum': 0.0,
    'change_amount': 0.0,
    'days_since_last': math.inf,
}
# Of these the lowest is the best: what was last, what comes often, what comes soon.
LESS_IS_BETTER = ('days_since_last', 'days_between', 'days_until')


def get_absent(aggregate: str) -> float:
    """Return the value of who has no documents, NaN if there is none."""
    return ABSENT.get(aggregate, math.nan)


def get_number(aggregate: str, value: float | None) -> float | None:
    """Return a measured value as a number; nothing of what can be zero is zero."""
    if value is not None:
        return float(value)
    return 0.0 if ABSENT.get(aggregate) == 0 else None


@dataclass(frozen=True)
class Condition:
    """What a value must be: compared with a number, or placed among those of others."""

    operator: str
    value: float
    value_to: float = 0.0

    @property
    def is_rank(self) -> bool:
        """Whether the values of others decide as well."""
        return self.operator in RANKS

    @property
    def limits(self) -> tuple[float, ...]:
        """The numbers at which a value begins or ceases to satisfy the condition."""
        return (self.value, self.value_to) if self.operator == 'between' else (self.value,)

    def holds(self, value: float) -> bool:
        """Say whether a value satisfies a condition that is no rank; NaN differs from all."""
        if self.operator == 'between':
            return self.value <= value <= self.value_to
        return COMPARISONS[self.operator](value, self.value)

    def holds_without_documents(self, aggregate: str) -> bool:
        """Say whether a contact satisfies it of whom there is no document: never by a rank."""
        return not self.is_rank and self.holds(get_absent(aggregate))


class Answer(NamedTuple):
    """What a rule measures of a contact; nothing of either where that may not be told."""

    value: float | None
    holds: bool | None
    hidden: bool = False


HIDDEN = Answer(value=None, holds=None, hidden=True)
# What a reader measures of documents that he may not read at all: it equals nothing, not itself.
UNREADABLE = math.nan


def get_answers(
    measured: Mapping[int, Mapping[int, tuple[float | None, bool]]],
    visible: Mapping[int, Mapping[int, float | None]] | None,
) -> dict[int, dict[int, Answer]]:
    """Return {contact: {rule: what is told of it}}.

    :param measured: {contact: {rule: (value, whether it holds)}} as it decides
    :param visible: {contact: {rule: value that the reader would measure}}, None for all the same
    """
    return {
        contact: {
            rule: Answer(value, holds)
            if visible is None or visible[contact][rule] == value
            else HIDDEN
            for rule, (value, holds) in rules.items()
        }
        for contact, rules in measured.items()
    }
