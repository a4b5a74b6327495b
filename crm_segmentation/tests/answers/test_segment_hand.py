from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentHand(SegmentCase):
    """Many contacts at once are put on the lists of a segment, and who belongs today is kept."""

    def change(self, records, segment, change):
        dialogs = self.env['crm.segment.hand'].with_user(self.manager)
        dialogs = dialogs.with_context(active_model=records._name, active_ids=records.ids)
        dialog = dialogs.create({'segment_id': segment.id, 'change': change})
        self.assertEqual(dialog.partner_count, len(dialog.partner_ids))
        dialog.action_confirm()
        return dialog.partner_ids

    def test_contacts_of_a_list_change_the_lists(self):
        segment = self.create_segment()
        segment.action_apply()
        self.change(self.cierzo | self.duna, segment, 'include')
        self.assertEqual(segment.include_partner_ids, self.cierzo | self.duna)
        self.assertTrue(segment.is_changed)
        self.change(self.alba | self.duna, segment, 'exclude')
        self.assertEqual(segment.include_partner_ids, self.cierzo)
        self.assertEqual(segment.exclude_partner_ids, self.alba | self.duna)
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.brisa | self.cierzo)
        self.change(self.alba | self.cierzo, segment, 'remove')
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba | self.brisa)

    def test_documents_stand_for_their_contacts(self):
        segment = self.create_segment()
        calls = self.log_calls(self.cierzo, *['2026-06-01 10:00:00'] * 2)
        calls |= self.log_calls(self.duna, '2026-06-01 10:00:00')
        self.assertEqual(self.change(calls, segment, 'include'), self.cierzo | self.duna)
        lead = self.win(self.alba, 100)
        self.assertEqual(self.change(lead, segment, 'exclude'), self.alba)
        self.assertFalse(self.change(self.tag, segment, 'include'), 'a tag is nobody')

    def test_who_may_not_write_segments_changes_no_list(self):
        segment = self.create_segment()
        dialogs = self.env['crm.segment.hand'].with_user(self.salesman)
        with self.assertRaises(AccessError):
            dialogs.create({'segment_id': segment.id})
        with self.assertRaises(AccessError):
            segment.with_user(self.salesman).action_snapshot()

    def test_snapshot_keeps_the_members_of_today(self):
        segment = self.create_segment()
        segment.action_apply()
        action = segment.action_snapshot()
        snapshot = self.env['crm.segment'].browse(action['res_id'])
        self.assertEqual(snapshot.author_id, self.manager)
        self.assertRegex(snapshot.name, r'^Spanish companies on \d')
        self.alba.ref = 'SEG-FR'
        (segment | snapshot).with_user(self.manager).action_apply()
        self.assertEqual(self.open_partners(segment), self.brisa)
        self.assertEqual(self.open_partners(snapshot), self.alba | self.brisa)
        self.assertFalse(snapshot.category_id)
        segment.unlink()
        self.assertEqual(self.open_partners(snapshot), self.alba | self.brisa)
