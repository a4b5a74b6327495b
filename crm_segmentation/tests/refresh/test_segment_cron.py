from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..common import SegmentCase

LOGGER = 'odoo.addons.crm_extended.models.shared.crm_batch_mixin'


@tagged('post_install', '-at_install')
class TestSegmentCron(SegmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['crm.segment'].search([]).refresh_interval_unit = False

    def _break(self, segment):
        """Make criteria outdated, as uninstalling an addon does."""
        self.env.cr.execute(
            'UPDATE crm_segment SET domain = %s WHERE id = %s', ["[('gone', '=', 1)]", segment.id]
        )
        segment.invalidate_recordset()

    def _run_cron_with_failures(self):
        with mute_logger(LOGGER):
            self.run_cron()

    def test_cron_refreshes_active_segments_and_twice_does_no_harm(self):
        segment = self.create_due_segment()
        archived = self.create_due_segment(name='Archived', active=False, category_id=False)
        self.run_cron()
        self.assertEqual(self.open_partners(segment), self.alba | self.brisa)
        self.assertFalse(self.open_partners(archived))
        memberships = segment.membership_ids
        self.run_cron()
        self.assertEqual(segment.membership_ids, memberships)

    @freeze_time('2026-03-02 06:30:00')
    def test_each_segment_follows_its_own_rhythm(self):
        hourly = self.create_due_segment(refresh_interval_unit='hours', refresh_interval_number=2)
        weekly = self.create_due_segment(refresh_interval_unit='weeks', category_id=False)
        never = self.create_due_segment(refresh_interval_unit=False, category_id=False)
        self.run_cron()
        self.assertFalse(never.last_run)
        self.assertEqual(str(hourly.next_refresh), '2026-03-02 08:30:00')
        self.assertEqual(str(weekly.next_refresh), '2026-03-09 06:30:00')
        self.alba.ref = 'SEG-FR'
        with freeze_time('2026-03-02 08:29:00'):
            self.run_cron()
        self.assertEqual(self.open_partners(hourly), self.alba | self.brisa, 'not due yet')
        with freeze_time('2026-03-02 08:40:00'):
            self.run_cron()
        self.assertEqual(self.open_partners(hourly), self.brisa)
        self.assertEqual(self.open_partners(weekly), self.alba | self.brisa)
        self.assertEqual(str(hourly.next_refresh), '2026-03-02 10:30:00', 'the rhythm is kept')

    @freeze_time('2026-03-02 06:30:00')
    def test_rhythm_goes_on_from_now_after_a_long_standstill(self):
        segment = self.create_due_segment(next_refresh='2026-01-01 05:00:00')
        self.run_cron()
        self.assertEqual(str(segment.next_refresh), '2026-03-03 06:30:00')

    @freeze_time('2026-03-02 12:00:00')
    def test_applying_by_hand_leaves_the_rhythm_alone(self):
        segment = self.create_due_segment(next_refresh='2026-03-03 03:00:00')
        segment.action_apply()
        self.assertEqual(str(segment.next_refresh), '2026-03-03 03:00:00')

    def test_segment_without_a_date_waits_for_the_first_application(self):
        segment = self.create_segment()
        self.assertEqual(segment.state, 'draft')
        self.run_cron()
        self.assertFalse(segment.last_run)
        segment.action_apply()
        self.assertTrue(segment.next_refresh)
        self.assertEqual(segment.state, 'active')
        self.assertFalse(segment.copy().next_refresh)

    def test_segment_that_joins_a_group_waits_as_well(self):
        group = self.env['crm.segment.group'].create({'name': 'A/B'})
        first = self.create_segment(name='A', group_id=group.id, sequence=1)
        first.action_apply()
        first.next_refresh = '2026-01-01 00:00:00'
        second = self.create_segment(
            name='B', group_id=group.id, domain="[('ref', '=like', 'SEG-%')]"
        )
        self.run_cron()
        self.assertFalse(second.last_run)
        self.assertFalse(self.open_partners(second))
        second.action_apply()
        self.assertEqual(self.open_partners(second), self.cierzo)

    def test_child_of_a_draft_says_so(self):
        draft = self.create_segment(name='Draft')
        child = self.create_segment(name='Child', parent_ids=draft.ids)
        self.assertEqual(child.unapplied_parents, 'Draft')
        draft.action_apply()
        self.assertFalse(child.unapplied_parents)

    def test_interrupted_round_goes_on_with_what_is_due(self):
        first = self.create_due_segment()
        second = self.create_due_segment(name='Second', category_id=False)
        first._refresh()
        self.assertEqual(
            self.env['crm.segment'].search(self.env['crm.segment']._get_due_domain()), second
        )

    def test_used_segments_come_first_and_groups_together(self):
        group = self.env['crm.segment.group'].create({'name': 'A/B'})
        child = self.create_due_segment(name='Child', domain=False)
        first = self.create_due_segment(name='A', group_id=group.id, sequence=1)
        second = self.create_due_segment(name='B', group_id=group.id, sequence=2)
        child.parent_ids = second
        units = list((child | second).sudo()._get_refresh_units())
        self.assertEqual(units, [first | second, child])
        self.assertEqual(units[0].ids, [first.id, second.id])

    def test_segment_that_fails_is_parked_and_stops_nobody(self):
        broken = self.create_due_segment(name='A broken one')
        good = self.create_due_segment(category_id=False)
        self._break(broken)
        self._run_cron_with_failures()
        self.assertIn('gone', broken.last_error)
        self.assertFalse(broken.last_run)
        self.assertEqual(self.open_partners(good), self.alba | self.brisa)
        activity = broken.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn('gone', activity.note)
        self.run_cron()
        self.assertEqual(broken.activity_ids, activity, 'the owner is told once')

    def test_parked_segment_is_tried_again_after_an_edit(self):
        broken = self.create_due_segment()
        self._break(broken)
        self._run_cron_with_failures()
        broken.domain = "[('ref', '=', 'SEG-ES')]"
        self.assertFalse(broken.last_error)
        self.assertFalse(broken.activity_ids)
        self.run_cron()
        self.assertEqual(self.open_partners(broken), self.alba | self.brisa)

    def test_applying_by_hand_ends_the_parking(self):
        segment = self.create_due_segment()
        segment.sudo()._park(segment, 'The server was away')
        self.assertTrue(segment.activity_ids)
        segment.action_apply()
        self.assertFalse(segment.last_error)
        self.assertFalse(segment.activity_ids)

    def test_group_waits_for_its_segment_that_fails(self):
        group = self.env['crm.segment.group'].create({'name': 'A/B'})
        first = self.create_due_segment(name='A', group_id=group.id, sequence=1)
        second = self.create_due_segment(name='B', group_id=group.id, sequence=2)
        self._break(first)
        self._run_cron_with_failures()
        self.assertIn('"A" of the same exclusive group', second.last_error)
        self.assertFalse(second.activity_ids)
        first.domain = "[('ref', '=', 'SEG-ES')]"
        self.assertFalse(second.last_error)
        self.run_cron()
        self.assertTrue(second.last_run)

    def test_owner_who_may_not_read_the_segment_is_not_told(self):
        segment = self.create_due_segment(user_id=self.env.ref('base.user_demo').id)
        self.env.ref('base.user_demo').group_ids = self.env.ref('base.group_user')
        self._break(segment)
        self._run_cron_with_failures()
        self.assertTrue(segment.last_error)
        self.assertFalse(segment.activity_ids)


@tagged('post_install', '-at_install')
class TestSegmentSize(SegmentCase):
    def test_size_is_recorded_once_a_day(self):
        segment = self.create_segment()
        with freeze_time('2026-03-02 06:00:00'):
            segment.action_apply()
        with freeze_time('2026-03-02 18:00:00'):
            self.alba.ref = 'SEG-FR'
            self.cierzo.ref = 'SEG-ES'
            segment.action_apply()
        with freeze_time('2026-03-03 06:00:00'):
            segment.action_apply()
        self.assertRecordValues(
            segment.size_ids,
            [
                {'member_count': 2, 'entered_count': 0, 'left_count': 0},
                {'member_count': 2, 'entered_count': 3, 'left_count': 1},
            ],
        )

    def test_days_without_a_run_have_the_size_of_the_day_before(self):
        segment = self.create_segment()
        with freeze_time('2026-03-02 06:00:00'):
            segment.action_apply()
        with freeze_time('2026-03-05 06:00:00'):
            self.cierzo.ref = 'SEG-ES'
            segment.action_apply()
        with freeze_time('2026-03-06 23:59:00'):
            for _run in range(2):
                self.env['crm.segment.size']._fill_gaps()
        sizes = [
            (row.date.day, row.member_count, row.entered_count)
            for row in segment.size_ids.sorted('date')
        ]
        self.assertEqual(sizes, [(2, 2, 2), (3, 2, 0), (4, 2, 0), (5, 3, 1), (6, 3, 0)])

    def test_the_refresh_fills_the_days(self):
        segment = self.create_segment()
        with freeze_time('2026-03-02 06:00:00'):
            segment.action_apply()
            segment.refresh_interval_unit = False
        with freeze_time('2026-03-04 06:00:00'):
            self.run_cron()
        self.assertEqual(segment.size_ids.mapped('member_count'), [2, 2, 2])

    def test_sizes_of_several_segments_are_not_stacked(self):
        arch = self.env['crm.segment.size'].get_view(view_type='graph')['arch']
        self.assertIn('stacked="0"', arch)

    def test_sizes_are_read_by_salespeople_and_written_by_nobody(self):
        segment = self.create_segment()
        segment.action_apply()
        size = segment.size_ids.with_user(self.salesman)
        self.assertEqual(size.member_count, 2)
        with self.assertRaises(AccessError):
            size.with_user(self.manager).write({'member_count': 9})
