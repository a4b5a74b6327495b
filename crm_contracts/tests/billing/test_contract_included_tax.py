from itertools import product

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase

QUANTITIES = (1.0, 3.0, 7.5)
PRICES = (100.0, 0.07, 33.335, 1234.56)
DISCOUNTS = (0.0, 12.5)


@tagged('post_install', '-at_install')
@freeze_time('2026-01-15')
class TestContractIncludedTax(BillingCase):
    """Prices of contracts are without taxes, whatever the prices of documents include."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.included = cls.create_tax(21.0)
        cls.excluded = cls.create_tax(21.0, price_include_override='tax_excluded')

    @classmethod
    def create_tax(cls, amount, **values):
        number = cls.env['account.tax'].search_count([])
        return cls.company_data['default_tax_sale'].copy(
            {
                'name': f'Tax {number}',
                'amount': amount,
                'price_include_override': 'tax_included',
                **values,
            }
        )

    @classmethod
    def create_service(cls, taxes, **values):
        return cls.env['product.product'].create(
            {
                'name': 'Taxed support',
                'type': 'service',
                'taxes_id': [Command.set(taxes.ids)],
                **values,
            }
        )

    def create_taxed(self, taxes, **line):
        service = self.create_service(taxes)
        return self.create_contract(self.monthly(product_id=service.id, **line))

    def bill(self, contract):
        return contract._bill('2026-01-31')

    def assert_as_in_the_ledger(self, move):
        for line in move.invoice_line_ids:
            row = line.crm_contract_billing_id
            with self.subTest(
                taxes=line.tax_ids.mapped('name'),
                quantity=row.quantity,
                price=row.price_unit,
                discount=row.discount,
            ):
                self.assertEqual(line.price_subtotal, row.amount)

    # === WHAT IS INVOICED === #

    def test_price_includes_its_tax_on_the_invoice_and_not_in_the_ledger(self):
        contract = self.create_taxed(self.included)
        (entry,) = contract._preview_billing('2026-01-31')
        self.assertEqual((entry['price_unit'], entry['amount']), (100.0, 100.0))
        move = self.bill(contract)
        self.assertRecordValues(
            move.invoice_line_ids,
            [{'price_unit': 121.0, 'price_subtotal': 100.0, 'price_total': 121.0}],
        )
        self.assertRecordValues(
            contract.billing_ids, [{'price_unit': 100.0, 'amount': 100.0, 'state': 'invoiced'}]
        )
        self.assertEqual(contract.amount_invoiced, 100.0)
        move.action_post()
        self.assertEqual((move.amount_untaxed, contract.revenue), (100.0, 100.0))

    def test_price_beside_its_tax_is_that_of_the_contract(self):
        move = self.bill(self.create_taxed(self.excluded))
        self.assertRecordValues(
            move.invoice_line_ids,
            [{'price_unit': 100.0, 'price_subtotal': 100.0, 'price_total': 121.0}],
        )

    def _create_many(self, **values):
        """Return a contract with a line for each of many taxes, quantities, prices, discounts."""
        fixed = self.create_tax(2.0, amount_type='fixed')
        division = self.create_tax(10.0, amount_type='division')
        base = self.create_tax(5.0, include_base_amount=True, sequence=0)
        group = self.env['account.tax'].create(
            {
                'name': 'Group',
                'amount_type': 'group',
                'children_tax_ids': [Command.set((self.create_tax(3.0) | base).ids)],
            }
        )
        services = [
            self.create_service(taxes)
            for taxes in (
                self.included,
                self.included | self.excluded,
                self.included | self.create_tax(5.2),
                self.included | fixed,
                base | self.included,
                division,
                group,
            )
        ]
        return self.create_contract(
            *(
                self.monthly(
                    product_id=service.id, quantity=quantity, price_unit=price, discount=discount
                )
                for service, quantity, price, discount in product(
                    services, QUANTITIES, PRICES, DISCOUNTS
                )
            ),
            **values,
        )

    def test_each_line_comes_to_the_amount_of_the_ledger_to_the_cent(self):
        move = self.bill(self._create_many())
        self.assertEqual(len(move.invoice_line_ids), 7 * 3 * 4 * 2)
        self.assert_as_in_the_ledger(move)

    def test_each_line_does_where_taxes_are_rounded_on_the_whole_invoice(self):
        self.env.company.tax_calculation_rounding_method = 'round_globally'
        self.assert_as_in_the_ledger(self.bill(self._create_many()))

    def test_each_line_does_in_another_currency(self):
        yen = self.setup_other_currency('JPY', rounding=1.0)
        move = self.bill(self._create_many(currency_id=yen.id))
        self.assertEqual(move.currency_id, yen)
        self.assert_as_in_the_ledger(move)

    def test_line_given_away_stays_so(self):
        move = self.bill(self.create_taxed(self.included, discount=100.0))
        self.assertRecordValues(
            move.invoice_line_ids, [{'price_unit': 121.0, 'price_subtotal': 0.0}]
        )

    # === WHICH TAXES === #

    def _move_abroad(self, taxes):
        """Let the customer have a fiscal position that gives other taxes for the included one."""
        position = self.env['account.fiscal.position'].create({'name': 'Abroad'})
        taxes.write({'fiscal_position_ids': position.ids, 'original_tax_ids': self.included.ids})
        self.partner_a.property_account_position_id = position
        return position

    def test_taxes_are_those_of_the_fiscal_position(self):
        cases = (
            (self.create_tax(10.0), 110.0, 110.0),
            (self.create_tax(10.0, price_include_override='tax_excluded'), 100.0, 110.0),
            (self.env['account.tax'], 100.0, 100.0),
        )
        for taxes, price, total in cases:
            with self.subTest(taxes=taxes.mapped('price_include_override')):
                position = self._move_abroad(taxes)
                move = self.bill(self.create_taxed(self.included))
                self.assertEqual(move.fiscal_position_id, position)
                self.assertRecordValues(
                    move.invoice_line_ids,
                    [
                        {
                            'tax_ids': taxes.ids,
                            'price_unit': price,
                            'price_subtotal': 100.0,
                            'price_total': total,
                        }
                    ],
                )

    def test_excluded_tax_that_becomes_included_is_added(self):
        position = self.env['account.fiscal.position'].create({'name': 'Home'})
        self.included.write(
            {'fiscal_position_ids': position.ids, 'original_tax_ids': self.excluded.ids}
        )
        self.partner_a.property_account_position_id = position
        move = self.bill(self.create_taxed(self.excluded))
        self.assertRecordValues(
            move.invoice_line_ids,
            [{'tax_ids': self.included.ids, 'price_unit': 121.0, 'price_subtotal': 100.0}],
        )

    def test_account_gives_the_taxes_of_a_line_without_product(self):
        account = self.company_data['default_journal_sale'].default_account_id
        account.tax_ids = self.included
        contract = self.create_contract(self.milestone(date_due='2026-01-10', price_unit=500.0))
        self.assertRecordValues(
            self.bill(contract).invoice_line_ids,
            [
                {
                    'account_id': account.id,
                    'tax_ids': self.included.ids,
                    'price_unit': 605.0,
                    'price_subtotal': 500.0,
                }
            ],
        )

    def test_one_invoice_of_both_kinds_of_taxes(self):
        contract = self.create_contract(
            self.monthly(product_id=self.create_service(self.included).id),
            self.monthly(product_id=self.create_service(self.excluded).id),
        )
        move = self.bill(contract)
        self.assertEqual(move.invoice_line_ids.mapped('price_unit'), [121.0, 100.0])
        self.assertEqual((move.amount_untaxed, move.amount_total), (200.0, 242.0))

    # === WHAT COMES BACK === #

    def test_quantity_that_is_credited_comes_back_at_its_price(self):
        contract = self.create_taxed(self.included, quantity=10, price_unit=33.33)
        move = self.bill(contract)
        move.action_post()
        refund = self.credit(move, quantity=4)
        self.assertEqual(refund.amount_untaxed, 133.32)
        self.assertEqual(self.live(contract).mapped('amount'), [199.98])
        (entry,) = contract._preview_billing('2026-01-31')
        self.assertEqual((entry['quantity'], entry['amount']), (4.0, 133.32))
        again = self.bill(contract)
        self.assertEqual(again.amount_untaxed, 133.32)
        self.assertFalse(self.bill(contract))
        again.action_post()
        self.assertEqual(contract.amount_invoiced, 333.3)
        self.assertEqual(contract.revenue, 333.3)

    def test_full_credit_opens_the_period_and_a_rebate_does_not(self):
        contract = self.create_taxed(self.included)
        move = self.bill(contract)
        move.action_post()
        self.credit(move, price_unit=12.1)
        self.assertFalse(self.bill(contract), 'ten off is a rebate')
        self.credit(move)
        self.assertEqual(self.bill(contract).amount_untaxed, 100.0)

    def _edit(self, move, **values):
        line = move.invoice_line_ids[:1]
        move.with_user(self.accountant).write(
            {'invoice_line_ids': [Command.update(line.id, values)]}
        )

    def test_quantity_taken_from_a_draft_comes_on_the_next_invoice(self):
        contract = self.create_taxed(self.included, quantity=10, price_unit=33.33)
        move = self.bill(contract)
        self._edit(move, quantity=4)
        self.assertRecordValues(self.live(contract), [{'price_unit': 33.33, 'amount': 133.32}])
        again = self.bill(contract)
        self.assertEqual(again.amount_untaxed, 199.98)
        again.unlink()
        self._edit(move, quantity=10)
        self.assertEqual(self.live(contract).mapped('amount'), [333.3])
        self.assertFalse(self.bill(contract))

    def test_other_price_on_a_draft_counts_without_its_tax(self):
        contract = self.create_taxed(self.included, quantity=10)
        move = self.bill(contract)
        self._edit(move, price_unit=108.9)
        self.assertRecordValues(self.live(contract), [{'price_unit': 90.0, 'amount': 900.0}])
        self.assertFalse(self.bill(contract))

    def test_other_tax_on_a_draft_counts_with_what_it_leaves(self):
        contract = self.create_taxed(self.included)
        move = self.bill(contract)
        self._edit(move, tax_ids=[Command.set(self.excluded.ids)])
        self.assertEqual(move.amount_untaxed, 121.0)
        self.assertRecordValues(self.live(contract), [{'price_unit': 121.0, 'amount': 121.0}])

    # === WHAT IS PROPOSED === #

    def test_prices_are_proposed_without_the_taxes_in_them(self):
        service = self.create_service(self.included, list_price=121.0)
        line = self.env['crm.contract.line'].create(
            {'contract_id': self.create_contract().id, 'product_id': service.id}
        )
        self.assertEqual(line.price_unit, 100.0)
        service = self.create_service(self.included, list_price=100.0)
        contract = self.create_contract({'product_id': service.id})
        self.assertEqual(contract.line_ids.amount, 82.64)
        self.assertRecordValues(
            self.bill(contract).invoice_line_ids,
            [{'price_unit': 100.0, 'price_subtotal': 82.64, 'price_total': 100.0}],
        )

    def test_hours_without_rate_cost_what_the_pricelist_says_without_taxes(self):
        service = self.create_service(self.included, list_price=60.5)
        contract = self.create_contract(time_product_id=service.id, bill_time=True)
        prices = self.env['crm.contract.biller']._get_pricelist_prices({contract: ()})
        self.assertEqual(prices[contract].price, 50.0)

    # === SPEED === #

    def test_queries_do_not_grow_with_the_lines(self):
        service = self.create_service(self.included)

        def measure(size):
            contracts = self.env['crm.contract'].create(
                [self.prepare_contract(self.monthly(product_id=service.id)) for _ in range(size)]
            )
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.bill(contracts)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        measure(2)
        few, many = measure(10), measure(90)
        # The ORM writes in chunks of 100 rows; nothing grows with the contract.
        self.assertLessEqual(many - few, 20)
