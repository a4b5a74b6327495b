from contextlib import contextmanager

from psycopg2 import errors

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import LockError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

JOB = 'crm_contracts.ir_cron_bill_contracts'
RUN_LOGGER = 'odoo.addons.crm_extended.models.shared.crm_batch_mixin'


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractBillingConcurrency(TransactionCase):
    """Two real transactions on committed contracts, which are removed afterwards."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            self.contract_ids = (
                env['crm.contract']
                .create(
                    [
                        {
                            'name': f'Concurrent {number}',
                            'partner_id': env.company.partner_id.id,
                            'date_start': '2026-01-01',
                            'date_end': '2026-12-31',
                            'state': 'open',
                            'line_ids': [Command.create({'name': 'Support', 'price_unit': 100.0})],
                        }
                        for number in range(3)
                    ]
                )
                .ids
            )
        self.run_ids = []
        self.addCleanup(self._remove)

    @contextmanager
    def _transaction(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _contracts(self, env):
        return env['crm.contract'].browse(self.contract_ids)

    def _remove(self):
        with self._transaction() as env:
            contracts = self._contracts(env)
            runs = env['crm.contract.billing.run'].search([('id', 'in', self.run_ids)])
            runs.unlink()
            env['ir.cron.trigger'].search([('cron_id', '=', env.ref(JOB).id)]).unlink()
            contracts.billing_ids.move_line_ids.move_id.unlink()
            contracts.billing_ids.unlink()
            contracts.action_cancel()
            accounts = contracts.analytic_account_id
            contracts.unlink()
            accounts.unlink()

    def _bill_by_cron(self, env):
        contracts = self._contracts(env)
        due = env['crm.contract']._get_billing_due_domain()
        contracts._run_safely(due, lambda some: some._bill_or_park(), self._refuse_to_give_up)

    def _refuse_to_give_up(self, contract, error):
        raise AssertionError(f'{contract} was given up') from error

    def _assert_everything_is_billed_once(self):
        with self._transaction() as env:
            for contract in self._contracts(env):
                rows = contract.billing_ids
                self.assertEqual(set(rows.mapped('state')), {'invoiced'})
                self.assertEqual(
                    sorted(str(start) for start in rows.mapped('period_start')),
                    ['2026-01-01', '2026-02-01', '2026-03-01'],
                )
                self.assertEqual(len(rows.move_line_ids), 3)
                self.assertEqual(len(rows.move_line_ids.move_id), 1)

    def test_button_beside_an_open_run_is_told_to_wait(self):
        with self._transaction() as first, self._transaction() as second:
            self._contracts(first)._bill()
            with self.assertRaisesRegex(LockError, 'Somebody else is billing'):
                self._contracts(second)[0]._bill()
        self._assert_everything_is_billed_once()

    @mute_logger('odoo.sql_db')
    def test_button_that_began_before_the_other_ended_bills_nothing_twice(self):
        with self._transaction() as second:
            self._contracts(second).mapped('name')
            with self._transaction() as first:
                self._contracts(first)._bill()
            with self.assertRaises(errors.SerializationFailure):
                self._contracts(second)._bill()
                second.flush_all()
            second.cr.rollback()
            self.assertFalse(self._contracts(second)._bill(), 'tried again, it finds nothing')
        self._assert_everything_is_billed_once()

    def test_run_beside_another_skips_what_that_one_holds(self):
        with self._transaction() as first, self._transaction() as second:
            self._contracts(first)[0]._bill()
            self._bill_by_cron(second)
            self.assertEqual(
                [len(contract.billing_ids) for contract in self._contracts(second)], [0, 3, 3]
            )
        self._assert_everything_is_billed_once()

    @mute_logger('odoo.sql_db')
    def test_run_that_began_before_a_button_ended_bills_nothing_twice(self):
        with self._transaction() as second:
            self._contracts(second).mapped('name')
            with self._transaction() as first:
                self._contracts(first)[1]._bill()
            self._bill_by_cron(second)
        self._assert_everything_is_billed_once()

    def test_run_that_is_cut_off_is_completed_by_the_next(self):
        with self._transaction() as first:
            self._contracts(first)[0]._bill()
        with self._transaction() as killed:
            self._contracts(killed)[1:]._bill()
            killed.flush_all()
            killed.cr.rollback()
        with self._transaction() as next_run:
            self._bill_by_cron(next_run)
        self._assert_everything_is_billed_once()

    # === RUNS THAT WERE HANDED OVER === #

    def _hand_over(self, env, count=3):
        contracts = self._contracts(env)[:count]
        run = env['crm.contract.billing.run']._hand_over(contracts, '2026-03-10')
        env.cr.commit()
        self.run_ids.append(run.id)
        return run

    def _fail_once(self):
        """Let the next batch meet a change that somebody made at the same moment."""
        model = self.registry['crm.contract']
        original, failures = model._bill_or_park, []

        def bill(contracts, until=None):
            if failures:
                return original(contracts, until)
            failures.append(contracts)
            raise errors.SerializationFailure('could not serialize access')

        self.patch(model, '_bill_or_park', bill)

    def test_contract_held_by_somebody_stays_in_the_run_that_was_handed_over(self):
        with self._transaction() as first, self._transaction() as second:
            run = self._hand_over(second)
            held = self._contracts(first)[0]
            held.lock_for_update()
            self.assertTrue(run._carry_out(), 'others have their turn')
            self.assertEqual((run.state, run.done_count), ('waiting', 2))
            self.assertEqual(run.contract_ids, held)
            retries = second['ir.cron.trigger'].search([('cron_id', '=', second.ref(JOB).id)])
            self.assertTrue(
                retries.filtered(lambda trigger: str(trigger.call_at) > '2026-03-10 00:01')
            )
        with self._transaction() as env:
            run = env['crm.contract.billing.run'].browse(self.run_ids)
            self.assertTrue(run._carry_out())
            self.assertEqual((run.state, run.done_count), ('done', 3))
            self.assertFalse(run.contract_ids)
        self._assert_everything_is_billed_once()

    def test_conflict_of_a_single_contract_is_tried_again_by_the_next_call(self):
        self._fail_once()
        with self._transaction() as env:
            run = self._hand_over(env, count=1)
            run._carry_out()
            self.assertEqual((run.state, run.done_count), ('waiting', 0))
            self.assertFalse(run.contract_ids.billing_error, 'it is no error of the contract')
            run._carry_out()
            self.assertEqual((run.state, run.done_count), ('done', 1))
            self._contracts(env)[1:]._bill()
        self._assert_everything_is_billed_once()

    def test_conflict_of_a_batch_is_made_up_for_at_once(self):
        self._fail_once()
        with self._transaction() as env:
            run = self._hand_over(env)
            run._carry_out()
            self.assertEqual((run.state, run.done_count), ('done', 3))
        self._assert_everything_is_billed_once()

    def test_contracts_handed_over_twice_get_one_invoice_each(self):
        with self._transaction() as first, self._transaction() as second:
            runs = [self._hand_over(env) for env in (first, second)]
            for run in runs:
                self.assertTrue(run._carry_out())
                self.assertEqual((run.state, run.done_count), ('done', 3))
        self._assert_everything_is_billed_once()
