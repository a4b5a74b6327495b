from odoo.tests import freeze_time, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentAlert(SegmentCase):
    """A segment of ten customers whose owner is told of moves of more than 20 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env['res.partner'].create(
            [{'name': f'Customer {number}', 'ref': 'MOVE'} for number in range(10)]
        )
        cls.segment = (
            cls.env['crm.segment']
            .with_user(cls.manager)
            .create({'name': 'Watched', 'domain': "[('ref', '=', 'MOVE')]", 'alert_percent': 20})
        )
        with freeze_time('2026-06-01 10:00:00'):
            cls.segment.action_apply()

    def apply(self, count):
        self.customers[:count].ref = 'MOVE'
        self.customers[count:].ref = 'GONE'
        self.segment.action_apply()
        return len(self.segment.activity_ids)

    def test_each_move_is_told_once_to_the_owner(self):
        with freeze_time('2026-06-02 10:00:00'):
            self.assertEqual(self.apply(8), 0, '20 % is not more than 20 %')
            self.assertEqual(self.apply(7), 1)
            self.assertEqual(self.apply(7), 1, 'told once')
            self.assertEqual(self.apply(6), 1, 'not far from what was told')
        activity = self.segment.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn('-30 %', activity.summary)
        with freeze_time('2026-06-03 10:00:00'):
            self.assertEqual(self.apply(5), 2, 'another move')
        with freeze_time('2026-06-20 10:00:00'):
            self.env['crm.segment.size']._fill_gaps()
            self.assertEqual(self.apply(5), 2, 'the size of a week ago')

    def test_slow_moves_are_seen_against_a_week_ago(self):
        sizes = self.env['crm.segment.size']
        for day, count, told in ((4, 9, 0), (7, 8, 0), (10, 8, 0), (11, 7, 1)):
            with freeze_time(f'2026-06-{day:02} 10:00:00'):
                sizes._fill_gaps()
                self.assertEqual(self.apply(count), told, day)

    def test_nobody_is_told_without_a_percentage_or_without_the_right_to_read(self):
        with freeze_time('2026-06-02 10:00:00'):
            self.segment.sudo().user_id = self.env.ref('base.public_user')
            self.assertEqual(self.apply(1), 0)
            self.segment.alert_percent = 0
            self.segment.sudo().user_id = self.manager
            self.assertEqual(self.apply(10), 0)

    def test_first_application_is_no_move(self):
        with freeze_time('2026-06-02 10:00:00'):
            segment = self.segment.copy()
            segment.action_apply()
        self.assertFalse(segment.activity_ids)
        self.assertFalse(segment.alert_date)
