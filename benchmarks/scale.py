"""Fill a database with many customers by set-based SQL, from one record made by Odoo each."""

from odoo.fields import Command
from odoo.tools import SQL

from .copying import CONTACTS_PER_COMPANY, clone, keep_house, spread, spread_companies

CONTACTS = {'XS': 40, 'S': 20_000, 'M': 200_000, 'L': 1_000_000}
TICKETS = {'XS': 40, 'S': 16_000, 'M': 160_000, 'L': 160_000}
TICKETS_PER_OPEN_ONE = 400
# A name for each, as people have: digits read as vowels.
SURNAME = SQL("initcap(translate(substr(md5(n::text), 1, 12), '0123456789', 'aeiouaeiou'))")
FILLED_TABLES = (
    'res_partner',
    'crm_lead',
    'crm_call',
    'calendar_event',
    'calendar_event_res_partner_rel',
    'calendar_attendee',
    'mail_activity',
    'sale_order',
    'service_ticket',
    'service_sla_clock',
    'service_claim',
    'account_move',
    'account_payment',
    'crm_contract',
    'crm_contract_term',
    'mail_message',
    'mail_notification',
    'mailing_trace',
)


def fill(env, size):
    """Create the contacts of a size, a fifth of them companies, with what belongs to them."""
    contacts = CONTACTS[size]
    companies = contacts // CONTACTS_PER_COMPANY
    first_company = _clone_companies(env, companies)
    _clone_contacts(env, contacts - companies, first_company, companies)
    first = first_company
    _clone_leads(env, contacts // 5, first, contacts)
    _clone_calls(env, contacts * 2, first, contacts)
    _clone_meetings(env, contacts // 5, first, contacts)
    _clone_activities(env, contacts // 5, first, contacts)
    _clone_orders(env, contacts * 2, first, contacts)
    _clone_tickets(env, TICKETS[size], first, contacts)
    _clone_claims(env, contacts // 20, first, contacts)
    _clone_invoices(env, contacts // 5, first, contacts)
    _clone_payments(env, contacts // 5, first, contacts)
    _clone_contracts(env, contacts // 20, first, contacts)
    _clone_messages(env, contacts, first, contacts)
    _clone_mailings(env, contacts * 2, first, contacts)
    for table in FILLED_TABLES:
        keep_house(env, table)


def _clone_companies(env, count):
    record = env['res.partner'].create({'name': 'Bench company', 'is_company': True})
    first = clone(
        env,
        record,
        count,
        name=SQL("'Company ' || n"),
        complete_name=SQL("'Company ' || n"),
    )
    env.cr.execute(SQL('UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s', first))
    return first


def _clone_contacts(env, count, first_company, companies):
    record = env['res.partner'].create({'name': 'Bench contact', 'parent_id': first_company})
    company = SQL('%s + n %% %s', first_company, companies)
    clone(
        env,
        record,
        count,
        name=SQL("'Contact ' || %s", SURNAME),
        complete_name=SQL("'Company ' || n %% %s || ', Contact ' || %s", companies, SURNAME),
        parent_id=company,
        commercial_partner_id=company,
        email=SQL("'contact' || n || '@example.com'"),
        email_normalized=SQL("'contact' || n || '@example.com'"),
        phone=SQL("'+34 ' || (600000000 + n)"),
        phone_sanitized=SQL("'+34' || (600000000 + n)"),
    )


def _clone_leads(env, count, first, contacts):
    partner = env['res.partner'].browse(first)
    record = env['crm.lead'].create(
        {'name': 'Bench opportunity', 'type': 'opportunity', 'partner_id': partner.id}
    )
    clone(env, record, count, partner_id=spread(first, contacts))


def _clone_calls(env, count, first, contacts):
    record = env['crm.call'].create(
        {'name': 'Bench call', 'partner_id': first, 'state': 'held', 'direction': 'outbound'}
    )
    clone(
        env,
        record,
        count,
        partner_id=spread(first, contacts),
        commercial_partner_id=spread_companies(first, contacts),
        date=SQL("origin.date - n * interval '1 minute'"),
    )


def _clone_meetings(env, count, first, contacts):
    record = env['calendar.event'].create(
        {
            'name': 'Bench meeting',
            'start': '2026-01-01 09:00:00',
            'stop': '2026-01-01 10:00:00',
            'partner_ids': [first],
        }
    )
    first_meeting = clone(env, record, count)
    clone(
        env,
        record.attendee_ids,
        count,
        event_id=SQL('%s + n', first_meeting),
        partner_id=spread(first, contacts),
    )
    env.cr.execute(
        SQL(
            """INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id)
               SELECT %s + n, %s FROM generate_series(0, %s) AS n""",
            first_meeting,
            spread(first, contacts),
            count - 1,
        )
    )


def _clone_activities(env, count, first, contacts):
    partner = env['res.partner'].browse(first)
    record = partner.activity_schedule('mail.mail_activity_data_todo', summary='Bench activity')
    clone(env, record, count, res_id=spread(first, contacts))


def _clone_orders(env, count, first, contacts):
    """Confirmed orders of two years, of amounts from 0 to 1,000."""
    record = env['sale.order'].create({'partner_id': first, 'date_order': '2026-01-01 12:00:00'})
    record.action_confirm()
    amount = SQL('(n::bigint * 104729 %% 100000) / 100.0')
    clone(
        env,
        record,
        count,
        name=SQL("'BENCH' || n"),
        access_token=SQL('NULL'),
        partner_id=spread(first, contacts),
        partner_invoice_id=spread(first, contacts),
        partner_shipping_id=spread(first, contacts),
        date_order=SQL("now()::timestamp - (n::bigint * 15485863 %% 730) * interval '1 day'"),
        amount_untaxed=amount,
        amount_total=amount,
    )


def _clone_tickets(env, count, first, contacts):
    """Tickets of two years in one team with two promises each; one of 400 is still open."""
    team = env['service.team'].create({'name': 'Bench team'})
    env['service.sla.policy'].create(
        {
            'name': 'Bench policy',
            'sequence': 0,
            'team_id': team.id,
            'first_response_hours': 4,
            'resolution_hours': 16,
        }
    )
    record = env['service.ticket'].create(
        {'name': 'Bench ticket', 'team_id': team.id, 'partner_id': first}
    )
    solved = env.ref('crm_claims.service_stage_solved')
    is_open = SQL('n %% %s = 0', TICKETS_PER_OPEN_ONE)
    opened = SQL(
        "%s::timestamp - (n::bigint * 15485863 %% 1051200) * interval '1 minute'", record.date_open
    )
    closed = SQL("%s + n %% 10000 * interval '1 minute'", opened)
    first_ticket = clone(
        env,
        record,
        count,
        number=SQL("'BENCH/' || n"),
        access_token=SQL('NULL'),
        partner_id=spread(first, contacts),
        commercial_partner_id=spread_companies(first, contacts),
        stage_id=SQL('CASE WHEN %s THEN origin.stage_id ELSE %s END', is_open, solved.id),
        stage_kind=SQL("CASE WHEN %s THEN origin.stage_kind ELSE 'solved' END", is_open),
        date_open=opened,
        date_first_response=SQL("%s + n %% 500 * interval '1 minute'", opened),
        date_closed=SQL('CASE WHEN NOT %s THEN %s END', is_open, closed),
        hours_to_first_response=SQL('n %% 500 / 60.0'),
        hours_to_close=SQL('n %% 10000 / 180.0'),
        answer_count=SQL('n %% 5'),
    )
    _clone_clocks(env, record, count, first_ticket, opened, closed)


def _clone_clocks(env, ticket, count, first_ticket, opened, closed):
    """The promises of the tickets: one of ten was missed."""
    is_open = SQL('n %% %s = 0', TICKETS_PER_OPEN_ONE)
    for clock in ticket.sla_clock_ids:
        clone(
            env,
            clock,
            count,
            case_id=SQL('%s + n', first_ticket),
            date_start=opened,
            reached_at=SQL('CASE WHEN NOT %s THEN %s END', is_open, closed),
            is_met=SQL('NOT %s AND n %% 10 <> 0', is_open),
            notice_at=SQL('NULL'),
        )


def _clone_claims(env, count, first, contacts):
    """Claims of two years, each solved within a week."""
    record = env['service.claim'].create({'name': 'Bench claim', 'partner_id': first})
    opened = SQL("origin.date_open - (n::bigint * 15485863 %% 1051200) * interval '1 minute'")
    clone(
        env,
        record,
        count,
        number=SQL("'BENCH/' || n"),
        access_token=SQL('NULL'),
        partner_id=spread(first, contacts),
        commercial_partner_id=spread_companies(first, contacts),
        stage_id=SQL('%s', env.ref('crm_claims.service_stage_solved').id),
        stage_kind=SQL("'solved'"),
        date_open=opened,
        date_closed=SQL("%s + n %% 10000 * interval '1 minute'", opened),
    )


def _clone_invoices(env, count, first, contacts):
    """Posted invoices of two years, without their entries."""
    record = env['account.move'].create(
        {
            'move_type': 'out_invoice',
            'partner_id': first,
            'invoice_line_ids': [Command.create({'name': 'Bench', 'price_unit': 100.0})],
        }
    )
    record.action_post()
    clone(
        env,
        record,
        count,
        name=SQL("'BENCH/' || n"),
        access_token=SQL('NULL'),
        partner_id=spread(first, contacts),
        commercial_partner_id=spread_companies(first, contacts),
        invoice_date=SQL('origin.invoice_date - (n::bigint * 15485863 %% 730)::int'),
    )


def _clone_payments(env, count, first, contacts):
    record = env['account.payment'].create(
        {'partner_id': first, 'amount': 100.0, 'payment_type': 'inbound', 'memo': 'Bench'}
    )
    clone(
        env,
        record,
        count,
        name=SQL("'BENCH/' || n"),
        state=SQL("'paid'"),
        partner_id=spread(first, contacts),
        date=SQL('origin.date - (n::bigint * 15485863 %% 730)::int'),
    )


def _clone_contracts(env, count, first, contacts):
    """Running contracts with a term and an account each."""
    record = env['crm.contract'].create(
        {
            'name': 'Bench running contract',
            'partner_id': first,
            'date_start': '2026-01-01',
            'date_end': '2026-12-31',
            'bill_time': True,
        }
    )
    record.action_confirm()
    first_account = clone(env, record.analytic_account_id, count)
    first_contract = clone(
        env,
        record,
        count,
        code=SQL("'BENCH/' || n"),
        access_token=SQL('NULL'),
        partner_id=spread(first, contacts),
        commercial_partner_id=spread_companies(first, contacts),
        analytic_account_id=SQL('%s + n', first_account),
    )
    clone(env, record.term_ids, count, contract_id=SQL('%s + n', first_contract))


def _clone_messages(env, count, first, contacts):
    """Mails of two years to the contacts."""
    partner = env['res.partner'].browse(first)
    record = partner.with_context(mail_notify_force_send=False).message_post(
        body='Bench mail',
        message_type='comment',
        subtype_xmlid='mail.mt_comment',
        partner_ids=partner.ids,
    )
    first_message = clone(
        env,
        record,
        count,
        res_id=spread(first, contacts),
        date=SQL("origin.date - (n::bigint * 15485863 %% 1051200) * interval '1 minute'"),
    )
    clone(
        env,
        record.notification_ids.filtered(lambda told: told.res_partner_id == partner),
        count,
        mail_message_id=SQL('%s + n', first_message),
        mail_mail_id=SQL('NULL'),
        res_partner_id=spread(first, contacts),
    )


def _clone_mailings(env, count, first, contacts):
    """Mails of mailings of two years, every other to an address; a third was opened."""
    record = env['mailing.trace'].create(
        {'model': 'res.partner', 'res_id': first, 'trace_status': 'sent'}
    )
    sent = SQL("now()::timestamp - (n::bigint * 15485863 %% 730) * interval '1 day'")
    clone(
        env,
        record,
        count,
        model=SQL("CASE WHEN n %% 2 = 0 THEN 'res.partner' ELSE 'mailing.contact' END"),
        res_id=spread(first, contacts),
        email=SQL("'contact' || n::bigint * 7919 %% %s || '@example.com'", contacts),
        sent_datetime=sent,
        open_datetime=SQL('CASE WHEN n %% 3 = 0 THEN %s END', sent),
    )
