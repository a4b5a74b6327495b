from datetime import datetime, timedelta
from itertools import permutations

from lxml import etree
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ...models.call.crm_call_states import TRANSITIONS
from ..common import NOW, CrmExtendedCase

TOMORROW = NOW + timedelta(days=1)
NEXT_HOUR = datetime(2026, 3, 11, 10, 0)  # 11:00 in Madrid


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestCrmCall(CrmExtendedCase):
    def test_new_call_has_sensible_values(self):
        call = (
            self.env['crm.call']
            .with_user(self.salesman)
            .create(
                {
                    'partner_id': self.contact.id,
                }
            )
        )
        self.assertRecordValues(
            call,
            [
                {
                    'name': 'Call with Talleres Ebro, Lucía Sanz',
                    'direction': 'outbound',
                    'state': 'planned',
                    'date': NEXT_HOUR,
                    'duration': 0.0,
                    'phone': '+34 600 111 111',
                    'user_id': self.salesman.id,
                    'team_id': self.team.id,
                    'medium_id': self.env.ref('utm.utm_medium_phone').id,
                    'company_id': self.env.company.id,
                    'attempt_count': 0,
                }
            ],
        )

    def test_call_of_lead_takes_customer_team_and_number(self):
        lead = self._new_lead(
            partner_id=self.company.id,
            team_id=self.team.id,
            user_id=self.colleague.id,
        )
        call = self.env['crm.call'].create({'lead_id': lead.id})
        self.assertRecordValues(
            call,
            [
                {
                    'name': 'Forklifts',
                    'partner_id': self.company.id,
                    'phone': '+34 976 111 111',
                    'team_id': self.team.id,
                }
            ],
        )

    def test_call_of_lead_without_customer_takes_the_number_of_the_lead(self):
        lead = self._new_lead(phone='+34 699 000 000')
        call = self.env['crm.call'].create({'lead_id': lead.id})
        self.assertFalse(call.partner_id)
        self.assertEqual(call.phone, '+34 699 000 000')

    def test_number_is_a_snapshot(self):
        call = self._new_call(partner_id=self.company.id)
        self.company.phone = '+34 976 222 222'
        self.assertEqual(call.phone, '+34 976 111 111')
        typed = self._new_call(partner_id=self.company.id, phone='+34 611')
        self.assertEqual(typed.phone, '+34 611')

    def test_choosing_another_customer_in_the_form_changes_the_number(self):
        with Form(self.env['crm.call'].with_user(self.salesman)) as form:
            form.partner_id = self.company
            self.assertEqual(form.phone, '+34 976 111 111')
            form.partner_id = self.other_customer
            self.assertEqual(form.phone, '+49 30 111111')

    def test_held_call_keeps_its_duration(self):
        call = self._new_call(duration=0.25)
        call.action_hold(duration=1.0)
        self.assertRecordValues(call, [{'state': 'held', 'duration': 0.25, 'date': NOW}])

    def test_duration_is_never_invented(self):
        call = self._new_call(date=NOW - timedelta(days=1))
        call.action_hold()
        self.assertEqual(call.duration, 0.0)

    def test_holding_records_duration_and_outcome_that_were_missing(self):
        outcome = self.env.ref('crm_extended.crm_call_outcome_interested')
        calls = self._new_call() | self._new_call()
        calls[0].action_hold(0.5, outcome)
        calls[1].action_hold(outcome=outcome.id)
        self.assertRecordValues(
            calls,
            [
                {'state': 'held', 'duration': 0.5, 'outcome_id': outcome.id},
                {'state': 'held', 'duration': 0.0, 'outcome_id': outcome.id},
            ],
        )

    def test_call_held_ahead_of_its_time_took_place_now(self):
        call = self._new_call(date=TOMORROW)
        call.action_hold()
        self.assertEqual(call.date, NOW)

    def test_negative_duration_is_refused(self):
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError):
            self._new_call(duration=-1)

    def test_every_transition_is_allowed_or_refused_as_declared(self):
        for source, target in permutations(TRANSITIONS, 2):
            call = self._new_call(state=source)
            with self.subTest(source=source, target=target):
                if target in TRANSITIONS[source]:
                    call.state = target
                    self.assertEqual(call.state, target)
                else:
                    with self.assertRaises(UserError):
                        call.state = target

    def test_not_held_counts_as_attempt_with_its_reason(self):
        call = self._new_call(date=NOW - timedelta(hours=1))
        call.action_not_held('no answer')
        self.assertEqual((call.state, call.attempt_count), ('not_held', 1))
        self.assertRecordValues(
            call.attempt_ids,
            [
                {
                    'date': NOW - timedelta(hours=1),
                    'user_id': self.salesman.id,
                    'reason': 'no answer',
                }
            ],
        )

    def test_rescheduling_remembers_every_date(self):
        call = self._new_call(date=NOW)
        call._reschedule(TOMORROW, 'in a meeting')
        call._reschedule(TOMORROW + timedelta(days=1), 'ill')
        self.assertRecordValues(
            call,
            [
                {
                    'state': 'planned',
                    'date': TOMORROW + timedelta(days=1),
                    'attempt_count': 2,
                }
            ],
        )
        self.assertRecordValues(
            call.attempt_ids.sorted('date'),
            [
                {'date': NOW, 'reason': 'in a meeting'},
                {'date': TOMORROW, 'reason': 'ill'},
            ],
        )

    def test_rescheduling_a_missed_call_is_one_attempt(self):
        call = self._new_call()
        call.action_not_held()
        call._reschedule(TOMORROW, 'no answer')
        self.assertEqual((call.state, call.attempt_count), ('planned', 1))
        self.assertEqual(call.attempt_ids.reason, 'no answer')

    def test_rescheduling_dialog_plans_the_call_anew(self):
        call = self._new_call()
        action = call.action_reschedule()
        wizard = Form(
            self.env[action['res_model']]
            .with_user(self.salesman)
            .with_context(
                **action['context'],
            )
        )
        wizard.date = TOMORROW
        wizard.reason = 'asked to call back'
        wizard.save().action_apply()
        self.assertEqual((call.state, call.date), ('planned', TOMORROW))

    def test_rescheduling_into_the_past_is_refused(self):
        call = self._new_call()
        with self.assertRaisesRegex(UserError, 'past'):
            call._reschedule(NOW - timedelta(minutes=1))
        self.assertFalse(call.attempt_count)

    def test_rescheduling_dialog_proposes_the_next_working_hour_without_a_call(self):
        wizard = Form(
            self.env['crm.call.reschedule']
            .with_user(self.salesman)
            .with_context(default_call_ids=self._new_call().ids)
        )
        self.assertEqual(wizard.date, NEXT_HOUR + timedelta(hours=2), 'after lunch')

    def test_held_call_is_not_rescheduled(self):
        call = self._new_call(state='held')
        with self.assertRaisesRegex(UserError, 'Held'):
            call.action_reschedule()
        with self.assertRaisesRegex(UserError, 'Held'):
            call._reschedule(TOMORROW)
        self.assertFalse(call.attempt_count)

    def test_overdue_is_planned_and_past(self):
        calls = self._new_call(date=NOW - timedelta(minutes=1)) | self._new_call(date=TOMORROW)
        calls |= self._new_call(date=NOW - timedelta(days=1), state='held')
        self.assertEqual(calls.mapped('is_overdue'), [True, False, False])
        domain = [('id', 'in', calls.ids)]
        found = self.env['crm.call'].search([*domain, ('is_overdue', '=', True)])
        self.assertEqual(found, calls[0])
        found = self.env['crm.call'].search([*domain, ('is_overdue', '=', False)])
        self.assertEqual(found, calls[1] | calls[2])

    def test_meeting_of_a_call_knows_the_call(self):
        lead = self._new_lead(type='opportunity', partner_id=self.contact.id)
        call = self._new_call(lead_id=lead.id)
        context = call.action_schedule_meeting()['context']
        meeting = (
            self.env['calendar.event']
            .with_user(self.salesman)
            .with_context(
                **context,
            )
            .create({'start': TOMORROW, 'stop': TOMORROW + timedelta(hours=1)})
        )
        self.assertRecordValues(
            meeting,
            [
                {
                    'name': call.name,
                    'crm_call_id': call.id,
                    'opportunity_id': lead.id,
                    'crm_partner_id': self.company.id,
                }
            ],
        )
        self.assertEqual(meeting.action_open_crm_call()['res_id'], call.id)
        self.assertEqual(meeting.partner_ids, self.contact | self.salesman.partner_id)
        self.assertEqual(call.meeting_ids, meeting)

    def test_meeting_ends_after_it_starts_whenever_it_is_proposed(self):
        call = self._new_call(date=datetime(2026, 3, 2))
        saturday_night = datetime(2026, 3, 14, 23)
        for moment in (NOW, NOW.replace(hour=20), saturday_night):
            for timezone in ('Europe/Madrid', 'America/Mexico_City'):
                self.salesman.tz = timezone
                with self.subTest(moment=moment, timezone=timezone), freeze_time(moment):
                    context = call.action_schedule_meeting()['context']
                    meetings = self.env['calendar.event'].with_user(self.salesman)
                    with Form(meetings.with_context(**context)) as form:
                        self.assertGreater(form.start, moment)
                        self.assertEqual(form.stop - form.start, timedelta(hours=1))
                    self.assertEqual(form.record.duration, 1)

    def test_opportunity_is_created_once(self):
        call = self._new_call(partner_id=self.company.id, phone='+34 611')
        first = call.action_create_opportunity()
        second = call.action_create_opportunity()
        self.assertEqual(first['res_id'], second['res_id'])
        self.assertRecordValues(
            call.lead_id,
            [
                {
                    'type': 'opportunity',
                    'partner_id': self.company.id,
                    'user_id': self.salesman.id,
                    'team_id': self.team.id,
                    'medium_id': self.env.ref('utm.utm_medium_phone').id,
                }
            ],
        )
        self.assertEqual(self.company.phone, '+34 976 111 111')

    def test_dialogs_log_and_plan(self):
        lead = self._new_lead(partner_id=self.contact.id)
        for xmlid, state in (('crm_call_action_log', 'held'), ('crm_call_action_plan', 'planned')):
            action = self.env['ir.actions.act_window']._for_xml_id(f'crm_extended.{xmlid}')
            calls = (
                self.env['crm.call']
                .with_user(self.salesman)
                .with_context(
                    default_state=state,
                    default_lead_id=lead.id,
                )
            )
            form = Form(calls, view=self.env.ref('crm_extended.crm_call_view_form_dialog'))
            form.description = 'Wants an offer'
            call = form.save()
            self.assertIn(f"'default_state': '{state}'", action['context'])
            self.assertRecordValues(
                call,
                [
                    {
                        'name': 'Forklifts',
                        'state': state,
                        'partner_id': self.contact.id,
                    }
                ],
            )

    def test_copy_starts_afresh(self):
        call = self._new_call(
            state='held',
            duration=1,
            date=datetime(2026, 1, 1),
            outcome_id=self.env.ref('crm_extended.crm_call_outcome_reached').id,
            attempt_ids=[Command.create({'date': NOW})],
        )
        self.assertRecordValues(
            call.copy(),
            [
                {
                    'state': 'planned',
                    'duration': 0,
                    'date': NEXT_HOUR,
                    'outcome_id': False,
                    'attempt_count': 0,
                }
            ],
        )

    def test_a_call_has_at_most_three_buttons_above_it(self):
        arch = etree.fromstring(self.env['crm.call'].get_view(view_type='form')['arch'])
        buttons = arch.findall('.//header/button')
        self.assertTrue(buttons)
        for state in TRANSITIONS:
            shown = [
                button.get('name')
                for button in buttons
                if not safe_eval(button.get('invisible', 'False'), {'state': state})
            ]
            with self.subTest(state=state, shown=shown):
                self.assertTrue(1 <= len(shown) <= 3)
