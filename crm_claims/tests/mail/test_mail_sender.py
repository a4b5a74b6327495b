from email.utils import parseaddr

from odoo import fields
from odoo.tests import freeze_time, tagged

from ..common import CASE_MODELS
from .common import ServiceMailCommon

FRIDAY = '2026-03-06 10:00:00'
TUESDAY = '2026-03-10 09:00:00'


@tagged('post_install', '-at_install')
class TestMailSender(ServiceMailCommon):
    """Whom the mails of a case come from and where an answer to them goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')
        cls.env['ir.config_parameter'].set_param('mail.mail.force.send.limit', '0')
        calendar = cls.env['resource.calendar'].create({'name': 'Week', 'tz': 'UTC'})
        cls.repairs.write(
            {'calendar_id': calendar.id, 'waiting_warning_days': 2, 'waiting_close_days': 4}
        )
        cls.templates = cls.env['mail.template'].search([('model', 'in', CASE_MODELS)])
        for template in cls.templates:
            template.with_context(lang='es_ES').subject = f'En castellano {template.id}'
        cls.addresses = {'service.ticket': cls.to_tickets, 'service.claim': cls.to_claims}

    def get_mails(self, cases):
        """Return what was sent to people outside, not to those who work on the cases."""
        mails = self.env['mail.mail'].search(
            [('model', '=', cases._name), ('res_id', 'in', cases.ids)]
        )
        return mails.filtered(lambda mail: not mail.recipient_ids.user_ids)

    def assert_from_the_team(self, mails, address):
        self.assertTrue(mails)
        for mail in mails:
            with self.subTest(subject=mail.subject):
                self.assertEqual(parseaddr(mail.email_from)[1], address)
                self.assertEqual(parseaddr(mail.reply_to)[1], address)
                self.assertNotIn('OdooBot', mail.email_from + mail.reply_to)

    def create_customers_cases(self, model_name):
        """Return the case of a contact and that of a sender whom nobody knows."""
        return self.create_case(model_name, partner_id=self.contact.id), self.create_case(
            model_name, partner_id=False, email_from='pau@serra.example.com'
        )

    # === TEMPLATES === #

    def test_every_template_is_from_the_team_in_the_language_of_the_customer(self):
        self.assertGreaterEqual(len(self.templates), 5)
        self.contact.lang = 'es_ES'
        self.env.company.partner_id.lang = 'es_ES'
        self.assertTrue(self.templates)
        for template in self.templates:
            for case in self.create_customers_cases(template.model):
                template.send_mail(case.id)
                mail = self.get_mails(case)
                self.assert_from_the_team(mail, self.addresses[template.model])
                self.assertIn('En castellano', mail.subject)
                self.assertTrue(mail.recipient_ids or mail.email_to)

    def test_every_template_is_english_to_who_speaks_english(self):
        self.contact.lang = 'en_US'
        self.env.company.partner_id.lang = 'es_ES'
        self.assertTrue(self.templates)
        for template in self.templates:
            case, _unknown = self.create_customers_cases(template.model)
            template.send_mail(case.id)
            self.assertNotIn('En castellano', self.get_mails(case).subject)

    def test_team_without_an_address_writes_from_the_company(self):
        self.env.company.email = 'office@altozano-services.example.com'
        self.assertTrue(self.templates)
        for template in self.templates:
            case = self.create_case(template.model, team_id=self.desk.id)
            template.send_mail(case.id)
            mail = self.get_mails(case)
            self.assertEqual(parseaddr(mail.email_from)[1], self.env.company.email)
            self.assertNotIn('OdooBot', mail.email_from + mail.reply_to)

    # === POSTINGS === #

    def assert_automatic(self, mails):
        for mail in mails:
            self.assertIn('Auto-Submitted', mail.headers)
            self.assertIn('X-Auto-Response-Suppress', mail.headers)

    def run_cron(self, xmlid):
        with self.enter_registry_test_mode():
            self.env.ref(xmlid).method_direct_trigger()
            self.env.invalidate_all()

    def test_whole_life_of_a_case_is_written_from_the_team_to_its_customer(self):
        self.env.company.partner_id.lang = 'es_ES'
        for sender in ('lucia@altozano.example.com', 'pau@serra.example.com'):
            self.contact.lang = 'es_ES'
            with freeze_time(FRIDAY):
                ticket = self.receive(From=sender)
                acknowledged = self.get_mails(ticket)
                ticket.stage_id = self.stages['waiting']
                self.env.flush_all()
            with freeze_time(TUESDAY):
                self.run_cron('crm_claims.ir_cron_follow_up_waiting')
            warned = self.get_mails(ticket) - acknowledged
            ticket.action_solve()
            self.run_cron('crm_claims.ir_cron_request_ratings')
            rated = self.get_mails(ticket) - acknowledged - warned
            for mails in (acknowledged, warned, rated):
                self.assertEqual(len(mails), 1)
                self.assertIn('En castellano', mails.subject)
                self.assertIn(sender, mails.email_to or mails.recipient_ids.email)
            self.assert_from_the_team(acknowledged | warned | rated, self.to_tickets)
            self.assert_automatic(acknowledged | warned | rated)

    def test_answer_to_the_warning_keeps_the_ticket_open(self):
        with freeze_time(FRIDAY):
            ticket = self.receive()
            ticket.stage_id = self.stages['waiting']
            self.env.flush_all()
        with freeze_time(TUESDAY):
            self.run_cron('crm_claims.ir_cron_follow_up_waiting')
        self.assertTrue(ticket.date_waiting_warned)
        self.assertFalse(self.answer(ticket), 'a second case')
        self.assertEqual(ticket.stage_kind, 'open')

    # === DATES === #

    def test_date_in_the_head_of_a_mail_decides_nothing(self):
        """The moment of receipt does: a head may say 2015 or 2037."""
        self.agent.email = 'agent@ours.example.com'
        for date in ('Thu, 01 Jan 2015 10:00:00 +0000', 'Thu, 01 Jan 2037 10:00:00 +0000'):
            with freeze_time(FRIDAY):
                ticket = self.receive(Date=date)
            self.assertEqual(ticket.date_open, fields.Datetime.to_datetime(FRIDAY))
            with freeze_time(TUESDAY):
                self.answer(ticket, 'agent@ours.example.com', Date=date)
            self.assertEqual(ticket.date_first_response, fields.Datetime.to_datetime(TUESDAY))
