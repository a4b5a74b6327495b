from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase

CREDIT = 'credit them by hand'
BEGUN = 'the period was begun'


@tagged('post_install', '-at_install')
@freeze_time('2026-06-15')
class TestContractCharged(BillingCase):
    """Days that were charged in advance and that a contract does not cover any more."""

    @classmethod
    def yearly(cls, **values):
        return cls.monthly(interval_unit='year', price_unit=1200.0, prorate=True, **values)

    def get_note(self, contract, text):
        """Return the note of the contract that has a text, or nothing."""
        return contract.message_ids.filtered(lambda message: text in (message.body or ''))

    def assert_named(self, contract, text, moves):
        note = self.get_note(contract, text)
        self.assertEqual(len(note), 1)
        for move in contract.billing_ids.move_line_ids.move_id:
            self.assertEqual(f'data-oe-id="{move.id}"' in note.body, move in moves, move.name)

    def test_year_billed_in_advance_is_named_when_the_contract_is_closed(self):
        contract = self.create_contract(self.yearly())
        move = contract._bill()
        contract.with_user(self.salesman).action_close(reason='Moved away')
        self.assert_named(contract, CREDIT, move)
        self.assertFalse(self.get_note(contract, BEGUN))
        self.assertEqual(self.get_note(contract, CREDIT).author_id, self.salesman.partner_id)
        self.assertEqual(len(self.live(contract)), 1, 'it stays until it is credited')

    def test_year_without_proration_is_named_as_agreed(self):
        contract = self.create_contract(
            {**self.yearly(), 'prorate': False}, self.monthly(timing='arrears')
        )
        move = contract._bill('2026-01-01')
        contract.action_close()
        self.assert_named(contract, BEGUN, move)
        self.assertFalse(self.get_note(contract, CREDIT))

    def test_whole_periods_after_the_end_are_to_be_credited(self):
        contract = self.create_contract()
        moves = {month: contract._bill(f'2026-{month:02}-01') for month in (1, 6, 7, 8)}
        contract.action_close()
        note = self.get_note(contract, CREDIT)
        named, begun = note.body.split('<br>') if '<br>' in note.body else note.body.split('<br/>')
        for month, is_named in ((1, False), (6, False), (7, True), (8, True)):
            self.assertEqual(f'data-oe-id="{moves[month].id}"' in named, is_named, month)
        self.assertIn(f'data-oe-id="{moves[6].id}"', begun)

    def test_cancelled_and_shortened_contracts_name_it_too(self):
        cancelled, shortened = (self.create_contract(self.yearly()) for _number in range(2))
        moves = {contract: contract._bill() for contract in (cancelled, shortened)}
        cancelled.action_cancel()
        shortened.date_end = '2026-09-30'
        for contract, move in moves.items():
            self.assert_named(contract, CREDIT, move)

    def test_nothing_is_said_where_no_day_is_charged_or_the_end_is_later(self):
        arrears, credited, longer = (
            self.create_contract({**self.yearly(), 'timing': timing})
            for timing in ('arrears', 'advance', 'advance')
        )
        move = credited._bill()
        move.action_post()
        self.credit(move)
        longer._bill()
        longer.date_end = '2027-12-31'
        longer._renew()
        (arrears | credited).action_close()
        for contract in (arrears, credited, longer):
            self.assertFalse(self.get_note(contract, CREDIT) | self.get_note(contract, BEGUN))

    def test_contract_that_closes_itself_at_its_end_says_nothing(self):
        contract = self.create_contract(
            self.yearly(), date_start='2025-06-01', date_end='2026-05-31', renewal_type='none'
        )
        contract._bill()
        contract._check_renewals()
        self.assertEqual(contract.state, 'closed')
        self.assertFalse(self.get_note(contract, CREDIT))

    def test_line_that_ends_earlier_is_named_and_credited(self):
        contract = self.create_contract(self.yearly(), self.monthly())
        move = contract._bill('2026-01-01')
        move.action_post()
        line = contract.line_ids[0]
        line.with_user(self.salesman).date_end = '2026-06-30'
        self.assert_named(contract, CREDIT, move)
        self.assertIn(line.name, self.get_note(contract, CREDIT).body)
        self.assertEqual(contract.unused_amount, 604.93, '184 of 365 days of 1,200')
        contract.with_user(self.salesman).action_credit_unused()
        self.assertEqual(move.reversal_move_ids.amount_untaxed, 604.93)

    def test_line_that_ends_later_or_in_a_begun_period_is_told_apart(self):
        contract = self.create_contract({**self.yearly(), 'prorate': False})
        contract._bill('2026-01-01')
        line = contract.line_ids
        line.date_end = '2026-09-30'
        self.assertTrue(self.get_note(contract, BEGUN))
        self.assertFalse(self.get_note(contract, CREDIT))
        count = len(contract.message_ids)
        line.date_end = '2026-10-31'
        self.assertFalse(self.get_note(contract, CREDIT))
        self.assertEqual(len(self.get_note(contract, BEGUN)), 1, count)

    def test_milestone_of_a_cancelled_contract_is_named_and_credited(self):
        due, later, reached = (
            self.milestone(date_due=day, price_unit=price, is_done=price == 300.0)
            for day, price in (('2026-03-15', 100.0), ('2026-08-15', 200.0), ('2026-08-15', 300.0))
        )
        for end in ('action_cancel', 'action_close'):
            with self.subTest(end):
                contract = self.create_contract(due, later, reached)
                move = contract._bill('2026-08-31')
                move.action_post()
                getattr(contract.with_user(self.salesman), end)()
                self.assert_named(contract, 'Milestones that are called off are charged', move)
                self.assertEqual(contract.unused_amount, 200.0)
                contract.with_user(self.salesman).action_credit_unused()
                refund = move.reversal_move_ids
                self.assertEqual(refund.amount_untaxed, 200.0)
                self.assertIn('Called off', refund.invoice_line_ids.name)
                refund.action_post()
                self.assertFalse(contract.unused_amount)
                self.assertFalse(contract._bill('2026-12-31'))
                self.assertEqual(contract.amount_expected_milestone, 400.0)

    def test_queries_do_not_grow_with_the_contracts(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [self.prepare_contract(self.yearly()) for _number in range(size)]
            )
            contracts._bill()
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts.date_end = '2026-09-30'
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        measure(2)
        self.assertLessEqual(measure(60) - measure(10), 2)
