from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Datetime
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import DOMAIN, ServiceMailCommon

SPAM = {'X_Spam_Flag': 'YES'}


@tagged('post_install', '-at_install')
class TestMailAside(ServiceMailCommon):
    """Spam and its like: set aside, found and rescued; senders who are blocked."""

    def set_aside(self, **heads):
        """Let a mail arrive that opens nothing, and return where it is kept."""
        last = self.env['service.mail'].search([], limit=1)
        self.assertFalse(self.receive(**heads))
        mail = self.env['service.mail'].search([], limit=1)
        self.assertNotEqual(mail, last)
        return mail

    # === WHAT IS SET ASIDE === #

    def test_marked_mail_is_listed_with_what_an_agent_needs(self):
        sent = self.env['mail.mail'].search_count([])
        mail = self.set_aside(**SPAM)
        self.assertRecordValues(
            mail,
            [
                {
                    'reason': 'spam',
                    'subject': 'The press leaks',
                    'team_id': self.repairs.id,
                    'company_id': self.repairs.company_id.id,
                    'case_model': 'service.ticket',
                    'preview': 'It drips on the floor.',
                    'raw_name': 'The press leaks.eml',
                }
            ],
        )
        self.assertIn('Lucía', mail.email_from)
        self.assertEqual(self.env['mail.mail'].search_count([]), sent)

    def test_same_mail_is_kept_once(self):
        raw = self.compose(**SPAM)
        self.receive_raw(raw)
        count = self.env['service.mail'].search_count([])
        self.assertFalse(self.receive_raw(raw))
        self.assertEqual(self.env['service.mail'].search_count([]), count)

    def test_answer_in_its_thread_reaches_the_case_whatever_a_server_thinks(self):
        case = self.receive()
        case.stage_id = self.stages['waiting']
        self.assertFalse(self.answer(case, **SPAM))
        self.assertEqual(case.stage_kind, 'open')

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def test_machine_gets_no_refusal_of_an_address_for_known_senders(self):
        self.ticket_address.alias_contact = 'partners'
        sent = self.env['mail.mail'].search_count([])
        self.receive(From='robot@example.com', Precedence='bulk')
        self.assertEqual(self.env['mail.mail'].search_count([]), sent)

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def test_flood_is_kept(self):
        self.env['ir.config_parameter'].set_param('mail.gateway.loop.threshold', '2')
        for _number in range(2):
            self.assertTrue(self.receive(From='flood@example.com'))
        self.assertEqual(self.set_aside(From='flood@example.com').reason, 'loop')

    def test_imported_and_phoned_cases_are_no_flood(self):
        self.env['ir.config_parameter'].set_param('mail.gateway.loop.threshold', '2')
        for _number in range(9):
            self.create_case(partner_id=self.contact.id)
        case = self.receive()
        self.assertTrue(case.is_opened_by_mail)
        self.assertTrue(self.get_acknowledgement(case))

    def test_old_ones_are_forgotten(self):
        with freeze_time('2026-01-01'):
            mail = self.set_aside(**SPAM)
            # the database's clock is not frozen
            self.env.cr.execute(
                'UPDATE service_mail SET create_date = %s WHERE id = %s',
                (Datetime.now(), mail.id),
            )
        recent = self.set_aside(**SPAM)
        with freeze_time('2026-07-15'):
            self.env['service.mail']._gc_mails()
        self.assertFalse(mail.exists())
        self.assertTrue(recent.exists())

    # === RESCUE === #

    def test_agent_makes_a_case_of_it(self):
        for heads in (SPAM, {'List_Id': '<x.y.example>'}, {'Auto_Submitted': 'auto-replied'}):
            mail = self.set_aside(To=self.to_claims, **heads)
            action = mail.with_user(self.agent).action_open_case()
            case = self.env[action['res_model']].browse(action['res_id'])
            self.assertEqual(case._name, 'service.claim')
            self.assertRecordValues(
                case, [{'partner_id': self.contact.id, 'team_id': self.repairs.id}]
            )
            self.assertIn('It drips', case.message_ids.sorted('id')[:1].body)
            self.assertFalse(mail.exists())

    def test_several_are_rescued_at_once(self):
        mails = self.set_aside(**SPAM) | self.set_aside(From='b@example.com', **SPAM)
        action = mails.with_user(self.agent).action_open_case()
        self.assertEqual(self.env['service.ticket'].search_count(action['domain']), 2)

    def test_bounce_and_blocked_ones_are_rescued_too(self):
        self.env['service.mail.block']._block(['altozano.example.com'])
        for mail in (
            self.set_aside(From='mailer-daemon@mx.example.com'),
            self.set_aside(),
        ):
            action = mail.with_user(self.agent).action_open_case()
            self.assertTrue(self.env['service.ticket'].browse(action['res_id']).exists())

    def test_teams_see_their_own_and_managers_delete(self):
        mail = self.set_aside(**SPAM)
        self.assertTrue(mail.with_user(self.agent).has_access('read'))
        for user in (self.colleague, self.salesman, self.employee):
            with self.assertRaises(AccessError):
                mail.with_user(user).action_open_case()
        for operation in ('write', 'unlink'):
            self.assertFalse(mail.with_user(self.agent).has_access(operation))
        with self.assertRaises(AccessError):
            self.env['service.mail'].with_user(self.manager).create({'reason': 'spam'})
        mail.with_user(self.manager).unlink()
        self.assertFalse(mail.exists())

    # === BLOCKED SENDERS === #

    def test_blocked_address_and_domain_open_nothing_and_get_nothing(self):
        case = self.receive()
        self.env['service.mail.block'].with_user(self.manager).create(
            [{'name': ' Lucia@Altozano.Example.com '}, {'name': '@serra.example.com'}]
        )
        self.assertEqual(self.set_aside().reason, 'blocked')
        self.assertEqual(self.set_aside(From='pau@mail.serra.example.com').reason, 'blocked')
        self.assertTrue(self.receive(From='other@altozano.example.com'))
        messages = case.message_ids
        self.answer(case)
        self.assertEqual(case.message_ids, messages, 'not even where they answer')

    def test_list_refuses_what_would_block_too_much(self):
        blocks = self.env['service.mail.block'].with_user(self.manager)
        self.agent.partner_id.email = 'agent@ours.example.com'
        for name in ('gmail.com', 'nobody', DOMAIN, f'x@{DOMAIN}', 'agent@ours.example.com', '*'):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                blocks.create({'name': name})
        self.assertEqual(blocks.create({'name': 'Who@Gmail.com'}).name, 'who@gmail.com')

    def test_list_is_the_managers(self):
        block = self.env['service.mail.block'].create({'name': 'x@example.com'})
        self.assertTrue(block.with_user(self.agent).has_access('read'))
        for operation in ('create', 'write', 'unlink'):
            self.assertFalse(block.with_user(self.agent).has_access(operation))
            self.assertTrue(block.with_user(self.manager).has_access(operation))
        self.assertFalse(block.with_user(self.salesman).has_access('read'))

    # === THE MARK ON A CASE === #

    def test_spam_is_archived_and_taken_back(self):
        case = self.receive()
        case.with_user(self.agent).action_mark_spam()
        self.assertRecordValues(case, [{'active': False, 'is_spam': True, 'stage_kind': 'new'}])
        self.answer(case)
        self.assertFalse(case.active, 'spam stays')
        case.with_user(self.agent).action_unmark_spam()
        self.assertRecordValues(case, [{'active': True, 'is_spam': False}])
        case.with_user(self.agent).action_mark_spam()
        case.action_unarchive()
        self.assertFalse(case.is_spam)
        with self.assertRaises(AccessError):
            case.with_user(self.salesman).action_mark_spam()
        with self.assertRaises(AccessError):
            case.with_user(self.agent).is_spam = True

    def test_merged_one_is_no_spam(self):
        first, second = self.receive(), self.receive()
        (first | second).action_merge()
        second.action_mark_spam()
        self.assertFalse(second.is_spam)

    def test_agent_blocks_and_unblocks_the_sender(self):
        case = self.receive(From='a@mail.shop.example').with_user(self.agent)
        case.action_mark_spam()
        for block in (case.action_block_sender, case.action_block_domain):
            block()
            block()
            self.assertTrue(case.is_sender_blocked)
            self.assertEqual(self.set_aside(From='a@mail.shop.example').reason, 'blocked')
            case.action_unblock_sender()
            case.invalidate_recordset()
            self.assertFalse(case.is_sender_blocked)
        self.env['service.mail.block'].with_user(self.manager).create({'name': 'shop.example'})
        with self.assertRaises(UserError):
            case.action_unblock_sender()
        case.with_user(self.manager).action_unblock_sender()
        self.assertTrue(self.receive(From='a@mail.shop.example'))

    def test_domain_of_everybody_is_not_blocked(self):
        case = self.receive(From='somebody@gmail.com')
        with self.assertRaises(UserError):
            case.with_user(self.agent).action_block_domain()
        case.with_user(self.agent).action_block_sender()
        self.assertTrue(self.receive(From='other@gmail.com'))

    def test_sender_of_a_kept_mail_is_blocked(self):
        mail = self.set_aside(From='X <x@shop.example>', **SPAM)
        mail.with_user(self.agent).action_block_sender()
        self.assertTrue(self.env['service.mail.block']._is_blocked('x@shop.example'))

    def test_who_is_blocked_costs_one_question_for_many_cases(self):
        cases = self.env['service.ticket'].create(
            [{'name': 'x', 'email_from': f'{number}@example.com'} for number in range(50)]
        )
        cases.mapped('email_normalized')
        with self.assertQueryCount(1):
            cases.mapped('is_sender_blocked')
