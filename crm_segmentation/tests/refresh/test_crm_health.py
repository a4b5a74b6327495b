from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged


@tagged('post_install', '-at_install')
class TestCrmHealth(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env['res.partner'].create({'name': 'Bodegas Alba', 'ref': 'HEALTH'})
        cls.segment = cls.env['crm.segment'].create(
            {'name': 'Wineries', 'domain': "[('ref', '=', 'HEALTH')]"}
        )

    def _find(self, key):
        return self.env['crm.health']._look().line_ids.filtered(lambda line: line.key == key)

    def _assert_told(self, key, state, records, values):
        """See a trouble that records are in counted, and gone with it."""
        before = self._find(key).count
        records.sudo().write(values)
        line = self._find(key)
        self.assertEqual((line.state, line.count), (state, before + 1))
        self.assertIn(records, records.search(line.action_open()['domain']))
        records.sudo().write(dict.fromkeys(values, False))
        self.assertEqual(self._find(key).count, before)

    def test_segment_that_could_not_be_refreshed_is_told(self):
        self._assert_told('segment.parked', 'look', self.segment, {'last_error': 'No such field'})

    def test_segment_that_is_late_is_told(self):
        late = {'next_refresh': fields.Datetime.now() - timedelta(hours=4)}
        self._assert_told('segment.late', 'act', self.segment, late)

    def test_contact_for_whom_an_effect_failed_is_told(self):
        self.segment.action_apply()
        membership = self.env['crm.segment.membership'].search(
            [('segment_id', '=', self.segment.id)]
        )
        self.assertEqual(membership.partner_id, self.partner)
        self.segment.sudo().effect_error = 'On holiday'
        self._assert_told('segment.effects', 'look', membership, {'enter_pending': True})

    def test_jobs_of_the_addon_are_looked_at(self):
        self.assertEqual(len(self._find('job.crm_segmentation.ir_cron_refresh_segments')), 1)
