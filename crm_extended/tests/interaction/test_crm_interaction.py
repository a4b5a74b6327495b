from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common import NOW, CrmExtendedCase


@freeze_time(NOW)
@tagged('post_install', '-at_install')
class TestCrmInteraction(CrmExtendedCase):
    def _interactions(self, domain=(), user=None, partner=None):
        return (
            self.env['crm.interaction']
            .with_user(user or self.manager)
            .search(
                [
                    ('commercial_partner_id', '=', (partner or self.company).id),
                    *domain,
                ]
            )
        )

    def _new_meeting(self, partners, start=NOW + timedelta(days=1), **values):
        return self.env['calendar.event'].create(
            {
                'name': 'Visit the workshop',
                'start': start,
                'stop': start + timedelta(hours=1),
                'user_id': self.salesman.id,
                'partner_ids': [Command.set(partners.ids)],
                **values,
            }
        )

    def _new_activity(self, document, deadline=date(2026, 3, 12), **values):
        return document.activity_schedule(
            'mail.mail_activity_data_todo',
            date_deadline=deadline,
            summary='Send the catalogue',
            user_id=self.salesman.id,
            **values,
        )

    # === SOURCES === #

    def test_opportunity_is_an_interaction_when_created_won_and_lost(self):
        won, lost = (
            self._new_lead(
                name=name, partner_id=self.contact.id, type='opportunity', team_id=self.team.id
            )
            for name in ('Won one', 'Lost one')
        )
        won.medium_id = self.env.ref('utm.utm_medium_email')
        won.action_set_won()
        lost.action_set_lost()
        rows = self._interactions([('kind', '=', 'opportunity')])
        self.assertEqual(
            sorted(rows.mapped(lambda row: (row.name, row.event))),
            [
                ('Lost one', 'created'),
                ('Lost one', 'lost'),
                ('Won one', 'created'),
                ('Won one', 'won'),
            ],
        )
        row = rows.filtered(lambda row: row.event == 'won')
        self.assertEqual((row.res_model, row.res_id), ('crm.lead', won.id))
        self.assertEqual(row.partner_id, self.contact)
        self.assertEqual(row.user_id, self.salesman)
        self.assertEqual(row.team_id, self.team)
        self.assertEqual(row.medium_id, won.medium_id)
        self.assertFalse(row.is_planned)

    def test_lead_without_customer_counts_in_the_report(self):
        lead = self._new_lead(name='Nobody yet')
        row = self.env['crm.interaction'].search(
            [('res_model', '=', 'crm.lead'), ('res_id', '=', lead.id)]
        )
        self.assertEqual((row.name, row.partner_id.id), ('Nobody yet', False))

    def test_meeting_is_one_interaction_for_each_customer_that_attends(self):
        attending = self.company | self.contact | self.salesman.partner_id | self.other_customer
        meeting = self._new_meeting(attending)
        meeting.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.other_customer
        ).state = 'declined'
        rows = self.env['crm.interaction'].search(
            [('res_model', '=', 'calendar.event'), ('res_id', '=', meeting.id)]
        )
        self.assertEqual(rows.partner_id, self.company | self.contact)
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows.mapped('date'), [meeting.start] * 2)
        self.assertTrue(all(rows.mapped('is_planned')))
        meeting.active = False
        self.env.invalidate_all()
        self.assertFalse(rows.exists())

    def test_past_meeting_is_not_planned(self):
        self._new_meeting(self.contact, start=NOW - timedelta(days=1))
        self.assertEqual(self._interactions().mapped('is_planned'), [False])

    def test_calls_tell_what_is_planned_and_overdue(self):
        values = {'partner_id': self.contact.id}
        late = self._new_call(date=datetime(2026, 3, 10, 9), **values)
        coming = self._new_call(date=datetime(2026, 3, 12, 9), **values)
        held = self._new_call(date=datetime(2026, 3, 9, 9), state='held', **values)
        self._new_call(state='cancelled', **values)
        rows = self._interactions()
        self.assertEqual(rows.mapped('kind'), ['call'] * 3)
        self.assertEqual(rows.mapped('res_id'), [coming.id, late.id, held.id])
        self.assertEqual(rows.mapped('is_planned'), [True, True, False])
        self.assertEqual(rows.mapped('is_overdue'), [False, True, False])
        self.assertEqual(rows.medium_id, self.env.ref('utm.utm_medium_phone'))
        self.assertEqual(self._interactions([('is_overdue', '=', True)]).res_id, late.id)

    def test_call_and_its_reminder_are_one_interaction(self):
        call = self._new_call(partner_id=self.contact.id)
        self.assertTrue(call.activity_ids)
        self.assertEqual(self._interactions().mapped('kind'), ['call'])
        call.action_hold()
        self.env.invalidate_all()
        self.assertEqual(self._interactions().mapped('kind'), ['call'])
        self._new_activity(call)
        self.assertEqual(sorted(self._interactions().mapped('kind')), ['activity', 'call'])

    def test_activities_of_customer_and_lead_are_told_open_and_done(self):
        lead = self._new_lead(partner_id=self.company.id, team_id=self.team.id)
        late = self._new_activity(self.contact, deadline=date(2026, 3, 10))
        coming = self._new_activity(lead)
        done = self._new_activity(lead, deadline=date(2026, 3, 1))
        done.action_feedback()
        self.env.invalidate_all()
        rows = self._interactions([('kind', '=', 'activity')])
        self.assertEqual(set(rows.mapped('res_model')), {'mail.activity'})
        by_source = {row.res_id: row for row in rows}
        self.assertEqual(set(by_source), {late.id, coming.id, done.id})
        self.assertTrue(by_source[late.id].is_overdue)
        self.assertFalse(by_source[coming.id].is_overdue)
        self.assertEqual(by_source[coming.id].date.date(), date(2026, 3, 12))
        self.assertEqual(by_source[coming.id].team_id, self.team)
        self.assertEqual(by_source[coming.id].name, 'Send the catalogue')
        self.assertFalse(by_source[done.id].is_planned)
        self.assertEqual(by_source[done.id].date.date(), NOW.date())

    def test_activity_due_today_is_not_overdue(self):
        self._new_activity(self.contact, deadline=NOW.date())
        row = self._interactions()
        self.assertTrue(row.is_planned)
        self.assertFalse(row.is_overdue)

    def test_activity_without_summary_is_named_after_its_type(self):
        self._new_activity(self.contact).summary = False
        self.assertEqual(
            self._interactions().name, self.env.ref('mail.mail_activity_data_todo').name
        )

    def test_meeting_and_its_activity_are_one_interaction(self):
        meeting = self._new_meeting(self.contact)
        self._new_activity(self.company).calendar_event_id = meeting
        self.assertEqual(self._interactions().mapped('kind'), ['meeting'])
        meeting.partner_ids = self.other_customer
        self.env.invalidate_all()
        self.assertEqual(self._interactions().mapped('kind'), ['activity'])

    # === ROWS === #

    def test_ids_are_unique_and_lead_back_to_the_same_row(self):
        lead = self._new_lead(partner_id=self.contact.id)
        lead.action_set_lost()
        self._new_activity(lead)
        self._new_activity(self.contact)
        call = self._new_call(partner_id=self.contact.id)
        self._new_activity(call)
        self._new_meeting(self.contact)
        rows = self._interactions()
        self.assertEqual(len(set(rows.ids)), len(rows))
        self.assertEqual(len({row_id % 32 for row_id in rows.ids}), 7)
        before = {row.id: (row.res_model, row.res_id, row.event) for row in rows}
        self.env.invalidate_all()
        self.assertEqual({row.id: (row.res_model, row.res_id, row.event) for row in rows}, before)
        self.assertEqual(rows.exists(), rows)

    def test_newest_comes_first(self):
        self._new_call(partner_id=self.contact.id, date=NOW - timedelta(days=3), state='held')
        self._new_meeting(self.contact)
        self._new_call(partner_id=self.contact.id, date=NOW - timedelta(days=2), state='held')
        dates = self._interactions().mapped('date')
        self.assertEqual(dates, [NOW + timedelta(days=days) for days in (1, -2, -3)])

    def test_unwritten_changes_are_seen(self):
        call = self._new_call(partner_id=self.contact.id)
        self.assertTrue(self._interactions())
        call.partner_id = self.other_customer
        self.assertFalse(self._interactions())
        self.contact.parent_id = self.other_customer
        self._new_activity(self.contact)
        self.assertFalse(self._interactions())

    def test_report_groups_by_month_channel_and_kind(self):
        self._new_call(partner_id=self.contact.id, date=datetime(2026, 2, 3, 9), state='held')
        self._new_call(partner_id=self.contact.id, date=datetime(2026, 3, 3, 9), state='held')
        self._new_meeting(self.contact)
        groups = self.env['crm.interaction']._read_group(
            [('partner_id', '=', self.contact.id)],
            ['date:month', 'medium_id', 'kind'],
            ['__count'],
        )
        phone = self.env.ref('utm.utm_medium_phone')
        self.assertEqual(
            [(month.month, medium, kind, count) for month, medium, kind, count in groups],
            [
                (2, phone, 'call', 1),
                (3, phone, 'call', 1),
                (3, phone.browse(), 'meeting', 1),
            ],
        )

    def test_every_kind_has_an_icon(self):
        kinds = [kind for kind, _label in self.env['crm.interaction']._fields['kind'].selection]
        self.assertIn('call', kinds)
        self.assertEqual(set(kinds), set(self.env['crm.interaction']._get_appearances()))

    # === OPENING === #

    def test_opening_a_row_opens_its_document(self):
        lead = self._new_lead(partner_id=self.contact.id)
        documents = (
            (lead, self._new_activity(lead)),
            (self._new_call(partner_id=self.contact.id),) * 2,
            (self._new_meeting(self.contact),) * 2,
            (lead, lead),
        )
        for document, source in documents:
            row = self._interactions(
                [('res_model', '=', source._name), ('res_id', '=', source.id)],
                user=self.salesman,
            )
            with self.subTest(source=source._name):
                action = row.action_open()
                self.assertEqual(
                    (action['res_model'], action['res_id']), (document._name, document.id)
                )

    # === CUSTOMER CARD === #

    def _fill_the_family(self):
        for partner in self.company | self.contact | self.archived_contact:
            self._new_lead(partner_id=partner.id, user_id=self.colleague.id).action_set_lost()
            self._new_call(partner_id=partner.id)
            self._new_meeting(partner)
            self._new_activity(partner)

    def test_interactions_button_opens_what_it_counts(self):
        self._fill_the_family()
        for user, per_partner in ((self.salesman, 3), (self.coordinator, 5), (self.manager, 5)):
            for partner, number in (
                (self.company, 3),
                (self.contact, 1),
                (self.archived_contact, 1),
                (self.other_customer, 0),
            ):
                card = partner.with_user(user)
                action = card.action_view_crm_interactions()
                rows = self.env['crm.interaction'].with_user(user).with_context(**action['context'])
                with self.subTest(user=user.name, partner=partner.name):
                    self.assertEqual(card.crm_interaction_count, per_partner * number)
                    self.assertEqual(len(rows.search(action['domain'])), card.crm_interaction_count)
                    self.assertFalse(
                        [key for key in action['context'] if key.startswith('search_default')]
                    )

    def test_list_of_customers_counts_calls_and_not_all_that_happened(self):
        self._new_call(partner_id=self.contact.id)
        card = self.company.with_user(self.salesman)
        icons = [statistic['iconClass'] for statistic in card.application_statistics]
        self.assertIn('fa-phone', icons)
        self.assertNotIn('crm_interaction_count', card._cache)
        self.assertEqual(card.crm_interaction_count, 1)

    def test_rows_of_no_branch_that_the_user_reads_are_gone(self):
        call = self._new_call(partner_id=self.contact.id)
        row = self.env['crm.interaction'].with_user(self.manager).search([('res_id', '=', call.id)])
        unread = row.browse([call.id * 32 + 9, call.id * 32 + 31])  # numbers of no branch
        self.assertFalse(unread.exists())
        self.assertEqual((row | unread).exists(), row)

    def test_timeline_takes_the_same_queries_for_ten_and_for_a_hundred(self):
        fields = {
            name: {'fields': {'display_name': {}}} if name.endswith('_id') else {}
            for name in ('kind', 'icon', 'color', 'date', 'name', 'is_overdue', 'partner_id')
        }
        rows = self.env['crm.interaction'].with_user(self.coordinator)
        partners = self.env['res.partner'].create([{'name': 'Ten'}, {'name': 'Hundred'}])
        self.env['crm.call'].create(
            [
                {'partner_id': partner.id, 'state': 'held', 'name': 'Call'}
                for partner, number in zip(partners, (10, 100), strict=True)
                for _number in range(number)
            ]
        )

        def read(partner):
            return rows.web_search_read([('partner_id', '=', partner.id)], fields)

        read(partners[0])
        queries = [self._count_queries(lambda p=partner: read(p)) for partner in partners]
        self.assertEqual(queries[0], queries[1])
        self.assertLessEqual(queries[0], 8)  # two of them are settings of the transaction
