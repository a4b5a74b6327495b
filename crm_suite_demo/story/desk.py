"""What agents do beside answering: they merge, put aside, find one cause, and plan what recurs."""

from datetime import datetime, timedelta

from . import tickets

RECURRING_SINCE = 7  # months


def begin(story):
    story.agenda.add(story.work_on(story.get_day(3)), write_twice, story)
    story.agenda.add(story.now - timedelta(hours=28), find_the_cause, story)
    story.agenda.add(story.now - timedelta(hours=27), put_aside, story)
    first = story.get_month(RECURRING_SINCE) + timedelta(days=8)
    story.agenda.add(story.at(first, 6), plan_recurring, story, first)
    for ago in range(RECURRING_SINCE, -1, -1):
        day = story.get_working_day(story.get_month(ago) + timedelta(days=8))
        story.agenda.add(story.at(day, 7), make_recurring, story)


def create_ticket(story, contact, subject, category, text, login='agent'):
    return story.env['service.ticket'].create(
        {
            'name': subject,
            'partner_id': contact.id,
            'team_id': story.service_teams['support'].id,
            'category_id': story.categories[category].id,
            'medium_id': story.env.ref('utm.utm_medium_email').id,
            'priority': '1',
            'description': f'<p>{text}</p>',
            'user_id': story.users[login].id,
        }
    )


def write_twice(story):
    """Let a customer send what was forgotten as another question; the agent makes one of both."""
    contact = story.contacts[5]
    subject, category, text, *_rest = story.words.TICKETS[0]
    first = create_ticket(story, contact, subject, category, text)
    _subject, _category, forgotten = story.words.TWICE
    second = create_ticket(story, contact, story.words.TWICE[0], category, forgotten)
    kept = (first | second).action_merge()
    kept._transition_to('open')


def put_aside(story):
    ticket = create_ticket(story, story.contacts[8], *story.words.PUT_ASIDE)
    tickets.say_on(ticket, ticket.partner_id, story.words.PUT_ASIDE[2])
    tickets.say_on(ticket, story.users['agent'].partner_id, story.words.MACROS[2][1])
    ticket._transition_to('open')
    ticket.action_snooze(story.today + timedelta(days=12))


def find_the_cause(story):
    """Let several ask about the same; what is answered on the problem goes to all of them."""
    problem = create_ticket(story, story.contacts[2], *story.words.PROBLEM, login='servicemanager')
    problem._transition_to('open')
    contacts = story.contacts[11::9]
    _subject, category, text = story.words.PROBLEM
    for contact, subject in zip(contacts, story.words.INCIDENTS, strict=False):
        incident = create_ticket(story, contact, subject, category, text)
        incident._transition_to('open')
        incident.problem_id = problem


# === WHAT RECURS === #


def plan_recurring(story, first):
    story.recurrences = story.of(story.users['servicemanager'], 'service.recurrence').create(
        [
            {
                'name': name,
                'partner_id': contact.id,
                'company_id': story.company.id,
                'team_id': story.service_teams['support'].id,
                'user_id': story.users['agent'].id,
                'category_id': story.categories[category].id,
                'description': f'<p>{text}</p>',
                'interval_count': months,
                'date_start': first,
                'shift': 'next',
            }
            for (name, category, text, months), contact in zip(
                story.words.RECURRING, story.customers[3:], strict=False
            )
        ]
    )


def make_recurring(story):
    """Make what is due, and do it in the days after."""
    today = datetime.now().date()
    due = story.recurrences.filtered(lambda one: one.date_due and one.date_due <= today)
    due._make_due_cases()
    made = story.env['service.ticket'].search(
        [('recurrence_id', 'in', due.ids), ('date_closed', '=', False)]
    )
    for ticket in made:
        hours = story.random.uniform(2, 7)
        story.agenda.add(story.work_after(datetime.now(), hours), finish, story, ticket)


def finish(story, ticket):
    tickets.say_on(ticket, story.users['agent'].partner_id, story.words.MACROS[2][1])
    ticket.action_solve()
    ticket.rating_due = False
