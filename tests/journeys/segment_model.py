"""Who belongs to which segment, worked out contact by contact from raw rows: no query, no set."""

import math
from dataclasses import dataclass, field
from datetime import datetime, time
from hashlib import md5

from dateutil.relativedelta import relativedelta

SCORES = 5


def draw(kind, numbers, seed, ids):
    """Return which of the ids a cut by chance takes."""
    drawn = {id_: int(md5(f'{id_}:{seed}'.encode()).hexdigest()[:15], 16) for id_ in ids}
    if kind == 'part':
        part, parts = numbers
        return {id_ for id_, number in drawn.items() if number % parts == part - 1}
    [most] = numbers
    if kind == 'percent':
        most = math.ceil(len(ids) * most / 100)
    return set(sorted(ids, key=lambda id_: (drawn[id_], id_))[:most])


@dataclass(eq=False)
class Contact:
    """One row of the contacts, with the dates of its calls."""

    id: int
    active: bool
    is_company: bool
    ref: str
    entity: int
    email: str | None


@dataclass(eq=False)
class Rule:
    """What is taken of calls, compared: over the months of a period, or with those of others.

    It is their number, the days since the first of them, or how many more there were in the
    period than in the one before.
    """

    operator: str
    value: float
    value_to: float = 0
    months: int = 0
    measure: str = 'number'

    has_rules = True


@dataclass(eq=False)
class Group:
    """So many of the rules and groups in it hold; without any rule it is not there."""

    match: str
    number: int
    lines: list

    @property
    def has_rules(self):
        return any(line.has_rules for line in self.lines)


@dataclass(eq=False)
class Segment:
    """What was said of a segment, and who belongs to it since it was applied."""

    id: int
    mode: str = 'dynamic'
    scope: str = 'both'
    refs: tuple | None = None
    asked_tag: int | None = None
    # rules, and groups of such
    rules: list = field(default_factory=list)
    match: str = 'all'
    match_count: int = 2
    roll_up: bool = False
    included: set = field(default_factory=set)
    excluded: set = field(default_factory=set)
    parents: set = field(default_factory=set)
    unwanted: set = field(default_factory=set)
    group: int | None = None
    sequence: int = 10
    tag: int | None = None
    mailing_list: int | None = None
    active: bool = True
    is_begun: bool = False
    is_suppression: bool = False
    # (kind, numbers …), None for everybody
    cut: tuple | None = None
    seed: int = 0
    # contact: why it entered
    members: dict = field(default_factory=dict)

    @property
    def place(self):
        return self.sequence, self.id

    @property
    def asks(self):
        measures = any(line.has_rules for line in self.rules)
        return bool(self.refs is not None or measures or self.parents or self.unwanted)


