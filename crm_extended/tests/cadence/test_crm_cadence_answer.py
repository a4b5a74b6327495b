from email.header import Header

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NOW, CrmExtendedCase

MAIL = """\
From: {sender}
To: catchall@crm-extended.example.com
Subject: {subject}
Message-ID: <{name}@ebro.example.com>
In-Reply-To: {answered}
References: {answered}
Date: Wed, 11 Mar 2026 07:30:00 +0000
{heads}

{text}
"""


@freeze_time(NOW)
@tagged('post_install', '-at_install')
class TestCrmCadenceAnswer(CrmExtendedCase):
    """What ends a cadence is written by a person, and ends it at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        step = {'delay_days': 3, 'kind': 'call', 'summary': 'Ask what they need'}
        cls.cadences = cls.env['crm.cadence'].create(
            [
                {'name': name, 'model_name': model_name, 'step_ids': [Command.create(step)]}
                for name, model_name in (('Leads', 'crm.lead'), ('Customers', 'res.partner'))
            ]
        )
        cls.contact.email = 'lucia@ebro.example.com'
        cls.lead = cls.env['crm.lead'].create(
            {
                'name': 'Forklifts',
                'user_id': cls.salesman.id,
                'partner_id': cls.contact.id,
                'email_from': 'Lucía <lucia@ebro.example.com>',
            }
        )

    def _start(self, documents):
        cadence = self.cadences.filtered(lambda plan: plan.model_name == documents._name)
        return self.env['crm.cadence.run']._start(cadence, documents)

    def _offer(self, document):
        return document.with_user(self.salesman).message_post(
            body='Our offer', message_type='comment', subtype_xmlid='mail.mt_comment'
        )

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def _receive(self, answered, name='a', **parts):
        mail = {
            'sender': 'Lucía <lucia@ebro.example.com>',
            'subject': 'Re: Forklifts',
            'heads': 'X-Mailer: A program',
            'text': 'When can you come?',
            'answered': answered.message_id,
            'name': name,
        }
        mail |= parts
        mail['subject'] = Header(mail['subject'], 'utf-8').encode()
        self.env['mail.thread'].message_process(False, MAIL.format(**mail).encode())
        message_id = f'<{name}@ebro.example.com>'
        return self.env['mail.message'].search([('message_id', '=', message_id)])

    def test_absence_note_is_no_answer_and_no_contact(self):
        run = self._start(self.lead)
        offer = self._offer(self.lead)
        notes = [
            {'heads': 'Auto-Submitted: auto-replied'},
            {'heads': 'X-Autoreply: yes'},
            {'subject': 'Respuesta automática: Forklifts'},
            {'subject': 'Automatische Antwort: Forklifts'},
        ]
        for number, note in enumerate(notes):
            with self.subTest(note=note):
                message = self._receive(offer, f'note{number}', **note)
                self.assertEqual(message.res_id, self.lead.id, 'it can be read where it belongs')
                self.assertEqual(message.subtype_id, self.env.ref('mail.mt_comment'))
                self.assertEqual(message.author_id, self.contact)
                with self.enter_registry_test_mode():
                    self.env.ref('crm_extended.ir_cron_take_cadence_steps').method_direct_trigger()
                self.assertEqual(run.state, 'running')
        told = self.env['crm.interaction'].search(
            [('partner_id', '=', self.contact.id), ('kind', '=', 'mail')]
        )
        self.assertNotIn('received', told.mapped('event'))
        # the customer comes back, on a computer whose clock is slow
        message = self._receive(offer, 'person')
        self.assertLess(message.date, run.date_start)
        self.assertEqual((run.state, run.reason), ('stopped', 'answered'))
        told.invalidate_model()
        told = told.search([('partner_id', '=', self.contact.id), ('event', '=', 'received')])
        self.assertEqual(told.mapped('res_id'), message.ids)

    def test_answer_ends_it_the_moment_it_comes(self):
        stranger = self._new_lead(name='No contact yet', email_from='web@ebro.example.com')
        other = self._new_lead(name='Somebody else', email_from='else@ebro.example.com')
        written = {'message_type': 'email', 'subtype_xmlid': 'mail.mt_comment'}
        for documents, place, author in (
            (self.lead, self.lead, {'author_id': self.contact.id}),
            (self.lead, self.other_customer, {'author_id': self.contact.id}),
            (self.contact, self.lead, {'author_id': self.contact.id}),
            (self.lead, self.lead, {'author_id': False, 'email_from': 'boss@ebro.example.com'}),
            (stranger, other, {'author_id': False, 'email_from': 'W <WEB@ebro.example.com>'}),
        ):
            with self.subTest(documents=documents, place=place, author=author):
                untouched = self._start(self.other_customer)
                run = self._start(documents)
                place.message_post(body='Yes', **author, **written)
                self.assertEqual((run.state, run.reason), ('stopped', 'answered'))
                self.assertEqual(run.date_end, NOW)
                stays = place != self.other_customer
                self.assertEqual(untouched.state == 'running', stays)
                untouched.sudo()._stop('by_hand')

    def test_what_is_said_among_us_ends_nothing(self):
        run = self._start(self.lead | self._new_lead())
        self._offer(self.lead)
        self.lead.message_post(body='Noted for her', author_id=self.contact.id)
        self.lead.message_post(
            body='Stage changed',
            author_id=self.contact.id,
            message_type='notification',
            subtype_xmlid='mail.mt_comment',
        )
        self.assertEqual(set(run.mapped('state')), {'running'})

    def test_message_takes_the_same_queries_however_many_are_followed_up(self):
        def answer(number):
            leads = self.env['crm.lead'].create(
                [
                    {
                        'name': f'Lead {index}',
                        'partner_id': self.contact.id,
                        'user_id': self.salesman.id,
                    }
                    for index in range(number)
                ]
            )
            runs = self._start(leads).sudo()
            message = self._offer(leads[0]).sudo().copy({'author_id': self.contact.id})
            queries = self._count_queries(lambda: runs._end_answered(message))
            self.assertEqual(set(runs.mapped('state')), {'stopped'})
            return queries

        answer(2)
        self.assertEqual(answer(10), answer(100))
