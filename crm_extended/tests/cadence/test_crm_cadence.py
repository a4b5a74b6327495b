from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import NOW, CrmExtendedCase


@freeze_time(NOW)
@tagged('post_install', '-at_install')
class TestCrmCadence(CrmExtendedCase):
    """A mail today, a call in two working days, a to-do three later; less if they answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id.tz = 'Europe/Madrid'
        cls.template = cls.env['mail.template'].create(
            {
                'name': 'Welcome',
                'model_id': cls.env['ir.model']._get_id('crm.lead'),
                'subject': 'About {{ object.name }}',
                'body_html': '<p>Good morning</p>',
                'email_to': '{{ object.email_from }}',
                'email_from': 'north@crm-extended.example.com',
            }
        )
        cls.cadence = cls.env['crm.cadence'].create(
            {
                'name': 'New leads',
                'step_ids': [
                    Command.create(step)
                    for step in (
                        {
                            'delay_days': 0,
                            'kind': 'mail',
                            'summary': 'Welcome',
                            'template_id': cls.template.id,
                        },
                        {'delay_days': 2, 'kind': 'call', 'summary': 'Ask what they need'},
                        {'delay_days': 3, 'kind': 'task', 'summary': 'Send the catalogue'},
                    )
                ],
            }
        )
        cls.lead = cls.env['crm.lead'].create(
            {
                'name': 'Forklifts',
                'type': 'lead',
                'user_id': cls.salesman.id,
                'partner_id': cls.contact.id,
                'email_from': 'lucia@ebro.example.com',
            }
        )

    def _start(self, documents=None, user=None):
        documents = (self.lead if documents is None else documents).with_user(user or self.salesman)
        action = documents.action_start_crm_cadence()
        dialog = Form(
            self.env[action['res_model']]
            .with_user(documents.env.user)
            .with_context(**action['context'])
        )
        dialog.cadence_id = self.cadence
        dialog.save().action_apply()
        return self.env['crm.cadence.run'].search(
            [('cadence_id', '=', self.cadence.id), ('state', '=', 'running')]
        )

    def _work(self, moment=NOW):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref('crm_extended.ir_cron_take_cadence_steps').method_direct_trigger()
        self.env.invalidate_all()

    def _mails(self, document=None):
        document = document or self.lead
        return document.message_ids.filtered(lambda mail: mail.message_type == 'email_outgoing')

    def _calls(self):
        return self.env['crm.call'].search([('lead_id', '=', self.lead.id)])

    # === STEPS === #

    def test_steps_are_taken_on_their_working_days(self):
        run = self._start()
        self.assertEqual(run.date_next, NOW)
        self._work()
        self.assertEqual(self._mails().mapped('subject'), ['About Forklifts'])
        told = self.env['crm.interaction'].search(
            [('partner_id', '=', self.contact.id), ('kind', '=', 'mail')]
        )
        self.assertEqual(told.user_id, self.salesman, 'nobody speaks with the program')
        # two working days after Wednesday is Friday, when the office opens in Madrid
        self.assertEqual(run.date_next, datetime(2026, 3, 13, 7))
        self._work(datetime(2026, 3, 13, 6, 59))
        self.assertFalse(self._calls())
        self._work(datetime(2026, 3, 13, 7))
        call = self._calls()
        self.assertEqual(
            (call.name, call.state, call.user_id, call.partner_id),
            ('Ask what they need', 'planned', self.salesman, self.contact),
        )
        # three more: Monday, Tuesday, Wednesday
        self.assertEqual(run.date_next, datetime(2026, 3, 18, 7))
        self._work(datetime(2026, 3, 18, 7))
        self.assertIn('Send the catalogue', self.lead.activity_ids.mapped('summary'))
        self.assertEqual((run.state, run.step_id.id, run.date_next), ('done', False, False))
        self._work(datetime(2026, 3, 25, 7))
        self.assertEqual((len(self._mails()), len(self._calls())), (1, 1))

    def test_weekend_and_evening_wait_for_the_office(self):
        step = self.cadence.step_ids[0]
        for delay, now, due in (
            (0, datetime(2026, 3, 11, 20), datetime(2026, 3, 12, 7)),
            (0, datetime(2026, 3, 14, 10), datetime(2026, 3, 16, 7)),
            (1, datetime(2026, 3, 13, 20), datetime(2026, 3, 16, 7)),
            (1, datetime(2026, 3, 14, 10), datetime(2026, 3, 16, 7)),
            # the clocks go forward on the 29th
            (1, datetime(2026, 3, 27, 10), datetime(2026, 3, 30, 6)),
        ):
            with self.subTest(delay=delay, now=now), freeze_time(now):
                step.delay_days = delay
                self.assertEqual(step._get_due_moment(self.env.company), due)

    def test_who_cannot_be_written_to_is_told_to_the_salesperson(self):
        silent = self._new_lead(name='Nobody', email_from=False)
        blocked = self._new_lead(name='Blocked', email_from='no@ebro.example.com')
        self.env['mail.blacklist']._add('no@ebro.example.com')
        self._start(silent | blocked)
        self._work()
        for lead in silent | blocked:
            self.assertFalse(self._mails(lead))
            self.assertEqual(lead.activity_ids.user_id, self.salesman)
            self.assertIn('No mail was sent', lead.activity_ids.summary)

    def test_step_that_is_taken_out_is_passed_over(self):
        run = self._start()
        self._work()
        self.assertEqual(run.step_id, self.cadence.step_ids[1])
        self.cadence.step_ids[1].unlink()
        self.assertEqual(run.step_id, self.cadence.step_ids[1])
        self.cadence.step_ids[1].unlink()
        self.assertEqual(run.state, 'done')

    def test_what_fails_is_told_and_stops_no_other(self):
        other = self._new_lead(name='Fine', email_from='fine@ebro.example.com')
        self.template.subject = f'{{{{ 1 / (object.id - {self.lead.id}) }}}}'
        runs = self._start(self.lead | other)
        with mute_logger(
            'odoo.addons.mail.models.mail_render_mixin',
            'odoo.addons.crm_extended.models.shared.crm_batch_mixin',
        ):
            self._work()
        failed = runs.filtered(lambda run: run.lead_id == self.lead)
        self.assertEqual((failed.state, failed.reason), ('stopped', 'failed'))
        self.assertIn('was stopped', self.lead.activity_ids.summary)
        self.assertEqual(len(self._mails(other)), 1)

    # === ENDINGS === #

    def _assert_stopped(self, run, reason):
        self._work(datetime(2026, 3, 13, 7))
        self.assertEqual((run.state, run.reason), ('stopped', reason))
        self.assertFalse(self._calls().filtered(lambda call: call.state == 'planned'))

    def test_answer_ends_it(self):
        before = self.lead.message_post(
            author_id=self.contact.id, message_type='email', subtype_xmlid='mail.mt_comment'
        )
        before.date = datetime(2026, 3, 10, 9)
        run = self._start()
        self._work()
        self.assertEqual(run.state, 'running')
        self.lead.with_user(self.salesman).message_post(
            body='Any news?', message_type='comment', subtype_xmlid='mail.mt_comment'
        )
        self._work()
        self.assertEqual(run.state, 'running')
        self.company.message_post(
            author_id=self.contact.id, message_type='email', subtype_xmlid='mail.mt_comment'
        )
        self._assert_stopped(run, 'answered')

    def test_call_that_was_held_ends_it(self):
        run = self._start()
        self._work()
        self._new_call(partner_id=self.contact.id, state='not_held', date=NOW)
        self._new_call(partner_id=self.contact.id, state='held', date=datetime(2026, 3, 10, 9))
        self._work()
        self.assertEqual(run.state, 'running')
        self._new_call(lead_id=self.lead.id, state='held', date=NOW)
        self.assertEqual((run.state, run.reason, run.date_end), ('stopped', 'called', NOW))
        self._assert_stopped(run, 'called')

    def test_call_of_a_colleague_ends_it_the_moment_it_is_held(self):
        run = self._start()
        call = self._new_call(partner_id=self.contact.id, date=NOW)
        self.assertEqual(run.state, 'running')
        call.action_hold()
        self.assertEqual((run.state, run.reason), ('stopped', 'called'))

    def test_won_lost_and_archived_end_it(self):
        for reason, end in (
            ('won', lambda lead: lead.action_set_won()),
            ('lost', lambda lead: lead.action_set_lost()),
            ('archived', lambda lead: lead.action_archive()),
        ):
            lead = self._new_lead(type='opportunity', email_from='a@ebro.example.com')
            run = self._start(lead)
            end(lead)
            at_once = 'running' if reason == 'archived' else 'stopped'
            self.assertEqual(run.state, at_once, reason)
            self._work()
            with self.subTest(reason=reason):
                self.assertEqual(run.state, 'stopped')
                self.assertIn(run.reason, (reason, 'lost'))
                self.assertFalse(self._mails(lead))

    def test_archived_cadence_ends_with_everybody(self):
        run = self._start()
        self.cadence.action_archive()
        self.assertEqual((run.state, run.reason), ('stopped', 'archived'))
        self.cadence.action_unarchive()
        self.assertEqual(run.state, 'stopped')

    def test_started_twice_goes_on_once_and_again_after_its_end(self):
        run = self._start()
        self.assertEqual(self._start(), run)
        run.with_user(self.salesman).action_stop()
        self.assertEqual((run.state, run.reason), ('stopped', 'by_hand'))
        self.assertNotEqual(self._start(), run)

    # === CUSTOMERS === #

    def test_customers_are_followed_up_too(self):
        self.cadence = self.env['crm.cadence'].create(
            {
                'name': 'Quiet customers',
                'model_name': 'res.partner',
                'step_ids': [
                    Command.create({'delay_days': 0, 'kind': 'call', 'summary': 'Say hello'})
                ],
            }
        )
        self.company.user_id = self.salesman
        run = self._start(self.company | self.other_customer, self.coordinator)
        self._work()
        calls = self.env['crm.call'].search([('partner_id', 'in', run.partner_id.ids)])
        self.assertEqual(
            {(call.partner_id, call.user_id) for call in calls},
            {(self.company, self.salesman), (self.other_customer, self.coordinator)},
        )
        self.assertEqual(set(run.mapped('state')), {'done'})

    def test_button_opens_what_it_counts(self):
        run = self._start()
        lead = self.lead.with_user(self.salesman)
        self.assertEqual(lead.crm_cadence_count, 1)
        action = lead.action_view_crm_cadences()
        self.assertEqual(self.env['crm.cadence.run'].search(action['domain']), run)
        self.assertEqual(self.cadence.running_count, 1)
        self.assertEqual(run.action_open()['res_id'], self.lead.id)

    # === RIGHTS AND REFUSALS === #

    def test_plans_are_the_managers_and_runs_the_programs(self):
        run = self._start()
        with self.assertRaises(AccessError):
            self.cadence.with_user(self.salesman).name = 'Mine'
        self.cadence.with_user(self.manager).name = 'Ours'
        for user in (self.salesman, self.manager):
            with self.assertRaises(AccessError):
                run.with_user(user).state = 'done'
        with self.assertRaises(AccessError):
            run.with_user(self.colleague).action_stop()
        foreign = self._new_lead(user_id=self.manager.id)
        with self.assertRaises(AccessError):
            self.env['crm.cadence.run'].with_user(self.colleague)._start(
                self.cadence, foreign.with_user(self.colleague)
            )

    def test_what_makes_no_sense_is_refused(self):
        with self.assertRaisesRegex(ValidationError, 'not for what the cadence is for'):
            self.cadence.step_ids[0].template_id = self.env['mail.template'].create(
                {'name': 'Other', 'model_id': self.env['ir.model']._get_id('res.partner')}
            )
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'):
            self.cadence.step_ids[1].kind = 'mail'
            self.env.flush_all()
        with self.assertRaisesRegex(UserError, 'has no steps'):
            empty = self.env['crm.cadence'].create({'name': 'Empty'})
            self.env['crm.cadence.run']._start(empty, self.lead)
        with self.assertRaisesRegex(UserError, 'something else'):
            self.env['crm.cadence.run']._start(self.cadence, self.company)

    def test_ten_and_a_hundred_take_the_same_queries(self):
        self.cadence.step_ids[0].unlink()

        def start(number):
            leads = self.env['crm.lead'].create(
                [{'name': f'Lead {index}', 'user_id': self.salesman.id} for index in range(number)]
            )
            runs = self.env['crm.cadence.run']._start(self.cadence, leads).sudo()
            self.env.flush_all()
            return self._count_queries(runs._stop_over)

        start(2)
        self.assertEqual(start(10), start(100))
