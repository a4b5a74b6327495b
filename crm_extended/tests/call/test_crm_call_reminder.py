from datetime import date, datetime, timedelta

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..common import NOW, CrmExtendedCase

TOMORROW = NOW + timedelta(days=1)


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestCrmCallReminder(CrmExtendedCase):
    def test_planned_call_owns_one_open_activity(self):
        call = self._new_call(date=TOMORROW)
        self.assertRecordValues(
            call.activity_ids,
            [
                {
                    'activity_type_id': self.env.ref('mail.mail_activity_data_call').id,
                    'date_deadline': TOMORROW.date(),
                    'user_id': self.salesman.id,
                    'summary': 'Ask about the offer',
                }
            ],
        )
        self.assertEqual(call.activity_state, 'planned')

    def test_call_without_user_or_not_planned_has_none(self):
        calls = self._new_call(user_id=False) | self._new_call(state='held')
        calls |= self._new_call(state='cancelled') | self._new_call(state='not_held')
        self.assertFalse(calls.activity_ids)

    def test_deadline_is_the_day_of_the_user(self):
        late = datetime(2026, 3, 11, 23, 30)  # 00:30 of the 12th in Madrid
        call = self._new_call(date=late)
        self.assertEqual(call.activity_ids.date_deadline, date(2026, 3, 12))
        self.salesman.tz = 'America/New_York'
        other = self._new_call(date=late)
        self.assertEqual(other.activity_ids.date_deadline, date(2026, 3, 11))

    def test_activity_moves_with_the_call(self):
        call = self._new_call()
        activity = call.activity_ids
        call.write({'date': TOMORROW, 'name': 'Close the deal'})
        self.assertRecordValues(
            activity,
            [
                {
                    'date_deadline': TOMORROW.date(),
                    'summary': 'Close the deal',
                }
            ],
        )
        call.with_user(self.manager).user_id = self.colleague
        self.assertEqual(call.activity_ids, activity)
        self.assertEqual(activity.user_id, self.colleague)

    def test_salesman_hands_his_call_over(self):
        call = self._new_call()
        call.user_id = self.colleague
        self.assertEqual(call.sudo().activity_ids.user_id, self.colleague)

    def test_call_moves_with_the_activity_at_the_same_hour(self):
        call = self._new_call(date=datetime(2026, 3, 27, 9, 0))  # 10:00 before summer time
        call.activity_ids.with_user(self.salesman).date_deadline = date(2026, 3, 30)
        self.assertEqual(call.date, datetime(2026, 3, 30, 8, 0))  # 10:00 in summer time
        self.assertFalse(call.attempt_count)

    def test_call_changes_hands_with_the_activity(self):
        call = self._new_call()
        call.activity_ids.with_user(self.salesman).user_id = self.colleague
        self.assertEqual(call.user_id, self.colleague)
        self.assertEqual(len(call.sudo().activity_ids), 1)

    def test_holding_the_call_does_the_activity(self):
        call = self._new_call()
        activity = call.activity_ids
        call.action_hold()
        self.assertFalse(call.activity_ids)
        self.assertFalse(activity.active)
        self.assertEqual(activity.date_done, NOW.date())

    def test_doing_the_activity_holds_the_call(self):
        call = self._new_call(duration=0.25)
        call.activity_ids.with_user(self.salesman).action_feedback('Sent the offer')
        self.assertRecordValues(
            call, [{'state': 'held', 'duration': 0.25, 'description': 'Sent the offer'}]
        )
        self.assertFalse(call.activity_ids)
        self.assertIn('Sent the offer', call.message_ids[0].body)

    def test_feedback_is_added_to_the_notes(self):
        call = self._new_call(description='Ask for the lift')
        call.activity_ids.action_feedback('There is one')
        self.assertEqual(call.description, 'Ask for the lift\nThere is one')
        other = self._new_call(description='Ask for the lift')
        other.activity_ids.action_done()
        self.assertEqual(other.description, 'Ask for the lift')

    def test_holding_plans_the_next_activity_where_the_type_says_so(self):
        todo = self.env.ref('mail.mail_activity_data_todo')
        self.env.ref('mail.mail_activity_data_call').write(
            {'chaining_type': 'trigger', 'triggered_next_type_id': todo.id}
        )
        call = self._new_call()
        call.action_hold()
        self.assertEqual(call.activity_ids.activity_type_id, todo)
        self.assertEqual(call.state, 'held')

    def test_plan_of_activities_leaves_the_reminder_alone(self):
        call = self._new_call()
        reminder = call.activity_ids
        plan = self.env['mail.activity.plan'].create(
            {
                'name': 'After a fair',
                'res_model': 'crm.call',
                'template_ids': [
                    Command.create(
                        {
                            'activity_type_id': self.env.ref('mail.mail_activity_data_call').id,
                            'summary': 'Call again',
                            'responsible_type': 'on_demand',
                        }
                    )
                ],
            }
        )
        self.env['mail.activity.schedule'].with_context(
            active_model='crm.call', active_ids=call.ids
        ).create(
            {'plan_id': plan.id, 'plan_on_demand_user_id': self.salesman.id}
        ).action_schedule_plan()
        planned = call.activity_ids - reminder
        self.assertEqual(planned.summary, 'Call again')
        planned.action_done()
        self.assertEqual(call.state, 'planned')
        self.assertEqual(call.activity_ids, reminder)

    def test_doing_many_activities_holds_many_calls(self):
        calls = self._new_call() | self._new_call()
        calls.activity_ids.action_done()
        self.assertEqual(calls.mapped('state'), ['held', 'held'])

    def test_user_without_sales_rights_may_do_the_activity_assigned_to_him(self):
        call = self._new_call(user=self.manager, user_id=self.outsider.id)
        self.assertFalse(call.with_user(self.outsider).has_access('read'))
        activity = (
            self.env['mail.activity']
            .with_user(self.outsider)
            .search(
                [
                    ('res_model', '=', 'crm.call'),
                    ('res_id', '=', call.id),
                ]
            )
        )
        activity.action_done()
        self.assertEqual(call.state, 'held')

    def test_other_activity_of_the_call_does_not_hold_it(self):
        call = self._new_call()
        todo = call.activity_schedule('mail.mail_activity_data_todo', user_id=self.salesman.id)
        todo.action_done()
        self.assertEqual(call.state, 'planned')

    def test_cancelling_or_missing_removes_the_activity(self):
        for action in ('action_cancel', 'action_not_held'):
            call = self._new_call()
            activity = call.activity_ids
            getattr(call, action)()
            self.assertFalse(activity.exists())
            self.assertFalse(call.activity_ids)

    def test_rescheduling_a_missed_call_reminds_again(self):
        call = self._new_call()
        call.action_not_held()
        call._reschedule(TOMORROW)
        self.assertEqual(call.activity_ids.date_deadline, TOMORROW.date())

    def test_cancelled_activity_cancels_the_call(self):
        call = self._new_call()
        call.activity_ids.with_user(self.salesman).unlink()
        self.assertEqual(call.state, 'cancelled')
        self.assertFalse(call.activity_ids)
        call._reschedule(TOMORROW)
        self.assertEqual(call.activity_ids.date_deadline, TOMORROW.date())

    def test_cancelled_activity_of_a_held_call_changes_nothing(self):
        call = self._new_call()
        activity = call.activity_ids
        call.action_hold()
        activity.unlink()
        self.assertEqual(call.state, 'held')

    def test_calls_of_a_user_who_leaves_stay_planned(self):
        call = self._new_call().sudo()
        self.salesman.action_archive()
        self.assertEqual(call.state, 'planned')
        call.user_id = self.colleague
        self.assertEqual(call.activity_ids.user_id, self.colleague)

    def test_deleted_call_takes_its_activity_along(self):
        call = self._new_call()
        activity = call.activity_ids
        call.with_user(self.manager).unlink()
        self.assertFalse(activity.exists())

    def test_defaults_of_the_dialog_do_not_reach_the_activity(self):
        call = (
            self.env['crm.call']
            .with_user(self.salesman)
            .with_context(
                default_user_id=self.colleague.id,
                default_state='planned',
                default_summary='x',
            )
            .create({'name': 'Ask', 'user_id': self.salesman.id})
        )
        self.assertRecordValues(
            call.activity_ids,
            [
                {
                    'user_id': self.salesman.id,
                    'summary': 'Ask',
                }
            ],
        )

    def test_reminder_is_in_the_bell(self):
        self._new_call(date=NOW - timedelta(days=2))
        groups = self.env['res.users'].with_user(self.salesman)._get_activity_groups()
        bell = next(group for group in groups if group['model'] == 'crm.call')
        self.assertEqual((bell['overdue_count'], bell['total_count']), (1, 1))

    def test_bell_follows_what_becomes_of_the_calls(self):
        calls = self._new_call(date=NOW) | self._new_call(date=NOW) | self._new_call(date=NOW)
        self.assertEqual(self._count_in_bell(self.salesman), 3)
        calls[0].action_hold()
        calls[1].user_id = self.colleague
        calls[2]._reschedule(TOMORROW)
        self.assertEqual(self._count_in_bell(self.salesman), 0)
        self.assertEqual(self._count_in_bell(self.colleague), 1)

    def _count_in_bell(self, user):
        groups = self.env['res.users'].with_user(user)._get_activity_groups()
        return sum(group['total_count'] for group in groups if group['model'] == 'crm.call')
