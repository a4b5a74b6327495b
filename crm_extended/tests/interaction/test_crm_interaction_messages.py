from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import NOW, CrmExtendedCase


@freeze_time(NOW)
@tagged('post_install', '-at_install')
class TestCrmInteractionMessages(CrmExtendedCase):
    """What was written to a customer and by it stands in its timeline, and nothing else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = 'lucia@ebro.example.com'
        cls.lead = cls.env['crm.lead'].create(
            {
                'name': 'Forklifts',
                'partner_id': cls.contact.id,
                'user_id': cls.salesman.id,
                'team_id': cls.team.id,
            }
        )

    def _post(self, author, **values):
        """Post on the lead as a user; as a partner, what came by mail."""
        document = self.lead
        if author._name == 'res.users':
            document = document.with_user(author)
        else:
            values = {'author_id': author.id, 'message_type': 'email', **values}
        defaults = {
            'body': 'Good morning',
            'message_type': 'comment',
            'subtype_xmlid': 'mail.mt_comment',
        }
        return document.message_post(**{**defaults, **values})

    def _messages(self, user=None):
        rows = self.env['crm.interaction'].with_user(user or self.manager)
        return rows.search(
            [
                ('commercial_partner_id', '=', self.company.id),
                ('kind', 'in', ('mail', 'sms')),
            ]
        )

    def test_mails_of_the_customer_and_answers_are_told(self):
        asked = self._post(self.contact, subject='Do you hire out too?')
        answered = self._post(self.salesman, partner_ids=self.contact.ids)
        rows = self._messages()
        self.assertEqual(set(rows.mapped('res_id')), {asked.id, answered.id})
        received = rows.filtered(lambda row: row.res_id == asked.id)
        sent = rows - received
        self.assertEqual((received.event, sent.event), ('received', 'sent'))
        self.assertEqual((received.name, sent.name), ('Do you hire out too?', 'Forklifts'))
        self.assertEqual(rows.user_id, self.salesman)
        self.assertEqual(rows.partner_id, self.contact)
        self.assertEqual(rows.team_id, self.team)
        self.assertEqual(rows.medium_id, self.env.ref('utm.utm_medium_email'))
        self.assertEqual(set(rows.mapped('date')), {NOW})

    def test_first_words_can_be_read(self):
        self._post(self.contact, body='Do you <b>hire out</b>?', body_is_html=True)
        self._new_call(partner_id=self.contact.id)
        rows = self.env['crm.interaction'].with_user(self.salesman)
        rows = rows.search([('commercial_partner_id', '=', self.company.id)])
        self.assertEqual(
            {row.kind: row.preview for row in rows if row.kind != 'opportunity'},
            {'call': False, 'mail': 'Do you hire out?'},
        )

    def test_what_colleagues_say_among_themselves_is_no_contact(self):
        self._post(self.salesman)
        self._post(self.salesman, partner_ids=self.colleague.partner_id.ids)
        self._post(self.salesman, subtype_xmlid='mail.mt_note')
        self._post(self.contact, subtype_xmlid='mail.mt_note')
        self._post(self.contact, is_internal=True)
        self.lead.message_subscribe(self.contact.ids)
        self._post(self.salesman, message_type='notification')
        self.assertFalse(self._messages())

    def test_what_goes_to_who_follows_is_told(self):
        self.lead.message_subscribe(self.contact.ids)
        self._post(self.salesman)
        self.assertEqual(self._messages().mapped('event'), ['sent'])

    def test_mailing_is_told(self):
        mail = self.env['mail.mail'].create(
            {
                'model': 'res.partner',
                'res_id': self.contact.id,
                'message_type': 'email_outgoing',
                'subject': 'Our new catalogue',
                'author_id': self.colleague.partner_id.id,
            }
        )
        row = self._messages()
        self.assertEqual(
            (row.res_id, row.name, row.event, row.user_id),
            (mail.mail_message_id.id, 'Our new catalogue', 'sent', self.colleague),
        )

    def test_colleague_with_two_users_writes_once(self):
        self.colleague.copy({'login': 'second', 'partner_id': self.salesman.partner_id.id})
        self._post(self.salesman, partner_ids=self.contact.ids)
        self.assertEqual(len(self._messages()), 1)

    def test_message_is_told_to_who_reads_its_document(self):
        self._post(self.contact)
        row = self._messages(self.salesman)
        self.assertTrue(row)
        self.assertFalse(self._messages(self.colleague))
        self.assertTrue(self._messages(self.coordinator))
        with self.assertRaises(AccessError):
            row.with_user(self.colleague).read(['preview'])
        action = row.action_open()
        self.assertEqual((action['res_model'], action['res_id']), ('crm.lead', self.lead.id))
