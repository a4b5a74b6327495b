"""The last minutes: what the nightly jobs would have done, and no letter left in the box."""

from datetime import timedelta

from odoo.addons.crm_extended.models.capture.crm_capture_reading import NO_VISIT

from . import customers

READ_AFTER = 2  # days after which everybody has read everything


def begin(story):
    story.first_mail_id = story.env['mail.mail'].search([], order='id desc', limit=1).id or 0
    story.first_message_id = story.env['mail.message'].search([], order='id desc', limit=1).id or 0
    story.agenda.add(story.now - timedelta(days=2, hours=3), find_duplicates, story)
    story.agenda.add(story.now - timedelta(days=3, hours=3), follow_up, story)
    story.agenda.add(story.now - timedelta(days=1, hours=3), merge_leads, story)
    story.agenda.add(story.now - timedelta(minutes=4), notify, story)
    story.agenda.add(story.now - timedelta(minutes=3), close_month, story)
    story.agenda.add(story.now - timedelta(minutes=2), look_after_contracts, story)
    story.agenda.add(story.now, empty_the_box, story)
    story.agenda.add(story.now, put_off_jobs, story)


def find_duplicates(story):
    """Let three customers be known twice, and merge one pair of them."""
    twins = story.env['res.partner'].create(
        [
            {
                'name': contact.name,
                'email': contact.email,
                'phone': contact.phone,
                'company_id': story.company.id,
            }
            for contact in story.contacts[10:40:10]
        ]
    )
    duplicates = story.env['crm.duplicate'].sudo()
    duplicates._compare((twins | story.contacts[10:40:10]).ids)
    found = duplicates.search([('partner_ids', 'in', twins.ids), ('state', '=', 'open')])
    found[:1].action_merge()


def follow_up(story):
    """Let a cadence go on with some opportunities that nobody does anything about."""
    quiet = [
        inquiry.lead
        for inquiry in story.inquiries
        if inquiry.lead
        and inquiry.lead.type == 'opportunity'
        and inquiry.lead.won_status == 'pending'
        and not inquiry.lead.activity_ids
    ][-8:]
    leads = story.env['crm.lead'].union(*quiet)
    if leads:
        runs = story.env['crm.cadence.run']._start(story.cadence, leads)
        runs.sudo()._take_steps()


def merge_leads(story):
    """Let strangers ask by the website, and merge what one of them asked twice."""
    form = story.forms['offer']
    for number, (subject, _product, _amount) in enumerate(story.words.INQUIRIES[:7]):
        firm = story.strangers[max(number, 1)]  # the first one twice
        name, email = customers.get_person(story, firm)
        post = {'subject': subject, 'contact_name': name, 'company': firm, 'email': email}
        post['message'] = story.choose(story.words.REQUESTS)
        # past the limit of posts, which is counted in a transaction of its own
        cleaned = form._clean_visit(post, NO_VISIT)
        form._create_whole(post, cleaned, NO_VISIT, f'WEB{number:03}')
    twins = story.env['crm.lead'].search(
        [('crm_capture_form_id', '=', form.id)], order='id', limit=2
    )
    twins.merge_opportunity(user_id=story.users['sales'].id, team_id=story.team.id)


def notify(story):
    """Give the notices that are due of promises, and of opportunities that stand still."""
    clocks = story.env['service.sla.clock'].search(
        [('notice_at', '<=', story.now), ('company_id', '=', story.company.id)]
    )
    clocks._notify_due()


def close_month(story):
    """Put aside what was invoiced for the time to come."""
    assets = story.env['account.account'].search(
        [('account_type', '=', 'asset_current'), ('company_ids', 'in', story.company.ids)], limit=1
    )
    debts = story.env['account.account'].search(
        [('account_type', '=', 'liability_current'), ('company_ids', 'in', story.company.ids)],
        limit=1,
    )
    closing = story.env['crm.contract.deferring'].create(
        {
            'company_id': story.company.id,
            'deferred_account_id': debts.id,
            'accrued_account_id': assets.id,
        }
    )
    if closing.line_ids:
        closing.action_create_entry()


def look_after_contracts(story):
    contracts = story.env['crm.contract'].search([('company_id', '=', story.company.id)])
    running = contracts.filtered_domain([('state', 'in', ('open', 'to_renew'))])
    running._check_renewals()
    contracts._log_mrr()


def empty_the_box(story):
    """Have nothing sent, and old news read."""
    story.env['mail.mail'].search([('id', '>', story.first_mail_id)]).unlink()
    story.env.flush_all()
    story.env.cr.execute(
        """
        UPDATE mail_notification
           SET notification_status = 'sent', is_read = message.date < %s
          FROM mail_message message
         WHERE message.id = mail_message_id AND message.id > %s
        """,
        [story.now - timedelta(days=READ_AFTER), story.first_message_id],
    )
    story.env.invalidate_all()


def put_off_jobs(story):
    """Leave what is due for people to see: no job does it in the first month."""
    story.env['ir.cron.trigger'].search([('call_at', '<=', story.now)]).unlink()
    billing = story.env.ref('crm_contracts.ir_cron_bill_contracts')
    billing.nextcall = story.now + timedelta(days=30)
