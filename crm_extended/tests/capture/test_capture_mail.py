from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from ..common import CrmExtendedCase


@tagged('post_install', '-at_install')
class TestCaptureMail(CrmExtendedCase, MailCommon):
    """What comes to the address of a team: no mail is lost, none raises."""

    mail_number = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.team.write({'alias_name': 'crm-extended-north', 'use_leads': True})
        cls.address = f'crm-extended-north@{cls.alias_domain}'

    @mute_logger('odoo.addons.mail.models.mail_thread', 'odoo.addons.mail.models.mail_mail')
    def _receive(self, *headers, body='Please call me'):
        """Let the gateway have a mail, and return the leads that came of it."""
        self.mail_number += 1
        last = self.env['crm.lead'].search([], order='id desc', limit=1).id
        lines = [f'Message-Id: <{self.mail_number}@ebro.example.com>', *headers]
        mail = '\r\n'.join([*lines, '', body]).encode('utf-8', 'surrogateescape')
        self.env['mail.thread'].message_process(None, mail)
        return self.env['crm.lead'].search([('id', '>', last or 0)])

    def test_mail_becomes_a_lead_of_the_team(self):
        lead = self._receive(
            'From: Ana <ana@ruiz.example.com>', f'To: {self.address}', 'Subject: Three forklifts'
        )
        self.assertRecordValues(
            lead,
            [
                {
                    'name': 'Three forklifts',
                    'email_normalized': 'ana@ruiz.example.com',
                    'team_id': self.team.id,
                    'medium_id': self.env.ref('utm.utm_medium_email').id,
                }
            ],
        )

    def test_mail_without_a_sender_becomes_a_lead_too(self):
        for sender in ((), ('From:',), ('From: <>',), ('From: nobody',), ('From: \udcff\udcfe',)):
            lead = self._receive(*sender, f'To: {self.address}', 'Subject: No sender')
            with self.subTest(sender=sender):
                self.assertEqual(lead.mapped('name'), ['No sender'])
                self.assertEqual(lead.team_id, self.team)
                self.assertFalse(lead.partner_id)

    def test_malformed_mail_becomes_a_lead_too(self):
        to = f'To: {self.address}'
        for headers in (
            ('From: a@ruiz.example.com', to),
            ('From: a@ruiz.example.com', to, 'Subject: =?utf-8?Q?=FF=FE?='),
            ('From: a@ruiz.example.com', to, 'Subject: x', 'Content-Type: text/plain; charset=zz'),
            ('From: a@ruiz.example.com', to, 'Subject: x', 'Content-Type: multipart/mixed'),
            ('From: a@ruiz.example.com', to, 'Subject: x', 'Date: tomorrow'),
        ):
            with self.subTest(headers=headers):
                self.assertEqual(len(self._receive(*headers)), 1)

    def test_coded_heads_hide_no_line_break_and_no_second_address(self):
        [lead] = self._receive(
            'From: =?utf-8?Q?Ana=0D=0ARuiz?= <ana@ruiz.example.com>, boss@other.example.com',
            f'To: {self.address}',
            'Subject: =?utf-8?Q?Offer=0D=0ABcc:_all@example.com=00?=',
            body='nul \0 here',
        )
        self.assertEqual(lead.name, 'Offer Bcc: all@example.com')
        self.assertEqual(lead.email_normalized, 'ana@ruiz.example.com')
        self.assertTrue(lead.email_from.isprintable())
        self.assertNotIn('boss', lead.email_from)
        self.assertIn('nul', str(lead.message_ids.mapped('body')))

    def test_known_sender_is_shown_on_the_lead(self):
        self.contact.email = 'lucia@ebro.example.com'
        earlier = self._new_lead(email_from='lucia@ebro.example.com')
        lead = self._receive('From: lucia@ebro.example.com', f'To: {self.address}', 'Subject: x')
        self.assertEqual(lead.with_user(self.manager).crm_known_lead_ids, earlier)
