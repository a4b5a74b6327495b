"""What customers ask the support, who answers when, and what they think of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

TICKETS = 250
MEDIA = {'email': 46, 'phone': 30, 'website': 24}
PRIORITIES = {'0': 10, '1': 58, '2': 24, '3': 8}
# Policy: lowest priority, hours until the first, the next and the last answer.
POLICIES = (('urgent', '3', 1, 2, 8), ('high', '2', 4, 4, 16), ('normal', False, 8, 8, 40))
RATINGS = {5: 58, 4: 22, 3: 8, 2: 4, 1: 8}
RATED = 0.55
REOPENED = 0.07
AGENTS = ('agent', 'servicemanager', 'admin')
LATE = 0.14  # of the answers come after what was promised


@dataclass
class Case:
    """One question, with what is said about it."""

    day: date
    subject: str
    category: str
    talk: tuple
    medium: str
    priority: str
    contact: object
    agent: str
    ticket: object = field(default=None, repr=False)


def begin(story):
    story.categories = create_categories(story)
    create_policies(story)
    create_macros(story)
    for day in story.spread(TICKETS):
        case = plan(story, day)
        story.agenda.add(story.work_on(day), arrive, story, case)
    plan_the_day(story)


def create_categories(story):
    categories = story.env['service.category'].create(
        [{'name': name} for name in story.words.CATEGORIES.values()]
    )
    return dict(zip(story.words.CATEGORIES, categories, strict=True))


def create_policies(story):
    story.env['service.sla.policy'].create(
        [
            {
                'name': story.words.POLICIES[key],
                'sequence': 10 + number,
                'company_id': story.company.id,
                'priority_min': priority,
                'first_response_hours': first,
                'next_response_hours': following,
                'resolution_hours': resolution,
                'warning_hours': 0.5 if key == 'urgent' else 2,
            }
            for number, (key, priority, first, following, resolution) in enumerate(POLICIES)
        ]
    )


def create_macros(story):
    story.env['service.macro'].create(
        [
            {'name': name, 'body': f'<p>{body}</p>', 'stage_kind': kind, 'user_id': False}
            for name, body, kind in story.words.MACROS
        ]
    )


def plan(story, day):
    subject, category, *talk = story.choose(story.words.TICKETS)
    return Case(
        day=day,
        subject=subject,
        category=category,
        talk=tuple(talk),
        medium=story.choose_weighted(MEDIA),
        priority=story.choose_weighted(PRIORITIES),
        contact=story.choose(story.contacts[: len(story.contacts) * 4 // 5]),
        agent=story.choose(['agent', 'agent', 'agent', 'servicemanager', 'admin']),
    )


# === THE WAY OF A TICKET === #


def arrive(story, case, answer_in=None):
    question = case.talk[0]
    case.ticket = story.env['service.ticket'].create(
        {
            'name': case.subject,
            'partner_id': case.contact.id,
            'team_id': story.service_teams['support'].id,
            'category_id': story.categories[case.category].id,
            'medium_id': story.env.ref(f'utm.utm_medium_{case.medium}').id,
            'priority': case.priority,
            'description': f'<p>{question}</p>',
            'contract_id': get_contract(story, case.contact).id,
            'user_id': story.users[case.agent].id,
        }
    )
    if case.medium != 'phone':
        say(case, case.contact, question)
    hours = story.random.uniform(0.2, 0.8) * get_promise(case)
    if story.random.random() < LATE:
        hours = get_promise(case) * story.random.uniform(1.1, 2.5)
    story.agenda.add(story.work_after(datetime.now(), hours), answer, story, case)


def get_promise(case):
    return next(
        first
        for _key, priority, first, _next, _all in POLICIES
        if case.priority >= (priority or '0')
    )


def get_contract(story, contact):
    """Return the contract under which a contact asks, if one runs."""
    deals = {deal.customer: deal.contract for deal in story.deals if deal.contract}
    contract = deals.get(contact.commercial_partner_id)
    runs = contract and contract.state in ('open', 'to_renew')
    return contract if runs else story.env['crm.contract']


def say(case, partner, text):
    """Let somebody write to the other side."""
    say_on(case.ticket, partner, text)


def say_on(ticket, partner, text):
    is_ours = not partner.partner_share
    ticket.message_post(
        body=text,
        author_id=partner.id,
        email_from=partner.email_formatted,
        message_type='comment' if is_ours else 'email',
        subtype_xmlid='mail.mt_comment',
    )


def answer(story, case, number=1):
    """Answer, and wait for the customer or go on until it is solved."""
    agent = story.users[case.agent]
    say(case, agent.partner_id, case.talk[number])
    if len(case.talk) > number + 2:
        case.ticket._transition_to('waiting')
        moment = story.work_after(datetime.now(), story.random.uniform(0.5, 14))
        story.agenda.add(moment, reply, story, case, number + 1)
        return
    if case.ticket.stage_kind == 'new':
        case.ticket._transition_to('open')
    hours = story.random.uniform(1, 18) * (3 if story.random.random() < LATE else 1)
    story.agenda.add(story.work_after(datetime.now(), hours), solve, story, case)


def reply(story, case, number):
    say(case, case.contact, case.talk[number])
    hours = story.random.uniform(0.3, 0.9) * get_promise(case)
    if story.random.random() < LATE:
        hours *= 3
    story.agenda.add(story.work_after(datetime.now(), hours), answer, story, case, number + 1)


def solve(story, case):
    if case.ticket.date_closed:
        return
    if case.ticket.stage_kind == 'waiting':
        case.ticket._transition_to('open')
    case.ticket.action_solve()
    lot = story.random.random()
    if lot < REOPENED:
        moment = story.work_after(datetime.now(), story.random.uniform(4, 20))
        story.agenda.add(moment, come_back, story, case)
    elif lot < REOPENED + RATED:
        moment = story.work_after(datetime.now(), story.random.uniform(1, 20))
        story.agenda.add(moment, rate, story, case)
    else:
        case.ticket.rating_due = False


def come_back(story, case):
    case.ticket.rating_due = False
    say(case, case.contact, story.choose(story.words.NOT_SOLVED))
    moment = story.work_after(datetime.now(), story.random.uniform(2, 12))
    story.agenda.add(moment, solve, story, case)


def rate(story, case):
    value = story.choose_weighted(RATINGS)
    case.ticket._apply_rating(value, story.choose(story.words.OPINIONS[value]))


# === TODAY === #


def plan_the_day(story):
    """Leave the agents a morning full of work, whatever the hour of the installation is."""
    for number, hours in enumerate((30, 26, 22, 9, 6, 5, 4, 3, 2.2, 1.5, 1, 0.6)):
        case = plan(story, story.today)
        case.medium = 'email'
        kind = ('due', 'waiting', 'answered', 'unassigned')[number % 4]
        case.agent = AGENTS[number // 4]
        story.agenda.add(story.now - timedelta(hours=hours), leave_open, story, case, kind)


def leave_open(story, case, kind):
    ticket = case.ticket = story.env['service.ticket'].create(
        {
            'name': case.subject,
            'partner_id': case.contact.id,
            'team_id': story.service_teams['support'].id,
            'category_id': story.categories[case.category].id,
            'medium_id': story.env.ref('utm.utm_medium_email').id,
            'priority': case.priority,
            'description': f'<p>{case.talk[0]}</p>',
            'user_id': story.users[case.agent].id if kind != 'unassigned' else False,
        }
    )
    say(case, case.contact, case.talk[0])
    if kind == 'unassigned':
        return
    story.agenda.add(story.now - timedelta(minutes=25), leave_answered, story, case, kind)
    if kind == 'due':
        ticket.date_deadline = story.now + timedelta(minutes=story.random.randrange(35, 110))


def leave_answered(story, case, kind):
    ticket, agent = case.ticket, story.users[case.agent]
    if kind in ('waiting', 'answered'):
        say(case, agent.partner_id, case.talk[1])
        ticket._transition_to('waiting' if kind == 'waiting' else 'open')
    if kind == 'answered':
        story.agenda.add(
            story.now - timedelta(minutes=6),
            say, case, case.contact, story.choose(story.words.NOT_SOLVED),
        )  # fmt: skip
    day = story.today + timedelta(days=story.choose([-1, 0, 0, 1, 3]))
    ticket.activity_schedule(
        'mail.mail_activity_data_todo',
        date_deadline=day,
        summary=story.choose(story.words.TODOS),
        user_id=agent.id,
    )
