"""Working hours and promises, reckoned minute by minute. Nothing here knows the addons."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
FIRST, LAST = datetime(2026, 9, 1), datetime(2026, 12, 1)


def get_local(moment, zone):
    return moment.replace(tzinfo=UTC).astimezone(zone)


def get_minutes(zone, week, holidays):
    """Return each minute of work, as naive UTC.

    :param week: {day of the week, Monday is 0: spans in local hours}
    :param holidays: local days on which nobody works
    """
    minutes, moment = [], FIRST
    while moment < LAST:
        local = get_local(moment, zone)
        hour = local.hour + local.minute / 60
        works = any(start <= hour < stop for start, stop in week.get(local.weekday(), ()))
        if works and local.date().isoformat() not in holidays:
            minutes.append(moment)
        moment += MINUTE
    return minutes


class Hours:
    """The minutes in which a team works."""

    def __init__(self, zone, week, holidays=()):
        self.zone = ZoneInfo(zone)
        self.minutes = get_minutes(self.zone, week, holidays)
        self.plans = {}  # the same is asked again and again

    def plan(self, start, amount, pauses):
        """Return when so many minutes of work are over, those in pauses not counted."""
        key = (start, amount, *pauses)
        if key not in self.plans:
            self.plans[key] = self.count_off(start, amount, pauses)
        return self.plans[key]

    def count_off(self, start, amount, pauses):
        for minute in self.minutes[bisect_left(self.minutes, start) :]:
            amount -= not any(begin <= minute < end for begin, end in pauses)
            if not amount:
                return minute + MINUTE
        raise ValueError('Not so much work in these months')

    def count(self, start, stop):
        """Return the hours of work between two moments."""
        return (bisect_left(self.minutes, stop) - bisect_left(self.minutes, start)) / 60

    def count_days(self, since, now):
        """Return on how many days after that of a moment somebody worked until now."""
        minutes = self.minutes[bisect_left(self.minutes, since) : bisect_left(self.minutes, now)]
        days = {get_local(minute, self.zone).date() for minute in minutes}
        return len(days - {get_local(since, self.zone).date()})


@dataclass
class Promise:
    """What a team promises, in minutes of its work."""

    first_response: int
    next_response: int
    resolution: int
    warning: int
    escalates: bool = False


@dataclass
class Clock:
    """One promise to one case."""

    case: object = field(repr=False)
    target: str
    start: datetime
    team: object = None
    reached: datetime | None = None
    ended: datetime | None = None
    warned: datetime | None = None
    breached: datetime | None = None

    def plan(self, amount):
        """Return when it is used up; what stands still now may go on, and counts at the end."""
        stop = self.reached or LAST
        pauses = [
            (begin, min(end or stop, stop))
            for begin, end in self.case.pauses
            if begin < stop and (end or self.reached)
        ]
        return self.team.hours.plan(self.start, amount, pauses)

    def get_deadline(self):
        return self.plan(getattr(self.team.promise, self.target))

    def get_warning(self):
        promise = self.team.promise
        promised = getattr(promise, self.target)
        return self.plan(promised - promise.warning) if promise.warning < promised else None

    def is_paused(self):
        since = self.case.get_standing_since()
        return bool(since) and self.is_open() and since < self.get_deadline()

    def is_open(self):
        return not (self.reached or self.ended)

    def is_ticking(self):
        return self.is_open() and not self.is_paused()

    def is_broken(self, now):
        return self.get_state(now) in ('breached', 'missed') or bool(
            self.breached and not self.reached
        )

    def get_state(self, now):
        if self.reached:
            return 'met' if self.reached <= self.get_deadline() else 'missed'
        if self.ended:
            return 'missed'
        if self.is_paused():
            return 'paused'
        if now >= self.get_deadline():
            return 'breached'
        warning = self.get_warning()
        return 'warning' if warning and now >= warning else 'running'

    def get_notice(self, now):
        """Return (kind, moment) of the notice that comes next, None if there is none."""
        if not self.is_ticking() or self.breached or not self.case.active:
            return None
        deadline, warning = self.get_deadline(), self.get_warning()
        if warning and not self.warned and now < deadline:
            return 'warned', warning
        return 'breached', deadline
