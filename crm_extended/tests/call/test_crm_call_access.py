from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import CrmExtendedCase


@tagged('post_install', '-at_install')
class TestCrmCallAccess(CrmExtendedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calls = cls.env['crm.call']
        cls.own = calls.create({'name': 'Own', 'user_id': cls.salesman.id})
        cls.foreign = calls.create({'name': 'Foreign', 'user_id': cls.colleague.id})
        cls.unassigned = calls.create({'name': 'Unassigned', 'user_id': False})
        cls.calls = cls.own | cls.foreign | cls.unassigned

    def _visible(self, user):
        return self.env['crm.call'].with_user(user).search([('id', 'in', self.calls.ids)])

    def test_each_role_sees_what_it_should(self):
        self.assertEqual(self._visible(self.salesman), self.own | self.unassigned)
        self.assertEqual(self._visible(self.coordinator), self.calls)
        self.assertEqual(self._visible(self.manager), self.calls)
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self._visible(user)

    def test_salesman_does_not_touch_calls_of_others(self):
        call = self.foreign.with_user(self.salesman)
        for attempt in (
            lambda: call.read(['name']),
            lambda: call.write({'user_id': self.salesman.id}),
            lambda: call.action_hold(),
            lambda: call.action_reschedule(),
            lambda: call._reschedule('2030-01-01 10:00:00'),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertEqual(self.foreign.user_id, self.colleague)
        call.with_user(self.coordinator).action_hold()
        self.assertEqual(self.foreign.state, 'held')

    def test_salesman_does_not_reschedule_calls_of_others_with_the_dialog(self):
        wizards = self.env['crm.call.reschedule'].with_user(self.salesman)
        values = {'date': '2030-01-01 10:00:00', 'reason': 'mine now'}
        with self.assertRaises(AccessError):
            wizards.create({**values, 'call_ids': self.foreign.ids}).action_apply()
        wizards.create({**values, 'call_ids': self.own.ids}).action_apply()
        self.assertEqual(self.own.attempt_ids.reason, 'mine now')

    def test_salesman_plans_no_call_for_others(self):
        with self.assertRaises(AccessError):
            self._new_call(user_id=self.colleague.id)
        self.assertTrue(self._new_call(user=self.coordinator, user_id=self.colleague.id))

    def test_only_managers_delete(self):
        for user in (self.salesman, self.coordinator):
            with self.assertRaises(AccessError):
                self.own.with_user(user).unlink()
        self.own.with_user(self.manager).unlink()
        self.assertFalse(self.own.exists())

    def test_attempts_follow_their_call(self):
        self.calls.action_not_held('no answer')
        attempts = (
            self.env['crm.call.attempt']
            .with_user(self.salesman)
            .search(
                [
                    ('call_id', 'in', self.calls.ids),
                ]
            )
        )
        self.assertEqual(attempts.call_id, self.own | self.unassigned)

    def test_outcomes_are_managed_by_managers(self):
        with self.assertRaises(AccessError):
            self.env['crm.call.outcome'].with_user(self.coordinator).create({'name': 'New one'})
        self.assertTrue(
            self.env['crm.call.outcome'].with_user(self.manager).create({'name': 'New one'}),
        )

    def test_other_company_sees_nothing(self):
        company = self.env['res.company'].create({'name': 'Sucursal Lisboa'})
        director = new_test_user(
            self.env,
            login='crm_extended_lisbon',
            groups='sales_team.group_sale_manager',
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(self._visible(director))
        with self.assertRaises(AccessError):
            self.own.with_user(director).read(['name'])

    def test_call_does_not_mix_companies(self):
        company = self.env['res.company'].create({'name': 'Sucursal Lisboa'})
        partner = self.env['res.partner'].create({'name': 'Only Lisbon', 'company_id': company.id})
        with self.assertRaises(UserError):
            self.own.partner_id = partner

    def test_salesman_does_not_reach_calls_of_others_through_their_activities(self):
        activity = self.foreign.activity_ids
        activities = self.env['mail.activity'].with_user(self.salesman)
        self.assertFalse(activities.search([('id', '=', activity.id)]))
        for attempt in (
            lambda: activity.with_user(self.salesman).read(['summary']),
            lambda: activity.with_user(self.salesman).write({'user_id': self.salesman.id}),
            lambda: activity.with_user(self.salesman).write({'date_deadline': '2030-01-01'}),
            lambda: activity.with_user(self.salesman).action_feedback('mine now'),
            lambda: activity.with_user(self.salesman).unlink(),
            lambda: activities.create(
                {'res_model_id': self._model_id(), 'res_id': self.foreign.id}
            ),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        self.env.invalidate_all()
        self.assertRecordValues(
            self.foreign,
            [{'state': 'planned', 'user_id': self.colleague.id, 'description': False}],
        )
        self.assertTrue(activity.exists().active)

    def test_nobody_chooses_the_reminder_of_a_call(self):
        foreign_activity = self.foreign.activity_ids
        for user in (self.salesman, self.manager):
            call = self.own.with_user(user)
            for attempt in (
                lambda call=call: call.write({'reminder_activity_id': foreign_activity.id}),
                lambda call=call: call.copy({'reminder_activity_id': foreign_activity.id}),
                lambda call=call: call.read(['reminder_activity_id']),
                lambda call=call: call.search([('reminder_activity_id', '=', foreign_activity.id)]),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        self.own.action_cancel()
        self.assertTrue(foreign_activity.exists())

    def test_salesman_does_not_share_the_dialog_of_another(self):
        wizard = (
            self.env['crm.call.reschedule']
            .with_user(self.colleague)
            .create({'date': '2030-01-01 10:00:00', 'call_ids': self.foreign.ids})
        )
        for attempt in (
            lambda: wizard.with_user(self.salesman).read(['call_ids']),
            lambda: wizard.with_user(self.salesman).action_apply(),
        ):
            with self.assertRaises(AccessError):
                attempt()
        wizard.action_apply()
        self.assertEqual(self.foreign.attempt_count, 1)

    def test_salesman_does_not_make_an_opportunity_or_meeting_of_anothers_call(self):
        call = self.foreign.with_user(self.salesman)
        for attempt in (call.action_create_opportunity, call.action_schedule_meeting):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(self.foreign.lead_id)

    def _model_id(self):
        return self.env['ir.model']._get_id('crm.call')

    def test_portal_reaches_no_call_of_its_own_company(self):
        self.own.partner_id = self.portal.partner_id
        with self.assertRaises(AccessError):
            self.own.with_user(self.portal).read(['name'])
