"""Three service teams as they should work, reckoned from the script of their fortnight alone.

Everything is plain Python and says in its own words what users are promised: nothing here calls
the addons. Each step notes in ``told`` who hears of it.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .fortnight_clock import Clock, Hours, Promise

TARGETS = ('first_response', 'next_response', 'resolution')
OPEN = ('new', 'open', 'waiting')
CLOSED = ('solved', 'rejected')
URGENCY = ('breached', 'warning', 'running', 'paused', 'missed', 'met')


@dataclass(eq=False)
class Person:
    """Somebody who is told: a colleague in the inbox or by mail, anybody else by mail."""

    name: str
    way: str = 'email'
    is_colleague: bool = False
    active: bool = True
    leave: tuple = ()
    sees_all: bool = False

    def is_there(self, now):
        return self.active and not (self.leave and self.leave[0] <= now <= self.leave[1])


@dataclass(eq=False)
class Team:
    name: str
    hours: Hours
    promise: Promise
    members: list
    leader: Person | None = None
    followers: list = field(default_factory=list)
    is_balanced: bool = False
    next_tier: object = None
    grace_days: int = 3
    waiting: tuple = ()
    rating_days: int = 0

    def get_people(self):
        people = [*self.members, *([self.leader] if self.leader else [])]
        return {person for person in people if person.active}


@dataclass(eq=False)
class Case:
    key: str
    kind: str
    team: Team
    opened: datetime
    customer: Person | None = None
    user: Person | None = None
    stage: str = 'new'
    closed: datetime | None = None
    active: bool = True
    followers: set = field(default_factory=set)
    customer_since: datetime | None = None
    first_response: datetime | None = None
    next_response: datetime | None = None
    answers: int = 0
    reopenings: int = 0
    closed_spans: list = field(default_factory=list)
    pauses: list = field(default_factory=list)
    clocks: list = field(default_factory=list)
    snoozed: datetime | None = None
    waiting_since: datetime | None = None
    waiting_warned: datetime | None = None
    rating_due: bool = False
    hours_to_response: float | None = None
    hours_to_close: float | None = None
    wrote_last: set = field(default_factory=set)  # or was written to last, of those outside
    is_rated: bool = True
    is_spam: bool = False
    merged_into: object = None

    def get_standing_since(self):
        return self.pauses[-1][0] if self.pauses and not self.pauses[-1][1] else None

    def get_current(self, target):
        return next((c for c in self.clocks if c.target == target and not c.ended), None)

    def get_state(self, now):
        states = {clock.get_state(now) for clock in self.clocks}
        first = next((state for state in URGENCY if state in states), 'none')
        return 'breached' if first == 'missed' else first

    def get_deadline(self):
        """Return the earliest deadline that is still to be met."""
        ticking = [clock.get_deadline() for clock in self.clocks if clock.is_ticking()]
        return min(ticking, default=None)

    def is_past_grace(self, now):
        return bool(self.closed) and self.closed + timedelta(days=self.team.grace_days) < now


class World:
    def __init__(self):
        self.cases = {}
        self.told = Counter()
        self.asked = {}  # customer: when they were asked for a rating
        self.ratings = []

    # === WHO IS TOLD === #

    def tell(self, *people):
        self.told.update((person.name, person.way) for person in people)

    def tell_new(self, case, actor):
        """The team hears of what nobody has, its followers of all that is new."""
        people = set(case.team.followers)
        if not case.user:
            people |= case.team.get_people()
        self.tell(*(person for person in people - {actor, case.user} if person.active))

    def tell_message(self, case, author):
        """What the customer writes is heard by who works on it, else by the team."""
        workers = {case.user} if case.user else case.team.get_people()
        self.tell(*((workers | set(case.team.followers) | case.followers) - {author}))

    def can_see(self, person, case):
        return person.sees_all or not case.user or person in {case.user, *case.team.get_people()}

    # === WHAT A CASE IS PROMISED === #

    def choose_clocks(self, case, now):
        """Give a case what its team promises; what another team broke stays broken."""
        for target in TARGETS:
            clock = case.get_current(target)
            if clock and clock.reached:
                continue
            if clock and clock.team is not case.team and clock.is_broken(now):
                clock.ended = now
                case.clocks.append(Clock(case, target, now, case.team))
            elif clock:
                clock.warned = clock.warned if clock.team is case.team else None
                clock.team = case.team
            elif self.is_promised(case, target):
                case.clocks.append(
                    Clock(case, target, self.get_start(case, target, now), case.team)
                )

    def is_promised(self, case, target):
        was_answered = bool(case.first_response or case.reopenings)
        if target == 'next_response':
            return bool(case.customer_since) and was_answered and not case.closed
        return target == 'resolution' or not case.reopenings

    def get_start(self, case, target, now):
        if target == 'next_response':
            return case.customer_since
        return now if case.reopenings else case.opened

    def note_customer(self, case, now):
        """The customer waits from the first message that nobody answered."""
        if case.customer_since:
            return
        clock = case.get_current('next_response')
        if clock:
            clock.ended = now
        case.customer_since, case.next_response = now, None
        if self.is_promised(case, 'next_response'):
            case.clocks.append(Clock(case, 'next_response', now, case.team))

    # === PEOPLE === #

    def find_assignee(self, team, now):
        if not team.is_balanced:
            return None
        there = [person for person in team.members if person.is_there(now)]
        return min(there, key=self.count_open, default=None)

    def count_open(self, person):
        return sum(c.user is person and c.active and c.stage in OPEN for c in self.cases.values())

    def give(self, case, user, actor=None):
        """Hand a case to somebody, who follows it from now on and hears of it."""
        former, case.user = case.user, user
        if user and user is not former:
            case.followers.add(user)
            if user is not actor:
                self.tell(user)
        if former and former is not user and not self.can_see(former, case):
            case.followers.discard(former)

    def move_team(self, case, team, now, actor=None, user=None):
        """Another team: who does not belong to it goes, its rule assigns, it promises."""
        former, case.team = case.user, team
        if not user and former in team.get_people():
            user = former
        self.give(case, user or self.find_assignee(team, now), actor)
        self.choose_clocks(case, now)
        self.tell_new(case, actor)

    def escalate(self, case, now, actor=None):
        tier = case.team.next_tier
        self.move_team(case, tier, now, actor, tier.leader)

    def assign_anew(self, case, now, actor=None):
        self.give(case, self.find_assignee(case.team, now), actor)
        if not case.user:
            self.tell_new(case, actor)

    # === STAGES === #

    def set_stage(self, case, stage, now, actor=None):
        was_closed = case.closed
        case.stage = stage
        case.closed = (was_closed or now) if stage in CLOSED else None
        case.waiting_since = now if stage == 'waiting' else None
        case.waiting_warned = None
        self.sync_pause(case, now)
        if case.closed and not was_closed:
            self.close(case, now)
        elif was_closed and not case.closed:
            self.reopen(case, was_closed, now, actor)

    def sync_pause(self, case, now):
        stands = not case.active or case.stage in ('waiting', *CLOSED)
        if stands and not case.get_standing_since():
            case.pauses.append([now, None])
        elif not stands and case.get_standing_since():
            case.pauses[-1][1] = now

    def close(self, case, now):
        case.customer_since = case.snoozed = None
        case.hours_to_close = case.team.hours.count(case.opened, now)
        case.rating_due = case.stage == 'solved' and case.is_rated and bool(case.customer)
        for clock in case.clocks:
            if clock.is_open():
                clock.reached = now

    def reopen(self, case, closed, now, actor):
        case.reopenings += 1
        case.closed_spans.append((closed, now))
        case.rating_due, case.hours_to_close = False, None
        resolution = case.get_current('resolution')
        if resolution:
            resolution.reached = None
        self.bring_back(case, now, actor)
        self.choose_clocks(case, now)

    def bring_back(self, case, now, actor):
        """Somebody who is there has what comes back."""
        if not case.active:
            case.active = True
            self.sync_pause(case, now)
        people = case.team.get_people()
        if case.user and case.user is not actor and case.user not in people:
            self.assign_anew(case, now, actor)
        if case.user:
            case.followers.add(case.user)

    # === MESSAGES === #

    def hear_customer(self, case, author, now):
        """What the customer adds takes the case up again, and somebody hears of it."""
        case.snoozed, case.wrote_last = None, {author}
        if not case.active:
            self.bring_back(case, now, None)
        if case.stage in ('waiting', 'solved'):
            self.set_stage(case, 'open', now)
        self.note_customer(case, now)
        self.tell_message(case, author)

    def answer(self, case, agent, now, readers=None):
        """An answer is for the customer and whoever of those outside wrote last."""
        case.wrote_last = set(readers or {case.customer, *case.wrote_last})
        case.answers += 1
        if not case.first_response:
            case.first_response = now
            case.hours_to_response = case.team.hours.count(case.opened, now)
            self.reach(case, 'first_response', now)
        if case.customer_since:
            case.customer_since, case.next_response = None, now
            self.reach(case, 'next_response', now)
        case.followers.add(agent)
        self.tell(*((case.wrote_last | case.followers) - {agent}))

    def reach(self, case, target, now):
        clock = case.get_current(target)
        if clock and not clock.reached:
            clock.reached = now

    # === WHAT TIME ALONE DOES === #

    def get_notices(self, now):
        """Return [(case, clock, kind, moment)] of what is still to be told."""
        notices = ((c, k, k.get_notice(now)) for c in self.cases.values() for k in c.clocks)
        return [(case, clock, *notice) for case, clock, notice in notices if notice]

    def tick(self, now):
        self.give_notices(now)
        self.follow_up(now)
        self.wake(now)
        self.ask_ratings(now)

    def give_notices(self, now):
        due = [notice for notice in self.get_notices(now) if notice[3] <= now]
        overdue = {}
        for case, clock, kind, _moment in due:
            setattr(clock, kind, now)
            people = {case.user, case.team.leader} - {None}
            self.tell(*(person for person in people if person.active))
            if kind == 'breached' and clock.team.promise.escalates:
                overdue[case] = True
        for case in overdue:
            if case.team.next_tier:
                self.escalate(case, now)

    def follow_up(self, now):
        """Warn whom we wait for, later close, in working days of the team."""
        for case in self.cases.values():
            if case.stage != 'waiting' or not case.active or case.kind != 'ticket':
                continue
            warn, close = case.team.waiting
            if case.waiting_warned and self.lasts(case, case.waiting_warned, close - warn, now):
                if self.lasts(case, case.waiting_since, close, now):
                    self.set_stage(case, 'solved', now)
                    case.rating_due = False
            elif not case.waiting_warned and self.lasts(case, case.waiting_since, warn, now):
                case.waiting_warned = now
                self.tell(case.customer)

    def lasts(self, case, since, days, now):
        return case.team.hours.count_days(since, now) >= days

    def wake(self, now):
        for case in self.cases.values():
            if case.snoozed and case.snoozed <= now:
                case.snoozed = None
                if case.user and case.user.active:
                    self.tell(case.user)

    def ask_ratings(self, now):
        for case in self.cases.values():
            if case.rating_due and case.active:
                case.rating_due = False
                asked = self.asked.get(case.customer)
                if not asked or asked <= now - timedelta(days=case.team.rating_days):
                    self.asked[case.customer] = now
                    self.tell(case.customer)
