"""The timeline of one customer and the report of everybody's: against the sources, one by one."""

from typing import NamedTuple

from lxml import etree

from odoo.fields import Domain
from odoo.tools import SQL

from ..harness import Case

PAGE = 80
NAME = {'fields': {'display_name': {}}}
COMMON = {'name': {}, 'partner_id': NAME, 'user_id': NAME}


class Source(NamedTuple):
    """A model that tells of a customer."""

    model: str
    date: str
    fields: dict
    domain: Domain = Domain.TRUE
    partner: str = 'partner_id'


INVOICES = Domain('move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt'))
SOURCES = (
    Source('crm.lead', 'create_date', {**COMMON, 'team_id': NAME, 'medium_id': NAME}),
    Source(
        'crm.lead',
        'date_closed',
        {**COMMON, 'won_status': {}},
        Domain('won_status', 'in', ('won', 'lost')),
    ),
    Source(
        'crm.call',
        'date',
        {**COMMON, 'team_id': NAME, 'medium_id': NAME, 'is_overdue': {}},
        Domain('state', '!=', 'cancelled'),
    ),
    Source('calendar.event', 'start', {'name': {}, 'user_id': NAME}, partner='partner_ids'),
    Source('service.ticket', 'date_open', COMMON),
    Source('service.claim', 'date_open', COMMON),
    Source('crm.contract', 'next_billing_date', {'name': {}, 'partner_id': NAME, 'date_end': {}}),
    Source(
        'crm.contract.term',
        'date_start',
        {'contract_id': NAME},
        partner='contract_id.partner_id',
    ),
    Source('sale.order', 'date_order', COMMON, Domain('state', '=', 'sale')),
    Source('sale.order', 'create_date', COMMON, Domain('state', '!=', 'sale')),
    Source('account.move', 'invoice_date', {'name': {}, 'partner_id': NAME}, INVOICES),
    Source(
        'account.payment',
        'date',
        {'memo': {}, 'partner_id': NAME},
        Domain('payment_type', '=', 'inbound') & Domain('state', 'in', ('in_process', 'paid')),
    ),
)
WRITTEN_ON = ('crm.lead', 'crm.call', 'service.ticket', 'service.claim', 'crm.contract')
WRITTEN_ON_SALES = ('sale.order', 'account.move')

# === TIMELINE === #


def _timeline(env):
    """Return the company that has one of everything, and what its timeline reads."""
    company = env['res.partner'].search([('name', '=', 'Company 0')], limit=1)
    arch = etree.fromstring(env['crm.interaction'].get_view(view_type='list')['arch'])
    columns = {
        node.get('name'): NAME if node.get('name').endswith('_id') else {}
        for node in arch.iter('field')
    }
    return company, columns


def _read_timeline(env, prepared):
    company, columns = prepared
    timeline = env['crm.interaction'].with_context(active_test=False)
    shown = list(company._get_crm_document_domain(timeline))
    return timeline.web_search_read(
        shown, columns, order=timeline._order, limit=PAGE, count_limit=10_001
    )


def _read_sources(env, prepared):
    """Read the same documents where they are, what is written on them, and put all in order."""
    company, _columns = prepared
    partners = env['res.partner'].with_context(active_test=False)
    family = partners.search([('id', 'child_of', company.id)])
    rows = []
    for source in SOURCES:
        mine = Domain(source.partner, 'in', family.ids) & source.domain
        rows += _read(env, source.model, mine, source.date, source.fields)
    rows += _read_written(env, 'res.partner', family.ids)
    for model_name in (*WRITTEN_ON, *WRITTEN_ON_SALES):
        documents = env[model_name].with_context(active_test=False)
        rows += _read_written(
            env, model_name, documents.search([('partner_id', 'in', family.ids)]).ids
        )
    return sorted(rows, key=lambda row: row[0], reverse=True)[:PAGE]


def _read_written(env, model_name, ids):
    """Read the activities and messages on documents."""
    messages = (
        Domain('model', '=', model_name)
        & Domain('res_id', 'in', ids)
        & Domain('message_type', 'not in', ('notification', 'user_notification'))
        & Domain('is_internal', '=', False)
    )
    told = {'subject': {}, 'preview': {}, 'author_id': NAME, 'record_name': {}}
    rows = _read(env, 'mail.message', messages, 'date', told)
    if model_name not in WRITTEN_ON_SALES:
        activities = Domain('res_model', '=', model_name) & Domain('res_id', 'in', ids)
        told = {'summary': {}, 'user_id': NAME, 'res_name': {}}
        rows += _read(env, 'mail.activity', activities, 'date_deadline', told)
    return rows


def _read(env, model_name, domain, date, fields):
    documents = env[model_name].with_context(active_test=False)
    found = documents.web_search_read(
        list(domain), {**fields, date: {}}, order=f'{date} desc', limit=PAGE
    )
    return [(str(row[date]), row) for row in found['records']]


# === REPORT === #


def _report(env, _prepared):
    return env['crm.interaction']._read_group([], ['date:month', 'kind'], ['__count'])


