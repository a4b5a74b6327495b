from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .advance_common import AdvanceCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractAdvance(AdvanceCase):
    """A hundred a month from January on, and an advance of 250 that the invoices use up."""

    def test_advance_is_invoiced_and_used_up_by_the_invoices_after_it(self):
        advance = self.add_advance()
        self.assertEqual(self.bill('2026-01-01'), [[100.0, 250.0]])
        self.assertEqual((self.rest(), advance.rest), (250.0, 250.0))
        plan = self.own._preview_billing('2026-02-01')
        self.assertEqual([entry['amount'] for entry in plan], [100.0, -100.0])
        self.assertEqual(self.bill('2026-02-01'), [[100.0, -100.0]])
        self.assertEqual(self.bill('2026-04-01'), [[100.0, 100.0, -150.0]])
        self.assertEqual(self.rest(), 0.0)
        self.assertEqual(self.bill('2026-05-01'), [[100.0]])

    def test_deduction_has_the_taxes_of_the_advance(self):
        tax = self.company_data['default_tax_sale']
        self.support.taxes_id = tax
        self.add_advance(100.0)
        move = self.agreed._bill('2026-01-01')
        self.assertEqual(move.invoice_line_ids.tax_ids, tax)
        self.support.taxes_id = False
        self.agreed.line_ids.product_id = False
        deduction = self.agreed._bill('2026-02-01').invoice_line_ids.filtered(
            lambda line: line.price_subtotal < 0
        )
        self.assertEqual(deduction.tax_ids, tax)

    def test_credited_invoice_gives_back_what_it_deducted(self):
        self.add_advance()
        self.agreed._bill('2026-01-01')
        move = self.agreed._bill('2026-02-01')
        move.button_cancel()
        self.assertEqual(self.rest(), 250.0)
        self.assertEqual(self.bill('2026-02-01'), [[100.0, -100.0]])
        self.assertEqual(self.rest(), 150.0)

    def test_partly_credited_deduction_is_computed_anew(self):
        self.add_advance(400.0)
        self.agreed._bill('2026-01-01').action_post()
        move = self.agreed._bill('2026-02-01')
        move.invoice_line_ids.tax_ids = False
        self.agreed._bill('2026-03-01').action_post()
        self.assertEqual(self.rest(), 200.0)
        self.assertFalse(self.agreed.billing_ids.filtered('rebill'))

    def test_credited_advance_is_credited_by_its_part(self):
        self.add_advance()
        move = self.agreed._bill('2026-01-01')
        move.action_post()
        refund = move._reverse_moves([{'invoice_date': move.invoice_date}])
        refund.invoice_line_ids = [
            Command.update(line.id, {'quantity': 0.4 if line.price_unit == 250.0 else 0})
            for line in refund.invoice_line_ids
        ]
        refund.action_post()
        self.assertEqual(self.rest(), 150.0)
        self.assertFalse(self.agreed._preview_billing('2026-01-31'), 'it is not billed again')

    def credit_advance(self, move, quantity):
        refund = move._reverse_moves([{'invoice_date': move.invoice_date}])
        refund.invoice_line_ids = [
            Command.update(line.id, {'quantity': quantity})
            if line.price_unit == 250.0
            else Command.delete(line.id)
            for line in refund.invoice_line_ids
        ]
        refund.action_post()

    def test_advance_that_is_credited_in_part_after_its_use_is_charged_again(self):
        self.add_advance()
        move = self.agreed._bill('2026-01-01')
        move.action_post()
        self.assertEqual(self.bill('2026-03-01'), [[100.0, 100.0, -200.0]])
        self.assertEqual(self.bill('2026-04-01'), [[100.0, -50.0]])
        self.credit_advance(move, 0.4)
        self.assertEqual(self.rest(), -100.0)
        self.assertEqual(self.bill('2026-05-01'), [[100.0, 100.0]])
        self.credit_advance(move, 0.2)
        self.assertEqual(self.bill('2026-06-01'), [[100.0, 50.0]])
        self.assertEqual(self.rest(), 0.0)
        self.assertEqual(self.bill('2026-07-01'), [[100.0]])

    def test_advance_that_is_credited_in_full_after_its_use_is_charged_once(self):
        self.add_advance()
        move = self.agreed._bill('2026-01-01')
        move.action_post()
        self.assertEqual(self.bill('2026-02-01'), [[100.0, -100.0]])
        self.credit_advance(move, 1)
        self.assertEqual(self.bill('2026-03-01'), [[250.0, 100.0]])
        self.assertEqual(self.rest(), 150.0)
        self.assertEqual(self.bill('2026-05-01'), [[100.0, 100.0, -150.0]])

    def test_each_due_date_has_its_own_deduction(self):
        self.agreed.invoice_grouping = 'period'
        self.add_advance()
        self.agreed._bill('2026-01-01')
        self.assertEqual(self.bill('2026-03-01'), [[100.0, -100.0], [100.0, -100.0]])
        self.assertEqual(self.rest(), 50.0)

    def test_hours_are_deducted_on_their_invoice(self):
        self.contract.invoice_grouping = 'period'
        self.add_advance(100.0, self.contract)
        self.contract._bill()
        self.book(self.ben, 3)
        self.assertEqual(self.bill(contract=self.contract), [[180.0, -100.0]])

    def test_advances_of_contracts_on_one_invoice_stay_apart(self):
        other = self.create_contract()
        (self.agreed | other).invoice_grouping = 'customer'
        self.add_advance(30.0)
        self.agreed._bill('2026-01-01')
        other._bill('2026-01-01')
        move = (self.agreed | other)._bill('2026-02-01')
        self.assertEqual(len(move), 1)
        self.assertEqual(move.amount_untaxed, 170.0)
        deduction = move.invoice_line_ids.filtered(lambda line: line.price_subtotal < 0)
        self.assertEqual(deduction.crm_contract_billing_id.contract_id, self.agreed)

    def test_advance_is_deferred_until_it_is_deducted(self):
        self.add_advance()
        self.assertFalse(
            [one for one in self.agreed._get_deferrals('2026-01-01') if one['amount'] == 250.0],
            'not invoiced, and not earned',
        )
        for day in ('2026-01-02', '2026-02-02'):
            with freeze_time(day):
                self.agreed._bill().action_post()
        deferred = [
            one['amount']
            for one in self.agreed._get_deferrals('2026-02-28')
            if one['kind'] == 'deferred'
        ]
        self.assertEqual(sum(deferred), 150.0)

    def test_scheduled_billing_invoices_an_advance_on_its_day(self):
        self.agreed._bill()
        self.add_advance(date_due='2026-03-31')
        self.assertTrue(self.own.is_to_bill)
        self.run_cron()
        self.assertEqual(self.rest(), 250.0)
        self.assertFalse(self.own.is_to_bill)

    def test_closing_calls_off_the_advances_that_come_later(self):
        self.agreed._bill()
        self.add_advance(date_due='2026-04-15')
        self.agreed.action_close()
        self.assertFalse(self.own._preview_billing('2026-05-01'))
        self.assertFalse(self.agreed.next_billing_date)
        notes = ' '.join(self.agreed.message_ids.mapped('body'))
        self.assertRegex(notes, 'Called off, and not charged any more: Advance .*250.00')
        self.agreed.action_reopen()
        self.assertIn(250.0, [entry['amount'] for entry in self.own._preview_billing('2026-05-01')])

    def test_closing_names_what_is_left(self):
        self.add_advance(1000.0)
        self.agreed._bill('2026-01-01')
        self.agreed.action_close()
        notes = ' '.join(self.agreed.message_ids.mapped('body'))
        self.assertIn('1,000.00', notes)

    def test_figures_count_an_advance_as_invoiced_and_not_as_expected(self):
        self.agreed.fixed_amount = 0
        self.add_advance(150.0)
        self.agreed._bill('2026-01-01')
        self.agreed.invalidate_recordset()
        self.assertEqual(self.agreed.amount_invoiced, 250.0)
        self.assertEqual(self.agreed.amount_expected, 1200.0)

    def test_invoiced_advance_stays_as_it_is(self):
        advance = self.add_advance()
        advance.with_user(self.salesman).amount = 300.0
        self.agreed._bill('2026-01-01')
        with self.assertRaisesRegex(UserError, 'was invoiced already'):
            advance.amount = 100.0
        with self.assertRaisesRegex(UserError, 'was invoiced already'):
            advance.unlink()
        for user in (self.colleague, self.accountant):
            with self.assertRaises(AccessError):
                advance.with_user(user).name = 'x'
        self.assertEqual(self.own._get_advance_rest(), 300.0)
        with self.assertRaises(AccessError):
            self.agreed.with_user(self.colleague)._get_advance_rest()

    # === WHAT IS LEFT === #

    def credit_rest(self, advances):
        """Return the draft credit notes of what is left of advances, made by the salesperson."""
        known = self.env['account.move'].search([('move_type', '=', 'out_refund')])
        advances.with_user(self.salesman).action_credit_rest()
        return self.env['account.move'].search([('move_type', '=', 'out_refund')]) - known

    def test_rest_is_credited_with_its_taxes_and_deducted_no_more(self):
        self.support.taxes_id = tax = self.company_data['default_tax_sale']
        self.agreed.line_ids.tax_ids = tax
        advance, other = self.add_advance(), self.add_advance(60.0, name='For the licences')
        move = self.agreed._bill('2026-01-01')
        with self.assertRaisesRegex(UserError, 'is a draft still'):
            self.credit_rest(advance)
        move.action_post()
        self.assertEqual(self.bill('2026-02-01'), [[100.0, -100.0]])
        with self.assertRaises(AccessError):
            advance.with_user(self.colleague).action_credit_rest()
        refund = self.credit_rest(advance | other)
        self.assertRecordValues(
            refund.invoice_line_ids,
            [
                {'price_subtotal': 150.0, 'quantity': 0.6, 'tax_ids': tax.ids},
                {'price_subtotal': 60.0, 'quantity': 1.0, 'tax_ids': tax.ids},
            ],
        )
        self.assertIn('What is left of it', refund.invoice_line_ids[0].name)
        self.assertEqual((self.rest(), advance.rest), (0.0, 0.0))
        with self.assertRaisesRegex(UserError, 'Nothing is left of "Advance"'):
            self.credit_rest(advance)
        self.assertEqual(self.bill('2026-03-01'), [[100.0]], 'a draft is enough')
        refund.action_post()
        self.assertEqual(self.bill('2026-05-01'), [[100.0, 100.0]], 'nothing comes again')
        self.assertEqual(self.rest(), 0.0)

    def test_rest_is_what_it_was_when_its_credit_note_is_taken_back(self):
        advance = self.add_advance()
        self.agreed._bill('2026-01-01').action_post()
        refund = self.credit_rest(advance)
        self.assertEqual((refund.amount_untaxed, self.rest()), (250.0, 0.0))
        refund.action_post()
        self.assertFalse(self.agreed._preview_billing('2026-01-01'), 'it is credited for good')
        refund.button_draft()
        refund.button_cancel()
        self.assertEqual((self.rest(), advance.rest), (250.0, 250.0))
        self.assertEqual(self.bill('2026-02-01'), [[100.0, -100.0]])

    def test_rest_of_a_closed_contract_comes_to_the_cent(self):
        self.agreed.line_ids.price_unit = 33.33
        advance = self.add_advance(33.34)
        self.agreed._bill('2026-01-01').action_post()
        self.agreed.action_close(date='2026-02-28')
        self.assertEqual(self.bill(), [[33.33, -33.33]])
        self.assertFalse(self.bill())
        refund = self.credit_rest(advance)
        self.assertEqual(refund.amount_untaxed, 0.01)
        refund.action_post()
        self.assertEqual(self.rest(), 0.0)
        self.assertFalse(self.agreed.next_billing_date)

    # === FORECAST === #

    def test_forecast_deducts_what_the_invoices_will(self):
        contracts = {
            'advance': self.create_contract(),
            'retention': self.create_contract(retention_rate=5),
            'released': self.create_contract(retention_rate=5, retention_date='2026-08-15'),
        }
        self.add_advance(250.0, contracts['advance'])
        contracts['advance']._bill('2026-01-01')
        self.add_advance(130.0, contracts['advance'], date_due='2026-09-01')
        for name, contract in contracts.items():
            foreseen = {}
            for entry in contract._forecast_billing('2026-12-31'):
                month = str(entry['month'])[:7]
                foreseen[month] = round(foreseen.get(month, 0.0) + entry['amount'], 2)
            billed = {}
            for month in range(3, 13):
                day = f'2026-{month:02}-28'
                with freeze_time(day):
                    moves = contract._bill(day) | contract._bill(day)
                billed[day[:7]] = round(sum(moves.mapped('amount_untaxed')), 2)
            with self.subTest(name=name):
                self.assertEqual(
                    {m: a for m, a in foreseen.items() if a}, {m: a for m, a in billed.items() if a}
                )

    def test_advance_is_deducted_from_what_retention_leaves(self):
        self.agreed.retention_rate = 10
        self.add_advance(500.0)
        self.assertEqual(self.bill('2026-01-01'), [[100.0, 500.0, -10.0]])
        self.assertEqual(self.bill('2026-02-01'), [[100.0, -10.0, -90.0]])

    def test_draft_that_loses_a_line_is_billed_anew_with_what_is_deducted(self):
        self.agreed.line_ids.copy({'contract_id': self.agreed.id, 'price_unit': 300.0})
        self.agreed.retention_rate = 10
        draft = self.agreed._bill('2026-01-01')
        self.assertEqual(draft.amount_untaxed, 360.0)
        amendment = self.env['crm.contract.amendment'].create(
            {
                'contract_id': self.agreed.id,
                'date': '2026-01-11',
                'line_ids': [
                    Command.create({'line_id': self.agreed.line_ids[1].id, 'action': 'end'})
                ],
            }
        )
        amendment.action_apply()
        self.assertFalse(draft.exists())
        (lines,) = self.bill('2026-01-01')
        self.assertEqual(lines, [100.0, 96.77, -19.68])

    def test_contracts_without_deductions_are_billed_in_as_many_queries(self):
        def measure(size, **values):
            contracts = self.env['crm.contract'].create(
                [self.prepare_contract(**values) for _number in range(size)]
            )
            if values:
                for contract in contracts:
                    self.add_advance(50.0, contract)
                contracts._bill('2026-01-01')
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._preview_billing('2026-02-01')
            return self.env.cr.sql_log_count - before

        measure(1)
        self.assertEqual(measure(2), measure(8))
        self.assertEqual(measure(2, retention_rate=5), measure(8, retention_rate=5))
