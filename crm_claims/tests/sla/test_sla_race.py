from datetime import timedelta

from odoo import api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name


@tagged('post_install', '-at_install')
class TestSlaRace(BaseCase):
    """Two real transactions on committed records, which are deleted afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            team = env['service.team'].create(
                {'name': 'Race', 'leader_id': env.ref('base.user_admin').id}
            )
            policy = env['service.sla.policy'].create(
                {
                    'name': 'Race',
                    'team_id': team.id,
                    'sequence': -1,
                    'first_response_hours': 1,
                }
            )
            tickets = env['service.ticket'].create(
                [
                    {
                        'name': f'Race {number}',
                        'team_id': team.id,
                        'date_open': fields.Datetime.now() - timedelta(days=30),
                    }
                    for number in range(2)
                ]
            )
            self.ticket_ids, self.team_id, self.policy_id = tickets.ids, team.id, policy.id
        self.addCleanup(self.remove)

    def remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env['service.ticket'].browse(self.ticket_ids).unlink()
            env['service.sla.policy'].browse(self.policy_id).unlink()
            env['service.team'].browse(self.team_id).unlink()

    def get_clocks(self, cr):
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        return env['service.ticket'].browse(self.ticket_ids).sla_clock_ids

    def notify(self, cr):
        clocks = self.get_clocks(cr)
        due = fields.Domain('notice_at', '<=', fields.Datetime.now())
        clocks._run_safely(due, lambda some: some._notify_due())
        clocks.env.flush_all()

    def test_two_runs_at_once_tell_everything_once(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.assertTrue(all(self.get_clocks(second).mapped('notice_at')))
            self.notify(first)
            self.notify(second)  # everything is held by the first: nothing to do
            self.assertFalse(any(self.get_clocks(second).mapped('breached_at')))
            first.commit()
            second.commit()
            self.notify(second)
            second.commit()
            tickets = self.get_clocks(second).env['service.ticket'].browse(self.ticket_ids)
            for ticket in tickets:
                self.assertEqual(len(ticket.activity_ids), 1)
                self.assertTrue(ticket.sla_clock_ids.breached_at)
