from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractAmounts(BillingCase):
    def test_amounts_by_kind_and_in_total(self):
        contract = self.create_contract(self.monthly(), self.milestone(date_due='2026-06-01'))
        contract._bill('2026-01-31')
        self.assertRecordValues(
            contract,
            [
                {
                    'amount_expected': 6200.0,
                    'amount_expected_recurring': 1200.0,
                    'amount_expected_milestone': 5000.0,
                    'amount_invoiced': 100.0,
                    'amount_to_invoice': 200.0,
                    'amount_to_invoice_recurring': 200.0,
                    'amount_remaining': 6100.0,
                    'amount_remaining_recurring': 1100.0,
                    'mrr': 100.0,
                }
            ],
        )
        contract._bill('2026-06-30')
        contract.invalidate_recordset()
        self.assertEqual(contract.amount_invoiced_milestone, 5000.0)
        self.assertEqual(contract.amount_remaining_milestone, 0.0)

    def test_agreed_amount_goes_before_the_milestones(self):
        contract = self.create_contract(self.milestone(), fixed_amount=8000.0)
        contract._bill('2026-03-31')
        contract.invalidate_recordset()
        self.assertEqual(contract.amount_expected, 8000.0)
        self.assertEqual(contract.amount_remaining, 3000.0)

    def test_milestones_that_were_billed_elsewhere_are_expected_no_more(self):
        for agreed, left in ((0.0, 5000.0), (12000.0, 7000.0), (4000.0, 0.0)):
            with self.subTest(agreed=agreed):
                contract = self.create_contract(
                    self.milestone(),
                    self.milestone(date_due='2026-06-01'),
                    fixed_amount=agreed,
                )
                self.assertEqual(contract.amount_remaining_milestone, agreed or 10000.0)
                contract.line_ids[0].date_billed = '2026-01-31'
                self.assertEqual(contract.amount_expected_milestone, left)
                self.assertEqual(contract.amount_remaining_milestone, left)

    def test_open_end_expects_what_is_due(self):
        contract = self.create_contract(self.monthly(), date_end=False)
        self.assertEqual(contract.amount_expected, 300.0)
        self.assertEqual(contract.amount_remaining, 300.0)

    def test_credit_lowers_what_was_invoiced(self):
        contract = self.create_contract(self.monthly())
        move = contract._bill('2026-01-31')
        move.action_post()
        self.credit(move, quantity=0.25)
        contract.invalidate_recordset()
        self.assertEqual(contract.amount_invoiced, 75.0)
        self.assertEqual(contract.amount_to_invoice, 225.0)
        self.assertEqual(contract.amount_expected, 1200.0)

    def test_draft_has_nothing_to_invoice(self):
        contract = self.create_contract(self.monthly(), state='draft')
        self.assertEqual(contract.amount_to_invoice, 0.0)
        self.assertEqual(contract.mrr, 0.0)

    def test_monthly_revenue_of_other_intervals(self):
        contract = self.create_contract(
            self.monthly(price_unit=1200.0, interval_unit='year'),
            self.monthly(price_unit=300.0, interval_count=3, discount=50),
            self.monthly(date_start='2026-05-01'),
            self.monthly(date_end='2026-02-28'),
        )
        self.assertEqual(contract.mrr, 150.0)
