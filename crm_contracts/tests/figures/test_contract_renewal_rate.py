from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2027-02-10')
class TestContractRenewalRate(BillingCase):
    """How many terms another one followed, and what they were worth a year."""

    def rows(self, contracts, user=None):
        report = self.env['crm.contract.renewal.report'].with_user(user or self.env.user)
        self.env.flush_all()
        return [
            (str(row.date), row.renewal_rate, row.yearly_value, row.renewed_value)
            for row in report.search([('contract_id', 'in', contracts.ids)], order='date, id')
        ]

    def test_renewed_and_lost_terms_are_counted_with_their_value(self):
        with freeze_time('2026-12-10'):
            renewed = self.create_contract(term_months=12)
            renewed._renew()
            lost = self.create_contract(self.monthly(price_unit=50.0))
        with freeze_time('2027-01-02'):
            lost.action_close()
        self.assertEqual(self.rows(renewed), [('2026-12-31', 1.0, 1200.0, 1200.0)])
        self.assertEqual(self.rows(lost), [('2026-12-31', 0.0, 600.0, 0.0)])
        groups = self.env['crm.contract.renewal.report']._read_group(
            [('contract_id', 'in', (renewed | lost).ids)], [], ['renewal_rate:avg']
        )
        self.assertEqual(groups, [(0.5,)])

    def test_early_end_counts_on_its_day_with_what_it_was_worth_before(self):
        with freeze_time('2026-06-10'):
            contract = self.create_contract()
            contract.action_close()
        self.assertEqual(self.rows(contract), [('2026-06-10', 0.0, 1200.0, 0.0)])

    def test_what_runs_or_never_ran_does_not_count(self):
        running = self.create_contract(date_end='2027-12-31')
        cancelled = self.create_contract()
        cancelled.action_cancel()
        self.assertEqual(self.rows(running | cancelled), [])

    def test_rates_are_those_of_contracts_one_may_read(self):
        contract = self.create_contract(manager_id=self.colleague.id)
        self.assertEqual(self.rows(contract, self.salesman), [])
        self.assertEqual(len(self.rows(contract, self.colleague)), 1)
        self.assertEqual(len(self.rows(contract, self.accountant)), 1)
        with self.assertRaises(AccessError):
            self.rows(contract, self.env.ref('base.public_user'))

    def test_yearly_value_of_a_contract_follows_its_log(self):
        with freeze_time('2026-12-10'):
            contract = self.create_contract(date_end='2027-12-31')
            self.assertEqual(contract.yearly_value, 1200.0)
            contract.line_ids.price_unit = 150.0
            contract._log_mrr()
            self.assertEqual(contract.yearly_value, 1800.0)
