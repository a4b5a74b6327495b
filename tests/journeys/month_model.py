"""What the month comes to, reckoned from the script alone. Nothing here knows the addons."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta

from .month_script import (
    COSTS,
    CREDIT,
    CREDITED,
    CRON,
    DAY,
    END,
    INQUIRIES,
    TARGETS,
    TWIN,
    TWIN_CALL,
    Person,
)

MADRID, UTC = ZoneInfo('Europe/Madrid'), ZoneInfo('UTC')
MEDIA = {'card': 'Direct', 'form': 'Website', 'mail': 'Email', 'phone': 'Phone', 'hand': 'Banner'}
FIXED = {'card': 'Ada', 'phone': 'Ben', 'hand': 'Ben'}
MEMBERS = ('Ada', 'Ben')
CONTACTS = ('call', 'meeting', 'mail')
STEPS = ('call', 'meeting', 'activity')


@dataclass(frozen=True)
class Touch:
    """One line of a timeline."""

    firm: int
    moment: datetime
    kind: str
    user: str | None = None
    medium: str | None = None
    is_planned: bool = False


def get_day(moment):
    """Return the day of a moment in Madrid."""
    return moment.replace(tzinfo=UTC).astimezone(MADRID).date()


def get_month(moment):
    return get_day(moment).strftime('%Y-%m')


def get_noon(day):
    return datetime.combine(day, time(12))


def get_working_day(day, number=0):
    """Return the working day so many after a day, itself or the next one for 0."""
    while day.weekday() > 4:
        day += DAY
    for _step in range(number):
        day += DAY
        while day.weekday() > 4:
            day += DAY
    return day


def say_days(delta):
    if not delta:
        return 'today'
    return format_timedelta(delta, granularity='day', add_direction=True, locale='en_US')


class Month:
    """All figures at a moment."""

    def __init__(self, now):
        self.now = now
        self.users = self._share_out()
        self.leads = [one for one in INQUIRIES if one.arrived <= now and not self._is_gone(one)]
        self.touches = sorted(self._get_touches(), key=lambda touch: touch.moment)

    def _is_gone(self, one, now=None):
        return one.merged_into is not None and one.processed <= (now or self.now)

    def _share_out(self):
        """Return {inquiry: whose it is}: of what nobody took, whoever waited longest is next."""
        users = {}
        for one in INQUIRIES:
            given = [
                (other.arrived, other.number, user)
                for other, user in users.items()
                if not self._is_gone(other, one.arrived)
            ]
            latest = {user: (moment, number) for moment, number, user in sorted(given)}
            never = (datetime.min, 0)
            turn = min(MEMBERS, key=lambda user: (latest.get(user, never), user))
            users[one] = FIXED.get(one.way, turn)
        return users

    # === LEADS === #

    def get_status(self, one):
        is_decided = one.outcome in ('won', 'lost') and one.merged_into is None
        return one.outcome if is_decided and one.decided <= self.now else 'open'

    def is_opportunity(self, one):
        return one.way == 'phone' or one.processed <= self.now

    def is_known(self, one):
        """Say whether it has its customer: at once if its number or address is a contact's."""
        first = next(other for other in INQUIRIES if other.person == one.person)
        is_told = first is not one and first.processed <= one.arrived
        return is_told or one.processed <= self.now

    def get_revenue(self, one):
        return one.revenue if one.processed <= self.now and one.merged_into is None else 0.0

    # === TIMELINE === #

    def _get_touches(self):
        for one in INQUIRIES:
            if one.arrived <= self.now and self.is_known(one):
                yield from self._get_arrival(one)
            if one.processed <= self.now and one.merged_into is None:
                yield from self._get_outcome(one)
        if self.now >= TWIN_CALL:
            yield Touch(Person(TWIN).firm, TWIN_CALL, 'call', 'Ada', 'Phone')

    def _touch(self, one, moment, kind, *, user=True, medium=None, is_planned=False):
        user = self.users[one] if user is True else user
        return Touch(one.person.firm, moment, kind, user, medium, is_planned)

    def _get_arrival(self, one):
        medium = MEDIA[one.way]
        if not self._is_gone(one):
            yield self._touch(one, one.arrived, 'opportunity', medium=medium)
            if one.way == 'form':
                yield self._touch(one, one.arrived, 'form')
        # what was said stays, whichever lead it is on
        of_whom = one if one.merged_into is None else INQUIRIES[one.merged_into]
        if one.way == 'mail':
            yield self._touch(of_whom, one.arrived, 'mail', medium=medium)
        if one.way == 'phone':
            yield self._touch(one, one.arrived, 'call', medium=medium)

    def _get_outcome(self, one):
        if self.get_status(one) != 'open':
            yield self._touch(one, one.decided, 'opportunity')
        if self.get_status(one) == 'won':
            # its contract is to be made
            yield self._touch(one, get_noon(get_day(one.decided)), 'activity', is_planned=True)
        if one.outcome in ('won', 'call') and one.spoken <= self.now:
            yield self._touch(one, one.spoken, 'call', medium='Phone')
        if one.outcome == 'meeting':
            yield self._touch(one, one.spoken, 'meeting', is_planned=one.spoken > self.now)
        if one.outcome == 'cadence' and one.followed_up <= self.now:
            yield from self._get_follow_up(one)
        if one.outcome == 'nothing' and self.now == END:
            # told in the end that it stands still
            noon = get_noon(get_day(END))
            yield self._touch(one, noon, 'activity', is_planned=True)
        if one.is_invoiced and one.decided <= self.now:
            for _document in range(2 if one.number == CREDITED else 1):
                yield self._touch(one, get_noon(one.decided.date()), 'invoice')

    def get_steps(self, one):
        """Return [(moment, step)] of a cadence until it is answered or the moment is now."""
        day = get_working_day(one.followed_up.date())
        steps = []
        for delay, name in ((0, 'mail'), (2, 'call'), (3, 'task')):
            day = get_working_day(day, delay)
            steps.append((datetime.combine(day, time(CRON)), name))
        until = min(filter(None, (self.now, one.answered)))
        return [step for step in steps if step[0] <= until]

    def get_run(self, one):
        if one.answered and one.answered <= self.now:
            return 'stopped'
        return 'done' if len(self.get_steps(one)) == 3 else 'running'

    def _get_follow_up(self, one):
        for moment, name in self.get_steps(one):
            if name == 'mail':
                yield self._touch(one, moment, 'mail', medium='Email')
            elif name == 'call':
                yield self._touch(one, moment, 'call', medium='Phone', is_planned=True)
            else:
                yield self._touch(one, moment, 'activity', is_planned=True)
        if one.answered and one.answered <= self.now:
            yield self._touch(one, one.answered, 'mail', medium='Email')

    # === WHAT IS TOLD === #

    def get_assignments(self):
        return {one.number: self.users[one] for one in self.leads}

    def get_timeline(self):
        """Return {(month, kind): lines}."""
        return dict(Counter((get_month(touch.moment), touch.kind) for touch in self.touches))

    def get_counters(self):
        """Return {firm: (calls, planned, held, lines, open, won, lost)}."""
        touches, leads = defaultdict(list), defaultdict(list)
        for touch in self.touches:
            touches[touch.firm].append(touch)
        for one in self.leads:
            if self.is_known(one):
                leads[one.person.firm].append(self.get_status(one))
        return {
            firm: (*self._count_calls(touches[firm]), len(touches[firm]), *self._count(leads[firm]))
            for firm in {*touches, *leads}
        }

    def _count_calls(self, touches):
        calls = [touch.is_planned for touch in touches if touch.kind == 'call']
        return len(calls), calls.count(True), calls.count(False)

    def _count(self, statuses):
        return tuple(statuses.count(status) for status in ('open', 'won', 'lost'))

    def get_campaigns(self):
        """Return {campaign: (leads, opportunities, won, lost, open, revenue, cost per lead,
        return, invoiced)}."""
        return {name: self._get_campaign(name) for name in COSTS}

    def _get_campaign(self, name):
        leads = [one for one in self.leads if one.campaign == name]
        statuses = [self.get_status(one) for one in leads]
        revenue = sum(self.get_revenue(one) for one in leads if self.get_status(one) == 'won')
        return (
            len(leads),
            sum(map(self.is_opportunity, leads)),
            *(statuses.count(status) for status in ('won', 'lost', 'open')),
            revenue,
            COSTS[name] / len(leads),
            (revenue - COSTS[name]) / COSTS[name],
            sum(self._get_invoiced(one) for one in leads),
        )

    def _get_invoiced(self, one):
        if not one.is_invoiced or one.merged_into is not None or one.decided > self.now:
            return 0.0
        return one.revenue - (CREDIT if one.number == CREDITED else 0.0)

    def get_channels(self):
        """Return {channel: (leads, won, rate)} of all that came with a campaign."""
        found = defaultdict(list)
        for one in self.leads:
            if one.campaign:
                found[MEDIA[one.way]].append(self.get_status(one))
        return {
            medium: (len(all_), all_.count('won'), all_.count('won') / len(all_))
            for medium, all_ in found.items()
        }

    def get_targets(self):
        """Return {(month, figure, who): amount}."""
        sums = Counter()
        for who, amount in TARGETS.items():
            for month in ('2026-10', '2026-11'):
                sums[month, 'target' if who else 'team_target', who] += amount
        for one in self.leads:
            if self.get_status(one) == 'won':
                sums[get_month(one.decided), 'won', self.users[one]] += one.revenue
            elif self.get_status(one) == 'open' and one.processed <= self.now:
                month, user = one.deadline.strftime('%Y-%m'), self.users[one]
                sums[month, 'open', user] += one.revenue
                sums[month, 'weighted', user] += one.revenue * one.probability / 100
        return dict(sums)

    def get_attribution(self):
        """Return {channel: (first, last, even)} of what was won."""
        sums = defaultdict(lambda: [0.0, 0.0, 0.0])
        for one in self.leads:
            if self.get_status(one) == 'won':
                media = [
                    touch.medium
                    for touch in self.touches
                    if touch.firm == one.person.firm
                    and touch.moment <= one.decided
                    and touch.medium
                    and not touch.is_planned
                ]
                sums[media[0]][0] += one.revenue
                sums[media[-1]][1] += one.revenue
                for medium in media:
                    sums[medium][2] += one.revenue / len(media)
        return {medium: tuple(amounts) for medium, amounts in sums.items()}

    def get_facts(self):
        """Return {firm: (when the last contact was, whose, when the next step is, open
        opportunities, their revenue, what is unpaid)}, None where there is nothing."""
        return {firm: self._get_facts(firm) for firm in {touch.firm for touch in self.touches}}

    def _get_facts(self, firm):
        touches = [touch for touch in self.touches if touch.firm == firm]
        past = [t for t in touches if t.kind in CONTACTS and not t.is_planned]
        planned = [t for t in touches if t.kind in STEPS and t.is_planned]
        today = get_day(self.now)
        mine = [one for one in self.leads if one.person.firm == firm and self.is_known(one)]
        open_ = [one for one in mine if self.get_status(one) == 'open']
        return (
            say_days(get_day(past[-1].moment) - today) if past else None,
            past[-1].user if past else None,
            say_days(get_day(planned[0].moment) - today) if planned else None,
            len(open_) or None,
            sum(map(self.get_revenue, open_)) if open_ else None,
            sum(map(self._get_invoiced, mine)) or None,
        )

    def get_runs(self):
        return {
            one.number: self.get_run(one)
            for one in self.leads
            if one.outcome == 'cadence' and one.merged_into is None and one.followed_up <= self.now
        }
