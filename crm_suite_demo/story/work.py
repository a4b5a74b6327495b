"""Hours, purchases and meters: what is booked on contracts while they run."""

from datetime import datetime, timedelta

from odoo.fields import Command

from . import bills
from .people import TECHNICIANS

# Least and most hours of a week.
HOURS = {
    'support': (0.2, 0.5),
    'used_up': (0.4, 0.8),
    'topped_up': (0.4, 0.8),
    'hours': (3, 8),
    'project': (5, 14),
}


def begin(story):
    for ago in range(13, -1, -1):
        first = story.get_month(ago)
        for day in (4, 11, 18, 24):
            story.agenda.add(story.work_on(first + timedelta(days=day)), work, story)
        story.agenda.add(story.at(first + timedelta(days=20), 12), buy, story)
        story.agenda.add(story.at(first + timedelta(days=25), 18), read_meters, story)


def get_running(story, *kinds):
    return [
        deal
        for deal in story.deals
        if deal.kind in kinds and deal.contract and deal.contract.state in ('open', 'to_renew')
    ]


def work(story):
    """Book hours of the week on the projects of contracts."""
    values = []
    for deal in get_running(story, 'support', 'hours', 'project'):
        least, most = HOURS.get(deal.fate, HOURS[deal.kind])
        login = story.choose(list(TECHNICIANS))
        project = get_project(deal)
        if project:
            values.append(
                {
                    'name': story.choose(story.words.WORK),
                    'project_id': project.id,
                    'employee_id': story.employees[login].id,
                    'unit_amount': round(4 * story.random.uniform(least, most)) / 4,
                    'date': datetime.now().date(),
                    'company_id': story.company.id,
                }
            )
    story.env['account.analytic.line'].create([one for one in values if one['unit_amount']])


def get_project(deal):
    return deal.contract.project_ids[:1]


def buy(story):
    """Buy parts for a contract or two."""
    deals = get_running(story, 'project') + get_running(story, 'rental', 'warranty')[:1]
    for deal in deals:
        factor = 0.32 if deal.fate == 'costly' else 0.07
        amount = story.random.uniform(0.7, 1.3) * deal.amount * factor
        account = deal.contract.analytic_account_id
        bill = story.env['account.move'].create(
            {
                'move_type': 'in_invoice',
                'company_id': story.company.id,
                'partner_id': story.choose(story.suppliers).id,
                'invoice_date': datetime.now().date(),
                'ref': f'{story.random.randrange(1000, 9999)}/{datetime.now().year}',
                'invoice_line_ids': [
                    Command.create(
                        {
                            'name': story.choose(story.words.PARTS),
                            'price_unit': round(amount, 2),
                            'analytic_distribution': {str(account.id): 100},
                        }
                    )
                ],
            }
        )
        bill.action_post()
        moment = story.work_on(datetime.now().date() + timedelta(days=30))
        story.agenda.add(moment, bills.collect, story, bill)


def read_meters(story):
    lines = [deal.contract.line_ids[:1] for deal in get_running(story, 'bottling')]
    story.env['crm.contract.usage'].create(
        [
            {
                'line_id': line.id,
                'date': datetime.now().date(),
                'quantity': story.random.randrange(4, 19),
                'external_ref': f'{line.id}-{datetime.now():%Y%m}',
            }
            for line in lines
        ]
    )
