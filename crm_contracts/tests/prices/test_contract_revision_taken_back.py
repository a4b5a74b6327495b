from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from .revision_common import RevisionCase


@tagged('post_install', '-at_install')
@freeze_time('2026-12-10')
class TestContractRevisionTakenBack(RevisionCase):
    """A price revision that was a mistake: the prices before it hold again."""

    def create_rated(self, **values):
        rate = {'product_id': self.support.id, 'price_unit': 60.0}
        return self.create_contract(
            term_months=12,
            fixed_amount=1000.0,
            prepaid_quantity=10,
            overage_price=95.0,
            rate_ids=[Command.create(rate)],
            **values,
        )

    def prices(self, contract):
        return (
            contract.line_ids.mapped('price_unit'),
            self.rates(contract),
            contract.fixed_amount,
            contract.overage_price,
        )

    def rates(self, contract):
        return contract.rate_ids.sorted('id').mapped('price_unit')

    def test_all_prices_are_those_of_before(self):
        contract = self.create_rated()
        contract._renew(price_increase=10)
        self.assertEqual(self.prices(contract), ([110.0], [60.0, 66.0], 1100.0, 104.5))
        revision = contract.revision_ids
        revision.with_user(self.salesman).action_take_back()
        self.assertEqual(self.prices(contract), ([100.0], [60.0], 1000.0, 95.0))
        self.assertFalse(contract.line_ids.former_price_ids)
        self.assertEqual(contract.term_ids.mapped('fixed_amount'), [1000.0, 1000.0])
        self.assertEqual(str(contract.date_end), '2027-12-31', 'the contract stays renewed')
        self.assertFalse(contract.revision_ids)
        self.assertFalse(revision.active)
        self.assertIn('110.00 → 100.00', contract.message_ids[0].body)
        before = contract.message_ids
        self.env.cr.precommit.run()
        self.assertFalse((contract.message_ids - before).filtered('body'), 'one note is enough')

    def test_second_attempt_is_right_on_the_same_day(self):
        contract = self.create_rated()
        self.revise(contract, '2027-02-01', 10.0).action_take_back()
        self.revise(contract, '2027-02-01', 1.0)
        self.assertEqual(contract.line_ids.price_unit, 101.0)
        self.assertEqual(contract.line_ids._get_price_on(Date.to_date('2027-01-31')), 100.0)
        self.assertEqual(self.rates(contract), [60.0, 60.6])
        self.assertEqual(len(contract.revision_ids), 1)

    def test_rate_that_had_the_day_already_keeps_it(self):
        contract = self.create_rated()
        contract.rate_ids.date_from = '2027-02-01'
        self.revise(contract, '2027-02-01', 10.0).action_take_back()
        self.assertEqual(contract.rate_ids.mapped('price_unit'), [60.0])
        self.assertEqual(str(contract.rate_ids.date_from), '2027-02-01')

    def test_renewal_after_it_follows_the_rule_again(self):
        contract = self.create_indexed(fixed_amount=1000.0)
        self.revise(contract, '2027-01-01', 50.0).action_take_back()
        contract._renew()
        self.assertEqual((contract.line_ids.price_unit, contract.fixed_amount), (104.0, 1040.0))

    def test_next_bill_has_the_old_price_and_what_was_invoiced_is_named(self):
        contract = self.create_contract()
        contract._bill('2026-10-10')
        revision = self.revise(contract, '2026-11-01', 10.0)
        contract._bill('2026-11-10')
        revision.action_take_back()
        self.assertIn('Periods invoiced at the revised price: 1', contract.message_ids[0].body)
        contract._bill('2026-12-10')
        rows = contract.billing_ids.sorted('period_start')[-3:]
        self.assertEqual(rows.mapped('amount'), [100.0, 110.0, 100.0])

    def test_monthly_revenue_goes_back_on_the_same_day(self):
        contract = self.create_contract(date_end='2027-12-31')
        revision = self.revise(contract, '2027-02-01', 10.0)
        with freeze_time('2027-02-05'):
            self.run_daily()
        with freeze_time('2027-02-10'):
            revision.action_take_back()
            self.run_daily()
        self.assertEqual(
            self.moves(contract),
            [('2026-01-01', 100.0), ('2027-02-01', 10.0), ('2027-02-01', -10.0)],
        )

    def test_revision_of_the_future_never_moved_it(self):
        contract = self.create_contract(date_end='2027-12-31')
        self.revise(contract, '2027-02-01', 10.0).action_take_back()
        with freeze_time('2027-02-05'):
            self.run_daily()
        self.assertEqual(self.moves(contract), [('2026-01-01', 100.0)])

    # === REFUSED === #

    def test_last_one_goes_first(self):
        contract = self.create_contract()
        first = self.revise(contract, '2027-02-01', 10.0)
        last = self.revise(contract, '2027-03-01', 10.0)
        with self.assertRaisesRegex(UserError, 'revised again since'), self.cr.savepoint():
            first.action_take_back()
        (first | last).action_take_back()
        self.assertEqual(contract.line_ids.price_unit, 100.0)
        self.assertFalse(contract.line_ids.former_price_ids)

    def test_price_that_was_typed_since_is_not_lost(self):
        for change in (
            lambda contract: contract.line_ids.write({'price_unit': 107.0}),
            lambda contract: contract.rate_ids.filtered('date_from').write({'price_unit': 65.0}),
            lambda contract: contract.write({'overage_price': 99.0}),
            lambda contract: contract._renew(price_increase=0),
        ):
            contract = self.create_rated()
            contract._renew(price_increase=10)
            change(contract)
            before = self.prices(contract)
            with self.assertRaisesRegex(UserError, 'by hand'), self.cr.savepoint():
                contract.revision_ids.action_take_back()
            self.assertEqual(self.prices(contract), before)

    def test_removed_line_stops_nothing(self):
        contract = self.create_contract(self.monthly(name='Kept'), self.monthly(name='Removed'))
        revision = self.revise(contract, '2027-02-01', 10.0)
        contract.line_ids.filtered(lambda line: line.name == 'Removed').unlink()
        revision.action_take_back()
        self.assertEqual(contract.line_ids.price_unit, 100.0)

    def test_who_may_not_write_the_contract_takes_nothing_back(self):
        contract = self.create_contract()
        revision = self.revise(contract, '2027-02-01', 10.0)
        for user in (self.colleague, self.accountant):
            with self.assertRaises(AccessError):
                revision.with_user(user).action_take_back()
        for user in (self.salesman, self.administrator):
            with self.assertRaises(AccessError):
                revision.with_user(user).action_archive()
        self.assertEqual(contract.line_ids.price_unit, 110.0)

    # === MANY === #

    def test_queries_do_not_grow_with_the_contracts(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [self.prepare_contract(self.monthly(), self.monthly()) for _number in range(size)]
            )
            plan = contracts._plan_price_revisions(
                dict.fromkeys(contracts, Date.to_date('2027-02-01')), self.percentage_rule(10.0)
            )
            revisions = contracts._apply_price_revisions(plan)
            return self.count_queries(revisions.action_take_back)

        measure(2)
        few, many = measure(10), measure(110)
        self.assertLessEqual(many - few, 8)
