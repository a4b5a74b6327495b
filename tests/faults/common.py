"""Real processes on real, committed transactions, and how to clean up after them."""

import os
import signal
import time
from contextlib import contextmanager

from odoo import SUPERUSER_ID, Command, api, sql_db
from odoo.exceptions import LockError
from odoo.fields import Date, Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import TransactionCase

UNTIL = Date.to_date('2026-03-10')


class Processes:
    """Functions that run in processes of their own, on what other processes see.

    For a test case with a ``registry``.
    """

    @contextmanager
    def transaction(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def start(self, function):
        """Run a function of an environment in a process of its own; return the process id."""
        process = os.fork()
        if process:
            return process
        code = 1
        try:
            # The connections of the parent stay the parent's alone.
            sql_db._Pool = sql_db._Pool_readonly = None
            self.registry._db = sql_db.db_connect(self.registry.db_name)
            with self.transaction() as env:
                function(env)
            code = 0
        finally:
            os._exit(code)

    def wait(self, process, seconds=300):
        """Wait for a process, at most so long, and say whether it ended well."""
        return self.kill_after(process, seconds) == 0

    def kill_after(self, process, seconds):
        """Kill a process that is still at work after some time; return its exit code."""
        deadline = time.monotonic() + seconds
        ended, status = 0, 0
        while not ended and time.monotonic() < deadline:
            time.sleep(0.005)
            ended, status = os.waitpid(process, os.WNOHANG)
        if not ended:
            os.kill(process, signal.SIGKILL)
            _process, status = os.waitpid(process, 0)
        return os.waitstatus_to_exitcode(status)


class ProcessCase(Processes, TransactionCase):
    """Processes in the database of all tests."""


class BillingProcesses(Processes):
    """Contracts that other processes see, and bill."""

    def setUp(self):
        super().setUp()
        self.contract_ids = []
        self.addCleanup(self._remove)

    def create_contracts(self, count, **values):
        with self.transaction() as env:
            contracts = env['crm.contract'].create(
                [
                    {
                        'name': f'Fault {number}',
                        'partner_id': env.company.partner_id.id,
                        'date_start': '2026-01-01',
                        'date_end': '2026-12-31',
                        'state': 'open',
                        # Out of the way of the scheduled billing of tests beside this one.
                        'billing_error': 'Not for others',
                        'line_ids': [Command.create({'name': 'Support', 'price_unit': 100.0})],
                        **values,
                    }
                    for number in range(count)
                ]
            )
            self.contract_ids += contracts.ids

    def contracts(self, env):
        return env['crm.contract'].browse(self.contract_ids)

    def bill_in_batches(self, env):
        """Bill what is due of the contracts as the scheduled billing does."""
        contracts = self.contracts(env)
        contracts._run_in_batches(
            Domain('id', 'in', contracts.ids) & Domain('next_billing_date', '<=', UNTIL),
            lambda batch: batch._bill_or_park(UNTIL),
            size=50,
            give_up=lambda contract, error: contract._park_billing(error),
        )

    def press_button(self, env):
        """Press *Bill* like a user whose request is tried again as Odoo does."""
        for _attempt in range(50):
            try:
                self.contracts(env)._bill(UNTIL)
                env.cr.commit()
                return
            except (LockError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                env.cr.rollback()
                env.invalidate_all(flush=False)

    def assert_billed_once(self, periods):
        """Each contract has each period once, and an invoice stands for every row."""
        with self.transaction() as env:
            contracts = self.contracts(env)
            rows = contracts.billing_ids
            self.assertEqual(set(rows.mapped('state')), {'invoiced'})
            found = {(row.contract_id.id, str(row.period_start)) for row in rows}
            expected = {(id_, period) for id_ in self.contract_ids for period in periods}
            self.assertEqual(found, expected)
            self.assertEqual(len(rows), len(expected))
            lines = rows.move_line_ids
            self.assertEqual(len(lines), len(rows))
            self.assertEqual(lines.crm_contract_billing_id, rows)
            self.assertAlmostEqual(
                sum(lines.mapped('price_subtotal')), sum(rows.mapped('amount')), 2
            )

    def _remove(self):
        with self.transaction() as env:
            contracts = self.contracts(env)
            contracts.billing_ids.move_line_ids.move_id.unlink()
            contracts.billing_ids.unlink()
            contracts.action_cancel()
            accounts = contracts.analytic_account_id
            contracts.unlink()
            accounts.unlink()


class BillingProcessCase(BillingProcesses, TransactionCase):
    """Contracts in the database of all tests."""
