from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractRate(ItemCase):
    """What hours cost that no rate fits, and what happens to those that have no price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.rate_ids.filtered(lambda rate: not rate.job_id).unlink()
        cls.consulting = cls.env['product.product'].create(
            {
                'name': 'Consulting',
                'type': 'service',
                'list_price': 75.0,
                'uom_id': cls.hour.id,
                'taxes_id': False,
            }
        )

    def test_hours_without_rate_cost_what_the_pricelist_says(self):
        self.contract.time_product_id = self.consulting
        self.book(self.ben, 2)
        self.assertEqual(self.contract._preview_billing()[0]['amount'], 150.0)
        self.partner_a.property_product_pricelist = self.env['product.pricelist'].create(
            {
                'name': 'Friends',
                'currency_id': self.env.company.currency_id.id,
                'item_ids': [
                    Command.create(
                        {
                            'applied_on': '0_product_variant',
                            'product_id': self.consulting.id,
                            'compute_price': 'fixed',
                            'fixed_price': 70.0,
                        }
                    )
                ],
            }
        )
        self.book(self.ada, 8)
        move = self.contract._bill()
        self.assertEqual(sorted(move.invoice_line_ids.mapped('price_subtotal')), [140.0, 650.0])

    def test_price_of_a_pricelist_is_in_the_currency_of_each_contract(self):
        foreign = self.create_contract(
            self.milestone(date_due='2030-01-01'),
            bill_time=True,
            currency_id=self.setup_other_currency('CAD', rates=[('2026-01-01', 2.0)]).id,
        )
        project = self.env['project.project'].create(
            {'name': 'Abroad', self.column: foreign.analytic_account_id.id}
        )
        contracts = self.contract | foreign
        contracts.time_product_id = self.consulting
        self.book(self.ben, 1)
        self.book(self.ben, 1, project_id=project.id)
        self.assertEqual(
            {entry['contract_id']: entry['amount'] for entry in contracts._preview_billing()},
            {self.contract.id: 75.0, foreign.id: 150.0},
        )

    def test_rate_without_service_and_unit_is_per_hour(self):
        for model, owner in (
            ('crm.contract.rate', {'contract_id': self.contract.id}),
            (
                'crm.contract.template.rate',
                {'template_id': self.env['crm.contract.template'].create({'name': 'T'}).id},
            ),
        ):
            with self.subTest(model=model):
                rate = self.env[model].create({**owner, 'price_unit': 40.0})
                self.assertEqual(rate.product_uom_id, self.hour)
                self.assertEqual(self.env[model].new(owner).product_uom_id, self.hour)
                rate.product_uom_id = self.day
                rate.product_id = self.consulting
                self.assertEqual(rate.product_uom_id, self.hour, 'as the service is sold')

    def test_hours_without_a_unit_are_hours(self):
        item = self.book(self.ada, 8)
        expected = self.contract._preview_billing()[0]['amount']
        item.product_uom_id = False
        self.assertEqual(self.contract._preview_billing()[0]['amount'], expected)

    def test_rate_without_service_is_billed_all_the_same(self):
        """650 € a developer's day: neither service nor more is needed."""
        rate = self.env['crm.contract.rate'].create(
            {
                'contract_id': self.contract.id,
                'employee_id': self.ben.id,
                'product_uom_id': self.day.id,
                'price_unit': 400.0,
            }
        )
        self.assertEqual(rate.display_name, 'Ben')
        self.book(self.ben, 12)
        line = self.contract._bill().invoice_line_ids
        self.assertRecordValues(
            line, [{'product_id': False, 'quantity': 1.5, 'price_subtotal': 600.0}]
        )
        self.assertEqual(line.name, 'Ben\nOn 03/10/2026')
        self.assertTrue(line.account_id)
        self.contract.time_product_id = self.consulting
        self.book(self.ben, 4)
        line = self.contract._bill().invoice_line_ids
        self.assertEqual(line.product_id, self.consulting)
        self.assertEqual(line.price_subtotal, 200.0, 'at the rate, not at the price of the service')

    def test_rate_of_a_service_sold_in_pieces_is_per_hour(self):
        self.consulting.uom_id = self.env.ref('uom.product_uom_unit')
        rate = self.env['crm.contract.rate'].create(
            {'contract_id': self.contract.id, 'product_id': self.consulting.id}
        )
        self.assertRecordValues(rate, [{'product_uom_id': self.hour.id, 'price_unit': 75.0}])

    def test_company_proposes_the_service(self):
        self.env.company.crm_contract_time_product_id = self.consulting
        self.assertEqual(self.create_contract().time_product_id, self.consulting)

    def test_hours_without_price_park_the_contract_and_the_rest_is_billed(self):
        self.book(self.ben, 2, '2026-02-10')
        self.book(self.ada, 8, '2026-02-10')
        self.run_cron()
        self.assertEqual(self.live(self.contract).amount, 650.0)
        self.assertIn('no rate for Ben', self.contract.billing_error)
        self.assertTrue(self.contract.activity_ids)
        self.contract.rate_ids = [
            Command.create(self.rate(price_unit=50.0, product_uom_id=self.hour.id))
        ]
        self.assertFalse(self.contract.billing_error)
        self.run_cron()
        self.assertEqual(sum(self.live(self.contract).mapped('amount')), 750.0)

    def test_rate_made_apart_frees_the_contract_too(self):
        self.contract._park_billing(ValueError('x'))
        rate = self.env['crm.contract.rate'].create(
            {'contract_id': self.contract.id, **self.rate(price_unit=50.0)}
        )
        self.assertFalse(self.contract.billing_error)
        self.contract._park_billing(ValueError('x'))
        rate.price_unit = 60.0
        self.assertFalse(self.contract.billing_error)

    def test_refunds_over_what_was_charged_wait_without_parking(self):
        self.spend(100.0)
        self.contract._bill()
        self.spend(300.0, 'in_refund')
        with freeze_time('2026-04-20'):
            self.run_cron()
            (entry,) = self.contract._preview_billing()
        self.assertIn('Refunds exceed', entry['held'])
        self.assertFalse(self.contract.billing_error)

    def test_corrections_wait_for_hours(self):
        self.book(self.ada, -2)
        (entry,) = self.contract._preview_billing()
        self.assertIn('corrections', entry['held'])
        self.assertFalse(self.contract._bill())
        self.book(self.ada, 10)
        self.assertEqual(self.contract._bill().amount_untaxed, 650.0)

    def test_hours_that_corrections_took_back_wait_with_them(self):
        self.book(self.ada, 2)
        self.book(self.ada, -2)
        (entry,) = self.contract._preview_billing()
        self.assertIn('corrections', entry['held'])
        self.assertTrue(entry['waits'])
        self.assertFalse(self.contract._bill())
        self.book(self.ada, 8)
        self.assertEqual(self.contract._bill().amount_untaxed, 650.0)

    def test_minutes_are_billed_to_the_cent(self):
        self.contract.rate_ids = [
            Command.clear(),
            Command.create(self.rate(price_unit=60.0, product_uom_id=self.hour.id)),
        ]
        self.book(self.ben, 1 / 3)
        move = self.contract._bill()
        self.assertEqual(move.amount_untaxed, 20.0)
        self.assertEqual(self.live(self.contract).amount, 20.0)
        self.book(self.ben, 1 / 3)
        self.book(self.ben, 2 / 3)
        self.assertRecordValues(
            self.contract._bill().invoice_line_ids, [{'quantity': 1.0, 'price_unit': 60.0}]
        )
