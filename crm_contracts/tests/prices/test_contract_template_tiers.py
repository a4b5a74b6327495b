from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestContractTemplateTiers(ContractCase):
    """Prices for larger quantities are agreed once, in the template, and come with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.env['product.product'].create({'name': 'Hours', 'type': 'service'})
        cls.template = cls.env['crm.contract.template'].create(
            {
                'name': 'By volume',
                'bill_time': True,
                'line_ids': [
                    Command.create(
                        {
                            'name': 'Seats',
                            'quantity': 15.0,
                            'price_unit': 10.0,
                            'tier_mode': 'volume',
                            'tier_ids': [cls.tier(10, 8.0), cls.tier(20, 5.0)],
                        }
                    ),
                    Command.create(
                        {
                            'name': 'Calls',
                            'price_unit': 0.1,
                            'is_metered': True,
                            'minimum_amount': 30.0,
                        }
                    ),
                ],
                'rate_ids': [
                    Command.create(
                        {
                            'product_id': cls.service.id,
                            'price_unit': 60.0,
                            'tier_ids': [cls.tier(40, 50.0)],
                        }
                    )
                ],
            }
        )

    @classmethod
    def tier(cls, quantity, price):
        return Command.create({'quantity_from': quantity, 'price_unit': price})

    def assertProposed(self, contract):
        seats, calls = contract.line_ids.sorted('id')
        self.assertEqual((seats.tier_mode, seats.amount), ('volume', 120.0))
        self.assertRecordValues(
            seats.tier_ids,
            [
                {'quantity_from': 10.0, 'price_unit': 8.0},
                {'quantity_from': 20.0, 'price_unit': 5.0},
            ],
        )
        self.assertEqual((calls.is_metered, calls.amount), (True, 30.0))
        self.assertRecordValues(
            contract.rate_ids.tier_ids, [{'quantity_from': 40.0, 'price_unit': 50.0}]
        )

    def test_contract_of_a_script_and_of_a_form_has_the_tiers_of_its_template(self):
        contracts = self.env['crm.contract'].with_user(self.salesman)
        values = {'name': 'Shop', 'partner_id': self.customer.id, 'template_id': self.template.id}
        contract = contracts.create(values)
        self.assertProposed(contract)
        self.assertProposed(contract.copy())
        with Form(contracts) as form:
            form.name = 'Shop'
            form.partner_id = self.customer
            form.template_id = self.template
        self.assertProposed(form.record)

    def test_copy_of_a_template_has_its_tiers(self):
        copied = self.template.copy()
        self.assertEqual(copied.line_ids[0].tier_ids.mapped('price_unit'), [8.0, 5.0])
        self.assertEqual(copied.rate_ids.tier_ids.price_unit, 50.0)

    def test_tiers_that_somebody_changed_stay_when_another_template_is_chosen(self):
        contract = self.env['crm.contract'].create(
            {'name': 'Shop', 'partner_id': self.customer.id, 'template_id': self.template.id}
        )
        seats = contract.line_ids.sorted('id')[0]
        seats.tier_ids[0].price_unit = 7.0
        contract.template_id = self.env['crm.contract.template'].create({'name': 'Empty'})
        self.assertEqual(contract.line_ids, seats)

    def test_nonsense_is_refused_and_salespeople_change_nothing(self):
        tiers = self.template.line_ids[0].tier_ids
        self.assertEqual(tiers.with_user(self.salesman).mapped('price_unit'), [8.0, 5.0])
        with self.assertRaises(AccessError):
            tiers.with_user(self.salesman).price_unit = 1.0
        tiers.with_user(self.administrator).price_unit = 6.0
        with self.assertRaisesRegex(ValidationError, 'has one price'):
            self.template.line_ids = [
                Command.create(
                    {'name': 'Delivery', 'kind': 'milestone', 'tier_ids': [self.tier(10, 8.0)]}
                )
            ]
        self.template.company_id = self.env['res.company'].create({'name': 'Elsewhere'})
        self.assertFalse(tiers.with_user(self.salesman).search([('id', 'in', tiers.ids)]))
