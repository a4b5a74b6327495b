"""What comes in, who takes it up, and what comes of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from . import calls, orders
from .customers import get_person, get_phone
from .marketing import choose_campaign

LEADS = 300
# Way in: its share, and whether strangers come by it.
CHANNELS = {'website': 34, 'phone': 24, 'email': 20, 'direct': 12, 'banner': 10}
SOURCES = {'website': 'search_engine', 'email': 'newsletter'}
SELLERS = {'sales': 38, 'sales2': 32, 'salesmanager': 15, 'admin': 15}
SKILL = {'sales': 0.42, 'sales2': 0.36, 'salesmanager': 0.46, 'admin': 0.4}
OUTCOMES = {'decided': 76, 'open': 16, 'dropped': 8}
STILL_OPEN = 110  # days: what is older is decided


@dataclass
class Inquiry:
    """One thing that somebody wants."""

    day: date
    subject: str
    product: str
    seller: str
    medium: str
    revenue: float
    outcome: str
    customer: object = None
    firm: str = ''
    campaign: object = None
    lead: object = field(default=None, repr=False)


def begin(story):
    # Guessed once at the end, and not anew with each step of each of them.
    story.env['ir.config_parameter'].set_param('crm.pls_start_date', '')
    story.inquiries = [plan(story, day) for day in story.spread(LEADS)]
    story.lost_reasons = story.env['crm.lost.reason'].create(
        [{'name': name} for name in story.words.LOST_REASONS]
    )
    for inquiry in story.inquiries:
        story.agenda.add(story.work_on(inquiry.day), arrive, story, inquiry)
    story.agenda.add(story.now - timedelta(minutes=50), win_today, story)
    story.agenda.add(story.now - timedelta(minutes=5), guess, story)


def plan(story, day):
    subject, product, amount = story.choose(story.words.INQUIRIES)
    is_known = story.random.random() < 0.45
    is_old = (story.today - day).days > STILL_OPEN
    outcome = story.choose_weighted(OUTCOMES)
    return Inquiry(
        day=day,
        subject=subject,
        product=product,
        seller=story.choose_weighted(SELLERS),
        medium=story.choose_weighted(CHANNELS),
        revenue=round(amount * story.random.uniform(0.6, 1.7), -1),
        outcome='decided' if outcome == 'open' and is_old else outcome,
        customer=story.choose(story.contacts) if is_known else None,
        firm=story.choose(story.strangers),
        campaign=choose_campaign(story, day),
    )


# === THE WAY OF AN INQUIRY === #


def arrive(story, inquiry):
    seller = story.users[inquiry.seller]
    inquiry.lead = story.of(seller, 'crm.lead').create(prepare_lead(story, inquiry))
    if inquiry.outcome == 'dropped':
        story.agenda.add(after(story, 2, 6), drop, story, inquiry)
        return
    story.agenda.add(after(story, 0.1, 2.5), take_up, story, inquiry)


def prepare_lead(story, inquiry):
    source = SOURCES.get(inquiry.medium)
    values = {
        'name': inquiry.subject,
        'type': 'lead',
        'user_id': story.users[inquiry.seller].id,
        'team_id': story.team.id,
        'company_id': story.company.id,
        'medium_id': story.env.ref(f'utm.utm_medium_{inquiry.medium}').id,
        'source_id': source and story.env.ref(f'utm.utm_source_{source}').id,
        'campaign_id': inquiry.campaign.id,
        'priority': story.choose('00112'),
        'description': story.choose(story.words.REQUESTS),
    }
    if inquiry.customer:
        return {**values, 'partner_id': inquiry.customer.id}
    name, address = get_person(story, inquiry.firm)
    return {
        **values,
        'partner_name': inquiry.firm,
        'contact_name': name,
        'email_from': address,
        'phone': get_phone(story),
        'city': story.choose(story.words.CITIES),
        'country_id': story.company.country_id.id,
    }


def take_up(story, inquiry):
    """Speak with them, and make an opportunity of it."""
    lead = inquiry.lead
    if not lead.partner_id:
        lead._handle_partner_assignment()
    lead.convert_opportunity(lead.partner_id)
    lead.write(
        {
            'expected_revenue': inquiry.revenue,
            'date_deadline': datetime.now().date() + timedelta(days=story.random.randrange(15, 60)),
        }
    )
    calls.hold(story, inquiry)
    go_on(story, inquiry, 1)


def go_on(story, inquiry, number):
    """Plan the next stage, or the decision after the last one."""
    stages = story.stages.filtered(lambda stage: not stage.is_won)
    moment = after(story, 3, 12)
    if inquiry.outcome == 'open' and number > 1:
        is_last = story.random.random() < 0.5
        if is_last:
            calls.plan_next(story, inquiry)
            return
    if number < len(stages):
        story.agenda.add(moment, advance, story, inquiry, stages[number], number)
    elif inquiry.outcome == 'decided':
        story.agenda.add(moment, decide, story, inquiry)
    if moment > story.now:
        calls.plan_next(story, inquiry)


def advance(story, inquiry, stage, number):
    inquiry.lead.stage_id = stage
    if number == 1 and story.random.random() < 0.3:
        calls.meet(story, inquiry)
    if number == 2:
        orders.quote(story, inquiry)
    if story.random.random() < 0.12:
        calls.hold(story, inquiry)
    if story.random.random() < 0.1:
        lose(story, inquiry)
        return
    go_on(story, inquiry, number + 1)


def decide(story, inquiry):
    if story.random.random() < SKILL[inquiry.seller] + 0.15:
        inquiry.lead.action_set_won()
        orders.sell(story, inquiry)
    else:
        lose(story, inquiry)


def lose(story, inquiry):
    reason = story.choose(story.lost_reasons)
    inquiry.lead.action_set_lost(lost_reason_id=reason.id)
    orders.withdraw(story, inquiry)


def drop(story, inquiry):
    inquiry.lead.action_set_lost(lost_reason_id=story.lost_reasons[-1].id)


def win_today(story):
    """Let everybody have something to be glad of this month."""
    for login in SELLERS:
        leads = story.env['crm.lead'].search(
            [
                ('user_id', '=', story.users[login].id),
                ('type', '=', 'opportunity'),
                ('won_status', '=', 'pending'),
            ],
            order='expected_revenue desc, id',
        )
        leads[:1].action_set_won()


def guess(story):
    """Let Odoo guess what becomes of what is open, by all that was won and lost."""
    story.env['ir.config_parameter'].set_param('crm.pls_start_date', str(story.first_day))
    leads = story.env['crm.lead']
    leads._rebuild_pls_frequency_table()
    undecided = [('team_id', '=', story.team.id), ('won_status', '=', 'pending')]
    leads.search(undecided)._compute_probabilities()


def after(story, least, most):
    """Return a moment some working days from now."""
    return story.work_after(datetime.now(), 8 * story.random.uniform(least, most))
