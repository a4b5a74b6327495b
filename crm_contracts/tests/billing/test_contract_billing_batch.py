from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ..billing_common import BillingCase

BATCH_LOGGER = 'odoo.addons.crm_extended.models.shared.crm_batch_mixin'
CONTRACTS = 40


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractBillingBatch(BillingCase):
    """What is wrong with one contract does not take the batch apart."""

    def create_many(self):
        """Create contracts of which the tenth and the last share the invoices of a customer."""
        values = [self.prepare_contract() for _number in range(CONTRACTS)]
        for number in (10, CONTRACTS - 1):
            values[number].update(partner_id=self.partner_b.id, invoice_grouping='customer')
        return self.env['crm.contract'].create(values)

    def take_rate(self, contract):
        """Give the contract a currency that nobody gave a rate."""
        currency = self.setup_other_currency('CAD', rates=[])
        currency.rate_ids.unlink()
        contract.currency_id = currency

    def break_line(self, contract):
        """Let planning the contract fail with an error that nobody foresaw."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                'UPDATE crm_contract_line SET interval_unit = %s WHERE contract_id = %s',
                'century',
                contract.id,
            )
        )
        contract.line_ids.invalidate_recordset()

    def refuse_in_database(self, contract):
        """Let the database refuse what is billed for the contract."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                'ALTER TABLE crm_contract_billing ADD CONSTRAINT test_refused '
                'CHECK (contract_id != %s)',
                contract.id,
            )
        )

    def count_run(self):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        with mute_logger(BATCH_LOGGER, 'odoo.sql_db'):
            self.run_cron()
        return self.env.cr.sql_log_count - before

    def assert_all_but(self, contracts, broken):
        """All but one are billed, two of them on one invoice; the broken one is parked."""
        for contract in contracts - broken:
            self.assertEqual(len(self.live(contract)), 3)
            self.assertFalse(contract.billing_error)
        self.assertFalse(self.live(broken))
        self.assertTrue(broken.billing_error)
        self.assertEqual(broken.activity_ids.user_id, self.salesman)
        sharing = contracts[10] | contracts[-1]
        moves = sharing.billing_ids.move_line_ids.move_id
        self.assertEqual(len(moves), 1, 'the customer gets one invoice')
        self.assertEqual(moves.crm_contract_ids, sharing)

    def count_one_by_one(self):
        """Return the queries of billing as many contracts one by one."""
        contracts = self.create_many().sudo()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        for contract in contracts:
            contract._bill_or_park()
            self.env.flush_all()
            self.env.invalidate_all()
        return self.env.cr.sql_log_count - before

    def test_contract_without_rate_is_left_out_and_the_batch_stays_one(self):
        contracts = self.create_many()
        self.take_rate(contracts[20])
        queries = self.count_run()
        self.assert_all_but(contracts, contracts[20])
        self.assertIn('CAD', contracts[20].billing_error)
        self.assertLess(queries, self.count_one_by_one() / 4)

    def test_unexpected_error_is_looked_for_by_halves(self):
        contracts = self.create_many()
        self.break_line(contracts[20])
        queries = self.count_run()
        self.assert_all_but(contracts, contracts[20])
        self.assertIn('century', contracts[20].billing_error)
        self.assertLess(queries, self.count_one_by_one() / 2)

    def test_error_of_the_database_parks_its_contract_alone(self):
        contracts = self.create_many()
        self.refuse_in_database(contracts[0])
        self.count_run()
        self.assert_all_but(contracts, contracts[0])
        self.assertIn('test_refused', contracts[0].billing_error)

    def test_halves_part_last_what_belongs_together(self):
        contracts = self.create_many()
        sharing = contracts[10] | contracts[-1]
        for half in contracts._get_halves():
            self.assertIn(len(half & sharing), (0, 2))
        self.assertEqual(sharing._get_halves(), (contracts[10], contracts[-1]))

    def test_company_without_sales_journal_is_held_back_and_the_other_is_billed(self):
        other = self.setup_other_company(name='Contract Company B')['company']
        other.crm_contract_plan_id = other._get_or_create_contract_plan()
        self.env['account.journal'].search(
            [('type', '=', 'sale'), ('company_id', '=', other.id)]
        ).active = False
        good = self.create_contract()
        foreign = self.env['crm.contract'].create(
            {
                **self.prepare_contract(),
                'company_id': other.id,
                'manager_id': False,
                'currency_id': other.currency_id.id,
            }
        )
        self.run_cron()
        self.assertEqual(len(self.live(good)), 3)
        self.assertFalse(foreign.billing_ids)
        self.assertIn('no sales journal', foreign.billing_error)
        with freeze_time('2026-03-11'):
            self.env['account.journal'].with_context(active_test=False).search(
                [('type', '=', 'sale'), ('company_id', '=', other.id)]
            ).active = True
            self.run_cron()
        self.assertEqual(len(self.live(foreign)), 3)
        self.assertEqual(foreign.billing_ids.move_line_ids.move_id.company_id, other)

    def test_dialogue_bills_the_good_and_shows_why_others_are_held_back(self):
        good, bad = (self.create_contract() for _number in range(2))
        self.take_rate(bad)
        dialogue = (
            self.env['crm.contract.invoicing']
            .with_user(self.salesman)
            .create({'contract_ids': [Command.set((good | bad).ids)], 'date_until': '2026-01-01'})
        )
        self.assertTrue(dialogue.can_bill)
        held = {line.contract_id: bool(line.held) for line in dialogue.line_ids}
        self.assertEqual(held, {good: False, bad: True})
        dialogue.action_bill()
        self.assertEqual(len(self.live(good)), 1)
        self.assertFalse(bad.billing_ids)
        self.assertFalse(bad.billing_error, 'who pressed the button read why')
        alone = dialogue.copy({'contract_ids': [Command.set(bad.ids)]})
        self.assertFalse(alone.can_bill)
