from datetime import timedelta

from odoo import fields
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import CrmExtendedCase


@tagged('post_install', '-at_install')
class TestCustomerCard(CrmExtendedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.family = cls.company | cls.contact | cls.archived_contact
        cls.env['crm.call'].create(
            [
                {'partner_id': partner.id, 'state': state, 'user_id': user.id, 'name': 'Call'}
                for partner in cls.family
                for state, user in (
                    ('planned', cls.salesman),
                    ('held', cls.salesman),
                    ('cancelled', cls.colleague),
                )
            ]
        )

    def _open(self, action, user):
        """Return the records of an action as the web client would, all filters included."""
        context = action.get('context') or {}
        context = safe_eval(context, {'uid': user.id}) if isinstance(context, str) else context
        self.assertFalse(
            [
                key
                for key in context
                if key.startswith('search_default_')
                and key
                not in (
                    'search_default_filter_won',
                    'search_default_filter_lost',
                    'search_default_filter_ongoing',
                )
            ]
        )
        return (
            self.env[action['res_model']]
            .with_user(user)
            .with_context(**context)
            .search(
                action['domain'],
            )
        )

    def test_calls_button_opens_what_it_counts(self):
        for user, per_partner in ((self.salesman, 2), (self.coordinator, 3), (self.manager, 3)):
            for partner, number in (
                (self.company, 3),
                (self.contact, 1),
                (self.archived_contact, 1),
                (self.other_customer, 0),
            ):
                card = partner.with_user(user)
                calls = self._open(card.action_view_crm_calls(), user)
                with self.subTest(user=user.name, partner=partner.name):
                    self.assertEqual(card.crm_call_count, per_partner * number)
                    self.assertEqual(len(calls), card.crm_call_count)
                    self.assertEqual(
                        len(calls.filtered(lambda call: call.state == 'planned')),
                        card.crm_call_planned_count,
                    )
                    self.assertEqual(
                        len(calls.filtered(lambda call: call.state == 'held')),
                        card.crm_call_held_count,
                    )

    def test_new_call_from_the_card_is_with_the_customer(self):
        action = self.contact.with_user(self.salesman).action_view_crm_calls()
        self.assertEqual(action['context']['default_partner_id'], self.contact.id)

    def test_counters_of_other_companies_are_not_shown(self):
        company = self.env['res.company'].create({'name': 'Sucursal Lisboa'})
        director = new_test_user(
            self.env,
            login='crm_extended_lisbon',
            groups='sales_team.group_sale_manager',
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        card = self.company.with_user(director)
        self.assertEqual(card.crm_call_count, 0)
        self.assertFalse(self._open(card.action_view_crm_calls(), director))

    def test_card_opens_for_users_without_sales_rights(self):
        with Form(self.company.with_user(self.outsider)) as form:
            self.assertNotIn('crm_call_count', form._view['fields'])

    def test_new_customer_has_no_documents(self):
        partner = self.env['res.partner'].with_user(self.salesman).new({'name': 'New'})
        self.assertEqual(partner.crm_call_count, 0)
        edited = self.company.new(origin=self.company)
        self.assertEqual(edited.crm_call_count, 9)

    def test_kanban_shows_the_calls(self):
        statistics = self.company.with_user(self.salesman).application_statistics
        self.assertIn(('fa-phone', 6), [(stat['iconClass'], stat['value']) for stat in statistics])
        self.company.invalidate_recordset()
        self.assertFalse(
            any(
                stat['iconClass'] == 'fa-phone'
                for stat in self.company.with_user(self.outsider).application_statistics or []
            )
        )

    def test_counters_take_the_same_queries_for_one_and_for_eighty(self):
        partners = self.env['res.partner'].create([{'name': f'Customer {i}'} for i in range(80)])
        below = partners[:1]
        for _level in range(4):
            below = self.env['res.partner'].create({'name': 'Below', 'parent_id': below.id})
        self.env['crm.call'].create([{'partner_id': partner.id} for partner in partners | below])
        counters = [
            name for name in partners._get_crm_counters() if name != 'crm_interaction_count'
        ]
        partners = partners.with_user(self.coordinator)
        partners[0].mapped('crm_call_count')
        partners[0].mapped('crm_interaction_count')

        few = self._count_queries(lambda: [partners[:1].mapped(name) for name in counters])
        many = self._count_queries(lambda: [partners.mapped(name) for name in counters])
        self.assertEqual(few, many)
        self.assertLessEqual(many, 6)
        few = self._count_queries(lambda: partners[:1].mapped('crm_interaction_count'))
        many = self._count_queries(lambda: partners.mapped('crm_interaction_count'))
        self.assertEqual(few, many)

    def test_meetings_button_lists_what_it_counts(self):
        start = fields.Datetime.now() + timedelta(days=1)
        meetings = self.env['calendar.event'].create(
            [
                {
                    'name': partner.name,
                    'start': start,
                    'stop': start + timedelta(hours=1),
                    'partner_ids': [(6, 0, partner.ids)],
                }
                for partner in self.family | self.other_customer
            ]
        )
        meetings[:3].filtered(lambda meeting: meeting.name == 'Pedro Gil').show_as = 'free'
        meetings |= meetings[0].copy({'active': False})
        for partner, number in ((self.company, 3), (self.contact, 1), (self.archived_contact, 1)):
            card = partner.with_user(self.salesman)
            action = card.schedule_meeting()
            with self.subTest(partner=partner.name):
                self.assertEqual(card.meeting_count, number)
                self.assertEqual(len(self._open(action, self.salesman)), number)
                self.assertEqual(action['views'][0][1], 'list')

    def test_opportunities_button_opens_what_it_counts(self):
        self.env['crm.lead'].create(
            [
                {'name': f'{partner.name} {state}', 'partner_id': partner.id, **values}
                for partner in self.family
                for state, values in (
                    ('lead', {'type': 'lead', 'user_id': self.salesman.id}),
                    ('open', {'type': 'opportunity', 'user_id': self.colleague.id}),
                    (
                        'lost',
                        {
                            'type': 'opportunity',
                            'user_id': self.salesman.id,
                            'active': False,
                            'probability': 0,
                        },
                    ),
                )
            ]
        )
        for user, per_partner in ((self.salesman, 2), (self.coordinator, 3)):
            self.env.invalidate_all()  # core caches the number whoever asks
            for partner, number in (
                (self.company, 3),
                (self.contact, 1),
                (self.archived_contact, 1),
            ):
                card = partner.with_user(user)
                action = card.action_view_opportunity()
                with self.subTest(user=user.name, partner=partner.name):
                    self.assertEqual(card.opportunity_count, per_partner * number)
                    self.assertEqual(len(self._open(action, user)), card.opportunity_count)
