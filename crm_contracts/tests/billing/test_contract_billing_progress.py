from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..billing_common import BillingCase

LOGGER = 'odoo.addons.crm_extended.models.shared.crm_batch_mixin'


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractBillingProgress(BillingCase):
    """A large run says how far it is, goes on where it was cut off, and can be stopped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.env['crm.contract.billing.run']
        cls.contracts = cls.env['crm.contract'].create(
            [cls.prepare_contract(cls.monthly()) for _number in range(101)]
        )

    def _wizard(self, user=None):
        return (
            self.env['crm.contract.invoicing']
            .with_user(user or self.env.user)
            .create({'contract_ids': self.contracts.ids, 'date_until': '2026-01-01'})
        )

    def test_run_counts_what_it_did(self):
        self.contracts[2:].line_ids.date_start = '2026-04-01'
        self.contracts[2:4].line_ids.date_start = '2026-01-01'
        currency = self.setup_other_currency('CAD', rates=[])
        currency.rate_ids.unlink()
        self.contracts[2].currency_id = currency
        with mute_logger(LOGGER):
            self.run_cron()
        run = self.runs.search([('is_partial', '=', False)], limit=1)
        own = self.contracts[2:4]
        self.assertEqual(run.state, 'done')
        self.assertEqual(run.parked_count, 1)
        self.assertEqual(run.total_count, run.done_count + run.parked_count)
        self.assertEqual(run.remaining_count, 0)
        self.assertEqual([len(self.live(contract)) for contract in own], [0, 3])

    def test_many_contracts_are_handed_over_and_billed_in_the_background(self):
        wizard = self._wizard()
        self.assertTrue(wizard.is_large and wizard.can_bill)
        self.assertFalse(wizard.line_ids)
        run = self.runs.browse(wizard.action_bill()['res_id'])
        self.assertFalse(self.contracts.billing_ids)
        self.assertEqual((run.state, run.remaining_count), ('waiting', 101))
        self.run_cron()
        self.assertEqual((run.state, run.remaining_count, run.done_count), ('done', 0, 101))
        rows = self.contracts.billing_ids.filtered(lambda row: str(row.date_due) == '2026-01-01')
        self.assertEqual(len(rows), 101)

    def test_run_that_was_cut_off_goes_on(self):
        run = self.runs._hand_over(self.contracts, '2026-01-01').sudo()
        run.state = 'running'
        self.contracts[:50]._bill('2026-01-01')
        run.write({'done_count': 50, 'seconds': 100.0})
        run.contract_ids -= self.contracts[:50]
        self.assertEqual((run.remaining_count, run.progress), (51, 100 * 50 / 101))
        self.assertAlmostEqual(run.remaining_minutes, 51 * 2 / 60)
        self.run_cron()
        self.assertEqual((run.state, run.done_count), ('done', 101))

    def test_run_that_is_over_cannot_be_stopped(self):
        run = self.runs._hand_over(self.contracts, '2026-01-01')
        run.action_stop()
        self.assertEqual(run.state, 'stopped')
        with self.assertRaisesRegex(UserError, 'over already'):
            run.action_stop()

    def test_nobody_hands_over_or_stops_what_is_not_theirs(self):
        with self.assertRaises(AccessError):
            self._wizard(self.colleague).action_bill()
        run = self.runs.browse(self._wizard(self.salesman).action_bill()['res_id'])
        self.assertEqual(run.user_id, self.salesman)
        with self.assertRaises(AccessError):
            run.with_user(self.colleague).action_stop()
        with self.assertRaises(AccessError):
            run.with_user(self.salesman).write({'date_until': '2030-01-01'})
        run.with_user(self.salesman).action_stop()
        self.assertEqual(run.state, 'stopped')

    def test_who_may_not_change_the_contracts_left_does_not_stop_their_run(self):
        run = self.runs.with_user(self.salesman)._hand_over(
            self.contracts.with_user(self.salesman), '2026-01-01'
        )
        self.contracts[:1].manager_id = self.colleague
        with self.assertRaises(AccessError):
            run.action_stop()
        run.sudo().contract_ids -= self.contracts[:1]
        run.action_stop()
        self.assertEqual(run.state, 'stopped')

    def test_billing_of_all_that_is_due_is_stopped_by_administrators_alone(self):
        run = self.runs.sudo().create({'user_id': self.salesman.id, 'state': 'running'})
        with self.assertRaisesRegex(AccessError, 'sales administrators'):
            run.with_user(self.salesman).action_stop()
        run.with_user(self.administrator).action_stop()
        self.assertEqual(run.state, 'stopped')

    def test_run_is_seen_by_who_works_in_all_of_its_companies(self):
        own, other = self.env.company, self.env['res.company'].create({'name': 'Company B'})
        alone, abroad, both = self.runs.sudo().create(
            [
                {'company_ids': [Command.set(companies.ids)]}
                for companies in (own, other, own | other)
            ]
        )
        runs = (alone | abroad | both).with_user(self.administrator)
        self.assertEqual(runs.search([('id', 'in', runs.ids)]), alone)
        for hidden in (abroad, both):
            with self.assertRaises(AccessError):
                hidden.with_user(self.administrator).action_stop()
        self.administrator.company_ids |= other
        runs = runs.with_context(allowed_company_ids=(own | other).ids)
        self.assertEqual(len(runs.search([('id', 'in', runs.ids)])), 3)

    def test_runs_know_the_companies_of_their_contracts(self):
        handed_over = self.runs._hand_over(self.contracts, '2026-01-01')
        self.assertEqual(handed_over.company_ids, self.env.company)
        handed_over.action_stop()
        self.run_cron()
        run = self.runs.search([('is_partial', '=', False)], limit=1)
        self.assertEqual(run.company_ids, self.env.company, 'each company has its own')

    def test_contracts_that_share_invoices_are_counted_once(self):
        (self.contracts[0] | self.contracts[-1]).invoice_grouping = 'customer'
        run = self.runs._hand_over(self.contracts, '2026-01-01')
        self.run_cron()
        self.assertEqual((run.state, run.done_count, run.total_count), ('done', 101, 101))

    def test_contracts_handed_over_twice_are_billed_once(self):
        runs = self.runs._hand_over(self.contracts, '2026-01-01')
        runs |= self.runs._hand_over(self.contracts, '2026-01-01')
        self.run_cron()
        self.assertEqual(set(runs.mapped('state')), {'done'})
        rows = self.contracts.billing_ids.filtered(lambda row: str(row.date_due) == '2026-01-01')
        self.assertEqual(len(rows), 101)
        self.assertEqual(len(rows.move_line_ids.move_id), 101)
