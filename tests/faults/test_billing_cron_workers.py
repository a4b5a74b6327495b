"""Odoo's own cron workers at the scheduled billing, in a database where nothing else is due."""

import os
import subprocess
import time

from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tools import config, mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from .common import BillingProcesses

DATABASE = 'test_cron_workers'
JOB = 'crm_contracts.ir_cron_bill_contracts'
PERIODS = ['2026-01-01', '2026-02-01', '2026-03-01']
# More than a worker bills in one batch.
CONTRACTS = 120


@tagged('post_install', '-at_install')
class TestBillingCronWorkers(BillingProcesses, BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._drop()
        subprocess.run(['createdb', '-T', os.environ['CRM_TEMPLATE'], DATABASE], check=True)
        cls.addClassCleanup(cls._drop)
        cls.registry = cls._load_registry()

    @classmethod
    def _load_registry(cls):
        """Load the database like a server does: without running tests while at it."""
        testing, config['test_enable'] = config['test_enable'], False
        try:
            return Registry(DATABASE)
        finally:
            config['test_enable'] = testing

    @classmethod
    def _drop(cls):
        Registry.delete(DATABASE)
        sql_db.close_db(DATABASE)
        subprocess.run(['dropdb', '--if-exists', '--force', DATABASE], check=True)

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            job = env.ref(JOB)
            (env['ir.cron'].search([]) - job).active = False
            env['crm.contract'].search([]).billing_error = 'Not in this test'
        self.create_contracts(CONTRACTS, date_end='2026-03-31', billing_error=False)

    def _work(self, env):
        """Do what a cron worker of Odoo's does: look for jobs as long as there are some.

        One that takes longer than Odoo gives it at a time is left and taken up again.
        """
        while IrCron._get_all_ready_jobs(env.cr):
            IrCron._process_jobs(DATABASE)
            time.sleep(0.05)
            env.cr.rollback()  # to see what became of them

    @mute_logger('odoo.sql_db', 'odoo.addons.base.models.ir_cron')
    def _meet(self, *functions):
        self._make_ready()
        processes = [self.start(function) for function in functions]
        self.assertEqual([self.wait(process) for process in processes], [True] * len(processes))
        self.assert_billed_once(PERIODS)
        with self.transaction() as env:
            due = env['crm.contract']._get_billing_due_domain()
            self.assertFalse(env['crm.contract'].search_count(due))
            runs = env['crm.contract.billing.run'].search([])
            self.assertEqual(set(runs.mapped('state')), {'done'})
            runs.unlink()

    def _make_ready(self):
        with self.transaction() as env:
            env['ir.cron.progress'].search([]).unlink()
            env['ir.cron'].search([]).nextcall = '2026-04-01 00:00:00'

    def _get_progress(self):
        """Return [(contracts done, contracts left)] of each call of a job, in order."""
        with self.transaction() as env:
            progress = env['ir.cron.progress'].search([], order='id')
            return [(call.done, call.remaining) for call in progress]

    def test_job_is_done_by_one_of_two_workers_which_tells_its_progress(self):
        self._meet(self._work, self._work)
        progress = self._get_progress()
        self.assertEqual(sum(done for done, _left in progress), CONTRACTS)
        self.assertEqual(progress[-1][1], 0)

    def test_worker_that_comes_later_finds_nothing_left(self):
        self._meet(self._work)
        calls = len(self._get_progress())
        self.assertTrue(self.wait(self.start(self._work)), 'not before the job is due again')
        self.assertEqual(len(self._get_progress()), calls)

    def test_second_job_lets_a_second_worker_help(self):
        with self.transaction() as env:
            second_id = env.ref(JOB).copy().id
        try:
            self._meet(self._work, self._work)
        finally:
            with self.transaction() as env:
                env['ir.cron'].browse(second_id).unlink()

    def test_worker_meets_the_button(self):
        self._meet(self._work, self.press_button)
