from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import CrmExtendedCase


@tagged('post_install', '-at_install')
class TestCrmInteractionAccess(CrmExtendedCase):
    """Nobody learns from an interaction what its document would not tell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env['res.partner'].create({'name': 'Aceros del Norte'})
        cls.leads = cls.env['crm.lead'].create(
            [
                {'name': name, 'partner_id': cls.partner.id, 'user_id': user.id}
                for name, user in cls._owners('lead')
            ]
        )
        cls.calls = cls.env['crm.call'].create(
            [
                {
                    'name': name,
                    'partner_id': cls.partner.id,
                    'user_id': user.id,
                    'team_id': cls.team.id,
                }
                for name, user in cls._owners('call')
            ]
        )

    @classmethod
    def _owners(cls, what):
        nobody = cls.env['res.users']
        owners = (('own', cls.salesman), ('foreign', cls.colleague), ('free', nobody))
        return [(f'{whose} {what}', user) for whose, user in owners]

    @classmethod
    def _new_meeting(cls, **values):
        start = fields.Datetime.now() + timedelta(days=1)
        return cls.env['calendar.event'].create(
            {
                'name': 'Meeting',
                'start': start,
                'stop': start + timedelta(hours=1),
                'user_id': cls.colleague.id,
                'partner_ids': [Command.set((cls.partner | cls.colleague.partner_id).ids)],
                **values,
            }
        )

    def _rows(self, user, domain=()):
        return (
            self.env['crm.interaction']
            .with_user(user)
            .search([('partner_id', '=', self.partner.id), *domain])
        )

    def _names(self, user):
        return sorted(self._rows(user).mapped('name'))

    def test_each_role_sees_what_it_sees_of_leads_and_calls(self):
        everything = sorted(self.leads.mapped('name') + self.calls.mapped('name'))
        own = [name for name in everything if not name.startswith('foreign')]
        self.assertEqual(self._names(self.salesman), own)
        self.assertEqual(self._names(self.coordinator), everything)
        self.assertEqual(self._names(self.manager), everything)
        for user in (self.outsider, self.portal, self.env.ref('base.public_user')):
            with self.assertRaises(AccessError):
                self._rows(user)

    def test_rows_are_exactly_those_of_readable_documents(self):
        self._new_meeting()
        self.leads[1].activity_schedule('mail.mail_activity_data_todo', user_id=self.colleague.id)
        for user in (self.salesman, self.colleague, self.coordinator, self.manager):
            visible = self._rows(user)
            self.env.invalidate_all()
            rows = self._rows(self.env.user.browse(1)).sudo()
            self.assertTrue(rows)
            for row in rows:
                source = self.env[row.res_model].with_user(user).browse(row.res_id)
                with self.subTest(user=user.name, source=source):
                    self.assertEqual(row.id in visible.ids, source.has_access('read'))

    def test_foreign_row_is_refused_by_its_id(self):
        foreign = self._rows(self.manager, [('name', '=like', 'foreign%')])
        self.assertEqual(len(foreign), 2)
        for row in foreign.with_user(self.salesman):
            for attempt in (
                lambda row=row: row.read(['name']),
                lambda row=row: row.web_read({'name': {}}),
                lambda row=row: row.name,
                lambda row=row: row.action_open(),
                lambda row=row: row.check_access('read'),
            ):
                self.env.invalidate_all()
                with self.assertRaises(AccessError):
                    attempt()

    def test_foreign_row_is_refused_though_somebody_else_has_just_read_it(self):
        foreign = self._rows(self.manager, [('name', '=like', 'foreign%')])
        foreign.read(['name', 'partner_id'])
        with self.assertRaises(AccessError):
            foreign.with_user(self.salesman).read(['name'])
        self.assertFalse(foreign.with_user(self.salesman)._filtered_access('read'))

    def test_what_was_shown_is_not_asked_for_again_until_it_may_have_changed(self):
        own = self._rows(self.salesman, [('name', '=', 'own call')])
        own.read(['name'])
        with self.assertQueryCount(0):
            own.check_access('read')
        self.calls[0].user_id = self.colleague
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            own.check_access('read')

    def test_groups_and_counts_tell_nothing_of_foreign_rows(self):
        rows = self.env['crm.interaction'].with_user(self.salesman)
        domain = [('partner_id', '=', self.partner.id)]
        self.assertEqual(rows.search_count(domain), 4)
        self.assertNotIn(self.colleague, [user for [user] in rows._read_group(domain, ['user_id'])])
        [[highest]] = rows._read_group(domain, aggregates=['id:max'])
        self.assertIn(highest, rows.search(domain).ids)
        self.assertFalse(rows.search([*domain, ('name', 'ilike', 'foreign')]))
        self.assertFalse(rows.name_search('foreign', domain))
        groups = rows.formatted_read_group(domain, ['user_id', 'kind'], ['__count'])
        self.assertEqual(sum(group['__count'] for group in groups), 4)

    def test_interactions_are_never_written(self):
        row = self._rows(self.manager)[:1]
        for attempt in (
            lambda: row.write({'name': 'changed'}),
            lambda: row.unlink(),
            lambda: row.create({'name': 'new'}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_private_meetings_are_told_to_their_people_only(self):
        self._new_meeting(name='Public')
        self._new_meeting(name='Private', privacy='private')
        self._new_meeting(name='Confidential', privacy='confidential')
        invited = self._new_meeting(name='Invited', privacy='private')
        invited.partner_ids |= self.salesman.partner_id
        expected = {
            self.salesman: ['Confidential', 'Invited', 'Public'],
            self.colleague: ['Confidential', 'Invited', 'Private', 'Public'],
            self.manager: ['Confidential', 'Public'],
        }
        for user, names in expected.items():
            rows = self._rows(user, [('kind', '=', 'meeting')])
            with self.subTest(user=user.name):
                self.assertEqual(sorted(rows.mapped('name')), names)

    def test_meetings_in_a_private_calendar_are_told_to_their_people_only(self):
        self.colleague.with_user(self.colleague).calendar_default_privacy = 'private'
        meeting = self._new_meeting(name='By default')
        self.assertTrue(self._rows(self.colleague, [('name', '=', 'By default')]))
        row = self._rows(self.colleague, [('name', '=', 'By default')])
        self.assertFalse(self._rows(self.manager, [('name', '=', 'By default')]))
        with self.assertRaises(AccessError):
            row.with_user(self.manager).read(['name'])
        meeting.privacy = 'public'
        self.assertTrue(self._rows(self.manager, [('name', '=', 'By default')]))

    def test_meetings_of_who_never_chose_are_told_as_the_company_chose(self):
        self._new_meeting(name='Never chosen')
        self.colleague.res_users_settings_id.sudo().unlink()
        self.env.invalidate_all()
        domain = [('name', '=', 'Never chosen')]
        self.assertTrue(self._rows(self.manager, domain))
        self.env['ir.config_parameter'].set_param('calendar.default_privacy', 'private')
        self.assertFalse(self._rows(self.manager, domain))
        self.assertTrue(self._rows(self.colleague, domain))

    def test_activities_are_told_with_their_document_or_to_their_own_user(self):
        foreign_lead = self.leads[1]
        for summary, user in (('Of salesman', self.salesman), ('Of colleague', self.colleague)):
            foreign_lead.activity_schedule(
                'mail.mail_activity_data_todo', summary=summary, user_id=user.id
            )
        domain = [('kind', '=', 'activity')]
        self.assertEqual(self._rows(self.salesman, domain).name, 'Of salesman')
        self.assertEqual(len(self._rows(self.coordinator, domain)), 2)
        with self.assertRaises(AccessError):
            self._rows(self.salesman, domain).action_open()

    def test_other_company_sees_nothing(self):
        company = self.env['res.company'].create({'name': 'Sucursal Lisboa'})
        self.leads.team_id = False
        self.leads.company_id = self.env.company
        for lead in self.leads:
            lead.activity_schedule('mail.mail_activity_data_todo', user_id=self.manager.id)
        director = new_test_user(
            self.env,
            login='crm_extended_lisbon_stream',
            groups='sales_team.group_sale_manager',
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        rows = self._rows(self.manager)
        self.assertEqual(len(rows), 9)
        self.assertFalse(self._rows(director))
        with self.assertRaises(AccessError):
            rows.with_user(director).read(['name'])
        self.assertEqual(self.partner.with_user(director).crm_interaction_count, 0)

    def test_stricter_rule_on_a_document_holds_at_once(self):
        self.env['ir.rule'].create(
            {
                'name': 'Only calls of one customer',
                'model_id': self.env['ir.model']._get_id('crm.call'),
                'domain_force': f"[('partner_id', '!=', {self.partner.id})]",
            }
        )
        self.assertFalse(self._rows(self.manager, [('kind', '=', 'call')]))
        self.assertTrue(self._rows(self.manager, [('kind', '=', 'opportunity')]))
