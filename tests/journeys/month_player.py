"""Plays the events of the month in Odoo: posts, mails, cards and calls, people as themselves."""

from base64 import b64encode
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from odoo import Command
from odoo.fields import Domain
from odoo.tests import freeze_time

from odoo.addons.crm_contracts.tests.billing_common import BillingCase

from .month_script import CAMPAIGNS, COSTS, CREDIT, CREDITED, DAY, FIRMS, TARGETS, TWIN, Person

CARD = """\
BEGIN:VCARD
VERSION:3.0
FN:{name}
ORG:{firm}
EMAIL:{email}
TEL:{phone}
END:VCARD
"""
CRONS = ('crm_extended.ir_cron_take_cadence_steps',)


class MonthPlayer(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = 'Europe/Madrid'
        cls.env.company.country_id = cls.env.ref('base.es')
        cls.env.company.resource_calendar_id.tz = 'Europe/Madrid'
        cls.users = {'Ada': cls.salesman, 'Ben': cls.colleague}
        for name, user in cls.users.items():
            user.write({'name': name, 'tz': 'Europe/Madrid', 'email': f'{name}@month.example.com'})
        cls.names = {user: name for name, user in cls.users.items()}
        cls.inquiries, cls.leads = {}, {}
        cls._make_team()
        cls._make_ways_in()
        cls._make_plans()

    @classmethod
    def _make_team(cls):
        cls.team = cls.env['crm.team'].create(
            {
                'name': 'North',
                'user_id': False,
                'company_id': cls.env.company.id,
                'crm_arrival': 'turn',
                'use_leads': True,
                'crm_team_member_ids': [
                    Command.create({'user_id': user.id}) for user in cls.users.values()
                ],
            }
        )
        cls.media = {
            name: cls.env.ref(f'utm.utm_medium_{name.lower()}')
            for name in ('Direct', 'Website', 'Email', 'Phone', 'Banner')
        }
        cls.campaigns = {
            name: cls.env['utm.campaign'].create({'title': name, 'crm_cost': cost})
            for name, cost in COSTS.items()
        }

    @classmethod
    def _make_ways_in(cls):
        own = {'team_id': cls.team.id, 'company_id': cls.env.company.id}
        cls.forms = {
            name: cls.env['crm.capture.form'].create(
                {'name': name or 'Page', 'campaign_id': cls._get_campaign(name).id, **own}
            )
            for name in CAMPAIGNS
        }
        cls.line = cls.env['crm.phone.line'].create(
            {
                'name': 'Office',
                'company_id': cls.env.company.id,
                'extension_ids': [
                    Command.create({'number': '201', 'user_ids': cls.users['Ben'].ids})
                ],
            }
        )

    @classmethod
    def _make_plans(cls):
        template = cls.env['mail.template'].create(
            {
                'name': 'Any news?',
                'model_id': cls.env['ir.model']._get_id('crm.lead'),
                'subject': 'Any news?',
                'body_html': '<p>Good morning</p>',
                'email_from': '{{ object.user_id.email_formatted }}',
                'email_to': '{{ object.email_from }}',
            }
        )
        steps = (
            {'kind': 'mail', 'summary': 'News', 'template_id': template.id, 'delay_days': 0},
            {'kind': 'call', 'summary': 'Ask', 'delay_days': 2},
            {'kind': 'task', 'summary': 'Send the catalogue', 'delay_days': 3},
        )
        cls.cadence = cls.env['crm.cadence'].create(
            {'name': 'Follow-up', 'step_ids': [Command.create(step) for step in steps]}
        )
        for who, amount in TARGETS.items():
            owner = {'user_id': cls.users[who].id} if who else {'team_id': cls.team.id}
            cls.env['crm.target'].create(
                [{**owner, 'date': f'2026-{month}-01', 'amount': amount} for month in (10, 11)]
            )

    @classmethod
    def _get_campaign(cls, name):
        return cls.campaigns.get(name, cls.env['utm.campaign'])

    # === TIME === #

    @contextmanager
    def at(self, moment):
        """Let a moment be now, also for what the database says of when a record was made."""
        self.env.flush_all()
        with freeze_time(moment):
            self.env.cr._now = moment
            yield
            self.env.flush_all()

    def run_crons(self, moment):
        for xmlid in CRONS:
            with self.at(moment), self.enter_registry_test_mode():
                self.env.ref(xmlid).method_direct_trigger()
        self.env.invalidate_all()

    # === COMING IN === #

    def play(self, moment, name, one):
        with self.at(moment), self.enter_registry_test_mode():
            getattr(self, f'play_{name}')(*([one] if one else []))

    def _get_identity(self, one):
        person = one.person
        return {
            'contact_name': person.name,
            'partner_name': person.firm_name,
            'email_from': person.email,
            'phone': person.phone,
        }

    def _as_salesperson(self, one):
        lead = self.leads[one.number]
        return lead.with_user(lead.user_id)

    def play_arrive_by_card(self, one):
        person = one.person
        text = CARD.format(
            name=person.name, firm=person.firm_name, email=person.email, phone=person.phone
        )
        env = self.env(user=self.users['Ada'])
        file = env['ir.attachment'].create(
            {'name': 'a.vcf', 'datas': b64encode(text.encode()), 'res_model': 'crm.capture.card'}
        )
        wizard = env['crm.capture.card'].create({'attachment_ids': [Command.set(file.ids)]})
        wizard.action_read()
        wizard.line_ids.is_selected = True  # of who is known already, too
        wizard.write({'team_id': self.team.id, 'campaign_id': self._get_campaign(one.campaign).id})
        action = wizard.action_import()
        self._learn(one, env['crm.lead'].search(action['domain']))

    def play_arrive_by_form(self, one):
        person = one.person
        reference = self.forms[one.campaign]._capture(
            {
                'subject': f'Inquiry {one.number}',
                'contact_name': person.name,
                'company': person.firm_name,
                'email': person.email,
                'phone': person.phone,
            }
        )
        self._learn(one, self._find_lead([('crm_capture_reference', '=', reference)]))

    def play_arrive_by_mail(self, one):
        values = {
            'team_id': self.team.id,
            'company_id': self.env.company.id,
            'campaign_id': self._get_campaign(one.campaign).id,
        }
        self._receive(one, one.arrived, f'Inquiry {one.number}', values)
        self._learn(one, self._find_lead([('name', '=', f'Inquiry {one.number}')]))

    def _receive(self, one, moment, subject, values=None, answered=None):
        mail = EmailMessage()
        mail['From'] = f'{one.person.name} <{one.person.email}>'
        mail['To'] = 'office@month.example.com'
        mail['Subject'] = subject
        kind = 'answer' if answered else 'inquiry'
        mail['Message-ID'] = f'<{kind}-{one.number}@month.example.com>'
        mail['Date'] = format_datetime(moment)
        if answered:
            mail['In-Reply-To'] = mail['References'] = answered
        mail.set_content('Good morning')
        gateway = self.env(user=self.env.ref('base.user_root'))['mail.thread']
        gateway.message_process('crm.lead', mail.as_bytes(), custom_values=values)

    def play_arrive_by_phone(self, one):
        line = self.env['crm.phone.line'].sudo()._find_by_token(self.line.token)
        post = {'id': str(one.number), 'from': one.person.phone, 'extension': '201'}
        line._receive({'state': 'ringing', **post})
        call = line._receive({'state': 'ended', 'duration': '180', **post})
        call = call.with_env(self.env).with_user(self.users['Ben'])
        call.action_create_opportunity()
        lead = call.lead_id
        lead.write({'team_id': self.team.id})
        self._learn(one, lead)

    def play_arrive_by_hand(self, one):
        env = self.env(user=self.users['Ben'])
        lead = env['crm.lead'].create(
            {
                'name': f'Inquiry {one.number}',
                'type': 'lead',
                'user_id': env.uid,
                'team_id': self.team.id,
                'medium_id': self.media['Banner'].id,
                'campaign_id': self._get_campaign(one.campaign).id,
                **self._get_identity(one),
            }
        )
        self._learn(one, lead)

    def _find_lead(self, domain):
        return self.env['crm.lead'].search(domain)

    def _learn(self, one, lead):
        self.assertEqual(len(lead), 1)
        self.leads[one.number] = lead.with_user(self.env.user)
        self.inquiries[lead.id] = one

    # === WHAT COMES OF IT === #

    def play_process(self, one):
        lead = self._as_salesperson(one)
        if not lead.partner_id:
            lead.write(self._get_identity(one))
            lead.action_crm_create_customer()
        self.assertTrue(lead.partner_id)
        if lead.type == 'lead':
            lead.convert_opportunity(lead.partner_id)
        lead.write(
            {
                'expected_revenue': one.revenue,
                'probability': one.probability,
                'date_deadline': one.deadline,
            }
        )

    def play_merge(self, one):
        first = self.leads[one.merged_into]
        survivor = (first | self.leads[one.number]).merge_opportunity()
        self.assertEqual(survivor, first)
        del self.inquiries[self.leads.pop(one.number).id]

    def play_won(self, one):
        self._as_salesperson(one).action_set_won()
        if one.is_invoiced:
            self._invoice(one, 'out_invoice', one.revenue)
        if one.is_invoiced and one.number == CREDITED:
            self._invoice(one, 'out_refund', CREDIT)

    def _invoice(self, one, move_type, amount):
        lead = self.leads[one.number]
        invoice = self.env['account.move'].create(
            {
                'move_type': move_type,
                'partner_id': lead.partner_id.id,
                'invoice_date': one.decided.date(),
                'invoice_user_id': lead.user_id.id,
                'campaign_id': lead.campaign_id.id,
                'invoice_line_ids': [
                    Command.create(
                        {
                            'product_id': self.support.id,
                            'price_unit': amount,
                            'tax_ids': [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()

    def play_lost(self, one):
        self._as_salesperson(one).action_set_lost()

    def play_call(self, one):
        lead = self._as_salesperson(one)
        lead.env['crm.call'].create(
            {
                'name': 'Asked',
                'state': 'held',
                'date': one.spoken,
                'duration': 0.25,
                'lead_id': lead.id,
                'partner_id': lead.partner_id.id,
            }
        )

    def play_plan_meeting(self, one):
        lead = self._as_salesperson(one)
        lead.env['calendar.event'].create(
            {
                'name': 'Show the press',
                'start': one.spoken,
                'stop': one.spoken + timedelta(hours=1),
                'opportunity_id': lead.id,
                'partner_ids': [Command.set((lead.user_id.partner_id | lead.partner_id).ids)],
            }
        )

    def play_follow_up(self, one):
        self.env['crm.cadence.run']._start(self.cadence, self._as_salesperson(one))

    def play_answer(self, one):
        lead = self.leads[one.number]
        sent = lead.message_ids.filtered(lambda mail: mail.message_type == 'email_outgoing')
        self._receive(one, one.answered, 'Re: Any news?', answered=sent.message_id)

    def play_type_twin(self):
        person = Person(TWIN)
        env = self.env(user=self.users['Ada'])
        self.twin = self.env['res.partner'].create({'name': person.name, 'email': person.email})
        env['crm.call'].create({'name': 'Asked again', 'state': 'held', 'partner_id': self.twin.id})

    def play_merge_twin(self):
        contacts = self.find_contact(TWIN) | self.twin
        duplicates = self.env['crm.duplicate'].sudo()
        duplicates._compare(contacts.ids)
        group = duplicates.search([('partner_ids', 'in', self.twin.ids), ('state', '=', 'open')])
        self.assertEqual(group.partner_ids, contacts)
        group.with_user(self.administrator).action_merge()
        self.env.invalidate_all()
        self.assertEqual(self.find_contact(TWIN), contacts.exists())

    def find_contact(self, number):
        email = Person(number).email
        found = Domain('email_normalized', '=', email) & Domain('parent_id', '!=', False)
        return self.env['res.partner'].search(found)

    def find_firms(self):
        """Return {number: its contact in Odoo} of the firms that are known."""
        firms = {}
        for number in range(FIRMS):
            firm = (
                self.find_contact(number).parent_id or self.find_contact(number + FIRMS).parent_id
            )
            if firm:
                firms[number] = firm
        return firms

    def tell_what_stands_still(self, moment):
        """Let opportunities stand still by the clock of the database, and the job tell of them."""
        self.env.cr._now = None
        now = self.env.cr.now()
        for one in self.inquiries.values():
            is_still = one.outcome == 'nothing'
            day = min(now, moment) - 12 * DAY if is_still else max(now, moment) - DAY
            self.leads[one.number].date_last_stage_update = day
        stages = self.env['crm.lead'].concat(*self.leads.values()).stage_id
        stages.rotting_threshold_days = 9
        self.env.flush_all()
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref('crm_extended.ir_cron_tell_stale').method_direct_trigger()
        self.env.invalidate_all()
