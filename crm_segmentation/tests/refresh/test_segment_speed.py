from odoo.tests import tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentSpeed(SegmentCase):
    def _count_queries(self, function):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _measure_life_of_a_segment(self, size):
        """Return the queries of preview, first fill, nothing to change, everybody leaves."""
        partners = self.env['res.partner'].create(
            [{'name': f'Speed {number}', 'ref': f'SPEED-{size}'} for number in range(size)]
        )
        segment = self.create_segment(domain=f"[('ref', '=', 'SPEED-{size}')]", scope='both')
        measured = [
            self._count_queries(segment._preview),
            self._count_queries(segment._apply),
            self._count_queries(segment._apply),
        ]
        self.assertEqual(segment.member_count, size)
        self.env.cr.execute('UPDATE res_partner SET ref = NULL WHERE id = ANY(%s)', [partners.ids])
        measured.append(self._count_queries(segment._apply))
        self.assertEqual(segment.member_count, 0)
        return measured

    def test_queries_do_not_grow_with_the_contacts(self):
        self._measure_life_of_a_segment(1)
        few = self._measure_life_of_a_segment(10)
        many = self._measure_life_of_a_segment(1000)
        self.assertEqual(few, many)
        self.assertLessEqual(max(many), 32)

    def test_list_of_segments_counts_in_one_query(self):
        segments = self.env['crm.segment'].concat(
            *(
                self.create_segment(name=f'Segment {number}', category_id=False)
                for number in range(20)
            )
        )
        segments._apply()
        segments[:1].mapped('member_count')
        self.env.invalidate_all()
        one = self._count_queries(lambda: segments[:1].mapped('member_count'))
        self.env.invalidate_all()
        twenty = self._count_queries(lambda: segments.mapped('member_count'))
        self.assertEqual(one, twenty)
