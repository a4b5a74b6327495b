from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractSharedAccount(ItemCase):
    """A contract that is over and its successor share the account of a project.

    The first one ran until February at 60 an hour, the other one runs since March at 90.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.former = cls.contract
        cls.former.write({'date_end': '2026-02-28', 'state': 'closed'})
        cls.successor = cls.create_contract(
            cls.milestone(date_due='2030-01-01'),
            partner_id=cls.partner_b.id,
            date_start='2026-03-01',
            analytic_account_id=cls.former.analytic_account_id.id,
            bill_time=True,
            bill_costs=True,
            rate_ids=[
                Command.create(cls.rate(price_unit=90.0, product_uom_id=cls.hour.id)),
            ],
        )
        cls.both = cls.former | cls.successor

    def _book_for_both(self):
        self.book(self.ben, 2, '2026-02-10')
        self.book(self.ben, 3, '2026-03-10')

    def _amounts(self, moves):
        return {move.partner_id: move.amount_untaxed for move in moves}

    def test_each_contract_bills_the_hours_of_its_days(self):
        shares = {self.partner_a: 120.0, self.partner_b: 270.0}
        self._book_for_both()
        for contracts in (self.both, self.successor | self.former):
            moves = contracts._bill()
            self.assertEqual(self._amounts(moves), shares, 'in one batch')
            moves.unlink()
        self.assertEqual(self._amounts(self.successor._bill()), {self.partner_b: 270.0}, 'alone')
        self.assertEqual(self._amounts(self.former._bill()), {self.partner_a: 120.0})
        self.assertFalse(self.both._bill())

    def test_scheduled_billing_bills_each_one_its_own(self):
        self.book(self.ben, 2, '2026-02-10')
        due = self.env['crm.contract']._get_billing_due_domain()
        self.assertEqual(self.both.filtered_domain(due), self.former)
        self.run_cron()
        self.assertEqual(sum(self.live(self.former).mapped('amount')), 120.0)
        self.assertFalse(self.successor.billing_ids)

    def test_hours_that_one_contract_includes_are_not_billed_by_the_other(self):
        self.former.write({'bill_time': False, 'bill_costs': False})
        self.book(self.ben, 2, '2026-02-10')
        self.assertFalse(self.both._preview_billing())
        due = self.env['crm.contract']._get_billing_due_domain()
        self.assertFalse(self.both.filtered_domain(due))

    def test_hours_outside_of_all_dates_are_whose_contract_runs(self):
        self.former.date_start = '2026-02-01'
        self.book(self.ben, 1, '2026-01-31')
        self.assertEqual(self._amounts(self.both._bill()), {self.partner_b: 90.0})

    def test_each_contract_uses_its_own_prepaid_units(self):
        self.both.write({'prepaid_quantity': 10, 'overage_price': 80.0})
        self._book_for_both()
        self.assertEqual(self.both.mapped('prepaid_consumed'), [2.0, 3.0])
        self.assertEqual(self.successor.with_user(self.salesman).prepaid_consumed, 3.0)
        self.assertFalse(self.both._bill())
        self.assertEqual([row.quantity for row in self.both.billing_ids.sorted('id')], [2.0, 3.0])

    def test_orders_and_statements_go_by_their_day(self):
        self._book_for_both()
        order = self.env['sale.order'].create(
            {
                'partner_id': self.partner_b.id,
                'order_line': [
                    Command.create(
                        {
                            'product_id': self.support.id,
                            'price_unit': 1000.0,
                            'analytic_distribution': {str(self.former.analytic_account_id.id): 100},
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self.assertEqual(self.both.mapped('amount_expected_order'), [0.0, 1000.0])
        self.assertEqual(
            [
                sum(line['hours'] for line in contract._get_statement('2026-01-01').hours)
                for contract in self.both
            ],
            [2.0, 3.0],
        )
