from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from ..common import NOW, CrmExtendedCase

TOMORROW = NOW + timedelta(days=1)


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestCrmCallHolding(CrmExtendedCase):
    """A call is held by a dialog, and planned again when that was a mistake."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reached = cls.env.ref('crm_extended.crm_call_outcome_reached')

    def _ask(self, calls, user=None):
        user = user or self.salesman
        action = calls.with_user(user).action_ask_outcome()
        return Form(self.env[action['res_model']].with_user(user).with_context(**action['context']))

    def test_dialog_notes_what_came_of_the_call(self):
        call = self._new_call(date=TOMORROW, partner_id=self.contact.id, description='Lift?')
        dialog = self._ask(call)
        self.assertEqual((call.state, call.date), ('planned', TOMORROW), 'one more tap confirms')
        dialog.outcome_id = self.reached
        dialog.minutes = 15
        dialog.note = 'Wants two'
        dialog.next_date = TOMORROW + timedelta(days=7)
        dialog.save().action_apply()
        self.assertRecordValues(
            call,
            [
                {
                    'state': 'held',
                    'date': NOW,
                    'duration': 0.25,
                    'outcome_id': self.reached.id,
                    'description': 'Lift?\nWants two',
                }
            ],
        )
        following = self.env['crm.call'].search([('partner_id', '=', self.contact.id)]) - call
        self.assertRecordValues(
            following,
            [
                {
                    'state': 'planned',
                    'date': TOMORROW + timedelta(days=7),
                    'user_id': self.salesman.id,
                    'name': call.name,
                    'description': False,
                    'duration': 0,
                }
            ],
        )
        self.assertEqual(following.activity_ids.user_id, self.salesman)

    def test_dialog_holds_many_calls_and_asks_nothing_more(self):
        calls = self._new_call() | self._new_call()
        dialog = self._ask(calls)
        self.assertTrue(dialog._get_modifier('next_date', 'invisible'))
        dialog.save().action_apply()
        self.assertEqual(calls.mapped('state'), ['held', 'held'])
        self.assertEqual(self.env['crm.call'].search_count([('name', '=', calls[0].name)]), 2)

    def test_recorded_duration_is_not_asked_for_again(self):
        call = self._new_call(duration=0.5)
        dialog = self._ask(call)
        self.assertTrue(dialog._get_modifier('minutes', 'invisible'))
        dialog.save().action_apply()
        self.assertEqual(call.duration, 0.5)

    def test_next_call_in_the_past_is_refused_and_nothing_held(self):
        call = self._new_call()
        dialog = self._ask(call)
        dialog.next_date = NOW - timedelta(days=1)
        wizard = dialog.save()
        with self.assertRaisesRegex(UserError, 'past'), self.cr.savepoint():
            wizard.action_apply()
        call.invalidate_recordset()
        self.assertEqual(call.state, 'planned')

    def test_second_click_notes_and_plans_nothing_more(self):
        call = self._new_call(partner_id=self.contact.id)
        dialog = self._ask(call)
        dialog.note = 'Wants two'
        dialog.next_date = TOMORROW
        wizard = dialog.save()
        wizard.action_apply()
        wizard.action_apply()
        self.assertEqual(call.description, 'Wants two')
        calls = self.env['crm.call'].search([('partner_id', '=', self.contact.id)])
        self.assertEqual(calls.sorted('id').mapped('state'), ['held', 'planned'])

    def test_next_call_leaves_out_a_lead_that_went_to_a_colleague(self):
        lead = self.env['crm.lead'].create({'name': 'Lift', 'user_id': self.salesman.id})
        call = self._new_call(lead_id=lead.id, partner_id=self.contact.id)
        lead.user_id = self.colleague
        dialog = self._ask(call)
        dialog.next_date = TOMORROW
        dialog.save().action_apply()
        following = self.env['crm.call'].search([('partner_id', '=', self.contact.id)]) - call
        self.assertEqual((following.state, following.lead_id.id), ('planned', False))
        self.assertEqual((call.state, call.lead_id), ('held', lead))
        self.assertFalse(call.action_schedule_meeting()['context']['default_opportunity_id'])

    def test_cancelled_call_asks_nothing(self):
        call = self._new_call(state='cancelled')
        with self.assertRaisesRegex(UserError, 'Cancelled'):
            call.action_ask_outcome()

    def test_dialog_of_a_colleague_is_not_seen(self):
        wizard = self._ask(self._new_call()).save()
        self.assertEqual(wizard.call_ids.user_id, self.salesman)
        for operation in (
            lambda: wizard.with_user(self.manager).read(['call_ids']),
            lambda: wizard.with_user(self.manager).write({'minutes': 90}),
            lambda: wizard.with_user(self.manager).action_apply(),
        ):
            with self.assertRaises(AccessError):
                operation()

    def test_held_call_is_planned_again_as_it_had_been(self):
        call = self._new_call(date=TOMORROW)
        call.action_not_held('no answer')
        call._reschedule(TOMORROW + timedelta(days=1))
        reminder = call.activity_ids
        call.action_hold(duration=0.25, outcome=self.reached)
        self.assertEqual((call.date, reminder.active), (NOW, False))
        call.action_replan()
        self.assertRecordValues(
            call,
            [
                {
                    'state': 'planned',
                    'date': TOMORROW + timedelta(days=1),
                    'duration': 0,
                    'outcome_id': False,
                    'attempt_count': 1,
                }
            ],
        )
        self.assertEqual(call.activity_ids, reminder)
        self.assertRecordValues(
            reminder,
            [
                {
                    'active': True,
                    'date_done': False,
                    'date_deadline': (TOMORROW + timedelta(days=1)).date(),
                }
            ],
        )

    def test_call_that_its_activity_held_is_planned_again(self):
        call = self._new_call(date=TOMORROW, duration=0.5)
        reminder = call.activity_ids
        reminder.with_user(self.salesman).action_feedback('Sent the offer')
        self.assertEqual((call.state, call.date), ('held', NOW))
        call.action_replan()
        self.assertEqual((call.state, call.date, call.duration), ('planned', TOMORROW, 0.5))
        self.assertEqual((call.activity_ids, reminder.feedback), (reminder, False))
        self.assertEqual(call.description, 'Sent the offer', 'what was typed is not lost')

    def test_call_is_planned_again_although_its_outcome_is_gone(self):
        outcome = self.env['crm.call.outcome'].create({'name': 'Out to lunch'})
        call = self._new_call(date=TOMORROW, outcome_id=outcome.id)
        call.action_hold(outcome=self.reached)
        self.env.flush_all()
        outcome.unlink()
        call.action_replan()
        self.env.flush_all()
        self.assertEqual((call.state, call.date), ('planned', TOMORROW))
        self.assertFalse(call.outcome_id)

    def test_cancelled_call_is_planned_again(self):
        call = self._new_call(date=TOMORROW)
        call.action_cancel()
        self.assertFalse(call.activity_ids)
        call.action_replan()
        self.assertEqual((call.state, call.date, call.attempt_count), ('planned', TOMORROW, 0))
        self.assertEqual(call.activity_ids.date_deadline, TOMORROW.date())

    def test_next_call_is_given_up_with_the_mistake(self):
        call = self._new_call(partner_id=self.contact.id)
        dialog = self._ask(call)
        dialog.next_date = TOMORROW
        dialog.save().action_apply()
        following = self.env['crm.call'].search([('partner_id', '=', self.contact.id)]) - call
        call.action_replan()
        self.assertEqual(following.state, 'cancelled')
        call.action_hold()
        following.action_replan()
        call.action_replan()
        self.assertEqual(following.state, 'planned', 'it belongs to nobody any more')

    def test_logged_call_can_be_planned_after_all(self):
        call = self._new_call(state='held', date=NOW, duration=0.25)
        call.action_replan()
        self.assertEqual((call.state, call.date, call.duration), ('planned', NOW, 0.25))
        self.assertTrue(call.activity_ids)

    def test_missed_call_is_rescheduled_and_a_planned_one_stays(self):
        missed, planned = self._new_call(), self._new_call(date=TOMORROW)
        missed.action_not_held()
        with self.assertRaisesRegex(UserError, 'Reschedule it'):
            (missed | planned).action_replan()
        planned.action_replan()
        self.assertEqual((planned.state, planned.date), ('planned', TOMORROW))

    def test_nobody_plans_again_what_is_not_his(self):
        call = self._new_call(user=self.manager, user_id=self.colleague.id)
        call.action_hold()
        with self.assertRaises(AccessError):
            call.with_user(self.salesman).action_replan()
        call.with_user(self.coordinator).action_replan()
        self.assertEqual(call.state, 'planned')

    def test_what_the_plan_was_is_not_for_writing(self):
        call = self._new_call()
        for name, value in (('planned_values', {'user_id': 1}), ('next_call_id', call.id)):
            with self.subTest(field=name), self.assertRaises(AccessError):
                call.with_user(self.manager).write({name: value})
