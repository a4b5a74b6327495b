from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL, config

from ..common import NOW

JOB = 'job.crm_extended.ir_cron_take_cadence_steps'


@tagged('post_install', '-at_install')
class TestCrmHealth(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, 'health_admin', 'base.group_system,sales_team.group_sale_manager', tz='UTC'
        )
        cls.manager = new_test_user(cls.env, 'health_manager', 'sales_team.group_sale_manager')
        cls.job = cls.env.ref('crm_extended.ir_cron_take_cadence_steps')
        cls.lead = cls.env['crm.lead'].create({'name': 'Barrels'})

    def _look(self, user=None):
        return self.env['crm.health'].with_user(user or self.admin)._look()

    def _find(self, key, user=None):
        lines = self._look(user).line_ids.filtered(lambda line: line.key == key)
        self.assertEqual(len(lines), 1, key)
        return lines

    def _assert_trouble(self, key, state, count=None):
        """Return the line of a trouble that is there, with its sentence."""
        line = self._find(key)
        self.assertEqual(line.state, state)
        self.assertNotEqual(line.advice, 'Nothing to do.')
        if count is not None:
            self.assertEqual(line.count, count)
        return line

    def _assert_good(self, key):
        line = self._find(key)
        self.assertEqual((line.state, line.advice), ('good', 'Nothing to do.'))
        return line

    # === RIGHTS === #

    def test_administrator_looks_and_nobody_else(self):
        action = self.env['crm.health'].with_user(self.admin).action_look()
        health = self.env['crm.health'].with_user(self.admin).browse(action['res_id'])
        self.assertGreater(len(health.line_ids), 20)
        for user in (self.manager, self.env.ref('base.public_user')):
            with self.assertRaises(AccessError):
                self.env['crm.health'].with_user(user).action_look()
            with self.assertRaises(AccessError):
                health.line_ids.with_user(user).read(['name'])
        with self.assertRaises(AccessError):
            health.line_ids.with_user(self.admin).write({'state': 'good'})

    def test_menu_is_the_administrators(self):
        menus = self.env['ir.ui.menu']
        menu = self.env.ref('crm_extended.crm_health_menu')
        self.assertIn(menu.id, menus.with_user(self.admin)._visible_menu_ids())
        self.assertNotIn(menu.id, menus.with_user(self.manager)._visible_menu_ids())
        action = self.env.ref('crm_extended.crm_health_action').with_user(self.admin).run()
        self.assertEqual(action['res_model'], 'crm.health')

    # === JOBS === #

    def test_job_that_fails_waits_or_is_off_is_told(self):
        self.job.write({'active': True, 'failure_count': 0, 'nextcall': fields.Datetime.now()})
        line = self._assert_good(JOB)
        self.assertEqual(line.action_open()['res_id'], self.job.id)
        self.assertTrue(line.can_open)
        self.job.failure_count = 2
        self._assert_trouble(JOB, 'act', 2)
        self.job.write({'failure_count': 0, 'nextcall': fields.Datetime.now() - timedelta(hours=2)})
        self._assert_trouble(JOB, 'act')
        # Odoo switches off what failed for a week, and forgets how often it did
        self.job.write({'nextcall': fields.Datetime.now(), 'active': False})
        line = self._assert_trouble(JOB, 'act')
        self.assertIn('Last: never' if not self.job.lastcall else 'Last:', line.detail)
        self.assertEqual(line.health_id.state, 'act')
        self.env['ir.config_parameter'].set_param('database.is_neutralized', True)
        self._assert_trouble(JOB, 'look')

    def test_job_that_gets_on_for_hours_is_good(self):
        late = fields.Datetime.now() - timedelta(hours=2)
        self.job.write({'active': True, 'failure_count': 0, 'nextcall': late})
        progress = self.env['ir.cron.progress'].create({'cron_id': self.job.id})
        self._assert_good(JOB)
        self.env.cr.execute(
            SQL('UPDATE ir_cron_progress SET write_date = %s WHERE id = %s', late, progress.id)
        )
        self._assert_trouble(JOB, 'act')

    def test_worst_comes_first_and_speaks_for_all(self):
        self.job.failure_count = 1
        health = self._look()
        states = health.line_ids.mapped('state')
        self.assertEqual(states, sorted(states, key=['act', 'look', 'good'].index))
        self.assertEqual((states[0], health.state), ('act', 'act'))

    # === MAILS AND QUEUES === #

    def test_mail_that_failed_is_told_with_its_document(self):
        before = self._find('mail.failed').count
        mail = self.env['mail.mail'].create(
            {'model': 'crm.lead', 'res_id': self.lead.id, 'state': 'exception', 'subject': 'Hello'}
        )
        self.env['mail.mail'].create(
            {'model': 'res.groups', 'res_id': 1, 'state': 'exception', 'subject': 'Not of ours'}
        )
        line = self._assert_trouble('mail.failed', 'look', before + 1)
        self.assertIn('Barrels', line.detail)
        self.assertEqual(self._open(line), line.count)
        mail.state = 'sent'
        self.assertEqual(self._find('mail.failed').count, before)

    def test_mail_that_does_not_leave_is_told(self):
        mail = self.env['mail.mail'].create(
            {'model': 'crm.lead', 'res_id': self.lead.id, 'state': 'outgoing', 'subject': 'Hello'}
        )
        before = self._find('mail.late').count
        old = fields.Datetime.now() - timedelta(days=2)
        self.env.cr.execute(
            SQL('UPDATE mail_mail SET create_date = %s WHERE id = %s', old, mail.id)
        )
        self._assert_trouble('mail.late', 'act', before + 1)
        mail.scheduled_date = fields.Datetime.now() + timedelta(days=1)
        self.assertEqual(self._find('mail.late').count, before)

    def test_late_steps_and_posts_aside_are_told(self):
        cadence = self.env['crm.cadence'].create({'name': 'Remind', 'model_name': 'crm.lead'})
        run = self.env['crm.cadence.run'].create(
            {'cadence_id': cadence.id, 'lead_id': self.lead.id, 'date_next': NOW}
        )
        late = self._assert_trouble('cadence.late', 'act')
        self.assertEqual(self._open(late), late.count)
        run.state = 'stopped'
        self.assertEqual(self._find('cadence.late').count, late.count - 1)
        form = self.env['crm.capture.form'].create({'name': 'Website'})
        self.env['crm.capture.suspect'].create(
            {'form_id': form.id, 'date': NOW, 'reason': 'fast', 'digest': 'x'}
        )
        aside = self._assert_trouble('capture.aside', 'look')
        self.assertEqual(self._open(aside), aside.count)
        self.env['crm.capture.suspect'].search([]).unlink()
        self._assert_good('capture.aside')

    def _open(self, line):
        action = line.action_open()
        model = self.env[action['res_model']].with_user(self.admin)
        return model.with_context(**action['context']).search_count(action['domain'])

    def test_what_one_may_not_see_is_counted_and_not_opened(self):
        bare = new_test_user(self.env, 'health_bare', 'base.group_system')
        form = self.env['crm.capture.form'].create({'name': 'Website'})
        self.env['crm.capture.suspect'].create(
            {'form_id': form.id, 'date': NOW, 'reason': 'fast', 'digest': 'x'}
        )
        line = self._find('capture.aside', bare)
        self.assertTrue(line.count)
        self.assertFalse(line.can_open)
        self.assertTrue(self._find('capture.aside').can_open)

    # === SERVER === #

    def test_missing_index_is_told_until_it_is_there(self):
        before = self._find('server.indexes').count
        self.env.cr.execute(SQL('ALTER INDEX crm_call_user_date_idx RENAME TO health_away'))
        line = self._assert_trouble('server.indexes', 'look', before + 1)
        self.assertIn('crm_call_user_date_idx', line.detail)
        self.env.cr.execute(SQL('ALTER INDEX health_away RENAME TO crm_call_user_date_idx'))
        self.assertEqual(self._find('server.indexes').count, before)

    def test_configuration_is_told(self):
        known = {name: config[name] for name in ('list_db', 'workers', 'max_cron_threads')}
        self.addCleanup(config.options.update, known)
        config.options.update(list_db=True, workers=0, max_cron_threads=0)
        for key in ('server.databases', 'server.workers', 'server.cron_workers'):
            with self.subTest(key=key):
                self._assert_trouble(key, 'look')
        config.options.update(list_db=False, workers=2, max_cron_threads=1)
        for key in ('server.databases', 'server.workers', 'server.cron_workers'):
            with self.subTest(key=key):
                self.assertEqual(self._find(key).state, 'good')

    def test_copy_and_open_address_are_told(self):
        parameters = self.env['ir.config_parameter']
        parameters.set_param('database.is_neutralized', 'true')
        parameters.set_param('web.base.url', 'http://crm.example.com')
        self._assert_trouble('server.copy', 'look')
        self._assert_trouble('server.address', 'look')
        parameters.set_param('database.is_neutralized', False)
        parameters.set_param('web.base.url', 'https://crm.example.com')
        self._assert_good('server.copy')
        self._assert_good('server.address')

    def test_user_without_time_zone_is_told(self):
        self.manager.tz = 'Europe/Madrid'
        before = self._find('user.time_zone').count
        self.manager.tz = False
        line = self._assert_trouble('user.time_zone', 'look', before + 1)
        self.assertEqual(self._open(line), line.count)
        self.manager.tz = 'Europe/Madrid'
        self.assertEqual(self._find('user.time_zone').count, before)

    # === COST === #

    def test_looking_costs_the_same_for_ten_and_for_a_thousand(self):
        self._make_trouble(10)
        self._count_queries()  # what rights allow is known afterwards
        few = self._count_queries()
        self._make_trouble(1000)
        self.assertEqual(self._count_queries(), few)

    def _make_trouble(self, number):
        self.env['mail.mail'].create(
            [
                {'model': 'crm.lead', 'res_id': self.lead.id, 'state': 'exception'}
                for _number in range(number)
            ]
        )
        self.env.flush_all()

    def _count_queries(self):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._look().line_ids.mapped('can_open')
        return self.env.cr.sql_log_count - before
