"""What happens in the month, and nothing of what it comes to. Nothing here knows the addons."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
START = datetime(2026, 10, 1, 9)  # UTC, a Thursday
MIDDLE, END = datetime(2026, 10, 16, 14), datetime(2026, 11, 6, 14)
CRON = 12  # hour at which the scheduled actions run each day
LEADS, PEOPLE, FIRMS = 60, 40, 20
WAYS = ('card', 'form', 'mail', 'phone', 'hand')
CAMPAIGNS = ('Fair', 'Autumn', None)
COSTS = {'Fair': 900.0, 'Autumn': 250.0}
OUTCOMES = ('won', 'lost', 'call', 'meeting', 'nothing', 'cadence')
# The second lead of whom is found to be the same as the first, and merged into it.
MERGED = (2, 9, 15)
TARGETS = {'Ada': 2500.0, 'Ben': 1500.0, None: 6000.0}  # of a month; the last is the team's
# Who is typed in as a contact a second time, with a call, until both are merged.
TWIN, TWIN_CALL, TWIN_MERGE = 5, datetime(2026, 10, 13, 9), datetime(2026, 10, 14, 9)
CREDITED, CREDIT = 24, 50.0
FIRST = ('Ana', 'Bruno', 'Carla', 'Diego', 'Elena', 'Felix', 'Gloria', 'Hugo')
LAST = ('Alba', 'Bosch', 'Cano', 'Duarte', 'Egea')


@dataclass(frozen=True)
class Person:
    """Somebody who asks for something, from one of the firms."""

    number: int

    @property
    def firm(self):
        return self.number % FIRMS

    @property
    def name(self):
        return f'{FIRST[self.number % 8]} {LAST[self.number // 8]}'

    @property
    def firm_name(self):
        return f'Talleres {chr(65 + self.firm)}{chr(76 + self.firm % 7)}o'

    @property
    def email(self):
        return f'p{self.number}@firm{self.firm}.example.com'

    @property
    def phone(self):
        return f'+34 6{self.number:02} 555 0{self.number:02}'


@dataclass(frozen=True)
class Inquiry:
    """One lead: how it comes in, what is made of it, and what comes of it."""

    number: int

    @property
    def person(self):
        return Person(self.number % PEOPLE)

    @property
    def way(self):
        return WAYS[self.number % len(WAYS)]

    @property
    def campaign(self):
        return CAMPAIGNS[self.number // 5 % 3] if self.way != 'phone' else None

    @property
    def outcome(self):
        return OUTCOMES[self.number % len(OUTCOMES)]

    @property
    def merged_into(self):
        first = self.number - PEOPLE
        return first if first in MERGED else None

    @property
    def arrived(self):
        return START + self.number // 2 * DAY + self.number % 2 * 2 * HOUR

    @property
    def processed(self):
        """When its salesperson makes an opportunity with a customer of it, or it is merged."""
        return self.arrived.replace(hour=10) + DAY

    @property
    def revenue(self):
        return 100.0 * (1 + self.number % 7)

    @property
    def probability(self):
        return 10.0 * (1 + self.number % 5)

    @property
    def deadline(self):
        return (self.processed + 20 * DAY).date()

    @property
    def decided(self):
        """When it is won or lost; the last one of October is won in November, in Madrid."""
        if self.outcome == 'lost':
            return self.processed + 3 * DAY
        won = self.processed + 5 * DAY + 80 * MINUTE
        return won.replace(hour=23, minute=30) if won.date() == date(2026, 10, 31) else won

    @property
    def spoken(self):
        """When a call is held, or a meeting takes place."""
        hour = 15 if self.outcome == 'meeting' else 9
        return self.processed.replace(hour=hour, minute=30) + 2 * DAY

    @property
    def followed_up(self):
        return self.processed + 30 * MINUTE

    @property
    def answered(self):
        """When the customer answers the cadence, None if never."""
        is_answered = self.number % 12 == OUTCOMES.index('cadence')
        return self.processed.replace(hour=9, minute=15) + 3 * DAY if is_answered else None

    @property
    def is_invoiced(self):
        return self.outcome == 'won' and self.number % 12 == 0


INQUIRIES = [Inquiry(number) for number in range(LEADS)]


def get_events():
    """Return [(moment, name, inquiry or None)] in their order."""
    events = [(TWIN_CALL, 'type_twin', None), (TWIN_MERGE, 'merge_twin', None)]
    for one in INQUIRIES:
        events.append((one.arrived, f'arrive_by_{one.way}', one))
        if one.merged_into is not None:
            events.append((one.processed, 'merge', one))
            continue
        events.append((one.processed, 'process', one))
        events += _get_outcome(one)
    return sorted(events, key=lambda event: (event[0], event[2].number if event[2] else -1))


def _get_outcome(one):
    if one.outcome in ('won', 'lost'):
        yield one.decided, one.outcome, one
    if one.outcome in ('won', 'call'):
        yield one.spoken, 'call', one
    elif one.outcome == 'meeting':
        yield one.processed + MINUTE, 'plan_meeting', one
    elif one.outcome == 'cadence':
        yield one.followed_up, 'follow_up', one
        if one.answered:
            yield one.answered, 'answer', one
