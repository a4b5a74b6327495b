from datetime import timedelta

import psycopg2

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestCaseMerge(ServiceCommon):
    def create_pair(self, model_name='service.ticket', **values):
        """Return an older and a younger case of the same customer."""
        older = self.create_case(model_name, date_open='2026-03-02 09:00:00')
        younger = self.create_case(model_name, date_open='2026-03-03 09:00:00', **values)
        return older, younger

    def test_oldest_survives_and_the_others_are_archived_with_a_trace(self):
        for model_name in CASE_MODELS:
            older, younger = self.create_pair(model_name, description='Second call')
            survivor = (younger | older).with_user(self.agent).action_merge()
            self.assertEqual(survivor, older)
            self.assertTrue(older.active)
            self.assertRecordValues(younger, [{'active': False, 'merged_into_id': older.id}])
            self.assertIn(younger.number, older.message_ids[0].body)
            self.assertIn('Second call', older.message_ids[0].body)
            self.assertIn(older.number, younger.message_ids[0].body)

    def test_everything_attached_follows_whoever_it_belongs_to(self):
        older, younger = self.create_pair()
        message = younger.message_post(body='It leaks again', message_type='comment')
        attachment = self.env['ir.attachment'].create(
            {'name': 'photo.txt', 'raw': b'x', 'res_model': younger._name, 'res_id': younger.id}
        )
        activity = younger.activity_schedule(
            'mail.mail_activity_data_todo', user_id=self.manager.id
        )
        call = self.env['crm.call'].create({'name': 'Call', 'service_ticket_id': younger.id})
        split = self.create_case(split_from_id=younger.id)
        (older | younger).with_user(self.agent).action_merge()
        self.assertEqual(message.res_id, older.id)
        self.assertEqual(attachment.res_id, older.id)
        self.assertEqual(activity.res_id, older.id)
        self.assertEqual(call.service_ticket_id, older)
        self.assertEqual(split.split_from_id, older)

    def test_what_is_to_be_sent_later_is_sent_from_the_survivor(self):
        for model_name in CASE_MODELS:
            older, younger = self.create_pair(model_name)
            scheduled = self.schedule_message(younger)
            (older | younger).with_user(self.agent).action_merge()
            self.assertEqual(scheduled.res_id, older.id)
            scheduled.post_message()
            self.assertIn('We come tomorrow', str(older.message_ids[0].body))

    def test_dialog_counts_what_is_to_be_sent_later(self):
        older, younger = self.create_pair()
        before = self.open_dialog(older | younger).summary
        self.schedule_message(younger)
        self.assertNotIn('Scheduled Message', before)
        self.assertIn('Scheduled Message', self.open_dialog(older | younger).summary)

    def schedule_message(self, case):
        return (
            self.env['mail.scheduled.message']
            .with_user(self.leader)
            .create(
                {
                    'author_id': self.leader.partner_id.id,
                    'body': 'We come tomorrow',
                    'model': case._name,
                    'res_id': case.id,
                    'scheduled_date': fields.Datetime.now() + timedelta(days=1),
                }
            )
        )

    def test_lines_and_actions_of_a_claim_follow(self):
        older, younger = self.create_pair(
            'service.claim',
            line_ids=[Command.create({'name': 'Cork', 'amount_claimed': 30})],
            action_ids=[Command.create({'name': 'Change the cork'})],
        )
        older.line_ids = [Command.create({'name': 'Bottle', 'amount_claimed': 12})]
        (older | younger).action_merge()
        self.assertEqual(set(older.line_ids.mapped('name')), {'Cork', 'Bottle'})
        self.assertEqual(older.action_ids.name, 'Change the cork')
        self.assertEqual(older.amount_claimed, 42)

    def test_survivor_is_completed_and_never_overwritten(self):
        category = self.env['service.category'].create({'name': 'Presses'})
        tags = self.env['service.tag'].create([{'name': 'A'}, {'name': 'B'}])
        older, younger = self.create_pair(
            category_id=category.id, priority='3', user_id=self.agent.id, tag_ids=tags[1].ids
        )
        older.write({'user_id': self.leader.id, 'tag_ids': tags[0].ids})
        (older | younger).action_merge()
        self.assertRecordValues(
            older, [{'category_id': category.id, 'priority': '3', 'user_id': self.leader.id}]
        )
        self.assertEqual(older.tag_ids, tags)

    def test_only_colleagues_and_the_same_customer_go_on_following(self):
        stranger = self.env['res.partner'].create({'name': 'Stranger', 'email': 's@example.com'})
        older, younger = self.create_pair()
        younger.message_subscribe((self.contact | stranger | self.colleague.partner_id).ids)
        (older | younger).action_merge()
        self.assertIn(self.contact, older.message_partner_ids)
        self.assertIn(self.colleague.partner_id, older.message_partner_ids)
        self.assertNotIn(stranger, older.message_partner_ids)

    def test_different_customers_only_when_forced(self):
        other = self.env['res.partner'].create({'name': 'Quesos Ibor'})
        for values in (
            {'partner_id': other.id},
            {'partner_id': False, 'email_from': 'who@example.com'},
        ):
            older, younger = self.create_pair(**values)
            with self.assertRaisesRegex(UserError, 'different customers'):
                (older | younger).action_merge()
            self.assertTrue(younger.active)
            self.assertEqual((older | younger).action_merge(force=True), older)

    def test_contacts_of_one_company_are_one_customer(self):
        older, younger = self.create_pair(partner_id=self.contact.id)
        self.assertEqual((older | younger).action_merge(), older)

    def test_different_companies_are_refused_even_when_forced(self):
        _company, team = self.create_foreign_company()
        older = self.create_case()
        foreign = self.env['service.ticket'].create({'name': 'x', 'team_id': team.id})
        with self.assertRaisesRegex(UserError, 'Company'):
            (older | foreign).action_merge(force=True)

    def test_customer_and_supplier_claims_are_refused_even_when_forced(self):
        older, younger = self.create_pair('service.claim', against='supplier')
        with self.assertRaisesRegex(UserError, 'Party'):
            (older | younger).action_merge(force=True)

    def test_fewer_than_two_and_merged_ones_are_refused(self):
        older, younger = self.create_pair()
        with self.assertRaisesRegex(UserError, 'at least two'):
            older.action_merge()
        (older | younger).action_merge()
        with self.assertRaisesRegex(UserError, 'merged before'):
            (self.create_case() | younger).action_merge()

    def test_merge_of_a_merge_leads_to_the_last_survivor(self):
        older, younger = self.create_pair()
        (older | younger).action_merge()
        oldest = self.create_case(date_open='2026-03-01 09:00:00')
        (older | oldest).action_merge()
        self.assertEqual(older.merged_into_id, oldest)
        self.assertEqual(younger.merged_into_id, oldest)

    def test_cycle_and_merge_into_itself_are_refused(self):
        older, younger = self.create_pair()
        (older | younger).action_merge()
        with self.assertRaises(ValidationError):
            older.write({'active': False, 'merged_into_id': younger.id})
        with (
            mute_logger('odoo.sql_db'),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                'UPDATE service_ticket SET merged_into_id = id, active = false WHERE id = %s',
                [older.id],
            )

    def test_merged_one_stays_archived(self):
        older, younger = self.create_pair()
        (older | younger).action_merge()
        with (
            mute_logger('odoo.sql_db'),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            younger.action_unarchive()
            self.env.flush_all()

    def test_closed_survivor_is_reopened_for_what_was_open(self):
        older, younger = self.create_pair()
        older.action_solve()
        (older | younger).action_merge()
        self.assertEqual(older.stage_kind, 'open')
        self.assertFalse(older.date_closed)

    def test_user_without_access_to_one_merges_none(self):
        older, younger = self.create_pair(team_id=self.desk.id, user_id=self.colleague.id)
        with self.assertRaises(AccessError):
            (older | younger).with_user(self.agent).action_merge()
        with self.assertRaises(AccessError):
            (older | younger).with_user(self.salesman).action_merge()

    def test_dialog_shows_what_happens_and_merges(self):
        older, younger = self.create_pair(partner_id=self.contact.id)
        younger.message_post(body='Again', message_type='comment')
        wizard = self.open_dialog(older | younger)
        self.assertIn(older.number, wizard.summary)
        self.assertIn(younger.number, wizard.summary)
        self.assertIn('Message', wizard.summary)
        self.assertFalse(wizard.has_several_customers)
        self.assertTrue(younger.active)
        action = wizard.action_merge()
        self.assertEqual((action['res_model'], action['res_id']), (older._name, older.id))
        self.assertFalse(younger.active)

    def test_dialog_warns_of_different_customers_and_forces_only_when_asked(self):
        other = self.env['res.partner'].create({'name': 'Quesos Ibor'})
        older, younger = self.create_pair(partner_id=other.id)
        wizard = self.open_dialog(older | younger)
        self.assertTrue(wizard.has_several_customers)
        with self.assertRaises(UserError):
            wizard.action_merge()
        wizard.force = True
        wizard.action_merge()
        self.assertFalse(younger.active)

    def open_dialog(self, cases):
        context = {'active_model': cases._name, 'active_ids': cases.ids}
        dialogs = self.env['service.case.merge'].with_user(self.agent)
        return dialogs.with_context(**context).create({})

    def test_copy_of_many_starts_anew(self):
        for model_name in CASE_MODELS:
            cases = self.create_case(model_name) | self.create_case(model_name)
            cases.action_solve()
            copies = cases.copy()
            self.assertEqual(len(copies), 2)
            self.assertEqual(len(set((cases | copies).mapped('number'))), 4)
            self.assertEqual(set(copies.mapped('stage_kind')), {'new'})
            self.assertFalse(any(copies.mapped('date_closed')))
