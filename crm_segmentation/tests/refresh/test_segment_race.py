from psycopg2.errors import SerializationFailure

from odoo.exceptions import LockError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..real_transactions import RealTransactionCase


@tagged('post_install', '-at_install')
class TestSegmentRace(RealTransactionCase):
    """Several real transactions at the same segment and contacts."""

    def setUp(self):
        super().setUp()
        self.segment_id = self.create_segment(category_id=self.tag_id)

    def segment(self, cr):
        return self.as_root(cr)['crm.segment'].browse(self.segment_id)

    def assertConsistent(self, partner_ids):
        """The contacts are members once and carry the tag, and a refresh has nothing to do."""
        with self.registry.cursor() as cr:
            segment = self.segment(cr)
            self.assertEqual(self.open_partner_ids(segment.env, segment.id), set(partner_ids))
            self.assertEqual(set(segment.category_id.partner_ids.ids), set(partner_ids))
            self.assertEqual(segment._apply_changes(), {'enter': 0, 'leave': 0})

    def test_two_refreshes_at_once_write_everything_once(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.segment(first)._refresh()
            self.segment(second)._refresh()
            self.assertFalse(self.open_partner_ids(self.as_root(second), self.segment_id))
            with self.assertRaises(LockError):
                self.segment(second)._apply()
            second.rollback()
            first.commit()
            self.assertEqual(
                self.segment(second)._apply()[self.segment_id], {'enter': 0, 'leave': 0}
            )
        self.assertConsistent(self.partner_ids)

    def test_killed_refresh_leaves_nothing_behind_and_is_made_up_for(self):
        killed = self.registry.cursor()
        self.segment(killed)._refresh()
        killed.rollback()
        killed.close()
        with self.registry.cursor() as cr:
            self.assertFalse(self.open_partner_ids(self.as_root(cr), self.segment_id))
            self.assertFalse(self.segment(cr).category_id.partner_ids)
            self.segment(cr)._refresh()
        self.assertConsistent(self.partner_ids)

    @mute_logger('odoo.sql_db')
    def test_contact_deleted_meanwhile_is_a_collision_that_is_tried_again(self):
        gone, *others = self.partner_ids
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.assertTrue(self.segment(first).name)  # its view of the database begins here
            self.as_root(second)['res.partner'].browse(gone).unlink()
            second.commit()
            with self.assertRaises(SerializationFailure):
                self.segment(first)._apply()
            first.rollback()
            self.segment(first)._refresh()
            self.assertFalse(self.segment(first).last_error)
        self.assertConsistent(others)

    @mute_logger('odoo.sql_db')
    def test_refresh_that_collides_is_not_parked(self):
        gone, *others = self.partner_ids
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.assertTrue(self.segment(first).name)
            self.as_root(second)['res.partner'].browse(gone).unlink()
            second.commit()
            self.segment(first)._refresh()
            self.assertFalse(self.segment(first).last_error)
            self.segment(first)._refresh()
        self.assertConsistent(others)

    @mute_logger('odoo.sql_db')
    def test_contacts_merged_meanwhile_stay_one_member(self):
        kept, merged, *others = self.partner_ids
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.assertTrue(self.segment(first).name)
            env = self.as_root(second)
            env['base.partner.merge.automatic.wizard']._merge(
                [kept, merged], env['res.partner'].browse(kept)
            )
            second.commit()
            self.segment(first)._refresh()
            self.segment(first)._refresh()
        self.assertConsistent([kept, *others])

    def test_tag_set_by_hand_meanwhile_is_not_lost(self):
        tagged_partner = self.partner_ids[0]
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.assertTrue(self.segment(first).name)
            partner = self.as_root(second)['res.partner'].browse(tagged_partner)
            partner.category_id = [(4, self.tag_id)]
            second.commit()
            self.segment(first)._refresh()
            first.commit()
            self.segment(first).domain = "[('ref', '=', 'NOBODY')]"
            self.segment(first)._refresh()
            self.assertFalse(self.open_partner_ids(self.as_root(first), self.segment_id))
