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

    # === FIGURES AND DOCUMENTS === #

    def _spend_for_both(self):
        """Hours and bills of both, at their days: 200 and 300 of bills."""
        self.ben.hourly_cost = 10.0
        self._book_for_both()
        self.spend(200.0, document={'invoice_date': '2026-02-05'})
        self.spend(300.0)

    def _figures(self, name):
        self.env.invalidate_all()
        return self.both.mapped(name)

    def test_revenue_and_costs_are_shared_out_by_their_day(self):
        self._spend_for_both()
        self.assertEqual(self._figures('cost_time'), [20.0, 30.0])
        self.assertEqual(self._figures('cost_purchase'), [200.0, 300.0])
        self.both._bill().action_post()
        # both invoices have the day of today, on which the account is the successor's
        self.assertEqual(self._figures('revenue'), [320.0, 570.0])
        self.assertEqual(self._figures('amount_invoiced'), [320.0, 570.0])
        self.assertEqual(self._figures('margin'), [100.0, 240.0])

    def test_what_a_contract_billed_is_its_own_whatever_becomes_of_the_dates(self):
        self._spend_for_both()
        self.former._bill().action_post()
        self.former.sudo().date_end = '2026-01-31'
        self.assertEqual(self._figures('cost_purchase'), [200.0, 300.0])
        self.assertEqual(self._figures('revenue'), [320.0, 0.0])

    def test_credit_entered_by_hand_is_that_of_its_invoice(self):
        self._spend_for_both()
        moves = self.both._bill()
        moves.action_post()
        refund = self.credit(moves.filtered(lambda move: move.amount_untaxed == 320), post=False)
        refund.invoice_line_ids = [
            Command.clear(),
            Command.create(
                {
                    'name': 'Goodwill',
                    'price_unit': 20.0,
                    'tax_ids': False,
                    'analytic_distribution': {str(self.former.analytic_account_id.id): 100},
                }
            ),
        ]
        refund.action_post()
        self.assertEqual(self._figures('revenue'), [300.0, 570.0])
        self.assertEqual(self._figures('amount_invoiced'), [300.0, 570.0])
        self.assertEqual(self._figures('amount_invoiced_other'), [-20.0, 0.0])

    def test_results_have_each_item_once(self):
        self._spend_for_both()
        self.both._bill().action_post()
        report = self.env['crm.contract.report']
        for user in (self.env.user, self.administrator):
            self.env.invalidate_all()
            rows = report.with_user(user).search([('contract_id', 'in', self.both.ids)])
            self.assertEqual(len(set(rows.ids)), len(rows))
            for contract in self.both:
                own = rows.filtered(lambda row, one=contract: row.contract_id == one)
                self.assertAlmostEqual(sum(own.mapped('margin')), contract.margin, 2)
        items = report.search([('contract_id', 'in', self.both.ids)]).item_id
        self.assertEqual(len(items), 8)

    def test_buttons_count_and_open_the_documents_of_the_contract(self):
        self._spend_for_both()
        self.both._bill().action_post()
        for counter, counts in (
            ('timesheet_count', [1, 1]),
            ('purchase_count', [1, 1]),
            ('analytic_item_count', [4, 4]),
            ('invoice_count', [1, 1]),
            ('project_count', [1, 1]),
        ):
            with self.subTest(counter):
                self.assertEqual(self._figures(counter), counts)
                for contract in self.both:
                    action = contract._get_document_action(counter)
                    records = self.env[action['res_model']].search(action['domain'])
                    self.assertEqual(len(records), contract[counter])

    def test_orders_are_counted_by_their_day(self):
        order = self.env['sale.order'].create(
            {
                'partner_id': self.partner_b.id,
                'order_line': [
                    Command.create(
                        {
                            'product_id': self.support.id,
                            'analytic_distribution': {str(self.former.analytic_account_id.id): 100},
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self.assertEqual(self._figures('order_count'), [0, 1])
        order.date_order = '2026-02-03 10:00:00'
        self.assertEqual(self._figures('order_count'), [1, 0])

    def test_items_are_found_by_their_contract(self):
        self._spend_for_both()
        items = self.env['account.analytic.line']
        for contract, amount in zip(self.both, (-220.0, -330.0), strict=True):
            found = items.search([('crm_contract_ids', 'in', contract.ids)])
            self.assertEqual(sum(found.mapped('amount')), amount)
            self.assertEqual(found.crm_contract_ids, contract)

    def test_item_that_moves_to_another_account_changes_its_contract(self):
        (item,) = self.book(self.ben, 2, '2026-03-10')
        self.assertEqual(item.crm_contract_ids, self.successor)
        item[self.column] = self.successor.analytic_account_id.copy()
        self.assertFalse(item.crm_contract_ids)

    def test_contract_that_was_never_agreed_has_nothing(self):
        self._spend_for_both()
        draft = self.successor.copy({'analytic_account_id': self.former.analytic_account_id.id})
        self.env.invalidate_all()
        self.assertEqual(draft.cost_total, 0.0)
        self.assertEqual(self._figures('cost_purchase'), [200.0, 300.0])

    def test_figures_of_many_shared_accounts_take_as_many_queries(self):
        contracts = self.env['crm.contract'].create(
            [self.prepare_contract(date_end='2026-02-28') for _number in range(12)]
        )
        for contract in contracts:
            contract.action_close()
        followers = self.env['crm.contract'].create(
            [
                {
                    **self.prepare_contract(date_start='2026-03-01'),
                    'analytic_account_id': contract.analytic_account_id.id,
                }
                for contract in contracts
            ]
        )

        def measure(size):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            (contracts[:size] | followers[:size]).mapped('revenue')
            return self.env.cr.sql_log_count - before

        measure(12)
        self.assertEqual(measure(2), measure(12))
