"""The customer who logs in to the portal, what is found there, and who looked at what."""

from datetime import datetime, timedelta

from odoo.fields import Command

LOGIN = 'customer'
VISITS = 40


def begin(story):
    contact = story.customers[0].child_ids[:1]
    contact.name = story.words.PEOPLE[LOGIN]
    story.users[LOGIN] = story.env['res.users'].create(
        {
            'name': contact.name,
            'partner_id': contact.id,
            'login': LOGIN,
            'password': LOGIN,
            'company_id': story.company.id,
            'company_ids': [Command.set(story.company.ids)],
            'group_ids': [Command.set(story.env.ref('base.group_portal').ids)],
            'lang': story.lang,
            'tz': story.words.ZONE,
        }
    )
    for days in (200, 120, 64, 31, 9, 3):
        story.agenda.add(story.work_on(story.get_day(days)), ask, story, contact)
    for day in story.spread(VISITS):
        story.agenda.add(story.work_on(day), visit, story)


def ask(story, contact):
    """Let the customer of the portal have some questions of their own."""
    from . import tickets

    case = tickets.plan(story, datetime.now().date())
    case.contact, case.medium, case.agent = contact, 'website', 'agent'
    tickets.arrive(story, case)


def visit(story):
    """Note that somebody opened an invoice, a contract or a ticket."""
    contracts = [deal.contract for deal in story.deals if deal.contract]
    if not contracts:
        return
    contract = story.choose(contracts)
    document = story.choose([contract, *contract.billing_ids.move_line_ids.move_id[:1]])
    visits = story.env['crm.visit']
    visitor = contract.partner_id.child_ids[:1] or contract.partner_id
    models = story.env['crm.interaction']._get_visited_models()
    if document._name in models:
        values = visits._prepare_visit(document, visitor, story.company)
        if not visits._is_noted(values):
            visits.create({**values, 'date': datetime.now() - timedelta(minutes=1)})
