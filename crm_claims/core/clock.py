"""What a service level clock says: until when something was promised, and how it stands."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from .pauses import Pauses
    from .working_time import Span, WorkingTime

HOUR = timedelta(hours=1)

# What a rule asks of its field: whether there is anything, whether its moment has come.
IS_SET = 'set'
IS_PAST = 'past'


class StateRule(NamedTuple):
    """A state, and what must hold of one field of the clock for it."""

    state: str
    field: str
    test: str

    def holds(self, value: datetime | bool | None, now: datetime) -> bool:
        """Tell whether the rule holds for a value of its field."""
        return bool(value) and (self.test == IS_SET or value <= now)


# The state of a clock is that of the first rule that holds, else `OTHERWISE`. What is computed,
# searched and reported is made of this table.
STATE_RULES = (
    StateRule('met', 'is_met', IS_SET),
    StateRule('missed', 'reached_at', IS_SET),
    StateRule('missed', 'ended_at', IS_SET),
    StateRule('paused', 'paused_since', IS_SET),
    StateRule('breached', 'deadline', IS_PAST),
    StateRule('warning', 'warning_at', IS_PAST),
)
OTHERWISE = 'running'

# The state of a case by those of its clocks: the first that one of them is in decides. Without an
# open clock, one that was missed counts for more than one that was met.
CASE_STATES = {
    'breached': 'breached',
    'warning': 'warning',
    'running': 'running',
    'paused': 'paused',
    'missed': 'breached',
    'met': 'met',
}
NOT_PROMISED = 'none'


def is_kept(reached_at: datetime | None, deadline: datetime | None) -> bool:
    """Tell whether a target was reached, and not after the deadline; without one never late."""
    return bool(reached_at) and (not deadline or reached_at <= deadline)


def get_state(values: Mapping[str, Any], now: datetime) -> str:
    """Return the state of a clock.

    :param values: {field: its value} for the fields of `STATE_RULES`
    """
    states = (rule.state for rule in STATE_RULES if rule.holds(values[rule.field], now))
    return next(states, OTHERWISE)


def get_case_state(clock_states: Collection[str]) -> str:
    """Return the state of a case from those of its clocks."""
    states = (CASE_STATES[state] for state in CASE_STATES if state in clock_states)
    return next(states, NOT_PROMISED)


class Progress(NamedTuple):
    """Where the clock of a case points to."""

    deadline: datetime | None  # None if the calendar does not offer as much
    warning_at: datetime | None  # None if nobody is warned
    paused_since: datetime | None  # None if it runs, was reached or was overdue before


def get_progress(
    working_time: WorkingTime,
    start: datetime,
    hours: float,
    warning_hours: float,
    pauses: Pauses,
    reached_at: datetime | None,
) -> Progress:
    """Return how far a promise has come.

    :param hours: working hours that were promised from the start on
    :param warning_hours: working hours before the deadline at which to warn; a warning that would
        come at the start or before it is none
    """
    spans = pauses.get_spans(reached_at)
    promised = _to_minutes(hours)
    deadline = working_time.plan(start, promised, spans)
    return Progress(
        deadline,
        _get_warning(working_time, start, promised, _to_minutes(warning_hours), spans),
        None if reached_at else _get_paused_since(deadline, pauses.since),
    )


def _to_minutes(hours: float) -> timedelta:
    """Return hours to the minute: ten minutes are no exact part of an hour."""
    return timedelta(minutes=round(hours * 60))


def _get_warning(
    working_time: WorkingTime,
    start: datetime,
    promised: timedelta,
    before: timedelta,
    pauses: Sequence[Span],
) -> datetime | None:
    if not timedelta() < before < promised:
        return None
    return working_time.plan(start, promised - before, pauses)


def _get_paused_since(deadline: datetime | None, since: datetime | None) -> datetime | None:
    """What is overdue already does not pause."""
    is_overdue = deadline and since and deadline <= since
    return None if is_overdue else since


def get_reached_at(
    target: str,
    reached_at: datetime | None,
    response: datetime | None,
    closed: datetime | None,
) -> datetime | None:
    """Return when a case reached a target.

    A resolution that is taken back counts no longer; a response stays given. Closing counts as a
    response too.

    :param reached_at: what the clock knows already
    :param response: the answer that the target asks for: the first one, or the next one
    """
    if target == 'resolution':
        return closed
    return reached_at or response or closed


class Usage(NamedTuple):
    """How much of a promise is used."""

    used_hours: float
    remaining_hours: float  # negative once the deadline has passed
    percent: float


def get_usage(used: timedelta, promised_hours: float) -> Usage:
    """Return how much of a promise is used by working time."""
    used_hours = used / HOUR
    percent = 100 * used_hours / promised_hours if promised_hours else 0.0
    return Usage(used_hours, promised_hours - used_hours, percent)


def get_notice_moment(
    deadline: datetime | None,
    warning_at: datetime | None,
    is_warned: bool,
    now: datetime,
) -> datetime | None:
    """Return when a clock that ticks has to say something next.

    A warning that is overtaken by the deadline is left out.
    """
    if deadline and warning_at and not is_warned and now < deadline:
        return warning_at
    return deadline
