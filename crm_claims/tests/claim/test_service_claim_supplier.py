from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..common import AGENT, ServiceCommon


@tagged('post_install', '-at_install')
class TestServiceClaimSupplier(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env['res.partner'].create({'name': 'Tonelería Roble'})
        cls.product = cls.env['product.product'].create(
            {
                'name': 'Oak barrel',
                'seller_ids': [Command.create({'partner_id': cls.supplier.id})],
            }
        )

    def create_customer_claim(self):
        return self.create_case(
            'service.claim',
            line_ids=[
                Command.create(
                    {
                        'product_id': self.product.id,
                        'quantity': 3,
                        'lot_name': 'B-12',
                        'reason': 'Leaks',
                        'amount_claimed': 90,
                        'amount_granted': 60,
                        'outcome': 'credit',
                    }
                )
            ],
        )

    def test_supplier_claim_takes_the_items_and_both_know_each_other(self):
        claim = self.create_customer_claim().with_user(self.agent)
        action = claim.action_create_supplier_claim()
        made = self.env['service.claim'].browse(action['res_id'])
        self.assertRecordValues(
            made,
            [
                {
                    'against': 'supplier',
                    'partner_id': self.supplier.id,
                    'caused_by_id': claim.id,
                    'team_id': self.repairs.id,
                }
            ],
        )
        self.assertRecordValues(
            made.line_ids,
            [
                {
                    'product_id': self.product.id,
                    'quantity': 3,
                    'lot_name': 'B-12',
                    'reason': 'Leaks',
                    'outcome': False,
                    'amount_granted': 0,
                }
            ],
        )
        self.assertEqual(claim.supplier_claim_ids, made)
        self.assertEqual(claim.action_view_supplier_claims()['res_id'], made.id)
        self.assertEqual(made.action_view_cause()['res_id'], claim.id)

    def test_button_opens_all_that_it_counts(self):
        claim = self.create_customer_claim()
        claim.action_create_supplier_claim()
        claim.supplier_claim_ids.action_reject()
        claim.action_create_supplier_claim()
        action = claim.action_view_supplier_claims()
        found = self.env['service.claim'].with_context(**action['context']).search(action['domain'])
        self.assertEqual(len(found), 2)
        self.assertEqual(claim.supplier_claim_count, 2)
        self.assertEqual(found, claim.supplier_claim_ids.sorted())

    def test_second_click_opens_the_claim_that_the_first_made(self):
        claim = self.create_customer_claim().with_user(self.agent)
        first, second = claim.action_create_supplier_claim(), claim.action_create_supplier_claim()
        self.assertEqual(first['res_id'], second['res_id'])
        self.assertEqual(claim.supplier_claim_count, 1)

    def test_open_claims_to_suppliers_are_counted_until_they_are_closed(self):
        claim = self.create_customer_claim()
        self.assertEqual(claim.open_supplier_claim_count, 0)
        claim.action_create_supplier_claim()
        self.assertEqual(claim.open_supplier_claim_count, 1)
        claim.supplier_claim_ids.action_solve()
        self.assertEqual(claim.open_supplier_claim_count, 0)

    def test_net_cost_is_less_what_the_supplier_grants_in_the_companys_currency(self):
        own = self.env.company.currency_id
        foreign = self.env['res.currency'].create(
            {
                'name': 'XAL',
                'symbol': 'X',
                'rate_ids': [Command.create({'name': '2026-01-01', 'rate': 4.0})],
            }
        )
        claim = self.create_customer_claim()
        claim.write({'currency_id': foreign.id, 'date_open': '2026-03-02 10:00:00'})
        claim.amount_handling = 20
        self.assertEqual(claim.amount_cost, 80)
        self.assertEqual((claim.company_currency_id, claim.amount_net_cost), (own, 20))
        claim.action_create_supplier_claim()
        made = claim.supplier_claim_ids
        made.write({'amount_handling': 4, 'amount_granted': 44, 'date_open': claim.date_open})
        self.assertEqual(claim.amount_net_cost, 10)
        self.assertEqual(made.amount_net_cost, 0, 'counted with the claim that caused it')
        made.caused_by_id = False
        self.assertEqual((claim.amount_net_cost, made.amount_net_cost), (20, 1))

    def test_products_of_several_suppliers_name_none(self):
        cooper = self.env['res.partner'].create({'name': 'Corchos Duero'})
        without, of_another = self.env['product.product'].create(
            [
                {'name': 'Label'},
                {'name': 'Cork', 'seller_ids': [Command.create({'partner_id': cooper.id})]},
            ]
        )
        for product, supplier in (
            (self.product, self.supplier),
            (without, self.env['res.partner']),
            (of_another, self.env['res.partner']),
        ):
            with self.subTest(product=product.name):
                claim = self.create_customer_claim()
                claim.line_ids = [Command.create({'product_id': product.id})]
                claim.action_create_supplier_claim()
                self.assertEqual(claim.supplier_claim_count, 1)
                self.assertEqual(claim.supplier_claim_ids.partner_id, supplier)

    def test_only_a_customers_claim_causes_and_only_a_suppliers_is_caused(self):
        claim = self.create_customer_claim()
        claim.action_create_supplier_claim()
        made = claim.supplier_claim_ids
        self.assertEqual((made.against, made.caused_by_id), ('supplier', claim))
        with self.assertRaisesRegex(UserError, 'claim to a supplier already'):
            made.action_create_supplier_claim()
        for case, values in (
            (made, {'against': 'customer'}),
            (claim, {'against': 'supplier'}),
            (claim, {'caused_by_id': made.id}),
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                case.write(values)

    def test_purchaser_sees_supplier_claims_only_as_an_agent(self):
        claim = self.create_case('service.claim', against='supplier')
        purchaser = new_test_user(self.env, 'service_purchaser', 'base.group_user')
        with self.assertRaises(AccessError):
            claim.with_user(purchaser).read(['name'])
        purchaser.group_ids = [Command.link(self.env.ref(AGENT).id)]
        self.assertTrue(claim.with_user(purchaser).read(['name']))
