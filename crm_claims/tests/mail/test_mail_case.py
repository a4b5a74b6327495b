from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DOMAIN, ServiceMailCommon


@tagged('post_install', '-at_install')
class TestMailCase(ServiceMailCommon):
    def test_each_address_opens_its_kind_of_case(self):
        ticket = self.receive()
        claim = self.receive(To=self.to_claims)
        self.assertEqual(ticket._name, 'service.ticket')
        self.assertEqual(claim._name, 'service.claim')
        for case in ticket, claim:
            self.assertRecordValues(
                case,
                [
                    {
                        'name': 'The press leaks',
                        'partner_id': self.contact.id,
                        'team_id': self.repairs.id,
                        'company_id': self.repairs.company_id.id,
                        'medium_id': self.env.ref('utm.utm_medium_email').id,
                        'stage_kind': 'new',
                        'email_normalized': 'lucia@altozano.example.com',
                    }
                ],
            )
            self.assertIn('Lucía Altozano', case.email_from)
            self.assertTrue(case.number)
            mail = case.message_ids.filtered(lambda message: message.message_type == 'email')
            self.assertIn('It drips on the floor.', mail.body)

    def test_email_is_a_snapshot(self):
        ticket = self.receive()
        self.contact.email = 'lucia@elsewhere.example.com'
        self.assertEqual(ticket.email_normalized, 'lucia@altozano.example.com')

    def test_missing_subject_is_taken_from_the_text(self):
        self.assertEqual(self.receive(Subject=None).name, 'It drips on the floor.')
        self.assertEqual(self.receive('', Subject='  ').name, 'Mail without a subject')
        self.assertLessEqual(len(self.receive(Subject='leak ' * 1000).name), 250)

    def test_copied_addresses_are_kept(self):
        ticket = self.receive(Cc='Workshop <taller@altozano.example.com>')
        self.assertIn('taller@altozano.example.com', ticket.email_cc)

    def test_mail_to_both_addresses_opens_one_case(self):
        case = self.receive(To=f'{self.to_claims}, {self.to_tickets}')
        self.assertEqual(case._name, 'service.claim')
        case = self.receive(To=self.to_tickets, Cc=self.to_claims)
        self.assertEqual(case._name, 'service.ticket')

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def test_same_mail_twice_opens_one_case(self):
        raw = self.compose()
        self.assertEqual(len(self.receive_raw(raw)), 1)
        self.assertFalse(self.receive_raw(raw))

    def test_unknown_sender_gets_a_case_without_customer_and_an_offer(self):
        contacts = self.env['res.partner'].search_count([])
        ticket = self.receive(From='Pau Serra <Pau@serra.example.com>')
        self.assertFalse(ticket.partner_id)
        self.assertEqual(self.env['res.partner'].search_count([]), contacts)
        with Form(ticket.with_user(self.agent)) as form:
            self.assertEqual(form.email_from, ticket.email_from)
        ticket.action_create_customer()
        self.assertRecordValues(
            ticket.partner_id, [{'name': 'Pau Serra', 'email': 'pau@serra.example.com'}]
        )
        other = self.create_case(partner_id=False, email_from='pau@serra.example.com')
        other.action_create_customer()
        self.assertEqual(other.partner_id, ticket.partner_id)

    def test_contact_of_another_company_is_not_used(self):
        company, _team = self.create_foreign_company()
        self.env['res.partner'].create(
            {'name': 'Rui', 'email': 'rui@example.com', 'company_id': company.id}
        )
        ticket = self.receive(From='rui@example.com')
        self.assertTrue(ticket)
        self.assertFalse(ticket.partner_id)

    def test_shared_team_serves_the_company_of_its_customer(self):
        company, _team = self.create_foreign_company()
        rui = self.env['res.partner'].create(
            {'name': 'Rui', 'email': 'rui@example.com', 'company_id': company.id}
        )
        shared = self.env['service.team'].create({'name': 'All', 'company_id': False})
        address = self.env['service.team.alias'].create(
            {'team_id': shared.id, 'alias_name': 'all', 'alias_domain_id': self.domain.id}
        )
        ticket = self.receive(From='rui@example.com', To=address.alias_full_name)
        self.assertRecordValues(
            ticket, [{'partner_id': rui.id, 'company_id': company.id, 'team_id': shared.id}]
        )

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def test_address_for_known_senders_refuses_others_and_answers(self):
        self.ticket_address.alias_contact = 'partners'
        bounces = self.env['mail.mail'].search_count([])
        self.assertFalse(self.receive(From='nobody@nowhere.example.com'))
        self.assertTrue(self.receive())
        self.assertGreaterEqual(self.env['mail.mail'].search_count([]), bounces)

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def test_address_for_followers_asks_for_followers_of_the_team(self):
        self.ticket_address.alias_contact = 'followers'
        self.assertFalse(self.receive())
        self.repairs.message_subscribe(self.contact.ids)
        self.assertTrue(self.receive())

    def test_only_managers_change_addresses(self):
        address = self.ticket_address
        self.assertTrue(address.with_user(self.agent).read(['alias_name']))
        with self.assertRaises(AccessError):
            address.with_user(self.agent).case_model = 'service.claim'
        address.with_user(self.agent).write({'alias_name': 'mine'})
        self.assertNotEqual(address.alias_id.alias_name, 'mine', "Odoo's mixin ignores it")
        address.with_user(self.manager).write(
            {'alias_name': 'workshop', 'alias_contact': 'partners'}
        )
        self.assertEqual(address.alias_id.alias_full_name, f'workshop@{DOMAIN}')
        _company, team = self.create_foreign_company()
        foreign = self.env['service.team.alias'].create({'team_id': team.id, 'alias_name': 'rui'})
        self.assertFalse(foreign.with_user(self.manager).has_access('read'))

    def test_manager_configures_in_the_form_of_the_team(self):
        with Form(self.desk.with_user(self.manager)) as form, form.alias_ids.new() as line:
            line.case_model = 'service.claim'
            line.alias_name = 'desk-claims'
        alias = self.desk.alias_ids.alias_id
        self.assertRecordValues(
            alias,
            [
                {
                    'alias_model_id': self.env['ir.model']._get_id('service.claim'),
                    'alias_defaults': repr({'team_id': self.desk.id}),
                    'alias_parent_thread_id': self.desk.id,
                }
            ],
        )
        self.desk.alias_ids.case_model = 'service.ticket'
        self.assertEqual(alias.alias_model_id.model, 'service.ticket')
        self.desk.unlink()
        self.assertFalse(alias.exists())

    @mute_logger('odoo.sql_db')
    def test_one_address_per_kind(self):
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.env['service.team.alias'].create(
                {'team_id': self.repairs.id, 'alias_name': 'second'}
            )

    def test_answers_of_agents_ask_for_answers_to_the_address(self):
        ticket = self.receive()
        reply = ticket.with_user(self.agent).message_post(
            body='We come tomorrow.',
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
            partner_ids=self.contact.ids,
        )
        self.assertIn(self.to_tickets, reply.reply_to)
        claim = self.create_case('service.claim', team_id=self.desk.id)
        self.assertNotIn(self.to_tickets, claim._notify_get_reply_to()[claim.id] or '')
