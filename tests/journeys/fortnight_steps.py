"""What each kind of event of the fortnight does to the three teams."""

from copy import copy

from .fortnight_model import Case, World


class Fortnight(World):
    """Each method is an event of the script: the moment, then who and what."""

    def open(self, now, key, team, customer, kind='ticket', actor=None, opened=None):
        case = Case(key, kind, team, opened or now, customer)
        self.cases[key] = case
        case.user = self.find_assignee(team, now)
        if case.user:
            case.followers.add(case.user)
        if actor:
            case.followers.add(actor)
        self.choose_clocks(case, now)
        return case

    # === MAILS === #

    def mail(self, now, key, sender, team, kind='ticket'):
        case = self.open(now, key, team, sender, kind)
        self.follow_if_colleague(case, sender)
        self.tell_message(case, sender)
        self.acknowledge(case, now)
        return case

    def follow_if_colleague(self, case, author):
        if author.is_colleague:
            case.followers.add(author)

    def acknowledge(self, case, now):
        self.tell(case.customer)
        self.note_customer(case, now)

    def reply(self, now, key, sender, by_number=False):
        case = self.get_survivor(key)
        if case.is_past_grace(now):
            self.mail(now, f'{key}+', sender, case.team, case.kind)
            return
        self.follow_if_colleague(case, sender)
        self.hear_customer(case, sender, now)

    def get_survivor(self, key):
        case = self.cases[key]
        return case.merged_into or case

    def portal(self, now, key, sender):
        self.hear_customer(self.get_survivor(key), sender, now)

    def machine(self, now, key, sender):
        """An absence moves nothing and is told to nobody."""

    def bounce(self, now, key):
        """What could not be delivered moves nothing."""

    def junk(self, now, team):
        """Spam opens nothing."""

    def forward(self, now, key, colleague, customer, team, is_attached=False):
        case = self.open(now, key, team, customer, actor=colleague)
        self.tell_message(case, colleague)

    def confirm(self, now, key, actor):
        self.acknowledge(self.cases[key], now)

    def colleague_mail(self, now, key, sender, readers):
        """A member of the team answers from the own mailbox."""
        self.answer(self.cases[key], sender, now, readers)

    # === AGENTS === #

    def write(self, now, key, actor, then=None, macro=False):
        case = self.cases[key]
        self.answer(case, actor, now)
        if then:
            self.set_stage(case, then, now, actor)

    def macro(self, now, keys, actor):
        """A text to each, waiting for an answer, and whoever uses it has them."""
        for key in keys:
            self.write(now, key, actor, 'waiting')
            self.give(self.cases[key], actor, actor)

    def note(self, now, key, actor, mention=None):
        if mention:
            self.tell(mention)

    def assign(self, now, key, user, actor):
        self.give(self.cases[key], user, actor)

    def move(self, now, key, team, actor):
        self.move_team(self.cases[key], team, now, actor)

    def lift(self, now, key, actor):
        self.escalate(self.cases[key], now, actor)

    def stage(self, now, key, stage, actor):
        self.set_stage(self.cases[key], stage, now, actor)

    def snooze(self, now, key, actor, day, until):
        self.cases[key].snoozed = until

    def archive(self, now, key, actor):
        case = self.cases[key]
        case.active = False
        self.sync_pause(case, now)

    def unarchive(self, now, key, actor):
        self.bring_back(self.cases[key], now, actor)

    def mark_spam(self, now, key, actor):
        self.archive(now, key, actor)
        self.cases[key].is_spam = True

    def call(self, now, key, actor, customer, team):
        case = self.open(now, key, team, customer, actor=actor)
        case.first_response, case.hours_to_response = now, 0
        self.reach(case, 'first_response', now)
        if case.user and case.user is not actor:
            self.tell(case.user)
        self.tell_new(case, actor)

    def enter(self, now, key, actor, customer, team, kind):
        """A claim to a supplier, entered by hand; suppliers are asked for no opinion."""
        case = self.open(now, key, team, customer, kind, actor)
        case.is_rated = False
        self.tell_new(case, actor)

    def load(self, now, rows, actor, customer, team):
        """History is told to nobody, promises nothing and asks for nothing."""
        for key, opened, closed in rows:
            case = Case(key, 'ticket', team, opened, customer, stage='solved', closed=closed)
            case.pauses.append([closed, None])
            case.hours_to_close = team.hours.count(opened, closed)
            self.cases[key] = case

    def leave(self, now, person):
        """Who goes leaves the open cases to the team and hears no more."""
        person.active = False
        for case in self.cases.values():
            case.followers.discard(person)
        for case in self.cases.values():
            if case.user is person and case.active and not case.closed:
                self.assign_anew(case, now)

    # === MERGES AND OPINIONS === #

    def merge(self, now, keys, actor):
        """The oldest goes on with what all of them had; the customer is told once."""
        survivor, other = cases = [self.cases[key] for key in keys]
        self.before = [(case, self.keep(case)) for case in cases]
        survivor.answers += other.answers
        survivor.customer_since = min(
            filter(None, (survivor.customer_since, other.customer_since)), default=None
        )
        survivor.followers |= other.followers
        other.active, other.merged_into = False, survivor
        self.sync_pause(other, now)
        self.tell(survivor.customer)

    def keep(self, case):
        values = {
            name: copy(value) if isinstance(value, list | set) else value
            for name, value in vars(case).items()
        }
        values['pauses'] = [list(pause) for pause in case.pauses]
        return values, [(clock, dict(vars(clock))) for clock in case.clocks]

    def unmerge(self, now, key, actor):
        """All is as if they had not been merged."""
        for case, (values, clocks) in self.before:
            vars(case).update(values)
            for clock, kept in clocks:
                vars(clock).update(kept)

    def rate(self, now, key, value, comment):
        """Whoever works on the case hears the opinion."""
        case = self.cases[key]
        self.ratings.append((case.team, case.user, value, comment))
        self.tell(*case.followers)
