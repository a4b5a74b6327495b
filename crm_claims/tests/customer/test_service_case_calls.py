from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import CASE_MODELS, SALESMAN
from ..sla.common import ServiceSlaCommon

OPENED, CALLED, NOW = '2026-03-02 08:00:00', '2026-03-02 09:00:00', '2026-03-02 11:00:00'


@tagged('post_install', '-at_install')
class TestServiceCaseCalls(ServiceSlaCommon):
    """A call about a case that was held with its customer answers it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_policy(next_response_hours=2)
        cls.agent.group_ids = [Command.link(cls.env.ref(SALESMAN).id)]

    def open_case(self, model_name='service.ticket', **values):
        return self.at(OPENED, self.create_case, model_name, **values)

    def call(self, case, moment=NOW, **values):
        values = {
            'name': 'Call',
            'state': 'held',
            'date': CALLED,
            'partner_id': case.partner_id.id,
            'user_id': self.agent.id,
            case._get_crm_call_link(): case.id,
            **values,
        }
        return self.at(moment, self.env['crm.call'].with_user(self.agent).create, values)

    def write_again(self, case, moment):
        self.at(
            moment,
            lambda: case.message_post(
                body='And now?',
                author_id=self.contact.id,
                message_type='comment',
                subtype_xmlid='mail.mt_comment',
            ),
        )

    def assertAnswered(self, case, moment, count=1):
        answered_at = moment and fields.Datetime.to_datetime(moment)
        self.assertEqual((case.date_first_response, case.answer_count), (answered_at, count))

    def test_call_that_was_held_with_the_customer_is_the_first_answer_at_its_time(self):
        stranger = self.env['res.partner'].create({'name': 'Stranger'})
        for values, moment in (
            ({}, CALLED),
            ({'partner_id': self.contact.id}, CALLED),
            ({'partner_id': False}, CALLED),
            ({'date': '2026-03-02 13:00:00'}, NOW),
            ({'partner_id': stranger.id}, False),
            ({'partner_id': self.colleague.partner_id.id}, False),
            ({'state': 'planned'}, False),
            ({'state': 'not_held'}, False),
            ({'state': 'cancelled'}, False),
        ):
            for model_name in CASE_MODELS:
                with self.subTest(values, model_name=model_name):
                    case = self.open_case(model_name)
                    self.call(case, **values)
                    self.assertAnswered(case, moment, int(bool(moment)))
                    state = self.get_clock(case, 'first_response').reached_at
                    self.assertEqual(state, moment and fields.Datetime.to_datetime(moment))

    def test_call_before_the_case_was_opened_is_its_first_answer_and_no_further_one(self):
        case = self.open_case()
        self.call(case, date='2026-03-02 07:00:00')
        self.assertAnswered(case, OPENED)
        self.call(case, date='2026-03-02 07:30:00')
        self.assertAnswered(case, OPENED)

    def test_planned_call_answers_when_it_is_held_and_the_next_one_is_about_the_case(self):
        case = self.open_case()
        call = self.call(case, state='planned', moment=OPENED)
        self.at('2026-03-02 08:30:00', call.write, {'state': 'not_held'})
        self.assertAnswered(case, False, 0)
        self.at('2026-03-02 09:10:00', call.action_hold)
        self.assertAnswered(case, CALLED)
        self.at('2026-03-02 09:20:00', call._plan_next, fields.Datetime.to_datetime(NOW))
        following = call.sudo().next_call_id
        self.assertEqual(following.service_ticket_id, case)
        self.at(NOW, following.action_hold)
        self.assertAnswered(case, CALLED, 2)

    def test_call_answers_what_the_customer_wrote_before_it(self):
        case = self.open_case()
        self.call(case)
        self.write_again(case, '2026-03-02 12:00:00')
        self.assertTrue(case.is_customer_waiting)
        self.call(case, '2026-03-02 14:00:00', date='2026-03-02 11:30:00')
        self.assertTrue(case.is_customer_waiting, 'spoken before it was written')
        self.call(case, '2026-03-02 14:00:00', date='2026-03-02 12:30:00')
        self.assertFalse(case.is_customer_waiting)
        self.assertEqual(
            case.date_next_response, fields.Datetime.to_datetime('2026-03-02 12:30:00')
        )
        self.assertEqual(self.get_clock(case, 'next_response').state, 'met')

    def test_what_the_customer_wrote_after_the_call_waits_on(self):
        case = self.open_case()
        self.call(case)
        self.write_again(case, '2026-03-02 10:00:00')
        self.write_again(case, '2026-03-02 12:00:00')
        self.call(case, '2026-03-02 12:30:00', date='2026-03-02 10:30:00')
        self.assertTrue(case.is_customer_waiting)
        self.assertEqual(
            case.date_customer_waiting, fields.Datetime.to_datetime('2026-03-02 12:00:00')
        )
        states = self.get_clock(case, 'next_response').sorted('id').mapped('reached_at')
        self.assertEqual(states, [fields.Datetime.to_datetime('2026-03-02 10:30:00'), False])

    def test_call_that_moves_with_a_merge_answers_once(self):
        older, younger = self.open_case(), self.open_case()
        self.call(younger)
        self.at(NOW, (older | younger).with_user(self.agent).action_merge)
        self.assertAnswered(older, CALLED)

    def test_call_is_logged_from_the_case_by_who_makes_calls(self):
        case = self.open_case(user_id=self.agent.id)
        action = case.with_user(self.agent).action_log_crm_call()
        calls = self.env['crm.call'].with_user(self.agent).with_context(**action['context'])
        with Form(calls, action['views'][0][0]) as form:
            self.assertEqual(form.partner_id, case.partner_id)
        self.assertEqual((form.record.state, form.record.service_ticket_id), ('held', case))
        self.assertEqual(case.answer_count, 1)
        plan = case.with_user(self.agent).action_plan_crm_call()
        self.assertEqual(plan['context']['default_state'], 'planned')
        self.assertEqual(case.with_user(self.agent).crm_call_count, 1)
        shown = case.with_user(self.agent).action_view_crm_calls()
        self.assertEqual(calls.search(shown['domain']), form.record)
        with self.assertRaises(AccessError):
            self.assertTrue(case.with_user(self.colleague).crm_call_count)
