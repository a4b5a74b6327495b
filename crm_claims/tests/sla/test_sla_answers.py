from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ServiceSlaCommon

OPENED, ANSWERED = '2026-03-02 08:00:00', '2026-03-02 09:00:00'


@tagged('post_install', '-at_install')
class TestSlaAnswers(ServiceSlaCommon):
    """What counts as an answer to the customer, promised within four hours, then in two."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.create_policy(next_response_hours=2)
        cls.portal = new_test_user(
            cls.env, 'service_portal', 'base.group_portal', partner_id=cls.contact.id
        )
        cls.supplier = cls.env['res.partner'].create(
            {'name': 'Prensas del Ebro', 'email': 'info@prensas.example.com'}
        )
        for user in (cls.agent, cls.colleague, cls.leader):
            user.email = f'{user.login}@suite.example.com'
        domain = cls.env['mail.alias.domain'].create({'name': 'suite.example.com'})
        cls.env.company.alias_domain_id = domain
        cls.env['service.team.alias'].create(
            {
                'team_id': cls.repairs.id,
                'case_model': 'service.ticket',
                'alias_name': 'repairs',
                'alias_domain_id': domain.id,
            }
        )

    def open_case(self, model_name='service.ticket', **values):
        return self.at(OPENED, self.create_case, model_name, **values)

    def post(self, case, user=None, moment=ANSWERED, **values):
        values = {'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment', **values}
        case = case.with_user(user or self.agent)
        return self.at(moment, lambda: case.message_post(body='We are on it', **values))

    def assertAnswered(self, case, moment=ANSWERED, **kwargs):
        self.assertEqual(
            case.sudo().date_first_response, moment and fields.Datetime.to_datetime(moment)
        )

    def test_only_an_agent_who_writes_to_the_customer_answers(self):
        partner = self.colleague.partner_id
        for name, values, counts in (
            ('note', {'subtype_xmlid': 'mail.mt_note'}, False),
            ('notification', {'message_type': 'notification'}, False),
            ('robot', {'user': self.env.ref('base.user_root')}, False),
            ('customer', {'author_id': self.contact.id}, False),
            ('portal', {'user': self.portal}, False),
            ('automatic', {'message_type': 'auto_comment'}, False),
            ('colleague alone', {'partner_ids': partner.ids}, False),
            ('supplier alone', {'partner_ids': self.supplier.ids}, False),
            (
                'mail to a colleague',
                {'incoming_email_to': 'repairs@suite.example.com, ' + (partner.email or '')},
                False,
            ),
            ('customer and colleague', {'partner_ids': (partner | self.customer).ids}, True),
            ('other contact of the customer', {'partner_ids': self.contact.ids}, True),
            ('mail to the customer', {'incoming_email_to': self.customer.email}, True),
            ('mail to the address', {'incoming_email_to': 'repairs@suite.example.com'}, True),
            ('mail without recipients', {'message_type': 'email'}, True),
        ):
            with self.subTest(name):
                case = self.open_case()
                case.message_subscribe(self.supplier.ids)
                self.post(case, **values)
                self.assertAnswered(case, ANSWERED if counts else False)
                self.assertEqual(case.answer_count, int(counts))

    def test_customer_who_follows_gets_what_names_a_colleague(self):
        case = self.open_case()
        case.message_subscribe(self.contact.ids)
        self.post(case, partner_ids=self.colleague.partner_id.ids)
        self.assertAnswered(case)

    def test_mail_of_a_colleague_that_opens_a_case_is_no_answer(self):
        for recipients in ('repairs@suite.example.com', f'{self.customer.email}, repairs@x.y'):
            raw = (
                f'From: {self.agent.email}\nTo: {recipients}\n'
                'Delivered-To: repairs@suite.example.com\n'
                f'Subject: FW: Press\nMessage-ID: <{recipients[:4]}@mail>\n\nPlease look at this.'
            )
            case = self.env['service.ticket'].browse(
                self.at(OPENED, self.env['mail.thread'].message_process, 'service.ticket', raw)
            )
            with self.subTest(recipients=recipients):
                self.assertTrue(case.exists())
                self.assertAnswered(case, False)

    def test_colleague_who_is_the_customer_does_not_answer_himself(self):
        case = self.open_case(partner_id=self.colleague.partner_id.id)
        self.post(case, self.colleague)
        self.assertAnswered(case, False)
        # who follows the case would read what is written to others too
        case.message_unsubscribe(self.colleague.partner_id.ids)
        self.post(case, partner_ids=self.leader.partner_id.ids)
        self.assertAnswered(case, False)
        self.post(case, partner_ids=self.colleague.partner_id.ids)
        self.assertAnswered(case)

    def test_call_is_the_answer_to_the_case_that_is_made_of_it(self):
        for values, counts in (
            ({'state': 'held'}, True),
            ({'direction': 'inbound', 'date': '2026-03-02 07:59:00'}, True),
            ({'direction': 'inbound', 'date': '2026-03-03 07:59:00'}, False),
            ({'state': 'not_held', 'direction': 'inbound', 'date': '2026-03-02 07:00:00'}, False),
            ({'date': '2026-03-02 07:00:00'}, False),
        ):
            for name, field_name in (
                ('action_create_service_ticket', 'service_ticket_id'),
                ('action_create_service_claim', 'service_claim_id'),
            ):
                call = self.at(
                    OPENED,
                    self.env['crm.call'].create,
                    {'name': 'Call', 'partner_id': self.customer.id, **values},
                )
                self.at(OPENED, getattr(call, name))
                with self.subTest(values, name=name):
                    self.assertAnswered(call[field_name], OPENED if counts else False)

    def test_case_that_is_typed_in_during_a_call_is_answered_by_it(self):
        phone = self.env.ref('utm.utm_medium_phone')
        tickets = self.env['service.ticket']
        values = {'name': 'Leak', 'medium_id': phone.id, 'team_id': self.repairs.id}
        case = self.at(OPENED, tickets.with_user(self.agent).create, values)
        self.assertAnswered(case, OPENED)
        self.assertEqual(self.get_clock(case, 'first_response').state, 'met')
        earlier = {**values, 'date_open': '2026-03-02 07:00:00'}
        self.assertAnswered(
            self.at(OPENED, tickets.with_user(self.agent).create, earlier), '2026-03-02 07:00:00'
        )
        by_customer = tickets.with_user(self.portal).sudo()
        self.assertAnswered(self.at(OPENED, by_customer.create, values), False)

    def test_answer_is_never_before_the_case_was_opened(self):
        case = self.open_case(date_open='2026-03-02 12:00:00')
        self.post(case)
        self.assertAnswered(case, '2026-03-02 12:00:00')

    # === THE CUSTOMER WROTE AGAIN === #

    def write_again(self, case, moment, **values):
        self.post(case, author_id=self.contact.id, moment=moment, **values)

    def assertWaiting(self, case, since):
        moment = since and fields.Datetime.to_datetime(since)
        self.assertEqual(
            (case.is_customer_waiting, case.date_customer_waiting), (bool(since), moment)
        )
        self.assertEqual(
            case.search([('id', '=', case.id), ('is_customer_waiting', '=', True)]),
            case if since else case.browse(),
        )

    def get_next(self, case):
        return self.get_clock(case, 'next_response').sorted('id')

    def test_each_message_after_an_answer_is_promised_the_next_one(self):
        for model_name in ('service.ticket', 'service.claim'):
            case = self.open_case(model_name)
            self.write_again(case, '2026-03-02 08:30:00')
            self.assertWaiting(case, '2026-03-02 08:30:00')
            self.assertFalse(self.get_next(case), 'the first answer is still promised')
            self.post(case)
            self.assertWaiting(case, False)
            self.write_again(case, '2026-03-02 10:00:00')
            self.write_again(case, '2026-03-02 11:00:00')
            self.assertWaiting(case, '2026-03-02 10:00:00')
            self.assertDeadline(case, '2026-03-02 12:00:00', 'next_response')
            self.assertFalse(case.date_next_response)
            self.post(case, moment='2026-03-02 11:30:00')
            self.assertWaiting(case, False)
            answered = fields.Datetime.to_datetime('2026-03-02 11:30:00')
            self.assertEqual(
                (self.get_next(case).reached_at, self.get_next(case).state), (answered, 'met')
            )
            self.assertEqual(case.date_next_response, answered)
            self.write_again(case, '2026-03-02 16:30:00')
            self.assertEqual(self.get_next(case)[0].state, 'met')
            deadline = fields.Datetime.to_datetime('2026-03-03 09:30:00')
            self.assertEqual(self.get_next(case)[1:].deadline, deadline)
            self.post(case, moment='2026-03-03 09:30:01')
            self.assertEqual(self.get_next(case).mapped('state'), ['met', 'missed'])
            self.assertEqual(case.answer_count, 3)

    def test_notes_and_automatic_answers_leave_the_customer_waiting_and_closing_does_not(self):
        case = self.open_case()
        self.post(case)
        self.write_again(case, '2026-03-02 10:00:00')
        self.post(case, moment='2026-03-02 10:30:00', subtype_xmlid='mail.mt_note')
        self.post(case, moment='2026-03-02 10:30:00', message_type='auto_comment')
        self.assertWaiting(case, '2026-03-02 10:00:00')
        self.at('2026-03-02 11:00:00', case.action_solve)
        self.assertWaiting(case, False)
        self.assertEqual(self.get_clock(case, 'next_response').state, 'met')
        self.write_again(case, '2026-03-03 10:00:00')
        self.assertEqual(case.stage_kind, 'open')
        self.assertWaiting(case, '2026-03-03 10:00:00')
        self.assertEqual(
            self.get_clock(case, 'next_response').sorted('id').mapped('state')[0], 'met'
        )
        self.assertEqual(len(self.get_clock(case, 'next_response')), 2)

    def test_closing_was_the_first_answer_and_reopening_asks_for_the_next(self):
        case = self.open_case()
        self.at('2026-03-02 09:00:00', case.action_solve)
        self.write_again(case, '2026-03-02 10:00:00')
        self.assertDeadline(case, '2026-03-02 12:00:00', 'next_response')

    def test_rejected_case_that_is_answered_shows_the_customer_waiting(self):
        case = self.open_case()
        self.at('2026-03-02 09:00:00', case.action_reject)
        self.write_again(case, '2026-03-02 10:00:00')
        self.assertEqual(case.stage_kind, 'rejected')
        self.assertWaiting(case, '2026-03-02 10:00:00')
        self.assertFalse(self.get_clock(case, 'next_response'))

    def test_who_opens_a_case_by_mail_waits_from_the_beginning(self):
        raw = (
            f'From: {self.customer.email}\nTo: repairs@suite.example.com\n'
            'Subject: Press\nMessage-ID: <wait@mail>\n\nIt leaks.'
        )
        case = self.env['service.ticket'].browse(
            self.at(OPENED, self.env['mail.thread'].message_process, 'service.ticket', raw)
        )
        self.assertWaiting(case, OPENED)
        self.assertFalse(self.get_clock(case, 'next_response'))
        self.assertFalse(self.open_case().is_customer_waiting, 'what an agent types in')

    def test_survivor_of_a_merge_owes_what_the_others_owed(self):
        older, younger = self.open_case(), self.open_case()
        self.post(older)
        self.write_again(younger, '2026-03-02 10:00:00')
        self.at('2026-03-02 10:30:00', (older | younger).with_user(self.agent).action_merge)
        self.assertWaiting(older, '2026-03-02 10:00:00')
        self.assertDeadline(older, '2026-03-02 12:00:00', 'next_response')
        self.assertEqual(older.answer_count, 1)

    def test_next_team_promises_the_next_answer_anew(self):
        self.create_policy(name='Desk', team_id=self.desk.id, next_response_hours=1)
        case = self.open_case()
        self.post(case)
        self.write_again(case, '2026-03-02 10:00:00')
        self.at('2026-03-02 12:30:00', case.write, {'team_id': self.desk.id})
        broken, promised = self.get_clock(case, 'next_response').sorted('id')
        self.assertEqual((broken.state, broken.team_id), ('missed', self.repairs))
        self.assertEqual(promised.date_start, fields.Datetime.to_datetime('2026-03-02 12:30:00'))
        self.post(case, moment='2026-03-02 12:45:00')
        self.assertEqual((broken.state, promised.state), ('missed', 'met'))

    def test_policy_without_next_response_promises_none(self):
        self.policy.next_response_hours = 0
        case = self.open_case()
        self.post(case)
        self.write_again(case, '2026-03-02 10:00:00')
        self.assertWaiting(case, '2026-03-02 10:00:00')
        self.assertFalse(self.get_clock(case, 'next_response'))

    def test_dashboard_counts_the_customers_who_wait_and_opens_exactly_their_cases(self):
        for noun in ('ticket', 'claim'):
            cases = [self.open_case(f'service.{noun}') for _number in range(3)]
            for case in cases:
                self.write_again(case, '2026-03-02 10:00:00')
            self.post(cases[1], moment='2026-03-02 10:30:00')
            self.at('2026-03-02 11:00:00', cases[2].action_reject)
            self.write_again(cases[2], '2026-03-02 11:30:00')
            team = self.repairs.with_user(self.leader)
            field_name = f'waiting_{noun}_count'
            self.assertEqual(team[field_name], 1)
            action = getattr(team, f'action_view_waiting_{noun}s')()
            self.assertEqual(self.env[f'service.{noun}'].search(action['domain']), cases[0])
            self.post(cases[0], moment='2026-03-02 12:00:00')
            team.invalidate_recordset([field_name])
            self.assertEqual(team[field_name], 0)

    def test_waiting_is_written_by_the_program_alone(self):
        case = self.open_case().with_user(self.agent)
        for name in ('date_customer_waiting', 'date_next_response', 'answer_count', 'reopen_count'):
            with self.subTest(name), self.assertRaises(AccessError):
                case.write({name: False})
