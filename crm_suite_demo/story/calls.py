"""Calls and meetings: held, missed, planned and overdue."""

from datetime import datetime, timedelta

from odoo.fields import Command

OUTCOMES = ('reached', 'interested', 'call_back')
MISSED = ('no_answer', 'message')
CARE_CALLS = 110  # of customers who want nothing
NOT_HELD = 0.17
# Who has calls and meetings today, and when: at work, whatever the hour of the installation is.
PLANNERS = ('sales', 'sales2', 'salesmanager', 'contracts', 'admin')
CALL_HOURS = (10, 12, 16)


def begin(story):
    story.outcomes = {
        key: story.env.ref(f'crm_extended.crm_call_outcome_{key}') for key in OUTCOMES + MISSED
    }
    for day in story.spread(CARE_CALLS):
        seller = story.choose(['sales', 'sales2', 'contracts', 'contracts', 'admin'])
        story.agenda.add(story.work_on(day), take_care, story, seller, day)
    story.agenda.add(story.now - timedelta(hours=30), plan_the_day, story)
    story.agenda.add(story.now - timedelta(hours=20), plan_the_meetings, story)


def hold(story, inquiry):
    """Speak with whom it concerns; sometimes nobody answers the first time."""
    create(
        story,
        inquiry.seller,
        {
            'name': story.choose(story.words.CALLS),
            'lead_id': inquiry.lead.id,
            'partner_id': inquiry.lead.partner_id.id,
            'direction': 'inbound' if inquiry.medium == 'phone' else 'outbound',
        },
    )


def take_care(story, seller, _day):
    create(
        story,
        seller,
        {
            'name': story.choose(story.words.CARE_CALLS),
            'partner_id': story.choose(story.contacts[: len(story.contacts) * 3 // 4]).id,
        },
    )


def create(story, seller, values):
    is_held = story.random.random() > NOT_HELD
    calls = story.of(story.users[seller], 'crm.call')
    call = calls.create(
        {
            **values,
            'user_id': story.users[seller].id,
            'team_id': story.team.id,
            'company_id': story.company.id,
            'state': 'held' if is_held else 'planned',
            'date': datetime.now(),
            'duration': story.choose([0.05, 0.1, 0.1, 0.2, 0.25, 0.5]) if is_held else 0.0,
            'outcome_id': story.outcomes[story.choose(OUTCOMES)].id if is_held else False,
            'description': story.choose(story.words.CALL_NOTES) if is_held else False,
        }
    )
    if not is_held:
        call.outcome_id = story.outcomes[story.choose(MISSED)]
        call.action_not_held()


# === WHAT IS TO COME === #


def plan_next(story, inquiry):
    """Leave something to do about most of what is still open."""
    lead = inquiry.lead
    lot = story.random.random()
    day = story.get_working_day(story.today + timedelta(days=story.random.randrange(-1, 12)))
    if lot < 0.4:
        plan_call(story, inquiry.seller, story.work_on(day), lead, lead.partner_id)
    elif lot < 0.72:
        kind, summary = story.choose(story.words.NEXT_STEPS)
        lead.activity_schedule(
            f'mail.mail_activity_data_{kind}',
            date_deadline=day,
            summary=summary,
            user_id=lead.user_id.id,
        )


def plan_call(story, seller, moment, lead, partner):
    story.of(story.users[seller], 'crm.call').create(
        {
            'name': lead.name or story.choose(story.words.CARE_CALLS),
            'state': 'planned',
            'date': moment,
            'lead_id': lead.id,
            'partner_id': partner.id,
            'user_id': story.users[seller].id,
            'team_id': story.team.id,
            'company_id': story.company.id,
        }
    )


def plan_the_day(story):
    """Let everybody have calls today, and one that is overdue."""
    no_lead = story.env['crm.lead']
    for number, seller in enumerate(PLANNERS):
        for day, hour in ((get_last_workday(story), 16), *((story.today, at) for at in CALL_HOURS)):
            moment = story.at(day, hour, 5 * number)
            plan_call(story, seller, moment, no_lead, story.choose(story.contacts))


def get_last_workday(story):
    """Return the day on which people worked last before today."""
    return story.get_day(max(1, story.today.weekday() - 4 if story.today.weekday() else 3))


def meet(story, inquiry):
    day = story.get_working_day(datetime.now().date() + timedelta(days=2))
    start = story.at(day, story.random.randrange(9, 17))
    create_meeting(story, inquiry.seller, start, inquiry.lead.partner_id, inquiry)


def plan_the_meetings(story):
    tomorrow = story.get_working_day(story.today + timedelta(days=1))
    for number, seller in enumerate(PLANNERS):
        for day, hour in ((story.today, 15), (tomorrow, 11)):
            start = story.at(day, hour, 15 * number % 60)
            create_meeting(story, seller, start, story.choose(story.contacts))


def create_meeting(story, seller, start, partner, inquiry=None):
    user = story.users[seller]
    story.of(user, 'calendar.event').with_context(no_mail_to_attendees=True).create(
        {
            'name': f'{story.choose(story.words.MEETINGS)}: {partner.commercial_partner_id.name}',
            'start': start,
            'stop': start + timedelta(minutes=story.choose([30, 60, 90])),
            'user_id': user.id,
            'opportunity_id': inquiry and inquiry.lead.id,
            'partner_ids': [Command.set((user.partner_id | partner).ids)],
        }
    )
