import json
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from ...models.call.crm_phone_line import CallRateExceeded
from ..common import NOW
from ..phone import PhoneCase

LOGGER = 'odoo.addons.crm_extended.models.call.crm_phone_line'


@tagged('post_install', '-at_install')
class TestPhoneLine(PhoneCase):
    def test_one_call_is_noted_once_from_the_first_ring_to_the_recording(self):
        with freeze_time(NOW) as clock:
            call = self._tell('ringing')
            self.assertRecordValues(
                call,
                [
                    {
                        'state': 'planned',
                        'phone_state': 'ringing',
                        'direction': 'inbound',
                        'partner_id': self.contact.id,
                        'user_id': self.salesman.id,
                        'phone_user_ids': self.salesman.ids,
                        'date': NOW,
                        'name': f'Call with {self.contact.display_name}',
                    }
                ],
            )
            clock.tick(timedelta(minutes=1))
            call.invalidate_recordset()
            self.assertFalse(call.is_overdue)
            self.assertNotIn(call, call.search([('is_overdue', '=', True)]))
            told = [('res_model', '=', 'crm.call'), ('res_id', '=', call.id)]
            self.assertFalse(self.env['crm.interaction'].search(told).is_overdue)
            self.assertFalse(call.activity_ids)
            self.assertEqual(self._tell('answered'), call)
            self.assertEqual((call.state, call.phone_state), ('held', 'answered'))
            clock.tick(timedelta(minutes=6))
            self.assertEqual(self._tell('hangup'), call)
            self.assertEqual((call.phone_state, call.duration), ('ended', 0.1))
            self._tell('ringing')  # late
            address = 'https://pbx.example.com/7.wav'
            self._tell('ended', recording=address, duration='99')
        self.assertEqual((call.state, call.phone_state), ('held', 'ended'))
        self.assertEqual((call.duration, call.recording_url), (0.1, address))
        self.assertFalse(call.message_ids)

    def test_duration_that_is_told_is_taken_and_a_typed_one_stays(self):
        call = self._tell('answered', duration='90')
        self.assertEqual((call.phone_state, call.duration), ('ended', 0.025))
        call = self._tell('ringing', '8')
        call.with_user(self.salesman).action_hold(duration=0.5)
        self._tell('ended', '8', duration='90')
        self.assertEqual((call.state, call.duration), ('held', 0.5))

    def test_missed_call_is_an_attempt_and_can_be_called_back(self):
        call = self._tell('ringing')
        self._tell('no-answer')
        self.assertEqual((call.state, call.phone_state), ('not_held', 'missed'))
        self.assertEqual(call.attempt_count, 1)
        calls = self.env['crm.call'].with_user(self.salesman)
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        calls.browse(call.id)._reschedule(tomorrow)
        self.assertEqual(call.state, 'planned')
        self.assertTrue(call.activity_ids)
        self._tell('ended')
        self.assertEqual(call.state, 'planned')

    def test_group_rings_at_all_and_is_the_one_s_who_answers(self):
        both = (self.salesman | self.colleague).partner_id.ids
        call = self.env['crm.call']

        def ring():
            nonlocal call
            call = self._tell('ringing', extension='300')

        told = self._get_told(ring)
        self.assertCountEqual([partner for partner, _message in told], both)
        self.assertEqual(told[0][1], {'call_id': call.id, 'state': 'ringing', 'user_id': False})
        self.assertFalse(call.user_id)
        told = self._get_told(lambda: self._tell('answered'))
        self.assertEqual(call.user_id, self.salesman)
        self.assertEqual([message['user_id'] for _partner, message in told], 2 * self.salesman.ids)

    def test_place_is_found_by_extension_user_or_number_called(self):
        self.line.extension_ids[1].number = '+34 976 00 00 00'
        for extension, users in (
            ('SIP/201-000001', self.salesman),
            ('976000000', self.salesman | self.colleague),
            (self.colleague.email.upper(), self.colleague),
            ('999', self.coordinator),
            ('', self.coordinator),
        ):
            with self.subTest(extension=extension):
                call = self._tell('ringing', extension, extension=extension)
                self.assertEqual(call.phone_user_ids, users)
        self.colleague.active = False
        self.assertEqual(
            self._tell('ringing', 'x', to='976000000', extension='').phone_user_ids, self.salesman
        )

    def test_calls_without_a_reference_are_told_apart(self):
        first = self._tell('ringing', '')
        self.assertEqual(self._tell('answered', ''), first)
        self.assertNotEqual(self._tell('ringing', '', **{'from': '976111111'}), first)
        self._tell('ended', '')
        self.assertNotEqual(self._tell('ringing', ''), first)

    def test_who_hides_the_number_is_nobody(self):
        call = self._tell('ringing', **{'from': 'anonymous'})
        self.assertEqual((call.phone, call.partner_id.ids), ('', []))
        self.assertEqual(call.name, 'Call with a hidden number')
        self.assertEqual(
            self._tell('ringing', '8', **{'from': '976333333'}).name, 'Call with 976333333'
        )

    def test_call_out_is_with_whom_is_called(self):
        call = self._tell('ringing', direction='out', to='600111111', **{'from': '201'})
        self.assertEqual((call.direction, call.partner_id), ('outbound', self.contact))
        self.assertEqual(call.user_id, self.salesman)

    def test_what_is_not_understood_notes_nothing(self):
        before = self.env['crm.call'].search_count([])
        for state, error in (('gargling', 'gargling'), ('', 'state is missing')):
            with self.assertRaisesRegex(UserError, error):
                self._tell(state)
        self.assertEqual(self.env['crm.call'].search_count([]), before)

    def test_flood_is_refused_and_known_calls_go_on(self):
        self.line.rate_limit = 2
        first = self._tell('ringing', '1')
        self._tell('ringing', '2')
        with mute_logger(LOGGER), self.assertRaises(CallRateExceeded):
            self._tell('ringing', '3')
        self.assertEqual(self._tell('answered', '1'), first)

    def test_what_rings_for_hours_was_missed(self):
        ringing, talking, new = (self._tell('ringing', str(n)) for n in range(3))
        self._tell('answered', '1')
        old = fields.Datetime.now() - timedelta(hours=5)
        self.env.flush_all()
        self.env.cr.execute(
            'UPDATE crm_call SET create_date = %s WHERE id IN %s',
            (old, (ringing.id, talking.id)),
        )
        self.env.invalidate_all()
        self.env['crm.call']._gc_ringing_calls()
        self.assertEqual((ringing.state, ringing.phone_state), ('not_held', 'missed'))
        self.assertEqual((talking.state, talking.phone_state), ('held', 'ended'))
        self.assertEqual((new.state, new.phone_state), ('planned', 'ringing'))

    def test_only_managers_see_and_change_lines(self):
        line = self.line.with_user(self.manager)
        old = line.token
        line.action_regenerate_token()
        self.assertNotEqual(line.token, old)
        self.assertFalse(self.env['crm.phone.line']._find_by_token(old))
        with self.assertRaises(AccessError):
            line.token = 'mine'
        for user in (self.coordinator, self.outsider, self.portal):
            for record in (self.line, self.line.extension_ids):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(['id'])
        with self.assertRaises(AccessError):
            self.line.with_user(self.coordinator).action_regenerate_token()
        other = self.env['res.company'].create({'name': 'Other'})
        self.line.company_id = other
        self.assertFalse(line.search([('id', '=', line.id)]))

    def test_nobody_writes_what_the_phone_tells(self):
        call = self._tell('ringing').with_user(self.manager)
        for name, value in (
            ('phone_state', 'missed'),
            ('recording_url', 'https://elsewhere.example.com'),
            ('phone_user_ids', [Command.set(self.manager.ids)]),
        ):
            with self.assertRaises(AccessError):
                call.write({name: value})

    def test_click_to_call_opens_what_the_settings_say(self):
        settings = self.env['res.config.settings'].create({})
        settings.crm_dial_address = 'https://pbx.example.com/?from={extension}&to={number}'
        settings.execute()
        extensions = self.env['crm.phone.extension']
        self.assertEqual(extensions.with_user(self.salesman)._get_own(), '201')
        self.assertEqual(extensions.with_user(self.colleague)._get_own(), '300')
        self.assertEqual(extensions.with_user(self.outsider)._get_own(), '')
        for address in ('javascript:alert({number})', 'tel:'):
            with self.assertRaises(ValidationError):
                self.env.company.crm_dial_address = address


