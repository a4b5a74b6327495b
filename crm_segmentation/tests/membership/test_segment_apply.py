from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentApply(SegmentCase):
    def test_apply_dynamic_enters_and_tags_who_matches(self):
        segment = self.create_segment()
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba | self.brisa)
        self.assertEqual(self.tag.partner_ids, self.alba | self.brisa)
        self.assertEqual(segment.member_count, 2)
        self.assertTrue(segment.last_run)

    def test_apply_scope_contacts_takes_persons_only(self):
        segment = self.create_segment(scope='contacts')
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.duna)

    def test_apply_again_changes_nothing(self):
        segment = self.create_segment()
        segment.action_apply()
        before = segment.membership_ids.read(['partner_id', 'date_in', 'date_out'])
        written = self.alba.write_date
        segment.action_apply()
        self.assertEqual(segment.membership_ids.read(['partner_id', 'date_in', 'date_out']), before)
        self.assertEqual(self.alba.write_date, written, 'a set does not touch its contacts')

    def test_dynamic_who_stops_matching_leaves_with_a_date(self):
        segment = self.create_segment()
        with freeze_time('2026-03-01 08:00:00'):
            segment.action_apply()
        self.alba.ref = 'SEG-FR'
        with freeze_time('2026-04-01 08:00:00'):
            segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.brisa)
        self.assertEqual(self.tag.partner_ids, self.brisa)
        membership = segment.membership_ids.filtered(lambda row: row.partner_id == self.alba)
        self.assertEqual(str(membership.date_in), '2026-03-01 08:00:00')
        self.assertEqual(str(membership.date_out), '2026-04-01 08:00:00')

    def test_who_comes_back_gets_a_second_membership(self):
        segment = self.create_segment()
        for ref in ('SEG-ES', 'SEG-FR', 'SEG-ES'):
            self.alba.ref = ref
            segment.action_apply()
        memberships = segment.membership_ids.filtered(lambda row: row.partner_id == self.alba)
        self.assertEqual(len(memberships), 2)
        self.assertEqual(len(memberships.filtered('date_out')), 1)
        self.assertIn(self.alba, self.tag.partner_ids)

    def test_archived_contact_leaves(self):
        segment = self.create_segment(include_partner_ids=self.cierzo.ids)
        segment.action_apply()
        (self.alba | self.cierzo).action_archive()
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.brisa)

    def test_additive_keeps_who_stops_matching_until_excluded(self):
        segment = self.create_segment(mode='additive')
        segment.action_apply()
        self.alba.ref = self.brisa.ref = 'SEG-FR'
        segment.exclude_partner_ids = self.brisa
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba)
        self.assertEqual(self.tag.partner_ids, self.alba)

    def test_manual_ignores_criteria(self):
        segment = self.create_segment(mode='manual', include_partner_ids=self.cierzo.ids)
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.cierzo)
        segment.include_partner_ids = self.duna
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.duna)

    def test_by_hand_freezes_the_members(self):
        segment = self.create_segment(include_partner_ids=self.cierzo.ids)
        segment.action_apply()
        segment.mode = 'manual'
        self.assertEqual(segment._preview(), {segment.id: 3})
        self.alba.ref = 'SEG-FR'
        segment.write(
            {
                'include_partner_ids': self.duna.ids,
                'exclude_partner_ids': self.brisa.ids,
            }
        )
        change = {'enter': 1, 'leave': 2, 'stay': 1}
        self.assertEqual(segment._get_changes(), {segment.id: change})
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba | self.duna)
        self.assertEqual(segment._filter_taken(self.alba | self.brisa), self.alba)
        self.assertEqual(segment._get_changes()[segment.id], {'enter': 0, 'leave': 0, 'stay': 2})
        segment.mode = 'dynamic'
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.duna)

    def test_frozen_members_are_kept_from_later_ones_of_the_group(self):
        group = self.env['crm.segment.group'].create({'name': 'A/B'})
        first = self.create_segment(name='A', group_id=group.id, sequence=1)
        second = self.create_segment(
            name='B', group_id=group.id, sequence=2, domain="[('ref', '=like', 'SEG-%')]"
        )
        group.with_user(self.manager).action_apply()
        first.mode = 'manual'
        self.alba.ref = 'SEG-FR'
        self.assertEqual((first | second)._preview(), {first.id: 2, second.id: 1})
        group.with_user(self.manager).action_apply()
        self.assertEqual(self.open_partners(first), self.alba | self.brisa)
        self.assertEqual(self.open_partners(second), self.cierzo)

    def test_hand_lists_beat_criteria_and_exclusion_beats_inclusion(self):
        segment = self.create_segment(
            include_partner_ids=(self.cierzo | self.duna).ids,
            exclude_partner_ids=(self.alba | self.duna).ids,
        )
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.brisa | self.cierzo)
        reasons = {row.partner_id: row.reason for row in segment.membership_ids}
        self.assertEqual(reasons, {self.brisa: 'criteria', self.cierzo: 'included'})

    def test_apply_many_segments_at_once_keeps_them_apart(self):
        spanish = self.create_segment()
        french = self.create_segment(name='French', domain="[('ref', '=', 'SEG-FR')]")
        (spanish | french).action_apply()
        self.assertEqual(self.open_partners(spanish), self.alba | self.brisa)
        self.assertEqual(self.open_partners(french), self.cierzo)

    def test_apply_is_for_managers(self):
        segment = self.create_segment()
        with self.assertRaises(AccessError):
            segment.with_user(self.salesman).action_apply()
        segment.with_user(self.manager).action_apply()

    def test_company_segment_takes_its_own_and_shared_contacts(self):
        other = self.env['res.company'].create({'name': 'Segment Company B'})
        self.alba.company_id = other
        self.brisa.company_id = self.env.company
        segment = self.create_segment(company_id=self.env.company.id, scope='both')
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.brisa | self.duna)