def _check_report(env):
    """Let both sides count the same, or their times say nothing."""
    ours, by_hand = (
        {(str(month), kind, count) for month, kind, count in count_all(env, None)}
        for count_all in (_report, _count_by_hand)
    )
    if ours != by_hand:
        raise ValueError(f'The report and the same by hand differ: {sorted(ours ^ by_hand)[:20]}')


def _count_by_hand(env, _prepared):
    # whose months: those of the reader, as in every report of the client
    zone = env.context.get('tz') or 'UTC'
    queries = [
        SQL(
            """SELECT date_trunc('month', timezone(%s, timezone('UTC', %s))) AS month,
                      %s AS kind, count(*) AS number
                 FROM %s GROUP BY 1, 2""",
            zone,
            SQL(date),
            SQL(kind) if kind.startswith('CASE') else SQL('%s', kind),
            rows if isinstance(rows, SQL) else SQL(rows),
        )
        for kind, date, rows in BY_HAND
    ]
    return env.execute_query(
        SQL(
            'SELECT month, kind, sum(number)::int FROM (%s) AS counted GROUP BY 1, 2',
            SQL(' UNION ALL ').join(queries),
        )
    )


NOON = "%s + interval '12 hours'"
MESSAGES = SQL(
    """mail_message AS message
       LEFT JOIN mail_message_subtype AS subtype ON subtype.id = message.subtype_id
           WHERE message.model IN %s AND message.message_type NOT IN %s
             AND (message.message_type = 'email_outgoing'
                  OR EXISTS (SELECT FROM mail_notification AS told
                        LEFT JOIN res_users AS insider
                               ON insider.partner_id = told.res_partner_id AND NOT insider.share
                            WHERE told.mail_message_id = message.id AND insider.id IS NULL)
                  OR message.message_type IN ('email', 'comment', 'sms')
                     AND message.is_internal IS NOT TRUE
                     AND subtype.id IS NOT NULL AND subtype.internal IS NOT TRUE
                     AND NOT EXISTS (SELECT FROM res_users AS colleague
                                      WHERE colleague.partner_id = message.author_id
                                        AND NOT colleague.share))""",
    ('res.partner', *WRITTEN_ON, *WRITTEN_ON_SALES),
    ('notification', 'user_notification', 'out_of_office'),
)
ACTIVITIES = SQL(
    """mail_activity AS activity
           WHERE res_model IN %s AND calendar_event_id IS NULL
             AND NOT EXISTS (SELECT FROM crm_call WHERE reminder_activity_id = activity.id)""",
    ('res.partner', *WRITTEN_ON),
)
CLOSED = "won_status IN ('won', 'lost') AND date_closed IS NOT NULL"
ENDS = """state IN ('open', 'to_renew') AND date_end IS NOT NULL
          OR state = 'closed' AND date_closed IS NOT NULL"""
BY_HAND = (
    ('opportunity', 'create_date', 'crm_lead'),
    ('opportunity', 'date_closed', f'crm_lead WHERE {CLOSED}'),
    ('call', 'date', "crm_call WHERE state <> 'cancelled'"),
    (
        'meeting',
        'event.start',
        """calendar_event AS event
             JOIN calendar_attendee AS attendee ON attendee.event_id = event.id
        LEFT JOIN res_users AS colleague
               ON colleague.partner_id = attendee.partner_id AND NOT colleague.share
            WHERE event.active AND attendee.state <> 'declined' AND colleague.id IS NULL""",
    ),
    ('activity', NOON % 'COALESCE(date_done, date_deadline)', ACTIVITIES),
    ("CASE WHEN message.message_type = 'sms' THEN 'sms' ELSE 'mail' END", 'date', MESSAGES),
    ('claim', 'date_open', 'service_claim'),
    ('ticket', 'date_open', 'service_ticket'),
    (
        'contract',
        NOON % 'term.date_start',
        'crm_contract_term AS term JOIN crm_contract AS contract ON contract.id = term.contract_id',
    ),
    (
        'contract',
        NOON % "CASE WHEN state = 'closed' THEN date_closed ELSE date_end END",
        f'crm_contract WHERE {ENDS}',
    ),
    (
        'contract',
        NOON % 'next_billing_date',
        """crm_contract WHERE next_billing_date IS NOT NULL
                          AND state IN ('open', 'to_renew', 'closed')""",
    ),
    ('quotation', 'create_date', "sale_order WHERE state IN ('draft', 'sent', 'cancel')"),
    ('order', 'date_order', "sale_order WHERE state = 'sale'"),
    (
        'invoice',
        NOON % 'invoice_date',
        """account_move WHERE state = 'posted'
                          AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')""",
    ),
    (
        'payment',
        NOON % 'date',
        """account_payment WHERE payment_type = 'inbound' AND partner_type = 'customer'
                             AND state IN ('in_process', 'paid')""",
    ),
)

CASES = [
    Case(
        'timeline of one customer',
        'reading the sources one by one',
        _timeline,
        _read_timeline,
        _read_sources,
        at_most=1.0,
    ),
    Case(
        'interactions by month and kind',
        'the same by hand in SQL',
        _check_report,
        _report,
        _count_by_hand,
        at_most=1.5,
        rounds=5,
    ),
]
