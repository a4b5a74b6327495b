from odoo.tests import freeze_time, tagged

from .advance_common import AdvanceCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractRetention(AdvanceCase):
    """What customers hold back of the invoices, until its day or the end of the contract."""

    def test_retention_is_held_back_and_released_when_the_contract_is_closed(self):
        self.agreed.retention_rate = 5
        self.assertEqual(self.bill('2026-02-01'), [[100.0, 100.0, -10.0]])
        self.agreed.invalidate_recordset()
        self.assertEqual(self.agreed.retention_held, 10.0)
        self.agreed.action_close()
        self.assertEqual(self.bill('2026-03-31'), [[100.0, -5.0, 10.0]])
        self.assertEqual(self.bill('2026-03-31'), [[5.0]])
        self.assertFalse(self.bill('2026-03-31'))
        self.agreed.invalidate_recordset()
        self.assertEqual(self.agreed.retention_held, 0.0)

    def test_retention_is_released_on_its_day(self):
        self.agreed.write({'retention_rate': 10, 'retention_date': '2026-03-15'})
        self.assertEqual(self.bill('2026-02-28'), [[100.0, 100.0, -20.0]])
        self.assertEqual(self.bill('2026-03-15'), [[100.0, -10.0, 20.0]])
        self.assertEqual(self.bill('2026-03-15'), [[10.0]])

    def test_scheduled_billing_releases_retention_once_nothing_else_is_due(self):
        dated = self.create_contract(retention_rate=10, retention_date='2026-03-31')
        self.agreed.retention_rate = 5
        (self.agreed | dated)._bill('2026-03-30')
        self.agreed.action_close()
        self.assertEqual((self.agreed | dated).mapped('is_to_bill'), [True, True])
        self.run_cron()
        (self.agreed | dated).invalidate_recordset()
        self.assertEqual((self.agreed | dated).mapped('retention_held'), [0.0, 0.0])
        self.assertFalse(self.agreed.next_billing_date)

    def test_retention_is_released_though_nothing_more_is_held_back(self):
        self.agreed.retention_rate = 5
        self.agreed._bill()
        self.agreed.retention_rate = 0
        self.agreed.action_close()
        self.assertEqual(self.bill(), [[15.0]])

    def test_retention_is_revenue_of_the_days_that_it_is_held_back_of(self):
        contract = self.create_contract(
            self.monthly(interval_unit='year', price_unit=1200.0), retention_rate=5
        )

        def get_earned(day, invoiced):
            kinds = {'deferred': -1, 'accrued': 1}
            found = contract._get_deferrals(day)
            return round(invoiced + sum(kinds[one['kind']] * one['amount'] for one in found), 2)

        with freeze_time('2026-01-01'):
            contract._bill('2026-01-01').action_post()
        earned = round(1200 * 181 / 365, 2)
        self.assertEqual(get_earned('2026-06-30', 1140.0), earned)
        self.assertEqual(get_earned('2026-12-31', 1140.0), 1200.0)
        contract.retention_date = '2026-03-31'
        contract._bill().action_post()
        self.assertEqual(get_earned('2026-01-31', 1140.0), round(1200 * 31 / 365, 2))
        self.assertEqual(get_earned('2026-06-30', 1200.0), earned)

    def get_held(self, contract):
        contract.invalidate_recordset()
        return contract.retention_held

    def test_credit_of_days_takes_its_share_of_the_retention_back(self):
        contract = self.create_contract(
            self.monthly(prorate=True, price_unit=310.0, interval_count=2),
            self.monthly(prorate=True, price_unit=59.0, name='Hosting', interval_count=2),
            retention_rate=5,
        )
        move = contract._bill('2026-03-01')
        move.action_post()
        lines = move.invoice_line_ids.mapped('price_subtotal')
        self.assertCountEqual(lines, [310.0, 59.0, 310.0, 59.0, -36.9])
        # of the 61 days of March and April 30 are not used
        contract.action_close(date='2026-03-31')
        contract.with_user(self.salesman).action_credit_unused()
        refund = move.reversal_move_ids
        credited = [round(310 * 30 / 61, 2), round(59 * 30 / 61, 2)]
        share = round(36.9 - round(36.9 * (738 - sum(credited)) / 738, 2), 2)
        self.assertCountEqual(refund.invoice_line_ids.mapped('price_subtotal'), [*credited, -share])
        refund.action_post()
        self.assertEqual(self.get_held(contract), round(36.9 - share, 2))
        self.assertEqual(self.bill('2026-04-30', contract), [[round(36.9 - share, 2)]])
        self.assertEqual(self.get_held(contract), 0.0)

    def test_retention_that_was_released_is_not_taken_back(self):
        held, released = (
            self.create_contract(self.monthly(prorate=True), retention_rate=7) for _one in range(2)
        )
        for contract in (held, released):
            contract._bill('2026-01-01').action_post()
        released.retention_date = '2026-01-15'
        self.assertEqual(self.bill('2026-01-20', released), [[7.0]])
        credited = []
        for contract in (held, released):
            contract.action_close(date='2026-01-10')
            contract.action_credit_unused()
            credited.append(contract.billing_ids.move_line_ids.move_id.reversal_move_ids)
        days = round(100 * 21 / 31, 2)
        share = round(7 - round(7 * (100 - days) / 100, 2), 2)
        self.assertEqual(
            [round(one.amount_untaxed, 2) for one in credited], [round(days - share, 2), days]
        )

    def test_retention_goes_by_product_as_taxes_do(self):
        taxed = self.env['product.product'].create(
            {'name': 'Taxed', 'taxes_id': self.company_data['default_tax_sale'].ids}
        )
        contract = self.create_contract(
            self.monthly(), self.monthly(product_id=taxed.id, price_unit=300.0), retention_rate=10
        )
        lines = contract._bill('2026-01-01').invoice_line_ids.sorted('id')
        self.assertEqual(lines.mapped('price_subtotal'), [100.0, 300.0, -10.0, -30.0])
        self.assertEqual(lines[3].tax_ids, lines[1].tax_ids)
        self.assertFalse(lines[2].tax_ids)

    def test_credited_retention_is_not_held_any_more(self):
        self.agreed.retention_rate = 10
        move = self.agreed._bill('2026-01-01')
        move.action_post()
        self.credit(move)
        self.agreed.invalidate_recordset()
        self.assertEqual(self.agreed.retention_held, 0.0)
        self.assertEqual(self.bill('2026-01-01'), [[100.0, -10.0]])
