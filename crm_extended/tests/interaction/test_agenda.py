from ast import literal_eval
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..common import NOW, CrmExtendedCase


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestAgenda(CrmExtendedCase):
    """Everything that was and is planned with customers, in one calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env['res.partner'].create({'name': 'Bodegas Alto', 'is_company': True})
        cls.buyer = cls.env['res.partner'].create(
            {'name': 'Rosa Gil', 'parent_id': cls.customer.id}
        )
        values = {'partner_id': cls.buyer.id, 'user_id': cls.salesman.id}
        cls.planned, cls.late, cls.held, cls.foreign = cls.env['crm.call'].create(
            [
                {'name': 'Planned', 'date': NOW + timedelta(hours=2), **values},
                {'name': 'Late', 'date': NOW - timedelta(hours=2), **values},
                {
                    'name': 'Held',
                    'state': 'held',
                    'date': NOW - timedelta(days=1),
                    'duration': 1.5,
                    **values,
                },
                {'name': 'Foreign', 'date': NOW, **values, 'user_id': cls.colleague.id},
            ]
        )
        cls.meeting = cls.env['calendar.event'].create(
            {
                'name': 'Tasting',
                'start': NOW + timedelta(days=1),
                'stop': NOW + timedelta(days=1, hours=2),
                'user_id': cls.salesman.id,
                'partner_ids': (cls.salesman.partner_id | cls.buyer).ids,
            }
        )
        cls.activity = cls.customer.activity_schedule(
            'mail.mail_activity_data_todo',
            date_deadline=NOW.date() - timedelta(days=1),
            summary='Send the samples',
            user_id=cls.salesman.id,
        )

    def _agenda(self, user=None, domain=()):
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_extended.crm_interaction_action_agenda'
        )
        entries = self.env['crm.interaction'].with_user(user or self.salesman)
        return entries.search([*literal_eval(action['domain']), *domain])

    def _of_customer(self, user=None):
        return self._agenda(user, [('commercial_partner_id', '=', self.customer.id)])

    def test_shows_calls_meetings_and_activities_of_the_customer_and_its_contacts(self):
        self.assertEqual(
            sorted(self._of_customer().mapped('name')),
            ['Held', 'Late', 'Planned', 'Send the samples', 'Tasting'],
        )

    def test_opportunities_are_no_appointments(self):
        lead = self._new_lead(partner_id=self.customer.id)
        told = self.env['crm.interaction'].search([('partner_id', '=', self.customer.id)])
        opportunities = told.filtered(lambda row: row.kind == 'opportunity')
        self.assertEqual(opportunities.mapped('res_id'), lead.ids)
        self.assertEqual(set(self._of_customer().mapped('kind')), {'call', 'meeting', 'activity'})

    def test_overdue_has_a_colour_of_its_own(self):
        colors = {entry.name: entry.calendar_color for entry in self._of_customer()}
        overdue = {name for name, color in colors.items() if color == 1}
        self.assertEqual(overdue, {'Late', 'Send the samples'})

    def test_no_kind_has_the_colour_of_what_is_overdue(self):
        appearances = self.env['crm.interaction']._get_appearances()
        colors = [color for _icon, color in appearances.values()]
        self.assertGreaterEqual(len(colors), 4)
        self.assertNotIn(1, colors)

    def test_entries_take_the_room_that_they_took(self):
        room = {entry.name: entry.calendar_duration for entry in self._of_customer()}
        self.assertEqual(room['Held'], 1.5)
        self.assertEqual(room['Tasting'], 2)
        self.assertEqual(room['Planned'], 1)
        self.assertEqual(self.planned.duration, 0)

    def test_activities_have_a_day_and_no_hour(self):
        whole_days = self._of_customer().filtered('is_all_day')
        self.assertEqual(whole_days.mapped('name'), ['Send the samples'])
        self.assertEqual(whole_days.date.date(), self.activity.date_deadline)

    def test_salesperson_and_kind_filter(self):
        own = self._agenda(self.manager, [('user_id', '=', self.colleague.id)])
        self.assertEqual((own & self._of_customer(self.manager)).mapped('name'), ['Foreign'])
        calls = self._agenda(
            domain=[('kind', '=', 'call'), ('commercial_partner_id', '=', self.customer.id)]
        )
        self.assertEqual(sorted(calls.mapped('name')), ['Held', 'Late', 'Planned'])

    def test_entry_opens_its_document(self):
        actions = {entry.name: entry.action_open() for entry in self._of_customer()}
        self.assertEqual(
            {name: (action['res_model'], action['res_id']) for name, action in actions.items()},
            {
                'Send the samples': ('res.partner', self.customer.id),
                'Tasting': ('calendar.event', self.meeting.id),
                'Planned': ('crm.call', self.planned.id),
                'Late': ('crm.call', self.late.id),
                'Held': ('crm.call', self.held.id),
            },
        )

    def test_own_documents_only(self):
        self.assertNotIn('Foreign', self._of_customer().mapped('name'))
        self.assertIn('Foreign', self._of_customer(self.coordinator).mapped('name'))
        foreign = self._of_customer(self.coordinator).filtered(lambda e: e.name == 'Foreign')
        with self.assertRaises(AccessError):
            foreign.with_user(self.salesman).action_open()
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self._agenda(user)

    def test_meeting_planned_from_the_agenda_is_with_its_customer(self):
        entries = self.env['crm.interaction'].with_user(self.salesman)
        action = entries.with_context(default_partner_id=self.customer.id).action_plan_meeting(
            '2026-03-12 10:00:00', '2026-03-12 11:30:00'
        )
        meetings = self.env['calendar.event'].with_user(self.salesman)
        meeting = meetings.with_context(**action['context']).create({'name': 'Harvest'})
        self.assertRecordValues(meeting, [{'duration': 1.5, 'crm_partner_id': self.customer.id}])
        self.assertEqual(meeting.partner_ids, self.salesman.partner_id | self.customer)

    def test_call_planned_from_the_agenda_is_with_its_customer(self):
        entries = self.env['crm.interaction'].with_user(self.salesman)
        action = entries.with_context(default_partner_id=self.customer.id).action_plan_call()
        calls = self.env['crm.call'].with_user(self.salesman)
        call = calls.with_context(**action['context']).create({})
        self.assertRecordValues(
            call,
            [{'state': 'planned', 'partner_id': self.customer.id, 'user_id': self.salesman.id}],
        )

    def test_week_of_a_salesperson_takes_the_same_queries_for_ten_and_for_many_entries(self):
        def look():
            entries = self._agenda(domain=[('user_id', '=', self.salesman.id)])
            entries.read(['name', 'date', 'calendar_color', 'calendar_duration', 'partner_id'])

        look()
        few = self._count_queries(look)
        self.env['crm.call'].with_user(self.salesman).create(
            [{'name': f'Call {index}', 'partner_id': self.buyer.id} for index in range(200)]
        )
        many = self._count_queries(look)
        self.assertEqual(many, few)
