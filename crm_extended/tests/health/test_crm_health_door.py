from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.health.crm_health_door import LOOKS_PER_MINUTE, TOKEN_PARAMETER

JOB = 'job.crm_extended.ir_cron_take_cadence_steps'


@tagged('post_install', '-at_install')
class TestCrmHealthDoor(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env['ir.config_parameter']
        cls.admin = new_test_user(cls.env, 'door_admin', 'base.group_system')
        # what the demonstration data leaves undone is not what is tested here
        now = fields.Datetime.now()
        jobs = cls.env['ir.cron'].with_context(active_test=False).search([])
        jobs.write({'nextcall': now + timedelta(days=1), 'failure_count': 0})
        cls.job = cls.env.ref('crm_extended.ir_cron_take_cadence_steps')
        cls.env['crm.cadence.run'].search([]).state = 'stopped'

    def _open_door(self):
        self.env['res.config.settings'].with_user(self.admin).create({}).action_open_crm_health()
        self.env.flush_all()
        return self.parameters.get_param(TOKEN_PARAMETER)

    @mute_logger('odoo.http', 'werkzeug')
    def test_door_is_closed_until_it_is_opened_and_knows_one_token(self):
        self.assertFalse(self.parameters.get_param(TOKEN_PARAMETER))
        for token in ('', 'False', 'guess', '%00', '%C3%B1'):
            self.assertEqual(self.url_open(f'/crm/health/{token}').status_code, 404)
        first = self._open_door()
        self.assertGreater(len(first), 30)
        self.assertIn(self.url_open(f'/crm/health/{first}').status_code, (200, 503))
        second = self._open_door()
        self.assertEqual(self.url_open(f'/crm/health/{first}').status_code, 404)
        self.assertIn(self.url_open(f'/crm/health/{second}').status_code, (200, 503))
        self.env['res.config.settings'].with_user(self.admin).create({}).action_close_crm_health()
        self.env.flush_all()
        self.assertEqual(self.url_open(f'/crm/health/{second}').status_code, 404)

    def test_only_administrators_open_the_door(self):
        manager = new_test_user(self.env, 'door_manager', 'sales_team.group_sale_manager')
        with self.assertRaises(AccessError):
            self.env['crm.health'].with_user(manager)._open_door()
        self.assertFalse(self.env['res.config.settings'].with_user(self.admin).new().crm_health_url)
        token = self._open_door()
        settings = self.env['res.config.settings'].with_user(self.admin).new()
        self.assertTrue(settings.crm_health_url.endswith(f'/crm/health/{token}'))

    @mute_logger('odoo.http', 'werkzeug')
    def test_states_and_numbers_are_told_and_nothing_else(self):
        token = self._open_door()
        self.job.failure_count = 3
        self.env.flush_all()
        response = self.url_open(f'/crm/health/{token}')
        self.assertEqual((response.status_code, response.json()['state']), (503, 'act'))
        self.assertEqual(response.json()['checks'][JOB], {'state': 'act', 'count': 3})
        self.job.failure_count = 0
        self.env.flush_all()
        checks = self.url_open(f'/crm/health/{token}').json()['checks']
        self.assertEqual(checks[JOB], {'state': 'good', 'count': 0})
        self.assertTrue(checks)
        self.assertEqual(
            {frozenset(one) for one in checks.values()}, {frozenset(('state', 'count'))}
        )
        # what the demonstration data of the addons above leaves undone
        states = {one['state'] for one in checks.values()}
        status = self.url_open(f'/crm/health/{token}').status_code
        self.assertEqual(status, 503 if 'act' in states else 200)

    @mute_logger('odoo.http', 'werkzeug')
    def test_prometheus_reads_the_same(self):
        token = self._open_door()
        self.job.failure_count = 3
        self.env.flush_all()
        response = self.url_open(f'/crm/health/{token}?format=prometheus')
        self.assertEqual(response.status_code, 503)
        self.assertIn('text/plain', response.headers['Content-Type'])
        self.assertIn(f'crm_health_state{{check="{JOB}",area="job"}} 2\n', response.text)
        self.assertIn(f'crm_health_count{{check="{JOB}",area="job"}} 3\n', response.text)

    @mute_logger('odoo.http', 'werkzeug')
    def test_more_than_a_monitor_needs_is_refused_for_a_minute(self):
        token = self._open_door()
        looks = self.env['crm.health'].with_user(self.env.ref('base.user_root'))
        looks.create([{}] * LOOKS_PER_MINUTE)
        self.env.flush_all()
        response = self.url_open(f'/crm/health/{token}')
        self.assertEqual(response.status_code, 429)
        self.assertEqual(response.headers['Retry-After'], '60')
        with freeze_time(fields.Datetime.now() + timedelta(minutes=2)):
            self.assertTrue(looks._tell())
