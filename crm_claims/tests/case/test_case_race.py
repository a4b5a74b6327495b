from odoo import Command, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

from ..common import CASE_MODELS


@tagged('post_install', '-at_install')
class TestCaseRace(BaseCase):
    """Two real transactions, neither of which sees the other; what they made is deleted."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            team = env['service.team'].create(
                {
                    'name': 'Race',
                    'assignment': 'balanced',
                    'member_ids': [Command.set(env.ref('base.user_admin').ids)],
                }
            )
            self.team_id = team.id
        self.addCleanup(self.remove)

    def remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            for model_name in CASE_MODELS:
                env[model_name].search([('team_id', '=', self.team_id)]).unlink()
            env['service.team'].browse(self.team_id).unlink()

    def create_case(self, cr, model_name):
        # who had to wait for the other fails at once, since the other waits for this test
        cr.execute("SET LOCAL lock_timeout = '1s'")
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        env[model_name].create({'name': 'Race', 'team_id': self.team_id})
        env.flush_all()

    def test_cases_created_at_once_get_a_number_and_somebody_each(self):
        for model_name in CASE_MODELS:
            with self.registry.cursor() as first, self.registry.cursor() as second:
                self.create_case(first, model_name)
                self.create_case(second, model_name)
                first.commit()
                second.commit()
                env = api.Environment(first, api.SUPERUSER_ID, {})
                cases = env[model_name].search([('team_id', '=', self.team_id)])
                self.assertEqual(len(cases), 2)
                self.assertEqual(len(set(cases.mapped('number'))), 2)
                self.assertTrue(all(cases.mapped('number')))
                self.assertTrue(all(case.user_id for case in cases))
