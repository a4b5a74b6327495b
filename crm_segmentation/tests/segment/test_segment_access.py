from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
class TestSegmentAccess(SegmentCase):
    def test_salesperson_reads_and_manager_manages(self):
        segment = self.create_segment()
        segment.action_apply()
        as_salesman = segment.with_user(self.salesman)
        self.assertEqual(as_salesman.member_count, 2)
        self.assertEqual(as_salesman.membership_ids.partner_id, self.alba | self.brisa)
        for refused in (
            lambda: as_salesman.write({'name': 'Mine'}),
            lambda: as_salesman.copy(),
            lambda: as_salesman.unlink(),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                refused()
        segment.with_user(self.manager).name = 'Renamed'
        segment.with_user(self.manager).unlink()

    def test_memberships_are_written_by_nobody(self):
        segment = self.create_segment()
        segment.action_apply()
        membership = segment.membership_ids[0].with_user(self.manager)
        for refused in (
            lambda: membership.write({'date_out': '2026-01-01 00:00:00'}),
            lambda: membership.unlink(),
            lambda: membership.copy(),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                refused()

    def test_others_see_nothing(self):
        segment = self.create_segment()
        segment.action_apply()
        employee = new_test_user(self.env, login='segment_employee', groups='base.group_user')
        portal = new_test_user(self.env, login='segment_portal', groups='base.group_portal')
        for user in (employee, portal):
            with self.subTest(user=user.login):
                for model in ('crm.segment', 'crm.segment.membership', 'crm.segment.preview'):
                    with self.assertRaises(AccessError):
                        self.env[model].with_user(user).search([])
        with self.assertRaises(AccessError):
            self.alba.with_user(employee).read(['crm_segment_ids'])
        with self.assertRaises(AccessError):
            self.env['res.partner'].with_user(employee).search(
                [('crm_segment_membership_ids', '!=', False)]
            )

    def test_other_company_is_out_of_sight(self):
        other = self.env['res.company'].create({'name': 'Segment Company B'})
        elsewhere = self.env['crm.segment'].create(
            {'name': 'Elsewhere', 'company_id': other.id, 'domain': "[('ref', '=', 'SEG-ES')]"}
        )
        shared = self.create_segment(scope='both')
        self.duna.company_id = other
        (elsewhere | shared.with_env(self.env)).action_apply()
        segments = self.env['crm.segment'].with_user(self.salesman)
        self.assertNotIn(elsewhere, segments.search([]))
        with self.assertRaises(AccessError):
            elsewhere.with_user(self.salesman).read(['name'])
        with self.assertRaises(AccessError):
            elsewhere.with_user(self.manager).action_apply()
        memberships = self.env['crm.segment.membership'].with_user(self.salesman)
        self.assertFalse(memberships.search([('segment_id', '=', elsewhere.id)]))
        self.assertEqual(
            memberships.search([('segment_id', '=', shared.id)]).partner_id, self.alba | self.brisa
        )
        self.assertEqual(shared.with_user(self.salesman).member_count, 2)
