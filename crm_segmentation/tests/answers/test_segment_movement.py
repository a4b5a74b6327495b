from odoo import fields
from odoo.tests import freeze_time, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentMovement(SegmentCase):
    """Alba and Brisa entered in May, Brisa left in June, when Cierzo entered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment = (
            cls.env['crm.segment']
            .with_user(cls.manager)
            .create({'name': 'Moving', 'domain': "[('ref', '=', 'SEG-ES')]", 'scope': 'companies'})
        )
        with freeze_time('2026-05-31 10:00:00'):
            cls.segment.action_apply()
        with freeze_time('2026-06-01 10:00:00'):
            cls.brisa.ref, cls.cierzo.ref = 'SEG-FR', 'SEG-ES'
            cls.segment.action_apply()

    @freeze_time('2026-06-15 10:00:00')
    def test_buttons_open_exactly_what_they_count(self):
        seen = self.segment.with_user(self.salesman)
        self.assertEqual((seen.entered_this_month, seen.left_this_month), (1, 1))
        for button, expected in (
            (seen.action_view_entered, self.cierzo),
            (seen.action_view_left, self.brisa),
        ):
            action = button()
            rows = seen.env[action['res_model']].search(action['domain'])
            self.assertEqual(rows.partner_id, expected)
            self.assertEqual(rows.segment_id, seen)

    @freeze_time('2026-07-01 10:00:00')
    def test_next_month_begins_at_nothing(self):
        self.assertEqual((self.segment.entered_this_month, self.segment.left_this_month), (0, 0))
        self.assertFalse(self.env['crm.segment'].new({}).entered_this_month)

    @freeze_time('2026-06-01 02:00:00')
    def test_month_begins_where_the_reader_lives(self):
        self.segment.sudo().membership_ids.filtered('date_out').date_out = '2026-06-01 00:30:00'
        for zone, count in (('UTC', 2), ('America/New_York', 4)):
            with self.subTest(zone=zone):
                seen = self.segment.with_context(tz=zone)
                self.assertEqual(seen.left_this_month + seen.entered_this_month, count)

    def test_counts_of_many_segments_take_as_many_queries_as_those_of_one(self):
        many = self.env['crm.segment'].create([{'name': f'Many {n}'} for n in range(30)])
        counts = []
        for segments in (self.segment, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            segments.sudo().mapped('entered_this_month')
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    @freeze_time('2026-06-15 10:00:00')
    def test_trend_shows_the_sizes_of_the_chosen_segments(self):
        other = self.create_segment(name='Other')
        other.action_apply()
        self.create_segment(name='Not chosen').action_apply()
        action = (self.segment | other).with_user(self.salesman).action_view_trend()
        sizes = self.env['crm.segment.size'].with_user(self.salesman).search(action['domain'])
        self.assertEqual(sizes.segment_id, self.segment | other)
        self.assertEqual(max(sizes.mapped('date')), fields.Date.today())
        self.assertTrue(action['view_mode'].startswith('graph'))
