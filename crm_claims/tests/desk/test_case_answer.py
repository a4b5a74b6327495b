from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import CASE_MODELS
from .common import COMPOSER, DeskCommon


@tagged('post_install', '-at_install')
class TestCaseAnswer(DeskCommon):
    def create_owned(self, model_name='service.ticket', **values):
        return self.create_case(model_name, **{'user_id': self.agent.id, **values})

    # === ONE BUTTON EACH === #

    def test_send_and_wait_and_send_and_solve_answer_and_move(self):
        for model_name in CASE_MODELS:
            for method, kind in (('wait', 'waiting'), ('solve', 'solved')):
                case = self.create_owned(model_name, partner_id=self.contact.id)
                composer = self.compose(case, self.agent, body='<p>Is it <b>on</b>?</p>')
                action = getattr(composer, f'action_send_and_{method}')()
                self.assertEqual(action['type'], 'ir.actions.act_window_close')
                answer = self.get_answers(case)
                self.assertEqual(case.stage_kind, kind)
                self.assertEqual(answer.author_id, self.agent.partner_id)
                self.assertIn(self.contact, answer.notified_partner_ids)
                self.assertIn('<b>on</b>', answer.body)
                self.assertTrue(case.date_first_response)

    def test_plain_send_leaves_the_stage(self):
        ticket = self.create_owned()
        self.compose(ticket, self.agent, body='<p>We look into it</p>').action_send_mail()
        self.assertEqual(ticket.stage_kind, 'new')
        self.assertEqual(len(self.get_answers(ticket)), 1)

    def test_script_answers_many_at_once_and_waits(self):
        tickets = self.create_owned() | self.create_owned(partner_id=self.contact.id)
        tickets.with_user(self.agent).action_send_and_wait('Is it on?')
        self.assertEqual(set(tickets.mapped('stage_kind')), {'waiting'})
        self.assertEqual(self.get_answers(tickets[1]).notified_partner_ids, self.contact)
        tickets[0].with_user(self.agent).action_send_and_solve('It was off.')
        self.assertEqual(tickets.mapped('stage_kind'), ['solved', 'waiting'])
        opened = tickets[0].with_user(self.agent).action_send_and_wait()
        self.assertEqual(opened['res_model'], 'mail.compose.message')

    def test_sender_who_is_no_contact_is_answered_at_the_address(self):
        ticket = self.create_owned(partner_id=False, email_from='Eva <eva@example.com>')
        composer = self.compose(ticket, self.agent, body='<p>Hello</p>')
        self.assertIn('eva@example.com', composer.service_email_to)
        composer.action_send_mail()
        self.assertIn('eva@example.com', self.get_answers(ticket).outgoing_email_to)

    def test_colleague_who_asks_is_answered_like_any_customer(self):
        asking = self.employee.partner_id
        asking.email = 'pedro@ours.example.com'
        for follows in (False, True):
            ticket = self.create_owned(partner_id=asking.id)
            if follows:  # as the author of the mail that opened it does
                ticket.message_subscribe(asking.ids)
            ticket.with_user(self.agent).action_send_and_wait('Is it on?')
            self.assertEqual(self.get_answers(ticket).partner_ids, asking)
            self.assertTrue(ticket.date_first_response)
            composer = self.compose(ticket, self.agent, body='<p>It was off.</p>')
            self.assertEqual(composer.partner_ids, asking)
            composer.action_send_and_solve()
            self.assertEqual(ticket.answer_count, 2)

    def test_case_of_nobody_is_not_answered(self):
        ticket = self.create_owned(partner_id=False)
        for method in ('action_send_and_wait', 'action_send_and_solve'):
            for texts in ((), ('Hello',)):
                with self.assertRaisesRegex(UserError, 'Nobody is known'):
                    getattr(ticket.with_user(self.agent), method)(*texts)
        self.assertFalse(self.get_answers(ticket))
        self.assertEqual(ticket.stage_kind, 'new')

    def test_who_may_not_change_a_case_does_not_answer_it(self):
        ticket = self.create_owned()
        for user in (self.salesman, self.colleague, self.employee):
            with self.assertRaises(AccessError):
                ticket.with_user(user).action_answer()
            with self.assertRaises(AccessError):
                ticket.with_user(user).action_send_and_solve('Done')
        self.assertFalse(self.get_answers(ticket))

    def test_move_that_is_not_allowed_sends_nothing(self):
        ticket = self.create_owned()
        ticket.action_solve()
        composer = self.compose(ticket, self.agent, body='<p>One more thing</p>')
        with self.assertRaisesRegex(UserError, 'cannot go to'), self.env.cr.savepoint():
            composer.action_send_and_wait()
        self.assertFalse(self.get_answers(ticket))
        composer.action_send_and_solve()
        self.assertEqual(len(self.get_answers(ticket)), 1)

    # === TWO AT ONCE === #

    def test_answer_that_crosses_another_asks_first(self):
        ticket = self.create_owned(team_id=self.repairs.id)
        composer = self.compose(ticket, self.agent, body='<p>We come on Monday</p>')
        ticket.with_user(self.leader).action_send_and_wait('We come on Tuesday')
        ticket.with_user(self.leader).message_post(body='a note', subtype_xmlid='mail.mt_note')
        question = composer.action_send_and_solve()
        self.assertEqual(question['res_id'], composer.id)
        self.assertIn('We come on Tuesday', composer.service_crossing)
        self.assertIn(self.leader.name, composer.service_crossing)
        self.assertNotIn('a note', composer.service_crossing)
        self.assertEqual((len(self.get_answers(ticket)), ticket.stage_kind), (1, 'waiting'))
        composer.action_send_and_solve()
        self.assertEqual((len(self.get_answers(ticket)), ticket.stage_kind), (2, 'solved'))

    def test_ones_own_message_and_what_was_there_before_ask_nothing(self):
        ticket = self.create_owned()
        ticket.with_user(self.leader).action_send_and_wait('We come on Tuesday')
        composer = self.compose(ticket, self.agent, body='<p>With a ladder</p>')
        ticket.with_user(self.agent).message_post(
            body='In the morning', subtype_xmlid='mail.mt_comment', message_type='comment'
        )
        composer.action_send_mail()
        self.assertEqual(len(self.get_answers(ticket)), 3)

    def test_customer_who_wrote_meanwhile_is_read_first(self):
        ticket = self.create_owned(partner_id=self.contact.id)
        composer = self.compose(ticket, self.agent, body='<p>Is it on?</p>')
        ticket.message_post(
            body='It was off, thank you',
            author_id=self.contact.id,
            message_type='email',
            subtype_xmlid='mail.mt_comment',
        )
        composer.action_send_and_wait()
        self.assertIn('It was off', composer.service_crossing)
        self.assertEqual(len(self.get_answers(ticket)), 1)

    # === MACROS === #

    def test_macro_in_the_composer_is_edited_and_done_on_sending(self):
        ticket = self.create_owned(partner_id=self.spaniard.id, user_id=self.leader.id)
        action = ticket.with_user(self.agent).action_answer()
        composers = self.env['mail.compose.message'].with_user(self.agent)
        form = Form(composers.with_context(**action['context']), view=COMPOSER)
        form.body = '<p>First.</p>'
        form.service_macro_id = self.macro
        self.assertIn('Hola Quesos Ibor', form.body)
        self.assertLess(form.body.index('First.'), form.body.index('Hola'))
        form.body = form.body.replace('sobre', 'acerca de')
        composer = form.save()
        self.assertEqual((ticket.stage_kind, ticket.priority), ('new', '1'))
        composer.action_send_mail()
        self.assertIn(f'acerca de {ticket.number}', self.get_answers(ticket).body)
        self.check_macro_done(ticket)
        self.assertEqual(ticket.user_id, self.agent)

    def check_macro_done(self, case, kind='waiting'):
        self.assertEqual((case.stage_kind, case.priority), (kind, '2'))
        self.assertEqual(case.tag_ids, self.tag)
        activity = case.activity_ids
        self.assertEqual(
            (activity.summary, activity.user_id, activity.date_deadline),
            ('Ask again', self.agent, fields.Date.today() + timedelta(days=2)),
        )

    def test_button_decides_the_stage_before_the_macro(self):
        ticket = self.create_owned()
        composer = self.compose(ticket, self.agent, service_macro_id=self.macro)
        composer.action_send_and_solve()
        self.check_macro_done(ticket, 'solved')

    def test_macro_is_not_put_off_with_its_text(self):
        ticket = self.create_owned()
        composer = self.compose(ticket, self.agent, service_macro_id=self.macro)
        composer.scheduled_date = fields.Datetime.to_string(
            fields.Datetime.now() + timedelta(days=1)
        )
        with self.assertRaisesRegex(UserError, 'take the macro out'):
            composer.action_schedule_message()
        composer.service_macro_id = False
        composer.action_schedule_message()
        self.assertEqual(ticket.priority, '1')
        self.assertFalse(self.get_answers(ticket))

    def test_many_get_it_each_in_their_language_on_their_own_case(self):
        for model_name in CASE_MODELS:
            english = self.create_owned(model_name)
            spanish = self.create_owned(model_name, partner_id=self.spaniard.id)
            dialog = self.open_dialog(english | spanish, macro_id=self.macro.id)
            self.assertEqual(dialog.case_count, 2)
            self.assertIn('Dear Bodegas Altozano', dialog.preview)
            dialog.action_answer()
            for case, words in ((english, 'Dear Bodegas'), (spanish, 'Hola Quesos Ibor')):
                answer = self.get_answers(case)
                self.assertIn(words, answer.body)
                self.assertIn(case.number, answer.body)
                self.assertEqual(answer.notified_partner_ids, case.partner_id)
                self.check_macro_done(case)

    def test_dialog_sends_a_text_as_it_is_or_nothing_at_all(self):
        tickets = self.create_owned() | self.create_owned()
        with self.assertRaisesRegex(UserError, 'Choose a macro or write'):
            self.open_dialog(tickets).action_answer()
        self.open_dialog(tickets, body='<p>All is well</p>', stage_kind='solved').action_answer()
        for ticket in tickets:
            self.assertIn('All is well', self.get_answers(ticket).body)
        self.assertEqual(set(tickets.mapped('stage_kind')), {'solved'})
        silent = self.env['service.macro'].create({'name': 'Urgent', 'priority': '3'})
        self.open_dialog(tickets, macro_id=silent.id).action_answer()
        self.assertEqual(set(tickets.mapped('priority')), {'3'})
        self.assertEqual(len(self.get_answers(tickets[0])), 1)

    def open_dialog(self, cases, user=None, **values):
        context = {'active_model': cases._name, 'active_ids': cases.ids}
        dialogs = self.env['service.case.answer'].with_user(user or self.agent)
        return dialogs.with_context(**context).create(values)

    def test_foreign_case_among_many_stops_all(self):
        own = self.create_owned()
        foreign = self.create_case(team_id=self.desk.id, user_id=self.colleague.id)
        with self.assertRaises(AccessError):
            self.open_dialog(own | foreign, macro_id=self.macro.id).action_answer()
        self.assertFalse(self.get_answers(own))
