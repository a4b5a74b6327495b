import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from ..common import ServiceCommon


@tagged('post_install', '-at_install')
class TestServiceClaimAction(MailCommon, ServiceCommon):
    def setUp(self):
        super().setUp()
        self.claim = self.create_case('service.claim', user_id=self.agent.id)

    def plan(self, **values):
        return (
            self.env['service.claim.action']
            .with_user(self.agent)
            .create(
                {
                    'claim_id': self.claim.id,
                    'name': 'Pack with guards',
                    'user_id': self.leader.id,
                    'date_due': '2026-03-10',
                    **values,
                }
            )
        )

    def get_todo(self, action):
        return action.sudo().activity_ids

    def test_owner_gets_one_todo_that_follows_owner_and_date(self):
        action = self.plan()
        self.assertRecordValues(
            self.get_todo(action),
            [
                {
                    'user_id': self.leader.id,
                    'date_deadline': fields.Date.to_date('2026-03-10'),
                    'summary': 'Pack with guards',
                }
            ],
        )
        action.write({'user_id': self.manager.id, 'date_due': '2026-03-12'})
        self.assertRecordValues(
            self.get_todo(action),
            [
                {
                    'user_id': self.manager.id,
                    'date_deadline': fields.Date.to_date('2026-03-12'),
                }
            ],
        )

    def test_done_takes_the_todo_away_and_keeps_the_first_date(self):
        action = self.plan()
        with freeze_time('2026-03-09 10:00:00'):
            action.action_done()
        self.assertFalse(self.get_todo(action))
        with freeze_time('2026-03-11 10:00:00'):
            action.action_done()
        self.assertEqual(action.date_done, fields.Date.to_date('2026-03-09'))

    def test_action_without_owner_has_no_todo(self):
        self.assertFalse(self.get_todo(self.plan(user_id=False)))

    def test_verification_says_who_when_and_what_and_only_of_what_is_done(self):
        action = self.plan()
        with self.assertRaisesRegex(UserError, 'before it is done'):
            action.action_verify_effective()
        action.action_done()
        with freeze_time('2026-04-01 10:00:00'):
            action.with_user(self.leader).action_verify_effective()
        self.assertRecordValues(
            action,
            [
                {
                    'effect': 'effective',
                    'verified_by_id': self.leader.id,
                    'date_verified': fields.Date.to_date('2026-04-01'),
                }
            ],
        )
        with (
            mute_logger('odoo.sql_db'),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            action.date_done = False
            self.env.flush_all()

    def test_not_effective_opens_the_action_again_and_keeps_its_history(self):
        action, other = self.plan(), self.plan(date_done='2026-03-08')
        action, other = (action | other).with_context(tracking_disable=False, mail_notrack=False)
        with freeze_time('2026-03-09 10:00:00'):
            action.action_done()
        self.flush_tracking()
        with freeze_time('2026-04-01 10:00:00'):
            (action | other).with_user(self.leader).action_verify_ineffective()
        self.flush_tracking()
        self.assertRecordValues(
            action | other,
            [
                {
                    'date_done': False,
                    'effect': 'ineffective',
                    'verified_by_id': self.leader.id,
                    'ineffective_count': 1,
                }
            ]
            * 2,
        )
        self.assertEqual(self.get_todo(action).user_id, self.leader)
        old = action.message_ids.sudo().tracking_value_ids.mapped('old_value_datetime')
        self.assertIn(fields.Datetime.to_datetime('2026-03-09'), old)
        with self.assertRaisesRegex(UserError, 'before it is done'):
            action.action_verify_effective()
        action.date_done = '2026-04-20'
        self.assertRecordValues(
            action,
            [{'effect': False, 'verified_by_id': False, 'date_verified': False}],
        )
        action.action_verify_effective()
        self.assertRecordValues(action, [{'effect': 'effective', 'ineffective_count': 1}])

    @freeze_time('2026-03-11 10:00:00')
    def test_overdue_is_found_from_the_action_and_from_the_claim(self):
        late, done, today, undated = (
            self.plan(),
            self.plan(date_done='2026-03-11'),
            self.plan(date_due='2026-03-11'),
            self.plan(date_due=False),
        )
        actions = late | done | today | undated
        self.assertEqual(actions.mapped('is_overdue'), [True, False, False, False])
        found = actions.search([('is_overdue', '=', True), ('id', 'in', actions.ids)])
        self.assertEqual(found, late)
        self.assertEqual(
            self.env['service.claim'].search(
                [('action_ids.is_overdue', '=', True), ('id', '=', self.claim.id)]
            ),
            self.claim,
        )

    def test_actions_are_as_visible_as_their_claim(self):
        action = self.plan()
        self.claim.write({'team_id': self.desk.id, 'user_id': self.colleague.id})
        self.assertTrue(action.with_user(self.colleague).name)
        with self.assertRaises(AccessError):
            action.with_user(self.agent).read(['name'])
        with self.assertRaises(AccessError):
            action.with_user(self.salesman).action_done()
