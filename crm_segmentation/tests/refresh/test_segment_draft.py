from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentDraft(SegmentCase):
    def test_draft_has_no_members_and_is_left_alone_until_it_is_activated(self):
        segment = self.create_segment()
        self.assertEqual(segment.state, 'draft')
        self.assertEqual(segment._get_changes()[segment.id]['enter'], 2)
        segment.action_apply()
        self.assertEqual((segment.state, self.alba.category_id), ('active', self.tag))
        self.brisa.category_id -= self.tag
        self.brisa.category_id |= self.tag
        segment.action_draft()
        self.assertEqual((segment.state, segment.member_count), ('draft', 0))
        self.assertFalse(self.alba.category_id)
        self.assertEqual(self.brisa.category_id, self.tag, 'a tag by hand stays')
        self.assertFalse(segment.next_refresh)
        self.run_cron()
        self.assertEqual((segment.state, segment.member_count), ('draft', 0))
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba | self.brisa)

    def test_what_happens_on_leaving_happens_and_the_size_is_told(self):
        segment = self.create_segment(leave_user_id=self.salesman.id)
        segment.action_apply()
        segment.action_draft()
        self.assertEqual(segment.size_ids.mapped('member_count'), [0])
        self.assertEqual(segment.size_ids.left_count, 2)
        with self.enter_registry_test_mode():
            self.env.ref('crm_segmentation.ir_cron_segment_effects').method_direct_trigger()
        self.assertEqual(self.alba.user_id, self.salesman)

    def test_additive_segment_is_emptied_as_well_and_a_failure_is_forgotten(self):
        segment = self.create_segment(mode='additive')
        segment.action_apply()
        segment.sudo().last_error = 'Broken'
        segment.action_draft()
        self.assertFalse(segment.member_count)
        self.assertFalse(segment.last_error)
        self.assertFalse(segment.next_refresh)

    def test_a_group_becomes_a_draft_as_a_whole(self):
        group = self.env['crm.segment.group'].create({'name': 'A and B'})
        first = self.create_segment(group_id=group.id)
        second = self.create_segment(name='B', group_id=group.id, domain="[('ref', '!=', False)]")
        group.action_apply()
        second.action_draft()
        self.assertEqual((first | second).mapped('state'), ['draft', 'draft'])
        self.assertFalse(self.open_partners(first | second))

    def test_used_segment_does_not_become_a_draft(self):
        used = self.create_segment(name='Used one')
        user = self.create_segment(name='User', parent_ids=used.ids)
        (used | user).action_apply()
        with self.assertRaisesRegex(UserError, 'Used one'):
            used.action_draft()
        (used | user).action_draft()
        self.assertEqual((used | user).mapped('state'), ['draft', 'draft'])

    def test_salesperson_makes_no_drafts(self):
        segment = self.create_segment()
        segment.action_apply()
        with self.assertRaises(AccessError):
            segment.with_user(self.salesman).action_draft()

    def test_no_mailing_goes_to_a_draft(self):
        if 'mailing.mailing' not in self.env:
            self.skipTest('Email Marketing is not installed')
        segment = self.create_segment().sudo()
        with self.assertRaisesRegex(UserError, 'draft'):
            segment.action_send_mailing()
        segment.action_apply()
        self.assertEqual(segment.action_send_mailing()['res_model'], 'mailing.mailing')
