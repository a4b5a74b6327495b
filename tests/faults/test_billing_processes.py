"""Billing runs that are killed, that meet each other, and that are stopped."""

import os
import signal
import time
from random import Random

import pytest

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from tests.suite import LONG

from .common import UNTIL, BillingProcessCase

CONTRACTS = int(os.environ.get('CRM_KILLED_CONTRACTS', 500))
KILLS = 50 if LONG else 5
SEED = int(os.environ.get('CRM_SEED', 1))
PERIODS = ['2026-01-01', '2026-02-01', '2026-03-01']


@pytest.mark.long
@tagged('post_install', '-at_install')
class TestBillingKilled(BillingProcessCase):
    def test_run_killed_at_random_moments_is_completed_without_gap_or_duplicate(self):
        random = Random(SEED)
        self.create_contracts(CONTRACTS)
        kills = 0
        for _number in range(KILLS):
            process = self.start(self.bill_in_batches)
            kills += self.kill_after(process, random.uniform(0.05, 4.0)) == -signal.SIGKILL
        self.assertGreater(kills, KILLS / 2, 'the run was over before it could be killed')
        self.assertTrue(self.wait(self.start(self.bill_in_batches)))
        self.assert_billed_once(PERIODS)


@tagged('post_install', '-at_install')
class TestBillingProcesses(BillingProcessCase):
    """Scheduled run and button, each with each, at the same time on the same contracts."""

    def setUp(self):
        super().setUp()
        self.create_contracts(60)

    @mute_logger('odoo.sql_db')
    def _meet(self, *functions):
        processes = [self.start(function) for function in functions]
        self.assertEqual([self.wait(process) for process in processes], [True] * len(processes))
        self.assert_billed_once(PERIODS)

    def test_two_scheduled_runs_share_the_work(self):
        self._meet(self.bill_in_batches, self.bill_in_batches)

    def test_scheduled_run_meets_the_button(self):
        self._meet(self.bill_in_batches, self.press_button)

    def test_two_buttons_are_pressed_at_once(self):
        self._meet(self.press_button, self.press_button)

    @mute_logger('odoo.sql_db')
    def test_invoices_that_two_runs_post_are_numbered_without_gap(self):
        with self.transaction() as env:
            self.contracts(env).invoice_auto_post = True
        processes = [self.start(self.bill_in_batches) for _number in range(2)]
        for process in processes:
            self.assertTrue(self.wait(process))
        self.assertTrue(self.wait(self.start(self.bill_in_batches)), 'what one left to the other')
        self.assert_billed_once(PERIODS)
        with self.transaction() as env:
            moves = self.contracts(env).billing_ids.move_line_ids.move_id
            self.assertEqual(set(moves.mapped('state')), {'posted'})
            numbers = sorted(moves.mapped('sequence_number'))
            self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(moves))))
            self.assertEqual(len(set(moves.mapped('name'))), len(moves))
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()

    def test_stopped_run_ends_after_its_batch(self):
        self.create_contracts(140)
        run_id = self._hand_over()
        process = self.start(
            lambda env: env['crm.contract.billing.run'].browse(run_id)._carry_out()
        )
        while not self._count_done(run_id):
            time.sleep(0.05)
        with self.transaction() as env:
            env['crm.contract.billing.run'].browse(run_id).action_stop()
        self.assertTrue(self.wait(process))
        done = self._count_done(run_id)
        self.assertTrue(0 < done < len(self.contract_ids), done)
        with self.transaction() as env:
            run = env['crm.contract.billing.run'].browse(run_id)
            self.assertEqual(run.state, 'stopped')
            self.assertEqual(len(self.contracts(env).filtered('billing_ids')), done)
            run.unlink()

    def _hand_over(self):
        """Make a run over the contracts, which no process carries out yet."""
        with self.transaction() as env:
            values = {'contract_ids': [Command.set(self.contract_ids)], 'is_partial': True}
            return env['crm.contract.billing.run'].create({**values, 'date_until': UNTIL}).id

    def _count_done(self, run_id):
        with self.transaction() as env:
            return env['crm.contract.billing.run'].browse(run_id).done_count
