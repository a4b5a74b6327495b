from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-05')
class TestContractMix(ItemCase):
    """Whatever is mixed and repeated, everything is charged once."""

    def test_every_method_comes_once_on_one_invoice(self):
        lines = [
            self.monthly(date_start='2026-03-01'),
            self.monthly(date_start='2026-03-01', interval_unit='year', price_unit=1200.0),
            self.monthly(date_start='2026-03-01', interval_unit='week', price_unit=10.0),
            self.milestone(date_due='2026-03-05'),
        ]
        self.contract.line_ids = [Command.clear(), *map(Command.create, lines)]
        self.book(self.ada, 8, '2026-03-05')
        self.spend(300.0)
        move = self.contract._bill('2026-03-05')
        self.assertEqual(len(move), 1)
        self.assertEqual(
            sorted(move.invoice_line_ids.mapped('price_subtotal')),
            [10.0, 100.0, 300.0, 650.0, 1200.0, 5000.0],
        )
        self.assertEqual(move.amount_untaxed, 7260.0)
        self.assertFalse(self.contract._bill('2026-03-05'))

    def test_earlier_day_brings_nothing_however_often(self):
        contract = self.create_contract(self.monthly())
        self.assertEqual(contract._bill('2026-03-05').amount_untaxed, 300.0)
        for day in ('2026-03-04', '2026-02-01', '2026-01-01', '2026-03-05'):
            self.assertFalse(contract._bill(day))
        self.assertEqual(len(contract.billing_ids), 3)

    def test_draft_that_was_raised_takes_nothing_from_later_hours(self):
        self.book(self.ben, 4.5, '2026-03-02')
        draft = self.contract._bill()
        edit = Command.update(draft.invoice_line_ids.id, {'quantity': 5})
        draft.write({'invoice_line_ids': [edit]})
        draft.action_post()
        self.assertEqual(self.live(self.contract).quantity, 5.0)
        self.book(self.ben, 2, '2026-03-03')
        self.assertEqual(self.contract._bill().invoice_line_ids.mapped('quantity'), [2.0])
        self.book(self.ben, 2, '2026-04-03')
        move = self.contract._bill('2026-04-30')
        self.assertEqual(move.invoice_line_ids.mapped('quantity'), [2.0])
        self.assertFalse(self.contract._bill('2026-04-30'))


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractForeignCurrency(ItemCase):
    """A contract in a currency of which a unit of the company's buys 2, since 10 March 4."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env['res.currency'].create(
            {
                'name': 'CTR',
                'symbol': 'C',
                'rate_ids': [
                    Command.create({'name': day, 'rate': rate})
                    for day, rate in (('2026-01-01', 2.0), ('2026-03-10', 4.0))
                ],
            }
        )
        cls.consulting = cls.env['product.product'].create(
            {
                'name': 'Consulting',
                'type': 'service',
                'list_price': 75.0,
                'uom_id': cls.hour.id,
                'taxes_id': False,
            }
        )
        cls.contract = cls.create_contract(
            cls.milestone(date_due='2030-01-01'),
            currency_id=cls.foreign.id,
            bill_time=True,
            bill_costs=True,
            time_product_id=cls.consulting.id,
        )
        cls.project = cls.env['project.project'].create(
            {'name': 'Abroad', cls.column: cls.contract.analytic_account_id.id}
        )

    def test_costs_are_converted_at_the_rate_of_their_day(self):
        for day in ('2026-03-05', '2026-03-20'):
            self.spend_without_entry(100.0).date = day
        move = self.contract._bill()
        self.assertEqual(move.currency_id, self.foreign)
        self.assertEqual(move.amount_untaxed, 600.0, 'one hundred twice, once at 2 and once at 4')
        self.assertEqual(self.live(self.contract).amount, 600.0)

    def test_pricelist_is_converted_at_the_rate_of_the_day_of_the_work(self):
        self.book(self.ben, 2, '2026-03-05')
        with freeze_time('2026-03-06'):
            self.assertEqual(self.contract._preview_billing()[0]['amount'], 300.0)
        self.assertEqual(self.contract._bill().amount_untaxed, 300.0)
        self.book(self.ben, 2, '2026-03-20')
        self.assertEqual(self.contract._bill().amount_untaxed, 600.0)

    def test_rates_are_in_the_currency_of_the_contract(self):
        self.contract.rate_ids = [
            Command.create(self.rate(price_unit=60.0, product_uom_id=self.hour.id))
        ]
        self.book(self.ben, 2, '2026-03-05')
        self.assertEqual(self.contract._bill().amount_untaxed, 120.0)
