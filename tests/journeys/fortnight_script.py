"""A fortnight of three teams as data: who there is, and what happens when.

From Tuesday 20 October to Tuesday 3 November 2026, in UTC. Madrid is two hours ahead until Sunday
25 October 01:00, one hour from then on; Monday 2 November is a holiday of the company.
"""

from datetime import datetime

from .fortnight_clock import Hours, Promise
from .fortnight_model import Person, Team

END = datetime(2026, 11, 3, 18)
HOLIDAY = '2026-11-02'
WEEK = range(5)
OFFICE = {day: [(9, 14), (16, 19)] for day in WEEK}
ISLANDS = {**{day: [(8, 15)] for day in WEEK}, 5: [(9, 13)]}
ALWAYS = {day: [(0, 24)] for day in range(7)}
ZONES = {'first': 'Europe/Madrid', 'second': 'Atlantic/Canary', 'claims': 'Europe/Madrid'}
WEEKS = {'first': OFFICE, 'second': ISLANDS, 'claims': ALWAYS}
PROMISES = {
    'first': Promise(120, 180, 720, 60, escalates=True),
    'second': Promise(240, 120, 480, 60),
    'claims': Promise(240, 480, 2880, 240),
}
LEAVE = (datetime(2026, 10, 21, 22), datetime(2026, 10, 23, 22))

# Colleagues: how they are told, and the language that they read
COLLEAGUES = {
    'Ana': ('inbox', 'es_ES'),
    'Bea': ('email', 'en_US'),
    'Carlos': ('inbox', 'es_ES'),
    'Lola': ('email', 'es_ES'),
    'Elena': ('inbox', 'en_US'),
    'Félix': ('email', 'es_ES'),
    'Gil': ('email', 'en_US'),
    'Hugo': ('inbox', 'es_ES'),
    'Marta': ('inbox', 'es_ES'),
    'Pedro': ('email', 'es_ES'),
}
SEES_ALL = ('Marta', 'Bea')  # a manager, and who calls customers for the salespeople too
# Contacts: Altozano is the company of the first three
CONTACTS = {'Lucía': 'Altozano', 'Mateo': 'Altozano', 'Nora': 'Altozano', 'Corchos': None}
STRANGERS = ('eva@duro.example.com', 'zoe@ramos.example.com', 'promo@ofertas.example.com')
MEMBERS = {
    'first': (['Ana', 'Bea', 'Carlos'], 'Lola'),
    'second': (['Félix'], 'Elena'),
    'claims': (['Gil', 'Hugo'], None),
}


def make_people():
    people = {
        name: Person(name, way, is_colleague=True, sees_all=name in SEES_ALL)
        for name, (way, _lang) in COLLEAGUES.items()
    }
    people['Bea'].leave = LEAVE
    people.update({name: Person(name) for name in (*CONTACTS, *STRANGERS)})
    return people


def make_teams(people):
    teams = {}
    for name, (members, leader) in MEMBERS.items():
        teams[name] = Team(
            name,
            Hours(ZONES[name], WEEKS[name], {HOLIDAY}),
            PROMISES[name],
            [people[member] for member in members],
            people.get(leader),
            rating_days=10,
        )
    first = teams['first']
    first.is_balanced, first.waiting, first.next_tier = True, (2, 4), teams['second']
    first.followers.append(people['Marta'])
    return teams


EVA, ZOE, PROMO = STRANGERS
ROWS = [
    ('X', datetime(2026, 9, 14, 8), datetime(2026, 9, 16, 10)),
    ('Y', datetime(2026, 9, 21, 8), datetime(2026, 9, 21, 12)),
]