@tagged('post_install', '-at_install')
class TestPhoneRoute(PhoneCase, HttpCase):
    def _post(self, token=None, **kwargs):
        return self.url_open(f'/crm/phone/{token or self.line.token}', **kwargs)

    def test_form_and_json_note_the_same_call(self):
        answer = self._post(data={'CallSid': 'CA7', 'From': '600111111', 'CallStatus': 'ringing'})
        self.assertEqual(
            (answer.status_code, answer.json()), (200, {'reference': 'CA7', 'state': 'ringing'})
        )
        body = json.dumps({'event': 'answered', 'data': {'callSid': 'CA7', 'from': '600111111'}})
        for kind in ('application/json', 'text/plain'):
            answer = self._post(data=body, headers={'Content-Type': kind})
            self.assertEqual(answer.json(), {'reference': 'CA7', 'state': 'answered'})
        call = self.env['crm.call'].search([('phone_reference', '=', 'CA7')])
        self.assertEqual((call.partner_id, call.create_uid.id), (self.contact, 1))

    def test_refusals_say_why(self):
        self.line.rate_limit = 1
        self._tell('ringing', '1')
        ringing = {'from': '600111111', 'state': 'ringing', 'id': '2'}
        with mute_logger(LOGGER, 'odoo.http'):
            for status, kwargs in (
                (404, {'token': 'x', 'data': ringing}),
                (400, {'data': {'from': '600111111'}}),
                (400, {'data': '{"state":', 'headers': {'Content-Type': 'application/json'}}),
                (429, {'data': ringing}),
                (413, {'data': {'state': 'x' * 20000}}),
            ):
                with self.subTest(status=status):
                    answer = self._post(**kwargs)
                    self.assertEqual(answer.status_code, status)
                    if status != 413:
                        self.assertTrue(answer.json()['error'])
        self.line.active = False
        self.assertEqual(self._post(data=ringing).status_code, 404)
