from odoo import Command
from odoo.tests import new_test_user, tagged

from ..common import CASE_MODELS, ServiceCommon
from .common import ServiceMailCommon

NEW = {
    'service.ticket': 'crm_claims.mt_service_team_ticket_new',
    'service.claim': 'crm_claims.mt_service_team_claim_new',
}


class ServiceToldCommon(ServiceCommon):
    """The agent reads mail, the leader the inbox; the manager follows the repairs team.

    Everything that is told in a test is what came after ``forget()``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo's BaseCommon switches off what is tested here.
        cls.env = cls.env(
            context={
                key: value
                for key, value in cls.env.context.items()
                if not key.startswith(('mail_', 'tracking_'))
            }
        )
        cls.repairs, cls.desk = (team.with_env(cls.env) for team in (cls.repairs, cls.desk))
        for user in cls.agent | cls.colleague | cls.leader | cls.manager:
            user.email = f'{user.login}@ours.example.com'
        cls.leader.notification_type = 'inbox'
        cls.repairs.message_subscribe(cls.manager.partner_id.ids)
        cls.forget()

    @classmethod
    def forget(cls):
        cls.env.flush_all()
        cls.last_notification = cls.env['mail.notification'].search([], order='id desc', limit=1).id

    def get_told(self):
        """Return {user or partner: ways in which they were told} and forget it."""
        self.env.flush_all()
        told = self.env['mail.notification'].search([('id', '>', self.last_notification)])
        result = {}
        for notification in told:
            partner = notification.res_partner_id
            result.setdefault(partner.user_ids or partner, []).append(
                notification.notification_type
            )
        self.forget()
        return result

    def assertTold(self, *users):
        told = self.get_told()
        self.assertEqual(set(told), set(users))
        for user in users:
            self.assertEqual(told[user], [user.notification_type], user.login)


@tagged('post_install', '-at_install')
class TestToldOfCases(ServiceToldCommon):
    def test_case_that_nobody_has_is_told_to_the_team_and_who_follows_it(self):
        for model_name in CASE_MODELS:
            case = self.create_case(model_name)
            self.assertTold(self.agent, self.leader, self.manager)
            self.assertFalse(case.message_partner_ids & self.customer)
            case.with_user(self.agent).action_assign_to_me()
            self.assertTold()
            self.assertIn(self.agent.partner_id, case.message_partner_ids)

    def test_case_that_the_rule_assigns_is_told_to_whom_it_gives_it(self):
        self.repairs.assignment = 'balanced'
        for model_name in CASE_MODELS:
            case = self.create_case(model_name)
            self.assertEqual(case.user_id, self.agent)
            self.assertIn(self.agent.partner_id, case.message_partner_ids)
            self.assertTold(self.agent, self.manager)

    def test_who_enters_a_case_is_not_told_of_it(self):
        tickets = self.env['service.ticket'].with_user(self.agent)
        tickets.create({'name': 'x', 'team_id': self.repairs.id, 'user_id': self.agent.id})
        self.assertTold(self.manager)
        tickets.create({'name': 'x', 'team_id': self.repairs.id})
        self.assertTold(self.leader, self.manager)

    def test_another_assignee_is_told_and_who_may_not_see_the_case_any_more_hears_no_more(self):
        case = self.create_case(user_id=self.agent.id)
        self.forget()
        case.with_user(self.leader).user_id = self.colleague
        self.assertTold(self.colleague)
        self.assertIn(self.agent.partner_id, case.message_partner_ids, 'a member may see it')
        case.write({'team_id': self.desk.id, 'user_id': self.colleague.id})
        case.write({'team_id': self.repairs.id, 'user_id': self.agent.id})
        self.assertNotIn(self.colleague.partner_id, case.message_partner_ids)

    def test_case_given_back_and_case_moved_are_told_to_the_team(self):
        case = self.create_case(user_id=self.agent.id)
        self.forget()
        case.with_user(self.agent).user_id = False
        self.assertTold(self.leader, self.manager)
        case.with_user(self.agent).team_id = self.desk
        self.assertTold(self.colleague)

    def test_follower_hears_only_of_what_he_ticked_and_may_see(self):
        self.repairs.message_subscribe(self.colleague.partner_id.ids)
        self.repairs.message_subscribe(self.employee.partner_id.ids)
        self.repairs.message_subscribe(
            self.manager.partner_id.ids, self.env.ref(NEW['service.claim']).ids
        )
        self.create_case(user_id=self.agent.id)
        self.assertTold(self.agent)
        self.create_case()
        self.assertTold(self.agent, self.leader, self.colleague)
        self.create_case('service.claim', user_id=self.agent.id)
        self.assertTold(self.agent, self.manager)

    def test_histories_imports_and_who_is_gone_are_not_told(self):
        self.create_case(stage_id=self.stages['solved'].id)
        self.assertTold()
        result = (
            self.env['service.ticket']
            .with_user(self.leader)
            .load(
                ['name', 'team_id/.id', 'user_id/.id'],
                [['Imported', str(self.repairs.id), str(self.agent.id)]],
            )
        )
        self.assertTold()
        imported = self.env['service.ticket'].browse(result['ids'])
        self.assertEqual(imported.message_partner_ids, self.agent.partner_id)
        self.agent.active = False
        self.create_case()
        self.assertTold(self.leader, self.manager)

    def test_many_at_once_are_told_in_one_message(self):
        self.repairs.write({'assignment': 'balanced', 'member_ids': self.leader.ids})
        self.env['service.ticket'].create(
            [{'name': f'Case {i}', 'team_id': self.repairs.id} for i in range(60)]
        )
        self.assertTold(self.leader, self.manager)
        message = self.env['mail.message'].search(
            [('partner_ids', 'in', self.manager.partner_id.ids)], order='id desc', limit=1
        )
        self.assertEqual(message.body.count('<li>'), 50)
        self.assertIn('10 more', message.body)

    def test_handing_over_costs_the_same_for_few_and_many(self):
        self.desk.write({'assignment': 'balanced', 'leader_id': self.leader.id})

        def hand_over(count, **values):
            cases = self.env['service.ticket'].create(
                [{'name': 'x', 'team_id': self.repairs.id} for _number in range(count)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases.write(values)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        for values in ({'team_id': self.desk.id}, {'user_id': self.agent.id}):
            hand_over(10, **values)
            self.assertLessEqual(hand_over(100, **values), hand_over(10, **values), values)

    def test_text_names_case_customer_and_team_in_the_language_of_who_reads_it(self):
        case = self.create_case(description='<p>Under the piston</p>')
        [message] = (
            self.env['mail.message']
            .search(
                [('model', '=', case._name), ('res_id', '=', case.id), ('partner_ids', '!=', False)]
            )
            .filtered(lambda message: self.agent.partner_id in message.partner_ids)
        )
        self.assertEqual(message.subject, f'New in Repairs: {case.display_name}')
        for part in ('Bodegas Altozano', 'nobody of Repairs has it', 'Under the piston'):
            self.assertIn(part, message.body)

    def test_portal_form_tells_the_team_and_the_customer_reads_none_of_it(self):
        self.env['service.team'].search([('id', '!=', self.repairs.id)]).active = False
        self.forget()
        lucia = new_test_user(
            self.env, 'told_lucia', 'base.group_portal', partner_id=self.contact.id
        )
        tickets = self.env['service.ticket'].with_user(lucia)
        case = tickets._create_from_portal({'name': 'It leaks'}, [])
        told = self.get_told()
        for user in self.agent, self.leader, self.manager:
            self.assertEqual(told[user], [user.notification_type])
        notices = case.message_ids.filtered(
            lambda message: message.message_type == 'user_notification'
        )
        self.assertFalse(notices.with_user(lucia)._filtered_access('read'))


@tagged('post_install', '-at_install')
class TestToldOfAnswers(ServiceToldCommon, ServiceMailCommon):
    def answer_acknowledgement(self, case, **heads):
        self.receive(References=self.get_acknowledgement(case).message_id, **heads)

    def test_mail_that_opens_a_case_is_told_once_with_its_text(self):
        case = self.receive()
        self.assertEqual(
            self.get_told(),
            {
                self.agent: ['email'],
                self.leader: ['inbox'],
                self.manager: ['email'],
                self.contact: ['email'],
            },
        )
        mail = case.message_ids.filtered(lambda message: message.message_type == 'email')
        self.assertEqual(
            mail.notified_partner_ids, (self.agent | self.leader | self.manager).partner_id
        )
        self.repairs.assignment = 'balanced'
        case = self.receive(To=self.to_claims)
        self.assertEqual(
            self.get_told(),
            {self.agent: ['email'], self.manager: ['email'], self.contact: ['email']},
        )
        self.assertIn(self.agent.partner_id, case.message_partner_ids)

    def test_every_answer_tells_who_works_on_the_case(self):
        for kind in ('new', 'open', 'waiting', 'solved', 'rejected'):
            case = self.receive()
            self.repairs.assignment = 'balanced'
            case.user_id = self.agent
            if kind != 'new':
                case.stage_id = self.stages[kind]
            self.forget()
            self.answer_acknowledgement(case)
            self.assertTold(self.agent, self.manager)
            case.message_unsubscribe(self.agent.partner_id.ids)
            self.answer_acknowledgement(case)
            self.assertTold(self.agent, self.manager)
        self.answer_acknowledgement(case, Auto_Submitted='auto-replied')
        self.assertTold()

    def test_colleague_who_has_gone_is_not_told_of_what_answers_him(self):
        case = self.receive()
        case.with_user(self.agent).message_post(
            body='Is it on?', message_type='comment', subtype_xmlid='mail.mt_comment'
        )
        asked = case.message_ids.sorted('id')[-1:]
        self.agent.active = False
        self.forget()
        self.receive(References=asked.message_id)
        self.assertTold(self.leader, self.manager)

    def test_answer_to_a_case_of_nobody_tells_the_team(self):
        case = self.receive()
        self.forget()
        self.answer(case)
        self.assertTold(self.agent, self.leader, self.manager)

    def test_customer_gets_neither_notes_nor_notices_and_answers_to_the_team(self):
        case = self.receive()
        acknowledgement = case.message_ids.filtered(
            lambda message: message.message_type == 'auto_comment'
        )
        self.assertIn(self.to_tickets, acknowledgement.reply_to)
        case.with_user(self.agent).message_post(body='internal', subtype_xmlid='mail.mt_note')
        case.user_id = self.agent
        messages = self.env['mail.message'].search(
            [('model', '=', case._name), ('res_id', '=', case.id)]
        )
        outside = (messages - acknowledgement).notified_partner_ids.filtered('partner_share')
        self.assertFalse(outside)

    def test_what_a_mail_costs_does_not_grow_with_the_team(self):
        def count_queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.receive()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count_queries()
        few = count_queries()
        self.repairs.member_ids = [
            Command.create({'name': f'M{i}', 'login': f'member_{i}', 'notification_type': 'inbox'})
            for i in range(20)
        ]
        count_queries()
        self.assertLessEqual(count_queries(), few + 2)
