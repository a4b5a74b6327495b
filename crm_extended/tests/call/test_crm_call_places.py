from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from ..common import NOW, CrmExtendedCase

TOMORROW = NOW + timedelta(days=1)


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestCrmCallPlaces(CrmExtendedCase):
    """Wherever a call is logged or planned, one small dialog knows the rest."""

    def _open_dialog(self, document, method):
        action = getattr(document.with_user(self.salesman), method)()
        self.assertEqual((action['res_model'], action['target']), ('crm.call', 'new'))
        calls = self.env['crm.call'].with_user(self.salesman).with_context(**action['context'])
        return Form(calls, view=self.env['ir.ui.view'].browse(action['view_id'][0]))

    def test_customer(self):
        call = self._open_dialog(self.contact, 'action_plan_crm_call').save()
        self.assertRecordValues(
            call,
            [
                {
                    'state': 'planned',
                    'name': 'Call with Talleres Ebro, Lucía Sanz',
                    'partner_id': self.contact.id,
                    'phone': '+34 600 111 111',
                    'user_id': self.salesman.id,
                    'duration': 0,
                }
            ],
        )
        self.assertGreater(call.date, NOW)
        logged = self._open_dialog(self.contact, 'action_log_crm_call').save()
        self.assertRecordValues(logged, [{'state': 'held', 'date': NOW, 'duration': 0}])

    def _new_meeting(self, **values):
        return (
            self.env['calendar.event']
            .with_user(self.salesman)
            .create(
                {
                    'name': 'Visit to the workshop',
                    'start': TOMORROW,
                    'stop': TOMORROW + timedelta(hours=1),
                    'partner_ids': (self.salesman.partner_id | self.contact).ids,
                    **values,
                }
            )
        )

    def test_meeting(self):
        lead = self._new_lead(type='opportunity', partner_id=self.company.id)
        meeting = self._new_meeting(opportunity_id=lead.id)
        call = self._open_dialog(meeting, 'action_log_crm_call').save()
        self.assertRecordValues(
            call,
            [
                {
                    'name': 'Visit to the workshop',
                    'state': 'held',
                    'lead_id': lead.id,
                    'partner_id': self.company.id,
                    'phone': '+34 976 111 111',
                }
            ],
        )

    def test_meeting_without_opportunity_calls_the_guest(self):
        call = self._open_dialog(self._new_meeting(), 'action_plan_crm_call').save()
        self.assertRecordValues(
            call, [{'partner_id': self.contact.id, 'phone': '+34 600 111 111', 'lead_id': False}]
        )

    def test_meeting_among_colleagues_calls_nobody(self):
        meeting = self._new_meeting(
            partner_ids=(self.salesman.partner_id | self.colleague.partner_id).ids
        )
        self.assertFalse(meeting.crm_partner_id)
        self.assertFalse(
            self._open_dialog(meeting, 'action_plan_crm_call').save().partner_id,
        )

    def test_customer_of_a_meeting(self):
        meeting = self._new_meeting()
        self.assertEqual(meeting.crm_partner_id, self.company)
        meeting.partner_ids = [Command.set((self.salesman.partner_id | self.other_customer).ids)]
        self.assertEqual(meeting.crm_partner_id, self.other_customer)

    def test_meetings_are_found_by_customer_with_its_contacts(self):
        meeting = self._new_meeting()
        other = self._new_meeting(partner_ids=self.other_customer.ids)
        for customer in (self.company.id, self.contact.id, 'Talleres Ebro'):
            found = self.env['calendar.event'].search(
                [
                    '|',
                    ('partner_ids', 'child_of', customer),
                    ('crm_partner_id', 'child_of', customer),
                ]
            )
            with self.subTest(customer=customer):
                self.assertIn(meeting, found)
                self.assertNotIn(other, found)
        groups = dict(
            self.env['calendar.event']
            .with_user(self.salesman)
            ._read_group(
                [('id', 'in', (meeting | other).ids)],
                ['crm_partner_id'],
                ['__count'],
            )
        )
        self.assertEqual(groups[self.company], 1)

    def test_customer_without_mail_comes_to_the_meeting_uninvited(self):
        call = self._new_call(partner_id=self.contact.id)
        self.assertFalse(self.contact.email)
        context = call.action_schedule_meeting()['context']
        mails = self.env['mail.mail'].search_count([])
        with Form(
            self.env['calendar.event'].with_user(self.salesman).with_context(**context),
            view='calendar.view_calendar_event_form',
        ) as form:
            self.assertGreater(form.start, NOW)
        meeting = form.record
        self.assertIn(self.contact, meeting.partner_ids)
        self.assertEqual(meeting.crm_call_id, call)
        self.assertIn(meeting.id, self.company._compute_meeting()[self.company.id])
        self.assertEqual(self.env['mail.mail'].search_count([]), mails)

    def test_outsider_does_not_plan_calls_from_customers_and_meetings(self):
        for document in (self.contact, self._new_meeting()):
            action = document.with_user(self.outsider).sudo(False)._get_crm_call_dialog('planned')
            calls = self.env['crm.call'].with_user(self.outsider)
            with self.assertRaises(AccessError):
                calls.with_context(**action['context']).create({})

    def test_outsider_does_not_read_the_call_of_a_meeting(self):
        meeting = self._new_meeting(crm_call_id=self._new_call().id)
        with self.assertRaises(AccessError):
            meeting.with_user(self.outsider).read(['crm_call_id'])
        self.assertTrue(meeting.with_user(self.outsider).read(['name']))

    def test_outsider_makes_meetings_recur(self):
        meeting = (
            self.env['calendar.event']
            .with_user(self.outsider)
            .create(
                {
                    'name': 'Every week',
                    'start': '2026-03-02 09:00:00',
                    'stop': '2026-03-02 10:00:00',
                    'recurrency': True,
                    'rrule_type': 'weekly',
                    'mon': True,
                    'count': 3,
                }
            )
        )
        self.assertEqual(len(meeting.recurrence_id.calendar_event_ids), 3)


@tagged('post_install', '-at_install')
class TestCrmCallPartnerMerge(CrmExtendedCase):
    def test_merged_customers_keep_their_calls_and_numbers(self):
        doubles = self.env['res.partner'].create(
            [{'name': 'Eva Lop', 'phone': f'+34 600 10 02 0{index}'} for index in (1, 2)]
        )
        calls = self._new_call(partner_id=doubles[0].id) | self._new_call(partner_id=doubles[1].id)
        meeting = self.env['calendar.event'].create(
            {'name': 'Visit', 'partner_ids': doubles[1].ids, 'start': NOW, 'stop': NOW}
        )
        survivor = doubles[0]
        self.env['base.partner.merge.automatic.wizard'].create(
            {'partner_ids': doubles.ids, 'dst_partner_id': survivor.id}
        ).action_merge()
        self.env.invalidate_all()
        self.assertEqual(calls.partner_id, survivor)
        self.assertEqual(calls.mapped('phone'), ['+34 600 10 02 01', '+34 600 10 02 02'])
        self.assertEqual(survivor.with_user(self.salesman).crm_call_count, 2)
        self.assertEqual(
            self.env['crm.call'].search([('phone_mobile_search', '=', '0034600100202')]) & calls,
            calls[1],
        )
        self.assertEqual(meeting.crm_partner_id, survivor)
        self.assertEqual(
            len(calls.activity_ids.filtered(lambda activity: activity.res_model == 'crm.call')), 2
        )