class World:
    """Contacts, segments and what hangs on them, as they should be."""

    def __init__(self):
        self.contacts = {}
        self.calls = []
        self.segments = {}
        # (contact, tag): on it at all, and put there by hand
        self.tags, self.hand_tags = set(), set()
        # (list, address)
        self.hand_addresses, self.refused = set(), set()

    # === ORDER === #

    def get_siblings(self, segment):
        siblings = [segment]
        if segment.group and segment.active:
            siblings = [
                one for one in self.segments.values() if one.group == segment.group and one.active
            ]
        return sorted(siblings, key=lambda one: one.place)

    def get_used(self, segment):
        """Return the segments that one asks for, by name or by their tag."""
        named = [self.segments[id_] for id_ in segment.parents | segment.unwanted]
        named += self.get_lists(segment)
        if segment.mode == 'manual' or not segment.asked_tag:
            return named
        return named + [one for one in self.segments.values() if one.tag == segment.asked_tag]

    def get_lists(self, segment):
        """Return the suppression lists that keep contacts out of a segment."""
        if segment.is_suppression:
            return []
        return [one for one in self.segments.values() if one.is_suppression and one.active]

    def is_in_order(self):
        """Say whether no segment, or group as a whole, needs itself."""
        return all(self._is_settled(one, ()) for one in self.segments.values())

    def _is_settled(self, segment, path):
        siblings = self.get_siblings(segment)
        if any(one in path for one in siblings):
            return False
        for one in siblings:
            for used in self.get_used(one):
                if used in siblings:
                    if siblings.index(used) >= siblings.index(one):
                        return False
                elif not self._is_settled(used, (*path, *siblings)):
                    return False
        return True

    def get_order(self, segments):
        """Return the segments with their groups, each after what it needs."""
        order = []

        def visit(segment):
            siblings = self.get_siblings(segment)
            if segment in order:
                return
            for one in siblings:
                for used in self.get_used(one):
                    if used not in siblings:
                        visit(used)
            order.extend(siblings)

        for segment in sorted(self.segments.values(), key=lambda one: -one.id):
            visit(segment)
        together = {one for segment in segments for one in self.get_siblings(segment)}
        return [segment for segment in order if segment in together]

    # === WHO BELONGS === #

    def is_asked(self, segment, contact):
        """Say whether the criteria beside the rules speak of a contact."""
        if not contact.active or segment.scope not in (
            'both',
            'companies' if contact.is_company else 'contacts',
        ):
            return False
        if segment.refs is not None and contact.ref not in segment.refs:
            return False
        return not segment.asked_tag or (contact.id, segment.asked_tag) in self.tags

    def is_matched(self, segment, contact, now):
        if segment.mode == 'manual' or not segment.asks or not self.is_asked(segment, contact):
            return False
        if segment.parents and not self._is_member(segment.parents, contact):
            return False
        if self._is_member(segment.unwanted, contact):
            return False
        whole = Group(segment.match, segment.match_count, segment.rules)
        return not whole.has_rules or self._is_satisfied(segment, whole, contact, now)

    def _is_satisfied(self, segment, line, contact, now):
        if isinstance(line, Rule):
            return self._is_held(segment, line, contact, now)
        holds = [
            self._is_satisfied(segment, inner, contact, now)
            for inner in line.lines
            if inner.has_rules
        ]
        if line.match == 'some':
            return holds.count(True) >= line.number
        return {'all': all(holds), 'any': any(holds), 'none': True not in holds}[line.match]

    def _is_member(self, ids, contact):
        return any(contact.id in self.segments[id_].members for id_ in ids)

    def _get_measured(self, segment, contact):
        return contact.entity if segment.roll_up else contact.id

    def _get_dates(self, segment, measured):
        return [
            date
            for partner, entity, date in self.calls
            if measured == (self.contacts[entity].entity if segment.roll_up else partner)
        ]

    def _count(self, segment, rule, measured, now):
        """Return the number of calls, None if there is none."""
        begin = _get_begin(now, rule.months)
        dates = self._get_dates(segment, measured)
        return sum(not rule.months or begin <= date <= now for date in dates) or None

    def _measure(self, segment, rule, measured, now):
        """Return what a rule compares, NaN where there is nothing of the kind."""
        if rule.measure == 'number':
            return self._count(segment, rule, measured, now) or 0
        begin = _get_begin(now, rule.months)
        dates = [date for date in self._get_dates(segment, measured) if date <= now]
        if rule.measure == 'change':
            recent = sum(date >= begin for date in dates)
            return recent - sum(_get_begin(now, 2 * rule.months) <= date < begin for date in dates)
        ages = [
            (now.date() - date.date()).days for date in dates if not rule.months or date >= begin
        ]
        return max(ages, default=math.nan)

    def _is_held(self, segment, rule, contact, now):
        measured = self._get_measured(segment, contact)
        if rule.operator in ('top_percent', 'quantile'):
            return self._is_ranked(segment, rule, measured, now)
        value = self._measure(segment, rule, measured, now)
        return {
            '>=': value >= rule.value,
            '<': value < rule.value,
            '=': value == rule.value,
            '!=': value != rule.value,
            'between': rule.value <= value <= rule.value_to,
        }[rule.operator]

    def _is_ranked(self, segment, rule, measured, now):
        population = {
            self._get_measured(segment, contact)
            for contact in self.contacts.values()
            if self.is_asked(segment, contact)
        }
        counts = {one: self._count(segment, rule, one, now) for one in population}
        callers = [one for one in population if counts[one]]
        best = sorted(callers, key=lambda one: (-counts[one], one))
        if measured not in best:
            return False
        place = best.index(measured)
        if rule.operator == 'top_percent':
            return place < math.ceil(len(population) * rule.value / 100)
        smaller, larger = divmod(len(best), SCORES)
        sizes = [smaller + (number < larger) for number in range(SCORES)]
        scores = [SCORES - number for number, size in enumerate(sizes) for _one in range(size)]
        return rule.value <= scores[place] <= rule.value_to

    # === APPLYING === #

    def apply(self, segments, now):
        for segment in self.get_order(segments):
            self._apply_one(segment, now)

    def apply_begun(self, segments, now):
        """Apply what is due, without those of a group that nobody applied yet."""
        for segment in self.get_order(segments):
            if segment.is_begun:
                self._apply_one(segment, now)

    def _apply_one(self, segment, now):
        siblings = self.get_siblings(segment)
        earlier = siblings[: siblings.index(segment)]
        never = segment.excluded.union(*(one.members for one in self.get_lists(segment)))
        barred = never.union(*(one.members for one in earlier))
        matched = {
            contact.id
            for contact in self.contacts.values()
            if self.is_matched(segment, contact, now)
        }
        included = {id_ for id_ in segment.included if self.contacts[id_].active}
        wanted = (self._cut(segment, matched - never, now) | included) - barred
        stays = {
            id_
            for id_, reason in segment.members.items()
            if id_ in wanted or (id_ not in barred and self._is_kept(segment, reason))
        }
        left = segment.members.keys() - stays
        segment.members = {
            id_: segment.members.get(id_, 'included' if id_ in segment.included else 'criteria')
            for id_ in wanted | stays
        }
        segment.is_begun = True
        self.take_tag(segment.tag, left)
        self.give_tag(segment)

    def _cut(self, segment, ids, now):
        if not segment.cut:
            return ids
        kind, *numbers = segment.cut
        if kind == 'top':
            most, months = numbers
            rule = Rule('', 0, months=months)
            counts = {
                id_: self._count(
                    segment, rule, self._get_measured(segment, self.contacts[id_]), now
                )
                for id_ in ids
            }
            callers = [id_ for id_ in ids if counts[id_]]
            return set(sorted(callers, key=lambda id_: (-counts[id_], id_))[:most])
        return draw(kind, numbers, segment.seed, ids)

    def take_back(self, segments):
        """Make segments drafts."""
        for segment in segments:
            left, segment.members, segment.is_begun = segment.members, {}, False
            self.take_tag(segment.tag, left)

    def _is_kept(self, segment, reason):
        return segment.mode == 'additive' or (segment.mode == 'manual' and reason == 'criteria')

    # === TAGS === #

    def give_tag(self, segment):
        if segment.tag:
            self.tags |= {(id_, segment.tag) for id_ in segment.members}

    def take_tag(self, tag, ids, giver=None):
        """Take a tag from contacts, unless by hand or another segment they have it."""
        for id_ in ids:
            held = any(
                one.tag == tag and id_ in one.members
                for one in self.segments.values()
                if one is not giver
            )
            if tag and not held and (id_, tag) not in self.hand_tags:
                self.tags.discard((id_, tag))

    # === MAILING LISTS === #

    def get_addresses(self, mailing_list, blocked):
        """Return who should be on a list, who refused or is blocked left aside."""
        wanted = {
            self.contacts[id_].email
            for segment in self.segments.values()
            if segment.active and segment.mailing_list == mailing_list
            for id_ in segment.members
        }
        by_hand = {address for one, address in self.hand_addresses if one == mailing_list}
        refused = {address for one, address in self.refused if one == mailing_list}
        return (wanted | by_hand) - refused - blocked - {None, False}

    # === CONTACTS THAT GO === #

    def forget(self, id_):
        for segment in self.segments.values():
            segment.members.pop(id_, None)
            segment.included.discard(id_)
            segment.excluded.discard(id_)
        self.tags = {(one, tag) for one, tag in self.tags if one != id_}
        self.hand_tags = {(one, tag) for one, tag in self.hand_tags if one != id_}

    def merge(self, source, target):
        for segment in self.segments.values():
            if source in segment.members:
                segment.members.setdefault(target, segment.members[source])
            for hand_list in (segment.included, segment.excluded):
                if source in hand_list:
                    hand_list.add(target)
        for pairs in (self.tags, self.hand_tags):
            pairs |= {(target, tag) for one, tag in pairs if one == source}
        self.forget(source)


def _get_begin(now, months):
    return datetime.combine((now - relativedelta(months=months)).date(), time.min)
