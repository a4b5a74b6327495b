from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, new_test_user, tagged

from ..common import CASE_MODELS
from .common import ServiceMailCommon


@tagged('post_install', '-at_install')
class TestMailFollowUp(ServiceMailCommon):
    """Fourteen days after closing, an answer reopens; the day after, it opens another case."""

    def close_long_ago(self, case, kind='solved', days=15):
        """Close a case so many days ago."""
        opened = fields.Datetime.now() - timedelta(days=days + 1)
        case.sudo().write({'date_open': opened})
        case.stage_id = self.stages[kind]
        case.sudo().date_closed = opened + timedelta(days=1)
        self.env.flush_all()
        return case

    def test_answer_within_the_days_of_grace_reopens(self):
        for model_name in CASE_MODELS:
            address = self.to_claims if model_name == 'service.claim' else self.to_tickets
            with freeze_time('2026-03-02 09:00:00'):
                case = self.receive(To=address)
                case.action_solve()
            with freeze_time('2026-03-16 09:00:00'):
                self.assertFalse(self.answer(case))
                self.assertEqual(case.stage_kind, 'open')

    def test_later_answer_opens_a_case_that_follows(self):
        for model_name in CASE_MODELS:
            for kind in ('solved', 'rejected'):
                address = self.to_claims if model_name == 'service.claim' else self.to_tickets
                case = self.close_long_ago(self.receive(To=address), kind)
                messages = case.message_ids
                follow_up = self.answer(case)
                self.assertEqual(follow_up._name, model_name)
                self.assertRecordValues(
                    follow_up,
                    [
                        {
                            'name': case.name,
                            'follows_id': case.id,
                            'partner_id': self.contact.id,
                            'team_id': self.repairs.id,
                            'stage_kind': 'new',
                            'email_normalized': 'lucia@altozano.example.com',
                        }
                    ],
                )
                self.assertEqual(case.follow_up_ids, follow_up)
                self.assertEqual(case.stage_kind, kind)
                self.assertIn(follow_up.number, str((case.message_ids - messages).mapped('body')))
                self.assertIn('something to add', ''.join(follow_up.message_ids.mapped('body')))
                self.assertIn(follow_up.number, self.get_acknowledgement(follow_up).subject)

    def test_team_decides_how_long_it_reopens(self):
        self.repairs.grace_days = 0
        case = self.close_long_ago(self.receive(), days=1)
        self.assertTrue(self.answer(case))
        self.repairs.grace_days = 365
        case = self.close_long_ago(self.receive(), days=300)
        self.assertFalse(self.answer(case))
        self.assertEqual(case.stage_kind, 'open')

    def test_robots_and_colleagues_open_nothing(self):
        case = self.close_long_ago(self.receive())
        self.assertFalse(self.answer(case, Auto_Submitted='auto-replied'))
        new_test_user(
            self.env,
            'mailing_colleague',
            'crm_claims.crm_claims_group_agent',
            email='colleague@ours.example.com',
        )
        self.assertFalse(self.answer(case, 'colleague@ours.example.com'))
        self.assertEqual(case.stage_kind, 'solved')

    def test_answer_in_the_portal_goes_the_same_way(self):
        lucia = new_test_user(
            self.env, 'follow_up_lucia', 'base.group_portal', partner_id=self.contact.id
        )
        self.contact.email = 'lucia@altozano.example.com'
        case = self.receive()
        self.close_long_ago(case)
        self.assertFalse(case._is_portal_reopenable())
        case.with_user(lucia).message_post(
            body='It leaks again', message_type='comment', subtype_xmlid='mail.mt_comment'
        )
        self.assertEqual(case.stage_kind, 'solved')
        self.assertIn('It leaks again', case.follow_up_ids.description)
        self.assertFalse(case.is_customer_waiting, 'it goes on in the other one')
        self.assertTrue(self.get_acknowledgement(case.follow_up_ids))

    def test_what_is_added_goes_to_the_case_that_follows_already(self):
        case = self.close_long_ago(self.receive())
        first_mail = case.message_ids.sorted('id')[0].message_id
        follow_up = self.answer(case)
        for heads in ({'References': first_mail}, {'Subject': f'[{case.number}] more'}):
            self.assertFalse(self.receive('And one thing more', **heads))
            self.assertIn('And one thing more', follow_up.message_ids.sorted('id')[-1].body)
        lucia = new_test_user(
            self.env, 'adding_lucia', 'base.group_portal', partner_id=self.contact.id
        )
        case.with_user(lucia).message_post(
            body='From the portal', message_type='comment', subtype_xmlid='mail.mt_comment'
        )
        self.assertEqual(case.follow_up_ids, follow_up)
        message = follow_up.message_ids.sorted('id')[-1]
        self.assertIn('From the portal', message.body)
        self.assertEqual(message.author_id, self.contact)
        self.close_long_ago(follow_up)
        self.assertTrue(self.receive('Years later', References=first_mail))

    def test_late_answer_to_spam_opens_nothing(self):
        case = self.close_long_ago(self.receive())
        case.action_mark_spam()
        self.assertFalse(self.answer(case))
        self.assertFalse(case.active)

    def test_mail_to_an_archived_team_opens_a_case_of_the_one_that_takes_its_place(self):
        self.repairs.escalation_team_id = self.desk
        self.repairs.active = False
        for address in (self.to_tickets, self.to_claims):
            self.assertEqual(self.receive(To=address).team_id, self.desk)

    def test_answer_to_a_case_of_an_archived_team_comes_to_its_successor(self):
        case = self.receive()
        case.action_solve()
        late = self.close_long_ago(self.receive())
        self.repairs.escalation_team_id = self.desk
        self.repairs.active = False
        self.answer(case)
        self.assertEqual((case.stage_kind, case.team_id), ('open', self.desk))
        self.assertEqual(self.answer(late).team_id, self.desk)
