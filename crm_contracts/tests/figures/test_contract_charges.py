from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractCharges(ItemCase):
    """Figures, ledger, statement and results tell the money of the documents alike."""

    def assert_told(self, contract, amount, drafted=0.0):
        """Check that all that tells what was charged tells the same."""
        self.env.invalidate_all()
        statement = contract._get_statement('2026-01-01', '2026-12-31')
        self.assertRecordValues(
            contract,
            [
                {
                    'amount_invoiced': amount,
                    'amount_drafted': drafted,
                    'revenue': amount - drafted,
                }
            ],
        )
        self.assertAlmostEqual(statement.total_charged, amount - drafted, 2)
        self.assertAlmostEqual(statement.total_drafted, drafted, 2)
        self.assertAlmostEqual(
            sum(contract.billing_ids.mapped('amount_charged')) + contract.amount_invoiced_other,
            amount,
            2,
        )

    def enter_line(self, contract, move_type, amount, percent=100, post=True, **values):
        """Enter a document of the customer by hand, with a line on the account of a contract."""
        move = self.env['account.move'].create(
            {
                'move_type': move_type,
                'partner_id': contract.partner_id.id,
                'invoice_date': '2026-03-20',
                **values,
                'invoice_line_ids': [
                    Command.create(self.prepare_line(contract, amount, percent)),
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def prepare_line(self, contract, amount, percent=100):
        return {
            'name': 'By hand',
            'price_unit': amount,
            'tax_ids': False,
            'analytic_distribution': {str(contract.analytic_account_id.id): percent},
        }

    def test_drafts_are_told_apart_from_what_was_charged(self):
        contract = self.create_contract()
        january, february = (contract._bill(day) for day in ('2026-01-01', '2026-02-01'))
        january.action_post()
        self.assert_told(contract, 200.0, drafted=100.0)
        february.button_cancel()
        self.assert_told(contract, 100.0)

    def test_rebate_by_price_lowers_what_was_invoiced_and_nothing_comes_back(self):
        contract = self.create_contract()
        move = contract._bill('2026-01-01')
        move.action_post()
        refund = self.credit(move, price_unit=30.0, post=False)
        self.assert_told(contract, 100.0)
        refund.action_post()
        self.assert_told(contract, 70.0)
        self.assertEqual(contract.amount_remaining, 1100.0)
        self.assertEqual(contract.amount_expected, 1170.0)
        self.assertEqual(contract.amount_to_invoice, 200.0)

    def test_rebate_on_a_milestone_is_not_expected_any_more(self):
        contract = self.create_contract(self.milestone())
        move = contract._bill()
        move.action_post()
        self.credit(move, price_unit=500.0)
        self.assert_told(contract, 4500.0)
        self.assertEqual(contract.amount_expected, 4500.0)
        self.assertEqual(contract.amount_remaining, 0.0)

    def test_milestone_that_is_never_billed_again_is_not_expected_any_more(self):
        contract = self.create_contract(self.milestone(), self.milestone(date_due='2026-12-01'))
        move = contract._bill()
        move.action_post()
        self.credit(move)
        contract.billing_ids.action_waive()
        self.assert_told(contract, 0.0)
        self.assertEqual(contract.amount_remaining, 5000.0, 'the other one')

    def test_credit_line_typed_anew_is_told_as_entered_by_hand(self):
        contract = self.create_contract()
        move = contract._bill('2026-01-01')
        move.action_post()
        refund = self.credit(move, post=False)
        refund.invoice_line_ids = [
            Command.clear(),
            Command.create(self.prepare_line(contract, 40.0)),
        ]
        self.assert_told(contract, 100.0)
        refund.action_post()
        self.assert_told(contract, 60.0)
        self.assertRecordValues(
            contract,
            [{'amount_invoiced_other': -40.0, 'amount_remaining': 1100.0}],
        )

    def test_invoice_entered_by_hand_counts_with_its_share(self):
        contract = self.create_contract()
        self.enter_line(contract, 'out_invoice', 300.0, percent=50)
        self.enter_line(contract, 'out_invoice', 80.0, post=False)
        self.enter_line(contract, 'in_invoice', 500.0)
        self.env.invalidate_all()
        self.assertRecordValues(
            contract,
            [{'amount_invoiced': 230.0, 'amount_drafted': 80.0, 'revenue': 150.0}],
        )
        charge = contract._get_statement('2026-03-01', '2026-03-31').charges[-1]
        self.assertEqual((charge.kind, charge.name), ('other', 'By hand'))

    def test_invoice_of_an_order_is_in_no_other_kind(self):
        contract = self.create_contract(self.milestone(date_due='2030-01-01'))
        order = self.env['sale.order'].create(
            {
                'partner_id': contract.partner_id.id,
                'order_line': [
                    Command.create(
                        {
                            'product_id': self.support.id,
                            'price_unit': 300.0,
                            'analytic_distribution': {str(contract.analytic_account_id.id): 100},
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        order.order_line.qty_delivered = 1.0
        order._create_invoices()
        self.env.invalidate_all()
        self.assertRecordValues(
            contract,
            [
                {
                    'amount_invoiced_order': 300.0,
                    'amount_drafted_order': 300.0,
                    'amount_invoiced': 300.0,
                }
            ],
        )

    def test_cent_of_taxes_rounded_globally_is_that_of_the_invoice(self):
        self.env.company.tax_calculation_rounding_method = 'round_globally'
        for price_include in ('tax_excluded', 'tax_included'):
            with self.subTest(price_include):
                tax = self.company_data['default_tax_sale'].copy(
                    {
                        'name': f'21 % {price_include}',
                        'amount': 21.0,
                        'price_include_override': price_include,
                    }
                )
                self.support.taxes_id = tax
                contract = self.create_contract(
                    self.monthly(quantity=29.75, price_unit=81.25),
                    self.monthly(quantity=5.35, price_unit=92.5),
                )
                move = contract._bill('2026-01-01')
                self.assert_told(contract, move.amount_untaxed, drafted=move.amount_untaxed)
                move.action_post()
                self.assert_told(contract, move.amount_untaxed)

    def test_document_in_another_currency_counts_at_its_own_rate(self):
        currency = self.setup_other_currency('CAD', rates=[('2026-03-05', 2.0)])
        contract = self.create_contract()
        move = contract._bill('2026-01-01')
        move.write({'currency_id': currency.id, 'invoice_date': '2026-03-10'})
        move.invoice_line_ids.price_unit = 160.0
        move.action_post()
        self.env.invalidate_all()
        self.assertEqual(contract.amount_invoiced, 80.0)
        self.assertEqual(contract.billing_ids.amount_charged, 80.0)

    def test_hours_say_whether_they_are_charged(self):
        self.book(self.ben, 4)
        move = self.contract._bill()
        self.assertEqual(self._get_statuses(), ['Being invoiced'])
        move.action_post()
        self.assertEqual(self._get_statuses(), ['Charged'])
        refund = self.credit(move, quantity=1)
        self.assertEqual(self._get_statuses(), ['Charged in part'])
        refund.button_draft()
        refund.unlink()
        self.credit(move)
        self.assertEqual(self._get_statuses(), ['Not charged yet'])
        self.contract.billing_ids.filtered(lambda row: row.state == 'released').action_waive()
        self.assertEqual(self._get_statuses(), ['Not charged'])

    def test_hours_rebated_to_nothing_are_not_charged(self):
        self.book(self.ben, 4)
        move = self.contract._bill()
        move.action_post()
        self.credit(move, quantity=1, price_unit=240.0)
        self.assertEqual(self._get_statuses(), ['Not charged'])
        self.assertEqual(self.contract.hourly_price, 0.0)

    def _get_statuses(self):
        self.env.invalidate_all()
        return [line['status'] for line in self.contract._get_statement('2026-01-01').hours]

    def test_figures_of_many_take_as_many_queries(self):
        contracts = self.env['crm.contract'].create([self.prepare_contract() for _one in range(20)])
        contracts._bill('2026-02-28')
        for contract in contracts:
            self.enter_line(contract, 'out_invoice', 10.0)

        def measure(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped('amount_invoiced')
            records.billing_ids.mapped('amount_charged')
            return self.env.cr.sql_log_count - before

        measure(contracts)
        self.assertEqual(measure(contracts[:2]), measure(contracts))
