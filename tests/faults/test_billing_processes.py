"""Billing runs that are killed, that meet each other, and that are stopped."""

import os
import signal
from random import Random

import pytest

from odoo.exceptions import LockError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ProcessCase

CONTRACTS = int(os.environ.get('CRM_KILLED_CONTRACTS', 500))
KILLS = 20
SEED = int(os.environ.get('CRM_SEED', 1))
PERIODS = ['2026-01-01', '2026-02-01', '2026-03-01']


@pytest.mark.long
@tagged('post_install', '-at_install')
class TestBillingKilled(ProcessCase):
    def test_run_killed_at_random_moments_is_completed_without_gap_or_duplicate(self):
        random = Random(SEED)
        self.create_contracts(CONTRACTS)
        run_id = self.hand_over('2026-03-10')
        kills = 0
        for _number in range(KILLS):
            process = self.start(lambda env: self._carry_out(env, run_id))
            kills += self.kill_after(process, random.uniform(0.05, 4.0)) == -signal.SIGKILL
        self.assertGreater(kills, KILLS / 2, 'the run was over before it could be killed')
        self.assertTrue(self.wait(self.start(lambda env: self._carry_out(env, run_id))))
        self.assert_billed_once(PERIODS)
        with self.transaction() as env:
            run = env['crm.contract.billing.run'].browse(run_id)
            self.assertEqual((run.state, len(run.contract_ids)), ('done', 0))

    def _carry_out(self, env, run_id):
        env['crm.contract.billing.run'].browse(run_id)._carry_out()


@tagged('post_install', '-at_install')
class TestBillingProcesses(ProcessCase):
    """Scheduled run and button, each with each, at the same time on the same contracts."""

    def setUp(self):
        super().setUp()
        self.create_contracts(60)
        self.run_id = self.hand_over('2026-03-10')

    def _scheduled(self, env):
        env['crm.contract.billing.run'].browse(self.run_id)._carry_out()

    def _button(self, env):
        """Press like a user whose request is tried again as Odoo does."""
        for _attempt in range(50):
            try:
                self.contracts(env)._bill('2026-03-10')
                env.cr.commit()
                return
            except (LockError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                env.cr.rollback()
                env.invalidate_all(flush=False)

    @mute_logger('odoo.sql_db')
    def _meet(self, *functions):
        processes = [self.start(function) for function in functions]
        self.assertEqual([self.wait(process) for process in processes], [True] * len(processes))
        self.assert_billed_once(PERIODS)

    def test_two_scheduled_runs_share_the_work(self):
        self._meet(self._scheduled, self._scheduled)

    def test_scheduled_run_meets_the_button(self):
        self._meet(self._scheduled, self._button)

    def test_two_buttons_are_pressed_at_once(self):
        self._meet(self._button, self._button)

    def test_stopped_run_ends_after_its_batch(self):
        self.create_more(140)
        process = self.start(self._scheduled)
        while not self._count_done():
            pass
        with self.transaction() as env:
            env['crm.contract.billing.run'].browse(self.run_id).action_stop()
        self.assertTrue(self.wait(process))
        done = self._count_done()
        self.assertTrue(0 < done < len(self.contract_ids), done)
        with self.transaction() as env:
            run = env['crm.contract.billing.run'].browse(self.run_id)
            self.assertEqual(run.state, 'stopped')
            billed = self.contracts(env).filtered('billing_ids')
            self.assertEqual(len(billed), done)

    def create_more(self, count):
        self.create_contracts(count)
        with self.transaction() as env:
            run = env['crm.contract.billing.run'].browse(self.run_id)
            run.contract_ids = self.contracts(env)

    def _count_done(self):
        with self.transaction() as env:
            return env['crm.contract.billing.run'].browse(self.run_id).done_count
