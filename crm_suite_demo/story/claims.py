"""Claims: of customers, with what they cost and why, and to the suppliers who caused them."""

from datetime import datetime, timedelta

from odoo.fields import Command

CLAIMS = 34
OLD_CREDIT = 45  # days ago an invoice of a contract was claimed and credited


def begin(story):
    for day in story.spread(CLAIMS):
        story.agenda.add(story.work_on(day), arrive, story)
    story.agenda.add(story.work_on(story.get_day(OLD_CREDIT)), claim_invoice, story)
    for days in (9, 6, 4, 2, 1):
        story.agenda.add(story.now - timedelta(days=days, hours=1), arrive, story, True)


def arrive(story, stays_open=False):
    subject, kind, cause, amount, *talk = story.choose(story.words.CLAIMS)
    agent = story.choose(['agent', 'servicemanager', 'servicemanager', 'admin'])
    contacts = story.contacts.filtered(
        lambda contact: contact.commercial_partner_id in story.customers[:30]
    )
    contact = story.choose(contacts)
    claimed = round(amount * story.random.uniform(0.5, 1.6), -1)
    claim = story.env['service.claim'].create(
        {
            'name': subject,
            'partner_id': contact.id,
            'team_id': story.service_teams['claims'].id,
            'user_id': story.users[agent].id,
            'claim_type_id': story.env.ref(f'crm_claims.service_claim_type_{kind}').id,
            'medium_id': story.env.ref('utm.utm_medium_email').id,
            'priority': story.choose('1123'),
            'description': f'<p>{talk[0]}</p>',
            'line_ids': [
                Command.create({'name': subject, 'quantity': 1, 'amount_claimed': claimed})
            ],
        }
    )
    say(claim, contact, talk[0])
    moment = story.work_after(datetime.now(), story.random.uniform(0.5, 12))
    story.agenda.add(moment, answer, story, claim, agent, talk[1])
    if not stays_open:
        moment = story.work_after(datetime.now(), 8 * story.random.uniform(2, 14))
        story.agenda.add(moment, settle, story, claim, cause, claimed)
    moment = story.work_after(datetime.now(), 8 * story.random.uniform(1, 2))
    story.agenda.add(moment, find_measures, story, claim, agent, stays_open)


def say(claim, partner, text):
    is_ours = not partner.partner_share
    claim.message_post(
        body=text,
        author_id=partner.id,
        email_from=partner.email_formatted,
        message_type='comment' if is_ours else 'email',
        subtype_xmlid='mail.mt_comment',
    )


def answer(story, claim, agent, text):
    say(claim, story.users[agent].partner_id, text)
    if claim.stage_kind == 'new':
        claim._transition_to('open')


def find_measures(story, claim, agent, stays_open):
    """Note what is done about it, and what keeps it from coming back."""
    for kind, name in story.random.sample(story.words.MEASURES, 2):
        day = datetime.now().date() + timedelta(days=story.random.randrange(3, 15))
        measure = story.env['service.claim.action'].create(
            {
                'claim_id': claim.id,
                'kind': kind,
                'name': name,
                'user_id': story.users[agent].id,
                'date_due': day,
            }
        )
        if not stays_open:
            story.agenda.add(story.at(day, 12), finish_measure, story, measure)


def finish_measure(story, measure):
    manager = story.users['servicemanager']
    measure.action_done()
    if story.random.random() < 0.6:
        measure.with_user(manager).sudo().action_verify_effective()


def settle(story, claim, cause, claimed):
    granted = story.choose([0, 0.5, 0.8, 1, 1]) * claimed
    claim.line_ids.write({'amount_granted': round(min(granted, 780), 2)})
    claim.write(
        {
            'cause_id': story.env.ref(f'crm_claims.service_claim_cause_{cause}').id,
            'root_cause': story.choose(story.words.ROOT_CAUSES),
            'resolution': story.choose(story.words.RESOLUTIONS),
            'action_type': story.choose(['corrective', 'preventive']),
            'amount_handling': story.random.randrange(30, 240),
        }
    )
    if claim.stage_kind == 'new':
        claim._transition_to('open')
    if granted:
        claim.action_solve()
    else:
        claim.action_reject(story.choose(story.words.REJECTED))
    claim.rating_due = False
    if cause in ('supplier', 'material'):
        claim_from_supplier(story, claim)


def claim_from_supplier(story, claim):
    supplier = story.choose(story.suppliers)
    claim = story.env['service.claim'].create(
        {
            'name': claim.name,
            'against': 'supplier',
            'partner_id': supplier.id,
            'team_id': claim.team_id.id,
            'user_id': claim.user_id.id,
            'claim_type_id': claim.claim_type_id.id,
            'caused_by_id': claim.id,
            'amount_claimed': claim.amount_granted,
        }
    )
    moment = story.work_after(datetime.now(), 8 * story.random.uniform(1, 4))
    story.agenda.add(moment, claim._transition_to, 'open')
    moment = story.work_after(datetime.now(), 8 * story.random.uniform(8, 35))
    story.agenda.add(moment, settle_with_supplier, story, claim)


def settle_with_supplier(story, claim):
    """Get most of it back within weeks, of some nothing."""
    share = story.choose([0, 0.5, 0.6, 0.8, 1, 1])
    if share:
        claim.write(
            {
                'amount_granted': round(claim.amount_claimed * share, 2),
                'resolution': story.choose(story.words.RESOLUTIONS),
            }
        )
        claim.action_solve()
    else:
        claim.action_reject(story.words.SUPPLIER_REFUSES)
    claim.rating_due = False


def claim_invoice(story):
    """Credit what a customer rightly says was too much."""
    line = story.env['account.move.line'].search(
        [
            ('crm_contract_billing_id', '!=', False),
            ('parent_state', '=', 'posted'),
            ('display_type', '=', 'product'),
            ('company_id', '=', story.company.id),
            ('price_subtotal', '<', 700),
        ],
        order='date desc, id',
        limit=1,
    )
    claim = story.env['service.claim'].create(
        {
            'name': story.words.INVOICE_CLAIM,
            'partner_id': line.partner_id.id,
            'team_id': story.service_teams['claims'].id,
            'user_id': story.users['servicemanager'].id,
            'claim_type_id': story.env.ref('crm_claims.service_claim_type_invoicing').id,
        }
    )
    claim._transition_to('open')
    claim._add_items({f'account.move.line,{line.id}': 1})
    claim.line_ids.write({'outcome': 'credit', 'amount_granted': 60.0})
    claim.action_create_documents()
    refunds = claim.line_ids.outcome_document
    refunds.invoice_date = datetime.now().date()
    refunds.action_post()
    claim.action_solve()
    claim.rating_due = False
