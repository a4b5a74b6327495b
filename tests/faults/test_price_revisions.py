"""Two users who revise the prices of the same contracts at the same time."""

from psycopg2 import Error, IntegrityError

from odoo import Command
from odoo.exceptions import LockError, UserError
from odoo.fields import Date
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BillingProcessCase

DAY = Date.to_date('2026-06-01')


@tagged('post_install', '-at_install')
class TestPriceRevisions(BillingProcessCase):
    def setUp(self):
        super().setUp()
        self.create_contracts(40)
        self.addCleanup(self._remove_wizards)
        with self.transaction() as env:
            self.wizard_ids = [self._open(env).id for _user in range(2)]

    def _open(self, env):
        """Open the preview of ten percent more."""
        return env['crm.contract.revising'].create(
            {
                'contract_ids': [Command.set(self.contract_ids)],
                'date': DAY,
                'revision_type': 'percentage',
                'revision_percentage': 10.0,
            }
        )

    def _press(self, wizard_id):
        """Return a function that applies a preview like a user whose request is tried again."""

        def press(env):
            for _attempt in range(50):
                try:
                    env['crm.contract.revising'].browse(wizard_id).action_apply()
                    env.cr.commit()
                    return
                except (LockError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                    env.cr.rollback()
                    env.invalidate_all(flush=False)
                except (UserError, IntegrityError):
                    env.cr.rollback()
                    return

        return press

    @mute_logger('odoo.sql_db')
    def test_two_users_at_once_revise_the_prices_once(self):
        processes = [self.start(self._press(wizard_id)) for wizard_id in self.wizard_ids]
        self.assertEqual([self.wait(process) for process in processes], [True, True])
        self._assert_revised_once()

    @mute_logger('odoo.sql_db')
    def test_database_refuses_the_second_of_two_that_saw_no_revision(self):
        with self.transaction() as first, self.transaction() as second:
            plans = [self._plan(env) for env in (first, second)]
            self.contracts(first)._apply_price_revisions(plans[0])
            first.cr.commit()
            with self.assertRaises(Error):
                self.contracts(second)._apply_price_revisions(plans[1])
            second.cr.rollback()
        self._assert_revised_once()

    def _plan(self, env):
        contracts = self.contracts(env)
        rule = env['crm.contract.revising'].browse(self.wizard_ids[0])
        return contracts._plan_price_revisions(dict.fromkeys(contracts, DAY), rule)

    def _assert_revised_once(self):
        with self.transaction() as env:
            lines = self.contracts(env).line_ids
            self.assertEqual(set(lines.mapped('price_unit')), {110.0})
            self.assertEqual(lines.former_price_ids.mapped('price_unit'), [100.0] * len(lines))
            revisions = self.contracts(env).revision_ids
            self.assertEqual(len(revisions), len(self.contract_ids))

    def _remove_wizards(self):
        with self.transaction() as env:
            env['crm.contract.revising'].browse(self.wizard_ids).unlink()
