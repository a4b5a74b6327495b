from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .revision_common import RevisionCase


@tagged('post_install', '-at_install')
@freeze_time('2026-12-10')
class TestContractRevising(RevisionCase):
    """The previews: what they show is what is done, or nothing."""

    def open(self, contracts, action='action_revise_prices', user=None):
        contracts = contracts.with_user(user or self.salesman)
        opened = getattr(contracts, action)()
        return Form(
            self.env[opened['res_model']]
            .with_user(contracts.env.user)
            .with_context(**opened['context'])
        )

    def rows(self, wizard):
        return [(row.name, row.price_old, row.price_new) for row in wizard.price_ids]

    # === REVISE PRICES === #

    def test_each_contract_by_its_own_rule(self):
        indexed = self.create_indexed()
        percent = self.create_contract(revision_type='percentage', revision_percentage=2.0)
        none = self.create_contract()
        wizard = self.open(indexed | percent | none).save()
        self.assertEqual(wizard.line_ids.contract_id, indexed | percent)
        self.assertEqual(
            [(round(line.percentage, 6), line.annual_difference) for line in wizard.line_ids],
            [(4.0, 48.0), (2.0, 24.0)],
        )
        wizard.action_apply()
        self.assertEqual(indexed.line_ids.price_unit, 104.0)
        self.assertEqual(percent.line_ids.price_unit, 102.0)
        self.assertEqual(none.line_ids.price_unit, 100.0)

    def test_one_percentage_for_all_from_a_day(self):
        contracts = self.create_contract() | self.create_indexed()
        form = self.open(contracts)
        form.revision_type = 'percentage'
        form.revision_percentage = 5
        form.date = '2027-02-01'
        wizard = form.save()
        self.assertEqual(self.rows(wizard), [('Support', 100.0, 105.0)] * 2)
        wizard.action_apply()
        self.assertEqual(
            contracts.revision_ids.mapped(lambda one: (str(one.date), one.percentage)),
            [('2027-02-01', 5.0)] * 2,
        )

    def test_prices_are_edited_and_left_out_before_it_is_done(self):
        contract = self.create_contract(
            self.monthly(name='Kept'), self.monthly(name='Typed'), self.monthly(name='Raised')
        )
        form = self.open(contract)
        form.revision_type = 'percentage'
        form.revision_percentage = 10
        with form.price_ids.edit(0) as row:
            row.is_included = False
            self.assertEqual(row.annual_difference, 0.0)
        with form.price_ids.edit(1) as row:
            row.price_new = 107.0
            self.assertEqual((row.difference, row.annual_difference), (7.0, 84.0))
        wizard = form.save()
        self.assertEqual(wizard.line_ids.annual_difference, 84.0 + 120.0)
        wizard.action_apply()
        self.assertEqual(
            {line.name: line.price_unit for line in contract.line_ids},
            {'Kept': 100.0, 'Typed': 107.0, 'Raised': 110.0},
        )
        self.assertEqual(
            sorted(contract.revision_ids.price_ids.mapped('name')), ['Raised', 'Typed']
        )

    def test_what_changed_since_the_preview_is_refused(self):
        contract = self.create_indexed()
        for change in (
            lambda: contract.line_ids.write({'price_unit': 120.0}),
            lambda: self.index.value_ids.filtered(lambda one: one.value == 104.0).write(
                {'value': 105.0}
            ),
            lambda: contract.write({'line_ids': [Command.create(self.monthly(name='New'))]}),
            lambda: self.revise(contract, '2027-01-01'),
        ):
            wizard = self.open(contract).save()
            change()
            with self.assertRaisesRegex(UserError, 'changed since the preview'):
                wizard.action_apply()

    def test_second_press_is_refused(self):
        contract = self.create_indexed()
        wizard = self.open(contract).save()
        wizard.action_apply()
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertEqual(contract.line_ids.price_unit, 104.0)

    def test_what_is_held_back_says_why_and_the_others_go_on(self):
        held = self.create_indexed(revision_lag=1)
        ready = self.create_indexed()
        wizard = self.open(held | ready).save()
        self.assertTrue(wizard.has_held)
        self.assertIn('no value', wizard.line_ids[0].held)
        wizard.action_apply()
        self.assertEqual((held | ready).line_ids.mapped('price_unit'), [100.0, 104.0])
        alone = self.open(held).save()
        self.assertFalse(alone.can_apply)
        with self.assertRaisesRegex(UserError, 'no price to revise'):
            alone.action_apply()

    def test_foreign_contracts_are_not_revised(self):
        contract = self.create_indexed()
        wizard = self.env['crm.contract.revising'].create(
            {'contract_ids': [Command.set(contract.ids)]}
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            wizard.with_user(self.colleague).action_apply()
        self.assertEqual(contract.line_ids.price_unit, 100.0)

    # === RENEW === #

    def test_renewal_shows_the_prices_of_the_next_term(self):
        contract = self.create_indexed(fixed_amount=1000.0)
        form = self.open(contract, 'action_renew')
        self.assertEqual(str(form.date_start), '2027-01-01')
        self.assertEqual(str(form.date_end), '2027-12-31')
        form.date_end = '2027-06-30'
        wizard = form.save()
        self.assertEqual(
            self.rows(wizard), [('Support', 100.0, 104.0), ('Agreed Amount', 1000.0, 1040.0)]
        )
        wizard.action_renew()
        self.assertEqual(str(contract.date_end), '2027-06-30')
        self.assertEqual((contract.line_ids.price_unit, contract.fixed_amount), (104.0, 1040.0))

    def test_many_contracts_are_renewed_each_by_its_months(self):
        yearly, monthly = self.create_indexed(), self.create_indexed(term_months=1)
        self.open(yearly | monthly, 'action_renew').save().action_renew()
        self.assertEqual(
            [str(contract.date_end) for contract in yearly | monthly],
            ['2027-12-31', '2027-01-31'],
        )
        self.assertEqual((yearly | monthly).line_ids.mapped('price_unit'), [104.0, 104.0])

    def test_renewal_can_keep_the_prices(self):
        contract = self.create_indexed()
        form = self.open(contract, 'action_renew')
        form.revision_type = 'none'
        form.save().action_renew()
        self.assertEqual(str(contract.date_end), '2027-12-31')
        self.assertEqual(contract.line_ids.price_unit, 100.0)
        self.assertFalse(contract.date_revision_due)

    def test_renewal_without_index_value_waits_for_it(self):
        contract = self.create_indexed(revision_lag=1)
        wizard = self.open(contract, 'action_renew').save()
        self.assertTrue(wizard.has_held)
        wizard.action_renew()
        self.assertEqual(str(contract.date_end), '2027-12-31')
        self.assertEqual(str(contract.date_revision_due), '2027-01-01')
        self.assertTrue(self.revision_activities(contract))
        self.add_value('2025-12-01', 100.0)
        self.add_value('2026-12-01', 103.0)
        late = self.open(contract).save()
        self.assertEqual(str(late.line_ids.date), '2027-01-01')
        late.action_apply()
        self.assertEqual(contract.line_ids.price_unit, 103.0)

    # === MANY === #

    def test_queries_of_a_preview_do_not_grow_with_the_contracts(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [
                    self.prepare_contract(self.monthly(), term_months=12, **self.index_rule())
                    for _number in range(size)
                ]
            )
            values = {'contract_ids': [Command.set(contracts.ids)]}
            wizards = []
            return [
                self.count_queries(
                    lambda: wizards.append(self.env['crm.contract.revising'].create(values))
                ),
                self.count_queries(lambda: wizards[0].action_apply()),
            ]

        measure(2)
        for few, many in zip(measure(10), measure(110), strict=True):
            self.assertLessEqual(many - few, 8)