# (day and time in UTC, what happens, who and what)
EVENTS = [
    # Tuesday: a case answered, taken up and solved; one that nobody answers
    ('10-20 07:05', 'mail', {'key': 'A', 'sender': 'Lucía', 'team': 'first'}),
    ('10-20 07:20', 'write', {'key': 'A', 'actor': 'Ana', 'then': 'waiting'}),
    ('10-20 07:40', 'mail', {'key': 'B', 'sender': EVA, 'team': 'first'}),
    ('10-20 08:00', 'machine', {'key': 'A', 'sender': 'Lucía'}),
    (
        '10-20 08:10',
        'forward',
        {'key': 'C', 'colleague': 'Ana', 'customer': 'Mateo', 'team': 'first'},
    ),
    ('10-20 08:30', 'confirm', {'key': 'C', 'actor': 'Carlos'}),
    ('10-20 08:50', 'write', {'key': 'C', 'actor': 'Carlos'}),
    ('10-20 09:00', 'reply', {'key': 'A', 'sender': 'Lucía'}),
    ('10-20 09:30', 'call', {'key': 'D', 'actor': 'Bea', 'customer': 'Nora', 'team': 'first'}),
    ('10-20 10:00', 'write', {'key': 'A', 'actor': 'Ana', 'then': 'solved'}),
    ('10-20 10:30', 'junk', {'team': 'first'}),
    ('10-20 11:00', 'write', {'key': 'B', 'actor': 'Elena'}),
    ('10-20 11:05', 'bounce', {'key': 'B'}),
    ('10-20 12:10', 'rate', {'key': 'A', 'value': 5, 'comment': 'Quick and kind'}),
    ('10-20 15:30', 'reply', {'key': 'A', 'sender': 'Lucía'}),
    ('10-20 15:45', 'stage', {'key': 'A', 'stage': 'solved', 'actor': 'Ana'}),
    # Wednesday: a colleague is the customer, macros, a number in a subject, claims
    ('10-21 07:30', 'mail', {'key': 'E', 'sender': 'Nora', 'team': 'first'}),
    ('10-21 07:45', 'assign', {'key': 'E', 'user': 'Carlos', 'actor': 'Lola'}),
    ('10-21 08:00', 'note', {'key': 'E', 'actor': 'Carlos', 'mention': 'Lola'}),
    ('10-21 08:15', 'macro', {'keys': ['E', 'C'], 'actor': 'Carlos'}),
    ('10-21 09:00', 'reply', {'key': 'E', 'sender': 'Lucía', 'by_number': True}),
    ('10-21 10:00', 'mail', {'key': 'F', 'sender': 'Pedro', 'team': 'first'}),
    ('10-21 10:10', 'reply', {'key': 'F', 'sender': 'Pedro'}),
    ('10-21 10:30', 'write', {'key': 'F', 'actor': 'Bea', 'then': 'solved'}),
    ('10-21 10:50', 'reply', {'key': 'F', 'sender': 'Pedro'}),
    ('10-21 11:30', 'lift', {'key': 'F', 'actor': 'Bea'}),
    (
        '10-21 12:00',
        'enter',
        {'key': 'G', 'actor': 'Gil', 'customer': 'Corchos', 'team': 'claims', 'kind': 'claim'},
    ),
    ('10-21 12:30', 'assign', {'key': 'G', 'user': 'Gil', 'actor': 'Gil'}),
    ('10-21 13:00', 'mail', {'key': 'H', 'sender': 'Mateo', 'team': 'claims', 'kind': 'claim'}),
    ('10-21 14:00', 'assign', {'key': 'H', 'user': 'Hugo', 'actor': 'Gil'}),
    # Thursday: Bea is on leave; a snooze that does not stop the clocks; a merge that is undone
    ('10-22 07:10', 'mail', {'key': 'I', 'sender': EVA, 'team': 'first'}),
    ('10-22 07:30', 'mail', {'key': 'J', 'sender': 'Lucía', 'team': 'first'}),
    ('10-22 07:40', 'write', {'key': 'I', 'actor': 'Ana'}),
    ('10-22 07:50', 'portal', {'key': 'J', 'sender': 'Lucía'}),
    ('10-22 08:00', 'mail', {'key': 'K', 'sender': 'Lucía', 'team': 'first'}),
    (
        '10-22 08:05',
        'snooze',
        {'key': 'I', 'actor': 'Ana', 'day': '2026-10-24', 'until': datetime(2026, 10, 23, 22)},
    ),
    ('10-22 08:20', 'merge', {'keys': ['J', 'K'], 'actor': 'Lola'}),
    ('10-22 08:25', 'unmerge', {'key': 'J', 'actor': 'Lola'}),
    ('10-22 09:10', 'write', {'key': 'K', 'actor': 'Carlos', 'then': 'solved'}),
    ('10-22 09:15', 'write', {'key': 'J', 'actor': 'Ana'}),
    ('10-22 10:00', 'write', {'key': 'G', 'actor': 'Gil', 'then': 'waiting'}),
    # Friday and the end of summer time
    (
        '10-23 07:30',
        'forward',
        {
            'key': 'L',
            'colleague': 'Carlos',
            'customer': ZOE,
            'team': 'first',
            'is_attached': True,
        },
    ),
    ('10-23 08:05', 'colleague_mail', {'key': 'E', 'sender': 'Carlos', 'readers': ['Lucía']}),
    ('10-23 08:20', 'write', {'key': 'L', 'actor': 'Ana', 'then': 'solved'}),
    ('10-23 09:05', 'reply', {'key': 'K', 'sender': 'Lucía'}),
    ('10-23 09:50', 'write', {'key': 'K', 'actor': 'Carlos', 'then': 'solved'}),
    ('10-23 10:05', 'write', {'key': 'H', 'actor': 'Hugo', 'then': 'waiting'}),
    ('10-23 10:20', 'reply', {'key': 'G', 'sender': 'Corchos'}),
    ('10-23 15:10', 'stage', {'key': 'F', 'stage': 'solved', 'actor': 'Elena'}),
    ('10-24 12:05', 'reply', {'key': 'H', 'sender': 'Mateo'}),
    ('10-24 20:05', 'mail', {'key': 'M', 'sender': 'Nora', 'team': 'claims', 'kind': 'claim'}),
    ('10-25 00:35', 'write', {'key': 'M', 'actor': 'Gil'}),
    # Winter time: another team, a history that is loaded, somebody who goes
    ('10-26 08:10', 'mail', {'key': 'N', 'sender': 'Nora', 'team': 'first'}),
    ('10-26 09:05', 'move', {'key': 'N', 'team': 'second', 'actor': 'Lola'}),
    ('10-26 10:05', 'assign', {'key': 'N', 'user': 'Félix', 'actor': 'Félix'}),
    ('10-26 10:35', 'write', {'key': 'M', 'actor': 'Gil', 'then': 'solved'}),
    ('10-26 11:05', 'write', {'key': 'N', 'actor': 'Félix', 'then': 'solved'}),
    (
        '10-26 13:05',
        'load',
        {'rows': ROWS, 'actor': 'Marta', 'customer': 'Mateo', 'team': 'first'},
    ),
    ('10-26 13:10', 'rate', {'key': 'M', 'value': 1, 'comment': 'Too late'}),
    ('10-27 10:05', 'leave', {'person': 'Carlos'}),
    ('10-27 10:35', 'reply', {'key': 'E', 'sender': 'Nora'}),
    ('10-27 11:05', 'archive', {'key': 'J', 'actor': 'Elena'}),
    ('10-27 11:35', 'reply', {'key': 'X', 'sender': 'Mateo', 'by_number': True}),
    ('10-28 08:35', 'reply', {'key': 'J', 'sender': 'Lucía'}),
    ('10-28 09:35', 'mail', {'key': 'O', 'sender': PROMO, 'team': 'first'}),
    ('10-28 09:40', 'mark_spam', {'key': 'O', 'actor': 'Lola'}),
    ('10-28 10:05', 'mail', {'key': 'P', 'sender': ZOE, 'team': 'first'}),
    ('10-28 10:25', 'stage', {'key': 'P', 'stage': 'rejected', 'actor': 'Ana'}),
    ('10-28 11:05', 'reply', {'key': 'P', 'sender': ZOE}),
    ('10-29 09:05', 'reply', {'key': 'A', 'sender': 'Lucía'}),
    ('10-29 10:05', 'archive', {'key': 'A+', 'actor': 'Lola'}),
    ('10-29 11:05', 'unarchive', {'key': 'A+', 'actor': 'Lola'}),
    # Over the holiday
    ('10-30 17:35', 'mail', {'key': 'Q', 'sender': EVA, 'team': 'first'}),
    ('11-02 10:05', 'mail', {'key': 'R', 'sender': 'Nora', 'team': 'claims', 'kind': 'claim'}),
    ('11-03 08:35', 'write', {'key': 'Q', 'actor': 'Ana', 'then': 'waiting'}),
]


def get_events():
    """Return [(moment, what happens, who and what)]."""
    return [
        (datetime.fromisoformat(f'2026-{moment}'), name, values) for moment, name, values in EVENTS
    ]
