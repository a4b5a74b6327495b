from odoo.tests import tagged

from ..real_transactions import RealTransactionCase


@tagged('post_install', '-at_install')
class TestSegmentSlices(RealTransactionCase):
    """A large difference is committed slice by slice; here two contacts are large enough."""

    def setUp(self):
        super().setUp()
        self.segment_id = self.create_segment(category_id=self.tag_id)

    def segment(self, cr):
        return self.as_root(cr)['crm.segment'].browse(self.segment_id)

    def begin(self, cr):
        """Commit the first of two slices, and return whether to go on."""
        segment = self.segment(cr)
        memberships = segment.env['crm.segment.membership']
        memberships._load_difference(segment, segment._get_target_query())
        contacts, _last_id = memberships._get_slice(0, 2)
        return segment._commit_slice(memberships._apply_slice(segment, contacts), 2)

    def assertMembers(self, count):
        """So many contacts are members once, and exactly they carry the tag."""
        with self.registry.cursor() as cr:
            segment = self.segment(cr)
            members = self.open_partner_ids(segment.env, segment.id)
            self.assertEqual(len(members), count)
            self.assertEqual(set(segment.category_id.partner_ids.ids), members)
            self.assertEqual(segment.size_ids.entered_count, count)
            self.assertEqual(segment.size_ids.member_count, count)

    def test_all_slices_are_one_run(self):
        with self.registry.cursor() as cr:
            self.segment(cr)._refresh(batch=3)
            self.assertTrue(self.segment(cr).last_run)
            self.assertFalse(self.segment(cr).remaining_count)
        self.assertMembers(4)

    def test_run_that_is_cut_off_says_how_much_is_left_and_is_made_up_for(self):
        with self.registry.cursor() as cr:
            self.assertTrue(self.begin(cr))
        self.assertMembers(2)
        with self.registry.cursor() as cr:
            segment = self.segment(cr)
            self.assertEqual(segment.remaining_count, 2)
            self.assertFalse(segment.last_run)
            self.assertIn(segment, segment.search(segment._get_due_domain()))
            segment._refresh()
            self.assertFalse(segment.remaining_count)
        self.assertMembers(4)

    def test_contact_deleted_between_two_slices_is_left_out(self):
        """The working set outlives the commit, and whoever is gone is not taken from it."""
        with self.registry.cursor() as first:
            segment = self.segment(first)
            memberships = segment.env['crm.segment.membership']
            memberships._load_difference(segment, segment._get_target_query())
            part, last_id = memberships._get_slice(0, 2)
            self.assertEqual(memberships._apply_slice(segment, part), {'enter': 2, 'leave': 0})
            first.commit()
            segment.env['res.partner'].browse(self.partner_ids[3]).unlink()
            rest, last_id = memberships._get_slice(last_id, 2)
            self.assertEqual(last_id, self.partner_ids[3])
            self.assertEqual(memberships._apply_slice(segment, rest), {'enter': 1, 'leave': 0})
