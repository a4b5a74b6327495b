from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase, ItemCase


def by_month(entries):
    months = {}
    for entry in entries:
        months.setdefault(str(entry['month'])[:7], []).append(entry['amount'])
    return {month: sum(amounts) for month, amounts in sorted(months.items())}


@tagged('post_install', '-at_install')
@freeze_time('2026-10-10')
class TestContractForecast(BillingCase):
    """What the contracts are going to be invoiced for, month by month."""

    def test_overdue_is_invoiced_now_and_the_rest_when_it_is_due(self):
        contract = self.create_contract(
            self.monthly(date_start='2026-08-01'), self.milestone(date_due='2026-12-15')
        )
        forecast = contract._forecast_billing('2027-12-31')
        self.assertEqual(
            by_month(forecast), {'2026-10': 300.0, '2026-11': 100.0, '2026-12': 5100.0}
        )

    def test_it_is_what_the_preview_shows_until_the_agreed_end(self):
        contract = self.create_contract(renewal_type='tacit', term_months=12)
        keys = ('contract_id', 'line_id', 'period_start', 'amount', 'date_due')
        forecast, preview = (
            [tuple(entry[key] for key in keys) for entry in entries]
            for entries in (
                contract._forecast_billing('2027-06-30'),
                contract._preview_billing('2027-06-30'),
            )
        )
        self.assertEqual(forecast, preview)
        self.assertEqual(len(forecast), 12)

    def test_what_renews_itself_goes_on_if_that_is_asked_for(self):
        tacit = self.create_contract(renewal_type='tacit', term_months=12)
        manual = self.create_contract()
        forecast = (tacit | manual)._forecast_billing('2027-02-28', renew=True)
        after = [
            (entry['contract_id'], entry['month']) for entry in forecast if entry['is_renewal']
        ]
        self.assertEqual(after, [(tacit.id, date(2027, 1, 1)), (tacit.id, date(2027, 2, 1))])

    def test_what_was_told_to_go_on_does_so_nowhere_else(self):
        contract = self.create_contract(renewal_type='tacit', term_months=12)
        contract._forecast_billing('2030-12-31', renew=True)
        self.assertEqual(contract.amount_expected, 1200.0)
        forged = contract.with_context(crm_contract_renews=True)
        self.assertEqual(len(forged._preview_billing('2030-12-31')), 12)

    def test_drafts_and_what_is_held_back_are_left_out(self):
        draft = self.create_contract(state='draft')
        self.assertFalse(draft._forecast_billing('2027-12-31'))

    def test_of_foreign_contracts_nothing_is_told(self):
        contract = self.create_contract(manager_id=self.colleague.id)
        with self.assertRaises(AccessError):
            contract.with_user(self.salesman)._forecast_billing('2027-12-31')
        with self.assertRaises(AccessError):
            contract.with_user(self.salesman).action_forecast()

    def test_screen_shows_all_that_runs_of_the_user_and_nobody_elses(self):
        own = self.create_contract(renewal_type='tacit', term_months=12)
        self.create_contract(manager_id=self.colleague.id)
        action = self.env['crm.contract'].with_user(self.salesman).action_forecast()
        lines = self.env[action['res_model']].with_user(self.salesman)
        lines = lines.search(action['domain'])
        self.assertEqual(lines.contract_id, own)
        self.assertEqual(sum(lines.filtered(lambda one: not one.is_renewal).mapped('amount')), 1200)
        self.assertEqual(max(lines.mapped('month')), date(2028, 9, 1))
        self.assertFalse(lines.with_user(self.administrator).search(action['domain']))
        with self.assertRaises(AccessError):
            lines[0].amount = 5.0

    def test_accountant_without_sales_role_sees_all(self):
        contracts = self.create_contract() | self.create_contract(manager_id=self.colleague.id)
        action = self.env['crm.contract'].with_user(self.accountant).action_forecast()
        lines = self.env[action['res_model']].with_user(self.accountant).search(action['domain'])
        self.assertGreaterEqual(lines.contract_id, contracts)

    def test_foreign_currency_is_added_up_in_that_of_the_company(self):
        currency = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0)])
        contract = self.create_contract(currency_id=currency.id)
        action = contract.action_forecast()
        lines = self.env[action['res_model']].search(action['domain'])
        self.assertEqual(sum(lines.mapped('amount')), 1200.0)
        self.assertEqual(sum(lines.mapped('company_amount')), 600.0)

    def test_queries_do_not_grow_with_the_contracts(self):
        contracts = self.env['crm.contract'].create(
            [
                self.prepare_contract(self.monthly(), self.monthly(prorate=True), name=f'{number}')
                for number in range(44)
            ]
        )

        def count_queries(batch):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch._forecast_billing('2028-09-30', renew=True, estimate=True)
            return self.env.cr.sql_log_count - before

        count_queries(contracts[:4])
        self.assertEqual(count_queries(contracts[:4]), count_queries(contracts[4:]))


@tagged('post_install', '-at_install')
@freeze_time('2026-07-10')
class TestContractForecastItems(ItemCase):
    """Hours and costs go on as they were on average."""

    def test_queries_do_not_grow_with_the_contracts_that_bill_hours(self):
        contracts = self.contract.browse().concat(
            *(self.contract.copy({'state': 'open'}) for _number in range(10))
        )
        for contract in contracts:
            self.book(self.ben, 2)[self.column] = contract.analytic_account_id

        def count_queries(batch):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            entries = batch._forecast_billing('2026-09-30')
            self.assertEqual({entry['contract_id'] for entry in entries}, set(batch.ids))
            return self.env.cr.sql_log_count - before

        count_queries(contracts[:2])
        self.assertEqual(count_queries(contracts[:2]), count_queries(contracts[2:]))

    def test_average_is_of_the_months_that_are_over(self):
        self.contract.date_end = '2026-09-15'
        self.book(self.ben, 6, date='2026-03-10')
        self.book(self.ben, 3, date='2026-05-10')
        self.contract._bill('2026-06-30')
        self.book(self.ben, 2, date='2026-07-05')
        forecast = self.contract._forecast_billing('2026-12-31', estimate=True)
        self.assertEqual(
            [(str(entry['month']), entry['amount'], entry['is_estimate']) for entry in forecast],
            [
                ('2026-07-01', 120.0, False),
                ('2026-08-01', 90.0, True),
                ('2026-09-01', 90.0, True),
            ],
        )

    def test_of_the_month_that_runs_and_of_new_contracts_nothing_is_estimated(self):
        self.book(self.ben, 6, date='2026-07-05')
        self.contract._bill('2026-07-10')
        self.contract.date_start = Date.to_date('2026-07-01')
        self.assertFalse(self.contract._forecast_billing('2026-12-31', estimate=True))
