from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import SQL

from ..common import CASE_MODELS, ServiceCommon

METADATA = {'write_uid', 'write_date', 'message_main_attachment_id'}


@tagged('post_install', '-at_install')
class TestCaseUnmerge(ServiceCommon):
    def create_pair(self, model_name='service.ticket', **values):
        """Return an older case that stays, and a younger one with all that may hang on it."""
        older = self.create_case(model_name, date_open='2026-03-02 09:00:00')
        younger = self.create_case(
            model_name,
            date_open='2026-03-03 09:00:00',
            **{'user_id': self.agent.id, 'priority': '3', **values},
        )
        younger.message_subscribe((self.contact | self.colleague.partner_id).ids)
        self.attached = [
            younger.message_post(body='It leaks again', message_type='comment'),
            self.env['ir.attachment'].create(
                {'name': 'a.txt', 'raw': b'x', 'res_model': model_name, 'res_id': younger.id}
            ),
            younger.activity_schedule('mail.mail_activity_data_todo', user_id=self.manager.id),
        ]
        self.env.flush_all()
        return older, younger

    def read_rows(self, cases):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                'SELECT to_jsonb(t) FROM %s t WHERE id IN %s ORDER BY id',
                SQL.identifier(cases._table),
                tuple(cases.ids),
            )
        )
        return [{name: row[name] for name in row.keys() - METADATA} for (row,) in rows]

    def test_undone_merge_leaves_everything_as_it_was(self):
        tags = self.env['service.tag'].create([{'name': 'A'}, {'name': 'B'}])
        for model_name in CASE_MODELS:
            older, younger = self.create_pair(model_name, tag_ids=[Command.set(tags.ids)])
            older.tag_ids = tags[0]
            cases = older | younger
            before, followers = self.read_rows(cases), older.message_partner_ids
            survivor = cases.with_user(self.agent).action_merge()
            self.assertTrue(survivor.can_undo_merge)
            self.assertEqual({record.res_id for record in self.attached}, {older.id})
            self.assertEqual(older.tag_ids, tags)
            self.assertTrue(survivor.action_undo_merge())
            self.assertEqual(self.read_rows(cases), before)
            self.assertEqual({record.res_id for record in self.attached}, {younger.id})
            self.assertEqual(older.tag_ids, tags[0])
            self.assertEqual(older.message_partner_ids, followers)
            self.assertIn(self.contact, younger.message_partner_ids)
            self.assertIn(younger.number, older.message_ids[0].body)
            self.assertIn(older.number, younger.message_ids[0].body)
            self.assertFalse(survivor.can_undo_merge)

    @freeze_time('2026-03-03 10:00:00')
    def test_promises_go_on_as_if_there_had_been_no_merge(self):
        self.env['service.sla.policy'].create(
            {'name': 'Merged', 'team_id': self.repairs.id, 'sequence': -1, 'resolution_hours': 8}
        )
        older, younger = self.create_pair()
        clocks = {case: case.sla_clock_ids.read(['deadline', 'state']) for case in older | younger}
        deadline = younger.date_deadline
        (older | younger).action_merge()
        self.assertEqual(younger.sla_clock_ids.state, 'paused')
        older.action_undo_merge()
        for case, before in clocks.items():
            self.assertEqual(case.sla_clock_ids.read(['deadline', 'state']), before)
        self.assertEqual(younger.date_deadline, deadline)

    def test_what_was_written_or_edited_since_stays(self):
        older, younger = self.create_pair()
        (older | younger).action_merge()
        since = older.message_post(body='We are on it', message_type='comment')
        older.priority = '0'
        older.action_undo_merge()
        self.assertEqual(since.res_id, older.id)
        self.assertEqual((older.priority, younger.priority), ('0', '3'))

    def test_lines_of_a_claim_and_its_amounts_return(self):
        older, younger = self.create_pair(
            'service.claim', line_ids=[Command.create({'name': 'Cork', 'amount_claimed': 30})]
        )
        older.line_ids = [Command.create({'name': 'Bottle', 'amount_claimed': 12})]
        (older | younger).action_merge()
        older.action_undo_merge()
        self.assertEqual((older.amount_claimed, younger.amount_claimed), (12, 30))
        self.assertEqual(younger.line_ids.name, 'Cork')

    def test_what_is_to_be_sent_later_returns(self):
        older, younger = self.create_pair()
        scheduled = self.env['mail.scheduled.message'].create(
            {
                'author_id': self.env.user.partner_id.id,
                'body': 'We come tomorrow',
                'model': younger._name,
                'res_id': younger.id,
                'scheduled_date': fields.Datetime.now() + timedelta(days=1),
            }
        )
        (older | younger).action_merge()
        older.action_undo_merge()
        self.assertEqual(scheduled.res_id, younger.id)

    def test_merges_are_undone_in_reverse_order(self):
        older, younger = self.create_pair()
        oldest = self.create_case(date_open='2026-03-01 09:00:00')
        (older | younger).action_merge()
        (oldest | older).action_merge()
        self.assertEqual(younger.merged_into_id, oldest)
        with self.assertRaisesRegex(UserError, 'no merge to undo'):
            older.action_undo_merge()
        oldest.action_undo_merge()
        self.assertEqual(younger.merged_into_id, older)
        self.assertTrue(older.active)
        older.action_undo_merge()
        self.assertTrue(younger.active)
        with self.assertRaisesRegex(UserError, 'no merge to undo'):
            older.action_undo_merge()

    def test_deleted_one_does_not_return_and_takes_nothing_along(self):
        older, younger = self.create_pair()
        third = self.create_case(date_open='2026-03-04 09:00:00')
        (older | younger | third).action_merge()
        younger.unlink()
        older.action_undo_merge()
        self.assertTrue(third.active)
        self.assertEqual(self.attached[0].res_id, older.id)

    def test_who_may_not_change_the_survivor_does_not_undo(self):
        older, younger = self.create_pair()
        (older | younger).action_merge()
        for user in (self.colleague, self.salesman):
            with self.assertRaises(AccessError):
                older.with_user(user).action_undo_merge()
        for user in (self.agent, self.manager):
            with self.assertRaises(AccessError):
                self.env['service.case.merging'].with_user(user).create(
                    {'case_model': older._name, 'survivor_ref': older.id}
                )

    def test_form_proposes_what_else_is_open_and_tells_the_customer_once(self):
        for model_name in CASE_MODELS:
            self.env['res.lang']._activate_lang('es_ES')
            spaniard = self.env['res.partner'].create(
                {'name': 'Ana', 'email': 'ana@example.com', 'lang': 'es_ES'}
            )
            older, younger = self.create_pair(model_name, partner_id=spaniard.id)
            older.partner_id = spaniard
            closed = self.create_case(model_name, partner_id=spaniard.id)
            closed.action_solve()
            context = {'active_model': model_name, 'active_ids': younger.ids}
            dialogs = self.env['service.case.merge'].with_user(self.agent).with_context(**context)
            form = Form(dialogs)
            dialog = form.save()
            picked = dialog.ticket_ids or dialog.claim_ids
            self.assertEqual(picked._ids, older._ids)
            self.assertIn(older.number, dialog.summary)
            dialog.action_merge()
            self.assertEqual(younger.merged_into_id, older)
            told = self.get_automatic_mails(older)
            self.assertEqual(told.notified_partner_ids, spaniard)
            self.assertIn(younger.number, told.body)
            self.assertFalse(self.get_automatic_mails(younger))

    def get_automatic_mails(self, case):
        return case.message_ids.filtered(lambda message: message.message_type == 'auto_comment')

    def test_customer_is_not_told_where_that_is_not_wanted(self):
        older, younger = self.create_pair()
        context = {'active_model': older._name, 'active_ids': (older | younger).ids}
        dialogs = self.env['service.case.merge'].with_user(self.agent).with_context(**context)
        dialogs.create({'tell_customer': False}).action_merge()
        self.assertFalse(self.get_automatic_mails(older))
        self.assertFalse(younger.active)

    def test_merge_and_undo_cost_the_same_for_few_and_many(self):
        def count(number):
            cases = self.env['service.ticket'].create(
                [{'name': 'x', 'team_id': self.repairs.id, 'partner_id': self.customer.id}] * number
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            survivor = cases.action_merge()
            survivor.action_undo_merge()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(12), count(3) + 12)

    def test_what_comes_back_comes_to_somebody_who_is_there(self):
        older, younger = self.create_pair()
        (older | younger).action_merge()
        self.repairs.escalation_team_id = self.desk
        self.repairs.active = False
        older.action_undo_merge()
        self.assertEqual((younger.active, younger.team_id), (True, self.desk))
        older, younger = self.create_pair(team_id=self.desk.id, user_id=self.colleague.id)
        older.team_id = self.desk
        (older | younger).action_merge()
        self.colleague.active = False
        older.action_undo_merge()
        self.assertFalse(younger.user_id)
