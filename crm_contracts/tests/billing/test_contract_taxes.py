from odoo import Command
from odoo.tests import Form, freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractTaxes(ItemCase):
    """Nothing is invoiced with taxes, or without, that nobody chose."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat = cls.create_tax('VAT 21 %')
        cls.reduced = cls.create_tax('VAT 10 %', amount=10.0)
        cls.env.company.account_sale_tax_id = cls.vat
        cls.contract.cost_tax_ids = cls.contract.rate_ids.tax_ids = cls.vat
        cls.taxed = cls.env['product.product'].create(
            {'name': 'Taxed', 'type': 'service', 'taxes_id': [Command.set(cls.reduced.ids)]}
        )

    @classmethod
    def create_tax(cls, name, **values):
        return cls.env['account.tax'].create(
            {'name': name, 'amount': 21.0, 'type_tax_use': 'sale', **values}
        )

    def bare(self, **values):
        return {'name': 'Support', 'price_unit': 100.0, 'date_start': '2026-03-01', **values}

    def get_hold(self, contract):
        (entry,) = contract._preview_billing()
        return entry['held']

    def get_taxes(self, move):
        return [line.tax_ids for line in move.invoice_line_ids]

    # === WHAT IS PROPOSED === #

    def test_line_without_product_has_the_tax_of_the_company(self):
        contract = self.create_contract(self.bare(), invoice_auto_post=True)
        self.assertEqual(contract.line_ids.tax_ids, self.vat)
        (entry,) = contract._preview_billing()
        self.assertEqual(entry['tax_ids'], self.vat.ids)
        move = contract._bill()
        self.assertEqual((move.state, move.amount_total), ('posted', 121.0))

    def test_product_goes_before_the_company_and_who_bills_before_the_product(self):
        contract = self.create_contract(
            self.bare(product_id=self.taxed.id),
            self.bare(product_id=self.taxed.id, tax_ids=[Command.set(self.exempt.ids)]),
        )
        self.assertEqual(self.get_taxes(contract._bill()), [self.reduced, self.exempt])

    def test_service_of_the_kind_gives_account_and_tax(self):
        account = self.company_data['default_account_revenue'].copy()
        self.taxed.property_account_income_id = account
        self.env.company.crm_contract_recurring_product_id = self.taxed
        contract = self.create_contract(self.bare(), self.milestone(date_due='2026-03-01'))
        fee, delivery = contract.line_ids
        self.assertEqual((fee.tax_ids, delivery.tax_ids), (self.reduced, self.vat))
        line = contract._bill().invoice_line_ids.sorted('price_unit')[0]
        self.assertRecordValues(
            line,
            [
                {
                    'name': 'Support\nFrom 03/01/2026 to 03/31/2026',
                    'product_id': self.taxed.id,
                    'account_id': account.id,
                    'price_unit': 100.0,
                }
            ],
        )

    def test_fiscal_position_of_the_contract_has_the_last_word(self):
        position = self.env['account.fiscal.position'].create({'name': 'Islands'})
        islands = self.create_tax(
            'IGIC', amount=7.0, fiscal_position_ids=position.ids, original_tax_ids=self.vat.ids
        )
        contract = self.create_contract(self.bare())
        contract.fiscal_position_id = position
        self.assertEqual(contract.line_ids.tax_ids, islands)
        move = contract._bill()
        self.assertEqual((move.fiscal_position_id, move.amount_total), (position, 107.0))

    def test_template_proposes_taxes_before_the_fiscal_position(self):
        position = self.env['account.fiscal.position'].create({'name': 'Islands'})
        islands = self.create_tax(
            'IGIC', fiscal_position_ids=position.ids, original_tax_ids=self.reduced.ids
        )
        template = self.env['crm.contract.template'].create(
            {
                'name': 'Support',
                'line_ids': [
                    Command.create({'name': 'Fee', 'tax_ids': [Command.set(self.reduced.ids)]})
                ],
            }
        )
        values = {
            'name': 'Support',
            'template_id': template.id,
            'partner_id': self.partner_a.id,
        }
        contracts = self.env['crm.contract'].create(
            [values, {**values, 'fiscal_position_id': position.id}]
        )
        self.assertEqual(contracts[0].line_ids.tax_ids, self.reduced)
        self.assertEqual(contracts[1].line_ids.tax_ids, islands)

    def test_hours_have_the_taxes_of_their_rate(self):
        hourly = self.contract.rate_ids.filtered(lambda rate: not rate.job_id)
        hourly.product_id = False
        self.assertEqual(hourly.tax_ids, self.vat)
        hourly.tax_ids = self.reduced
        self.book(self.ben, 2, '2026-02-10')
        self.assertEqual(self.get_taxes(self.contract._bill()), [self.reduced])

    def test_hours_without_rate_have_those_of_their_service(self):
        self.contract.rate_ids.unlink()
        self.contract.time_product_id = self.taxed
        self.taxed.write({'list_price': 40.0, 'uom_id': self.hour.id})
        self.book(self.ben, 2, '2026-02-10')
        self.assertEqual(self.get_taxes(self.contract._bill()), [self.reduced])

    def test_costs_without_product_have_those_of_the_contract(self):
        self.spend(200.0)
        self.assertEqual(self.contract.cost_tax_ids, self.vat)
        move = self.contract._bill()
        self.assertEqual((self.get_taxes(move), move.amount_total), ([self.vat], 242.0))
        self.contract.cost_tax_ids = self.exempt
        self.spend(50.0)
        self.assertEqual(self.get_taxes(self.contract._bill()), [self.exempt])

    def test_costs_with_product_have_those_of_the_product(self):
        self.spend(200.0, product_id=self.taxed.id)
        self.assertEqual(self.get_taxes(self.contract._bill()), [self.reduced])

    def test_service_for_costs_gives_them_account_and_tax(self):
        self.contract.cost_product_id = self.taxed
        self.assertEqual(self.contract.cost_tax_ids, self.reduced)
        self.spend(200.0)
        self.assertRecordValues(
            self.contract._bill().invoice_line_ids,
            [{'product_id': self.taxed.id, 'tax_ids': self.reduced.ids, 'price_unit': 200.0}],
        )

    def test_taxes_are_seen_and_chosen_in_the_form(self):
        contract = self.create_contract(self.bare())
        self.env.cr.precommit.run()
        form = Form(contract.with_user(self.salesman))
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.tax_ids.ids, self.vat.ids)
            line.tax_ids.set(self.exempt)
        form.save()
        self.assertEqual(contract.line_ids.tax_ids, self.exempt)
        self.env.cr.precommit.run()
        contract.invalidate_recordset(['message_ids'])
        self.assertIn('VAT 21 % → Exempt', contract.message_ids[0].body)

    # === WHAT IS HELD BACK === #

    def test_line_whose_tax_was_taken_away_is_held_back(self):
        contract = self.create_contract(self.bare(tax_ids=False), invoice_auto_post=True)
        contract.line_ids.tax_ids = False
        self.assertIn('no tax for "Support"', self.get_hold(contract))
        self.assertFalse(contract._bill())
        contract.line_ids.tax_ids = self.exempt
        move = contract._bill()
        self.assertEqual((move.state, move.amount_total), ('posted', 100.0))

    def test_company_without_usual_tax_has_to_choose_one(self):
        self.env.company.account_sale_tax_id = False
        self.assertIn('no tax for', self.get_hold(self.create_contract(self.bare())))

    def test_company_that_has_no_sales_taxes_goes_on(self):
        self.env['account.tax'].search([('type_tax_use', '=', 'sale')]).active = False
        self.env.company.account_sale_tax_id = False
        contract = self.create_contract(self.bare())
        self.assertEqual(contract._bill().amount_total, 100.0)

    def test_product_without_taxes_has_none_unless_the_company_wants_one_on_each_line(self):
        contract = self.create_contract(self.monthly(date_start='2026-03-01'))
        self.assertFalse(self.get_hold(contract))
        self.env.company.crm_contract_tax_required = True
        self.assertIn('no tax for "Support"', self.get_hold(contract))
        self.env.company.crm_contract_tax_required = False
        self.assertEqual(contract._bill().amount_total, 100.0)

    def test_tax_on_each_line_is_proposed_where_vat_is(self):
        companies = self.env['res.company'].create(
            [{'name': name, 'country_id': self.env.ref(f'base.{name}').id} for name in ('es', 'us')]
        )
        self.assertEqual(companies.mapped('crm_contract_tax_required'), [True, False])

    def test_fiscal_position_that_takes_taxes_away_was_chosen(self):
        position = self.env['account.fiscal.position'].create({'name': 'Export'})
        contract = self.create_contract(self.bare(), fiscal_position_id=position.id)
        self.assertFalse(contract.line_ids.tax_ids)
        self.assertEqual(contract._bill().amount_total, 100.0)

    def test_archived_tax_is_held_back_wherever_it_stands(self):
        line = self.create_contract(self.bare())
        self.vat.active = False
        self.assertIn('tax VAT 21 % of "Support" is archived', self.get_hold(line))
        self.reduced.active = False
        self.spend(200.0, product_id=self.taxed.id)
        self.assertIn('VAT 10 %', self.get_hold(self.contract))
        line.line_ids.tax_ids = self.exempt
        self.assertEqual(line._bill().amount_total, 100.0)

    def test_included_tax_that_comes_to_no_price_is_held_back(self):
        self.env.company.tax_calculation_rounding_method = 'round_per_line'
        rounded = self.create_tax('Included', price_include_override='tax_included')
        self.patch(type(self.vat), '_get_crm_contract_price', lambda taxes, company, line: 7777.0)
        contract = self.create_contract(self.bare(tax_ids=[Command.set(rounded.ids)]))
        self.assertIn('none comes to the amount', self.get_hold(contract))
        contract.line_ids.tax_ids = self.vat
        self.assertFalse(self.get_hold(contract))

    # === WHAT COMES BACK === #

    def _credit_a_part(self):
        contract = self.create_contract(self.bare(quantity=10), invoice_auto_post=True)
        move = contract._bill()
        self.credit(move, quantity=4)
        contract.line_ids.tax_ids = self.reduced
        return contract, move

    def test_part_that_comes_back_has_the_tax_of_its_document(self):
        contract, _move = self._credit_a_part()
        again = contract._bill()
        self.assertEqual((self.get_taxes(again), again.amount_total), ([self.vat], 484.0))

    def test_part_whose_tax_is_archived_waits_for_somebody(self):
        contract, _move = self._credit_a_part()
        self.vat.active = False
        self.assertIn('was invoiced before, is archived', self.get_hold(contract))
        self.vat.active = True
        self.assertEqual(self.get_taxes(contract._bill()), [self.vat])

    def test_part_of_an_invoice_that_somebody_edited_has_what_stands_there(self):
        contract = self.create_contract(self.bare(quantity=10))
        move = contract._bill()
        move.invoice_line_ids.tax_ids = self.reduced
        move.action_post()
        self.credit(move, quantity=4)
        self.assertEqual(self.get_taxes(contract._bill()), [self.reduced])

    def test_period_that_comes_back_as_a_whole_has_the_taxes_of_its_line(self):
        contract = self.create_contract(self.bare(), invoice_auto_post=True)
        self.credit(contract._bill())
        contract.line_ids.tax_ids = self.reduced
        self.assertEqual(self.get_taxes(contract._bill()), [self.reduced])

    # === SPEED === #

    def test_queries_do_not_grow_with_the_lines(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [self.prepare_contract(self.bare()) for _number in range(size)]
            )
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._preview_billing()
            return self.env.cr.sql_log_count - before

        measure(2)
        self.assertEqual(measure(90), measure(10))
