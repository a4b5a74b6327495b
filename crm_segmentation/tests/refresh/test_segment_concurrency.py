from contextlib import closing

from odoo import SUPERUSER_ID, api
from odoo.exceptions import LockError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

REF = 'SEG-AT-ONCE'


@tagged('post_install', '-at_install')
class TestSegmentConcurrency(BaseCase):
    """Two refreshes at once, and one that dies: real transactions."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = self._env(cr)
            self.partner_ids = env['res.partner'].create([{'name': REF, 'ref': REF}] * 3).ids
            self.tag_id = env['res.partner.category'].create({'name': REF}).id
            self.segment_id = (
                env['crm.segment']
                .create(
                    {
                        'name': REF,
                        'domain': f"[('ref', '=', '{REF}')]",
                        'category_id': self.tag_id,
                        'enter_user_id': SUPERUSER_ID,
                    }
                )
                .id
            )
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            env['crm.segment'].browse(self.segment_id).unlink()
            env['res.partner'].browse(self.partner_ids).unlink()
            env['res.partner.category'].browse(self.tag_id).unlink()

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def _segment(self, cr):
        return self._env(cr)['crm.segment'].browse(self.segment_id)

    def _count(self, condition='TRUE'):
        with self.registry.cursor() as cr:
            cr.execute(
                'SELECT count(*) FROM crm_segment_membership'
                f' WHERE segment_id = %s AND date_out IS NULL AND {condition}',
                [self.segment_id],
            )
            return cr.fetchone()[0]

    def test_two_refreshes_at_once_make_one_membership_each(self):
        with closing(self.registry.cursor()) as first, closing(self.registry.cursor()) as second:
            self._segment(first)._refresh()
            self._segment(second)._refresh()
            with self.assertRaises(LockError):
                self._segment(second)._apply()
            second.rollback()
            first.commit()
            self._segment(second)._refresh()
            second.commit()
        self.assertEqual(self._count(), 3)
        self.assertEqual(self._count('tag_added'), 3)

    def test_refresh_that_dies_leaves_nothing_and_is_done_again(self):
        with closing(self.registry.cursor()) as cr:
            self._segment(cr)._refresh()
        self.assertEqual(self._count(), 0)
        with self.registry.cursor() as cr:
            self.assertIn(self._segment(cr), self._segment(cr).search([]))
            self._segment(cr)._refresh()
        self.assertEqual(self._count(), 3)

    def test_effects_are_shared_out_between_two_workers(self):
        with self.registry.cursor() as cr:
            self._segment(cr)._refresh()
        with closing(self.registry.cursor()) as first, closing(self.registry.cursor()) as second:
            taken = self._segment(first)._get_pending_memberships('enter', 0)
            self.assertEqual(len(taken), 3)
            self.assertFalse(self._segment(second)._get_pending_memberships('enter', 0))
            self._segment(first)._run_effects('enter', taken)
            second.rollback()
            first.commit()
            self.assertFalse(self._segment(second)._get_pending_memberships('enter', 0))
        self.assertEqual(self._count('enter_pending'), 0)
