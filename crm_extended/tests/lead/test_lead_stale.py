from datetime import timedelta

from odoo.tests import tagged

from ..common import CrmExtendedCase


@tagged('post_install', '-at_install')
class TestLeadStale(CrmExtendedCase):
    """Days are those of the database: how long something stands still is counted by its clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = cls.env['crm.stage'].create(
            [
                {'name': 'Asked', 'rotting_threshold_days': 5},
                {'name': 'Offered', 'rotting_threshold_days': 10},
            ]
        )
        cls.opportunity = cls.env['crm.lead'].create(
            {
                'name': 'Forklifts',
                'type': 'opportunity',
                'stage_id': cls.stages[0].id,
                'user_id': cls.salesman.id,
            }
        )

    def _stand_still(self, days, opportunity=None):
        (opportunity or self.opportunity).date_last_stage_update = self.env.cr.now() - timedelta(
            days=days
        )
        self.env.flush_all()

    def _tell(self):
        with self.enter_registry_test_mode():
            self.env.ref('crm_extended.ir_cron_tell_stale').method_direct_trigger()
        self.env.invalidate_all()
        return self.opportunity.activity_ids

    def test_salesperson_hears_once_a_stage_that_it_stands_still(self):
        self._stand_still(4)
        self.assertFalse(self._tell())
        self._stand_still(7)
        told = self._tell()
        self.assertEqual((told.user_id, told.summary), (self.salesman, 'No progress for 7 days'))
        told.action_feedback()
        self.assertFalse(self._tell())
        self.opportunity.stage_id = self.stages[1]
        self.assertFalse(self._tell())
        self._stand_still(12)
        self.assertEqual(self._tell().summary, 'No progress for 12 days')

    def test_one_day_is_told_in_the_singular(self):
        self.stages[0].rotting_threshold_days = 1
        self._stand_still(1)
        self.assertEqual(self._tell().summary, 'No progress since yesterday')

    def test_what_nobody_has_or_is_decided_is_not_told(self):
        nobodys = self._new_lead(
            type='opportunity', user_id=False, stage_id=self.stages[0].id, team_id=False
        )
        lost = self._new_lead(type='opportunity', stage_id=self.stages[0].id)
        for opportunity in nobodys | lost:
            self._stand_still(30, opportunity)
        lost.action_set_lost()
        self._tell()
        self.assertFalse((nobodys | lost).activity_ids)
