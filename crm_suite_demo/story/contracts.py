"""The contracts: how they begin, change, are billed, paid, renewed and left."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from . import bills

SHARED = {'notice_days': 30, 'term_months': 12, 'span_months': 12, 'renewal_type': 'tacit'}
KINDS = {
    'maintenance': {**SHARED, 'revision_type': 'percentage', 'revision_percentage': 3.2},
    'support': {
        **SHARED,
        'bill_time': True,
        'create_project': True,
        'prepaid_quantity': 24.0,
        'overage_price': 68.0,
    },
    'rental': {**SHARED, 'span_months': 24, 'renewal_type': 'manual', 'notice_days': 60},
    'inspection': {**SHARED, 'renewal_type': 'manual', 'notice_days': 45},
    'warranty': {**SHARED, 'notice_days': 60, 'revision_type': 'index'},
    'project': {
        'span_months': 6,
        'renewal_type': 'none',
        'create_project': True,
        'bill_costs': True,
        'cost_markup': 12.0,
    },
    'bottling': {**SHARED, 'renewal_type': 'manual'},
    'hours': {**SHARED, 'bill_time': True, 'create_project': True, 'span_months': 0,
              'renewal_type': 'manual'},
}  # fmt: skip
TOPPED_UP = 15.0  # hours
# Months ago, kind, amount of a period, account manager, and what becomes of it.
DEALS = (
    (13, 'maintenance', 420, 'contracts', 'grows'),
    (13, 'maintenance', 310, 'admin', ''),
    (13, 'support', 380, 'contracts', ''),
    (13, 'rental', 645, 'contracts', 'revised'),
    (13, 'inspection', 870, 'contracts', 'late'),
    (13, 'warranty', 2400, 'contracts', ''),
    (13, 'maintenance', 265, 'admin', 'lost'),
    (13, 'hours', 0, 'contracts', ''),
    (12, 'bottling', 0, 'contracts', ''),
    (12, 'maintenance', 355, 'contracts', ''),
    (11, 'support', 290, 'contracts', 'topped_up'),
    (11, 'maintenance', 480, 'contracts', 'leaves'),
    (11, 'warranty', 1850, 'salesmanager', ''),
    (10, 'maintenance', 395, 'contracts', 'grows'),
    (10, 'inspection', 640, 'admin', ''),
    (10, 'rental', 720, 'contracts', 'rests'),
    (9, 'maintenance', 330, 'contracts', 'late'),
    (9, 'project', 18500, 'contracts', ''),
    (8, 'maintenance', 410, 'contracts', 'shrinks'),
    (8, 'support', 340, 'contracts', 'used_up'),
    (7, 'inspection', 760, 'contracts', ''),
    (6, 'maintenance', 445, 'admin', ''),
    (6, 'bottling', 0, 'contracts', ''),
    (5, 'warranty', 2900, 'contracts', ''),
    (5, 'rental', 810, 'contracts', 'late'),
    (4, 'maintenance', 375, 'contracts', 'grows'),
    (4, 'project', 26400, 'contracts', 'costly'),
    (3, 'support', 420, 'contracts', 'held'),
    (2, 'maintenance', 520, 'contracts', 'fails'),
    (2, 'inspection', 930, 'contracts', ''),
    (1, 'maintenance', 390, 'contracts', ''),
    (1, 'rental', 560, 'admin', ''),
    (0, 'maintenance', 465, 'contracts', 'offered'),
    (0, 'support', 510, 'contracts', 'offered'),
    (0, 'warranty', 2200, 'admin', 'draft'),
    (2, 'maintenance', 300, 'contracts', 'refused'),
)


@dataclass
class Deal:
    """One contract, and what becomes of it."""

    months_ago: int
    kind: str
    amount: float
    manager: str
    fate: str
    customer: object = field(default=None, repr=False)
    contract: object = field(default=None, repr=False)


def begin(story):
    story.index = create_index(story)
    story.templates = create_templates(story)
    story.deals = [Deal(*row) for row in DEALS]
    customers = story.customers[: len(story.deals)]
    for deal, customer in zip(story.deals, customers, strict=True):
        deal.customer = customer
        story.agenda.add(get_start(story, deal), agree, story, deal)
    bills.begin(story)


def create_index(story):
    name, source = story.words.INDEX
    return story.env['crm.contract.index'].create(
        {
            'name': name,
            'source': source,
            'company_id': story.company.id,
            'value_ids': [
                Command.create({'month': story.get_month(ago), 'value': round(118 - 0.26 * ago, 3)})
                for ago in range(1, 27)
            ],
        }
    )


def create_templates(story):
    return story.env['crm.contract.template'].create(
        [
            {
                **get_conditions(story, kind),
                'name': story.words.CONTRACTS[kind][0],
                'company_id': story.company.id,
                'terms': f'<p>{story.words.CONTRACT_TERMS}</p>',
            }
            for kind in ('maintenance', 'support', 'rental', 'inspection', 'warranty', 'project')
        ]
    )


def get_conditions(story, kind):
    conditions = dict(KINDS[kind])
    if conditions.get('revision_type') == 'index':
        conditions |= {'revision_index_id': story.index.id, 'revision_lag': 2}
    return conditions


def get_start(story, deal):
    first = story.get_month(deal.months_ago)
    return story.at(first, 7) if deal.months_ago else story.now - timedelta(days=2)


# === AGREEING === #


def agree(story, deal):
    day = datetime.now().date()
    name, *_lines = story.words.CONTRACTS[deal.kind]
    contracts = story.of(story.users[deal.manager], 'crm.contract')
    deal.contract = contracts.create(
        {
            **get_conditions(story, deal.kind),
            'name': f'{name}: {deal.customer.name}',
            'partner_id': deal.customer.id,
            'manager_id': story.users[deal.manager].id,
            'team_id': story.team.id,
            'company_id': story.company.id,
            'date_start': day if deal.months_ago else story.get_month(-1),
            'terms': f'<p>{story.words.CONTRACT_TERMS}</p>',
            'portal_show_hours': True,
            'payment_term_id': story.env.ref('account.account_payment_term_30days').id,
            'line_ids': [Command.create(line) for line in prepare_lines(story, deal, day)],
            'rate_ids': [Command.create(rate) for rate in prepare_rates(story, deal)],
        }
    )
    sign(story, deal)


def prepare_lines(story, deal, day):
    taxes = {'tax_ids': [Command.set(story.taxes.ids)]}
    _name, text, *more = story.words.CONTRACTS[deal.kind]
    product = story.products.get(deal.kind)
    line = {**taxes, 'name': text, 'product_id': product and product.id, 'price_unit': deal.amount}
    if deal.kind == 'hours':
        return []
    if deal.kind == 'project':
        return [
            {
                **line,
                'kind': 'milestone',
                'name': f'{text}: {part}',
                'price_unit': deal.amount * share,
                'date_due': day + relativedelta(months=months),
            }
            for part, share, months in zip(more, (0.4, 0.4, 0.2), (1, 3, 6), strict=True)
        ]
    if deal.kind == 'bottling':
        return [{**line, 'is_metered': True, 'price_unit': 42.0, 'minimum_amount': 250.0,
                 'timing': 'arrears'}]  # fmt: skip
    shapes = {
        'inspection': {'interval_count': 3, 'timing': 'arrears'},
        'warranty': {'interval_unit': 'year', 'prorate': True},
        'rental': {'quantity': 2, 'price_unit': deal.amount / 2},
    }
    return [{**line, **shapes.get(deal.kind, {})}]


def prepare_rates(story, deal):
    if deal.kind not in ('hours', 'support'):
        return []
    return [
        {
            'product_id': story.products['hour'].id,
            'price_unit': 58.0,
            'product_uom_id': story.env.ref('uom.product_uom_hour').id,
            'tax_ids': [Command.set(story.taxes.ids)],
        }
    ]


def sign(story, deal):
    if deal.fate == 'draft':
        return
    if deal.fate in ('offered', 'refused'):
        deal.contract.action_mark_offered()
        if deal.fate == 'refused':
            story.agenda.add(datetime.now() + timedelta(days=12), refuse, story, deal)
        return
    deal.contract.action_confirm()
    later = FATES.get(deal.fate)
    if later:
        months, happen = later
        moment = story.at(story.get_month(deal.months_ago - months), 11)
        story.agenda.add(moment, happen, story, deal)


# === WHAT BECOMES OF THEM === #


def refuse(_story, deal):
    deal.contract.action_cancel()


def grow(story, deal):
    change(story, deal, story.words.GROWN, quantity=2)


def shrink(story, deal):
    change(story, deal, story.words.SHRUNK, price_unit=round(deal.amount * 0.8))


def change(story, deal, note, **values):
    """Agree something else from today on."""
    line = deal.contract.line_ids.filtered(lambda line: line.kind == 'recurring')[:1]
    amendment = story.of(story.users[deal.manager], 'crm.contract.amendment').create(
        {
            'contract_id': deal.contract.id,
            'date': datetime.now().date(),
            'note': f'<p>{note}</p>',
            'line_ids': [Command.create({'line_id': line.id, 'action': 'change', **values})],
        }
    )
    amendment.action_apply()


def lose(story, deal):
    deal.contract.action_close(reason=story.words.CLOSED)


def leave(story, deal):
    """Give notice for a day to come."""
    deal.contract.action_close(
        reason=story.words.CLOSED, date=datetime.now().date() + relativedelta(months=1, days=-1)
    )


def rest(_story, deal):
    today = datetime.now().date()
    deal.contract.action_suspend(today, today + relativedelta(months=1, days=-1))


def hold_back(story, deal):
    """Let the customer be bought: nobody knows any more who gets the invoice."""
    deal.contract.partner_id.write({'is_company': False, 'parent_id': story.customers[-1].id})


def top_up(story, deal):
    """Sell more units before those of the year are used up."""
    contract = deal.contract.with_user(story.users[deal.manager]).sudo()
    contract.action_top_up(TOPPED_UP)


def revise(story, deal):
    """Raise the prices of a contract that has no rule for it, as was agreed on the phone."""
    wizard = story.of(story.users[deal.manager], 'crm.contract.revising').create(
        {
            'contract_ids': [Command.set(deal.contract.ids)],
            'revision_type': 'percentage',
            'revision_percentage': 2.5,
            'date': datetime.now().date(),
        }
    )
    wizard.action_apply()


FATES = {
    'grows': (3, grow),
    'shrinks': (4, shrink),
    'lost': (6, lose),
    'leaves': (8, leave),
    'rests': (4, rest),
    'held': (2, hold_back),
    'topped_up': (6, top_up),
    'revised': (7, revise),
}
