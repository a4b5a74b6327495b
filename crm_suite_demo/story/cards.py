"""The business cards that came home from a fair, and what became of them."""

import base64
from datetime import datetime, timedelta

from odoo.fields import Command

from . import leads
from .customers import get_person, get_phone
from .marketing import get_first_day

CARDS = 6
FAIR = 'autumn_fair'
CARD = (
    'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nN:{last};{first};;;\r\nORG:{firm}\r\n'
    'TITLE:{function}\r\nTEL;TYPE=CELL:{phone}\r\nEMAIL:{email}\r\nEND:VCARD\r\n'
)


def begin(story):
    home = get_first_day(story, FAIR) + timedelta(days=5)
    story.agenda.add(story.work_on(home), bring_home, story)


def bring_home(story):
    """Import the cards, and take up each as any other inquiry."""
    seller = story.users['sales']
    text = ''.join(write_card(story, firm) for firm in story.strangers[-CARDS:])
    upload = story.of(seller, 'ir.attachment').create(
        {'name': story.words.CARDS_FILE, 'datas': base64.b64encode(text.encode())}
    )
    wizard = story.of(seller, 'crm.capture.card').create(
        {
            'attachment_ids': [Command.set(upload.ids)],
            'lead_type': 'lead',
            'user_id': seller.id,
            'team_id': story.team.id,
            'campaign_id': story.campaigns[FAIR].id,
        }
    )
    wizard.action_read()
    found = story.env['crm.lead'].search(wizard.action_import()['domain'])
    for lead in found:
        inquiry = leads.plan(story, datetime.now().date())
        inquiry.lead, inquiry.seller, inquiry.medium = lead, 'sales', 'direct'
        lead.name = f'{story.words.CARDS_SUBJECT}: {inquiry.subject}'
        story.inquiries.append(inquiry)
        story.agenda.add(leads.after(story, 0.5, 3), leads.take_up, story, inquiry)


def write_card(story, firm):
    name, email = get_person(story, firm)
    first, _space, last = name.partition(' ')
    return CARD.format(
        name=name,
        first=first,
        last=last,
        firm=firm,
        function=story.choose(story.words.FUNCTIONS),
        phone=get_phone(story),
        email=email,
    )
