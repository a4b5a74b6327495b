from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import AGENT, CASE_MODELS
from .common import ServiceMailCommon

ROBOTS = (
    {'Auto_Submitted': 'auto-replied'},
    {'X_Autoreply': 'yes'},
    {'X_Autorespond': 'Holidays'},
)
PROGRAMS = (
    {'Auto_Submitted': 'auto-generated; owner-email="x@example.com"'},
    {'Precedence': 'bulk'},
    {'X_Auto_Response_Suppress': 'DR, OOF, AutoReply'},
    {'Return_Path': '<>'},
)
LISTS = (
    {'Precedence': 'List'},
    {'List_Id': '<press.example.com>'},
    {'List_Unsubscribe': '<mailto:x@example.com>'},
)


@tagged('post_install', '-at_install')
class TestMailAnswers(ServiceMailCommon):
    def open_case(self, model_name='service.ticket', kind='waiting'):
        to = self.to_claims if model_name == 'service.claim' else self.to_tickets
        case = self.receive(To=to)
        case.stage_id = self.stages[kind]
        return case

    def test_answer_of_the_customer_ends_waiting_and_reopens(self):
        for model_name in CASE_MODELS:
            for kind in ('waiting', 'solved'):
                case = self.open_case(model_name, kind)
                self.assertFalse(self.answer(case), 'a second case')
                self.assertEqual(case.stage_kind, 'open')
                self.assertFalse(case.date_closed)
                self.assertIn('I have something to add', case.message_ids.sorted('id')[-1].body)

    def test_answer_leaves_the_other_stages(self):
        for kind in ('new', 'open', 'rejected'):
            case = self.open_case(kind=kind) if kind != 'new' else self.receive()
            self.answer(case)
            self.assertEqual(case.stage_kind, kind)

    def test_answer_of_a_colleague_of_the_customer_counts_too(self):
        case = self.open_case()
        self.answer(case, 'somebody@altozano.example.com')
        self.assertEqual(case.stage_kind, 'open')

    def test_answer_of_an_agent_moves_nothing(self):
        new_test_user(self.env, 'mailing_agent', AGENT, email='agent@ours.example.com')
        for kind in ('waiting', 'solved'):
            case = self.open_case(kind=kind)
            self.answer(case, 'agent@ours.example.com')
            self.assertEqual(case.stage_kind, kind)

    def test_note_of_an_agent_moves_nothing(self):
        case = self.open_case()
        case.with_user(self.agent).message_post(body='call them')
        self.assertEqual(case.stage_kind, 'waiting')

    def test_robots_are_filed_and_move_nothing(self):
        found = set()
        for heads in (*ROBOTS, *PROGRAMS):
            case = self.open_case(kind='solved')
            count = len(case.message_ids)
            self.answer(case, **heads)
            found.add((len(case.message_ids) - count, case.stage_kind))
        self.assertEqual(found, {(1, 'solved')})

    def test_team_without_the_stage_keeps_its_mail(self):
        self.stages['open'].team_ids = self.desk
        case = self.open_case()
        self.answer(case)
        self.assertEqual(case.stage_kind, 'waiting')
        self.assertIn('I have something to add', case.message_ids.sorted('id')[-1].body)

    def test_new_case_is_acknowledged_with_its_number(self):
        for to in (self.to_tickets, self.to_claims):
            case = self.receive(To=to)
            message = self.get_acknowledgement(case)
            self.assertEqual(len(message), 1)
            self.assertIn(case.number, message.body)
            self.assertIn(case.number, message.subject)
            self.assertEqual(message.partner_ids, self.contact)
            self.assertTrue(message.subtype_id.internal)
            self.answer(case)
            self.assertEqual(len(self.get_acknowledgement(case)), 1)

    def test_acknowledgement_speaks_the_language_of_the_customer(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.repairs.ticket_acknowledgement_id.with_context(lang='es_ES').body_html = '<p>Hola</p>'
        self.contact.lang = 'es_ES'
        self.assertIn('Hola', self.get_acknowledgement(self.receive()).body)
        self.contact.lang = 'en_US'
        self.assertNotIn('Hola', self.get_acknowledgement(self.receive()).body)
        stranger = self.receive(From='stranger@example.com')
        self.assertNotIn('Hola', self.get_acknowledgement(stranger).body)

    def test_unknown_sender_is_acknowledged_and_stays_unknown(self):
        case = self.receive(From='Pau <pau@serra.example.com>')
        message = self.get_acknowledgement(case)
        self.assertIn('pau@serra.example.com', message.outgoing_email_to)
        self.assertFalse(message.partner_ids | case.partner_id)
        self.answer(case, 'pau@serra.example.com')
        self.assertEqual(len(case.message_ids.filtered(lambda m: m.message_type == 'email')), 2)

    def test_acknowledgement_asks_robots_not_to_answer(self):
        sent = self.env['mail.mail'].search([], order='id desc', limit=1).id
        self.env['ir.config_parameter'].set_param('mail.mail.force.send.limit', '0')
        case = self.receive()
        mail = self.env['mail.mail'].search(
            [
                ('id', '>', sent or 0),
                ('mail_message_id', '=', self.get_acknowledgement(case).id),
            ]
        )
        self.assertEqual(mail.state, 'outgoing', 'sent inside the transaction')
        self.assertIn('auto-replied', mail.headers)
        self.assertIn(self.to_tickets, mail.reply_to)

    def test_team_without_template_does_not_acknowledge(self):
        self.repairs.ticket_acknowledgement_id = False
        self.assertFalse(self.get_acknowledgement(self.receive()))
        self.assertTrue(self.get_acknowledgement(self.receive(To=self.to_claims)))

    def test_programs_get_a_case_and_no_acknowledgement(self):
        for number, heads in enumerate(PROGRAMS):
            case = self.receive(From=f'robot{number}@example.com', **heads)
            self.assertTrue(case, heads)
            self.assertFalse(self.get_acknowledgement(case), heads)
        self.assertTrue(self.get_acknowledgement(self.receive(Auto_Submitted='no')))

    def test_answers_of_robots_to_nothing_and_lists_get_no_case(self):
        opened = {bool(self.receive(**heads)) for heads in (*ROBOTS, *LISTS)}
        self.assertEqual(opened, {False})

    def test_our_own_addresses_are_not_acknowledged(self):
        for sender in (self.to_claims, self.domain.catchall_email):
            case = self.receive(From=sender)
            self.assertFalse(self.get_acknowledgement(case))

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def test_flood_of_one_sender_is_neither_acknowledged_nor_lost(self):
        cases = [self.receive(From='flood@example.com') for _number in range(8)]
        self.assertTrue(all(cases))
        self.assertEqual([bool(self.get_acknowledgement(case)) for case in cases].count(True), 5)
        self.env['ir.config_parameter'].set_param('mail.gateway.loop.threshold', '8')
        self.assertFalse(self.receive(From='flood@example.com'), "Odoo's limit")
        self.assertTrue(self.receive(From='other-flood@example.com'))

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def test_bounce_opens_no_case(self):
        self.assertFalse(self.receive(From='MAILER-DAEMON@example.com'))

    def test_answer_to_a_merged_case_reaches_its_survivor(self):
        first, second = self.receive(), self.receive()
        (first | second).action_merge()
        self.assertEqual(second._get_mail_target(), first)
        left_behind = second.message_ids[:1]
        self.assertFalse(self.receive('For which one?', References=left_behind.message_id))
        self.assertIn('For which one?', first.message_ids.sorted('id')[-1].body)
