from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentCron(SegmentCase):
    def test_cron_refreshes_active_segments_and_twice_does_no_harm(self):
        segment = self.create_segment()
        archived = self.create_segment(name='Archived', active=False, category_id=False)
        self.run_cron()
        self.assertEqual(self.open_partners(segment), self.alba | self.brisa)
        self.assertFalse(self.open_partners(archived))
        memberships = segment.membership_ids
        self.run_cron()
        self.assertEqual(segment.membership_ids, memberships)

    def test_cron_follows_the_contacts(self):
        segment = self.create_segment()
        self.run_cron()
        self.alba.ref = 'SEG-FR'
        self.run_cron()
        self.assertEqual(self.open_partners(segment), self.brisa)

    def test_cron_goes_on_with_what_an_interrupted_round_left(self):
        done = self.create_segment()
        left = self.create_segment(name='Left over', category_id=False)
        left.sudo().refresh_pending = True
        self.run_cron()
        self.assertFalse(done.last_run)
        self.assertTrue(left.last_run)
        self.run_cron()
        self.assertTrue(done.last_run)

    def test_segment_that_fails_stops_nobody(self):
        broken = self.create_segment(name='A broken one')
        good = self.create_segment(category_id=False)
        self.env.cr.execute(
            'UPDATE crm_segment SET domain = %s WHERE id = %s', ["[('gone', '=', 1)]", broken.id]
        )
        broken.invalidate_recordset()
        with mute_logger('odoo.addons.crm_segmentation.models.crm_segment'):
            self.run_cron()
        self.assertFalse(broken.last_run)
        self.assertFalse(broken.refresh_pending)
        self.assertEqual(self.open_partners(good), self.alba | self.brisa)
