"""Campaigns, targets, follow-ups and the ways in which strangers find the company."""

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from .people import SELLERS

ROTTING_DAYS = 21
# Campaign: type, months ago of its beginning, days, budget, cost, share of the leads meanwhile.
CAMPAIGNS = {
    'spring_fair': ('trade_fair', 9, 4, 6500.0, 6120.0, 0.5),
    'autumn_fair': ('trade_fair', 3, 4, 7000.0, 7340.0, 0.6),
    'search': ('google_ads', 11, 330, 30000.0, 27400.0, 0.15),
    'radio': ('radio', 6, 21, 2400.0, 2400.0, 0.2),
    'checkup': ('newsletter', 4, 60, 4000.0, 3650.0, 0.25),
    'winter': ('email', 2, 75, 7000.0, 6380.0, 0.35),
}
# How much of its target each is to win in a month, in the first one and in the last one.
TARGETS = {'sales': (24000, 34000), 'sales2': (20000, 30000), 'salesmanager': (15000, 22000)}


def begin(story):
    story.stages = story.env['crm.stage'].search([('team_ids', '=', False)])
    story.stages.filtered(lambda stage: not stage.is_won).rotting_threshold_days = ROTTING_DAYS
    story.campaigns = create_campaigns(story)
    story.forms = create_forms(story)
    story.cadence = create_cadence(story)
    create_targets(story)
    create_phone_line(story)


def create_campaigns(story):
    """Return {key: campaign}."""
    campaigns = story.of(story.users['salesmanager'], 'utm.campaign').create(
        [
            {
                'title': story.words.CAMPAIGNS[key],
                'user_id': story.users['salesmanager'].id,
                'crm_type_id': story.env.ref(f'crm_extended.crm_campaign_type_{kind}').id,
                'crm_currency_id': story.company.currency_id.id,
                'crm_date_start': get_first_day(story, key),
                'crm_date_end': get_first_day(story, key) + relativedelta(days=days),
                'crm_budget': budget,
                'crm_cost': cost,
                'company_id': story.company.id,
            }
            for key, (kind, _ago, days, budget, cost, _share) in CAMPAIGNS.items()
        ]
    )
    return dict(zip(CAMPAIGNS, campaigns, strict=True))


def get_first_day(story, key):
    return story.get_month(CAMPAIGNS[key][1]) + relativedelta(days=6)


def choose_campaign(story, day):
    """Return the campaign by which somebody found the company on a day, or none."""
    for key, (_kind, _ago, days, _budget, _cost, share) in CAMPAIGNS.items():
        first = get_first_day(story, key)
        runs = first <= day <= first + relativedelta(days=days + 14)
        if runs and story.random.random() < share:
            return story.campaigns[key]
    return story.env['utm.campaign']


def create_forms(story):
    """Return {'offer' and 'repair': form of the website}."""
    shared = {'company_id': story.company.id}
    forms = story.env['crm.capture.form'].create(
        [
            {**shared, 'name': story.words.FORMS['offer'], 'team_id': story.team.id},
            {
                **shared,
                'name': story.words.FORMS['winter'],
                'team_id': story.team.id,
                'campaign_id': story.campaigns['winter'].id,
            },
        ]
    )
    return dict(zip(('offer', 'winter'), forms, strict=True))


def create_cadence(story):
    words = story.words
    subject, body = words.CADENCE_MAIL
    template = story.env['mail.template'].create(
        {
            'name': words.CADENCE,
            'model_id': story.env['ir.model']._get_id('crm.lead'),
            'subject': subject,
            'body_html': body,
            'email_from': '{{ object.user_id.email_formatted }}',
            'email_to': '{{ object.email_from }}',
        }
    )
    steps = [
        {'kind': 'mail', 'summary': subject, 'template_id': template.id, 'delay_days': 0},
        {'kind': 'call', 'summary': words.CADENCE_CALL, 'delay_days': 3},
        {'kind': 'task', 'summary': words.CADENCE_TASK, 'delay_days': 5},
    ]
    return story.env['crm.cadence'].create(
        {
            'name': words.CADENCE,
            'company_id': story.company.id,
            'step_ids': [Command.create(step) for step in steps],
        }
    )


def create_targets(story):
    """Give everybody a target for each month of the story and for the next one."""
    months = [story.get_month(ago) for ago in range(11, -2, -1)]
    values = []
    for login, (first, last) in TARGETS.items():
        for number, month in enumerate(months):
            amount = first + (last - first) * number / (len(months) - 1)
            values.append(
                {
                    'user_id': story.users[login].id,
                    'date': month,
                    'amount': round(amount, -2),
                    'company_id': story.company.id,
                }
            )
    team_total = sum(last for _first, last in TARGETS.values())
    values += [
        {
            'team_id': story.team.id,
            'date': month,
            'amount': round(team_total * 1.1, -3),
            'company_id': story.company.id,
        }
        for month in months
    ]
    story.env['crm.target'].create(values)


def create_phone_line(story):
    story.env['crm.phone.line'].create(
        {
            'name': story.words.PHONE_LINE,
            'company_id': story.company.id,
            'extension_ids': [
                Command.create({'number': str(201 + number), 'user_ids': story.users[login].ids})
                for number, login in enumerate(SELLERS)
            ],
        }
    )
