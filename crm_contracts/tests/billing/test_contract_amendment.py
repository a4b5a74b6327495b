from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from ..billing_common import BillingCase


class AmendmentCase(BillingCase):
    """A contract that charges ten seats at 31.00 a month in advance, and how it is amended."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.create_contract(
            cls.monthly(name='Seats', quantity=10, price_unit=31.0), date_end='2027-12-31'
        )
        cls.seats = cls.contract.line_ids

    def amend(self, day, *changes, contract=None, user=None, **values):
        """Create an amendment, its changes as dictionaries; the line of the contract is said."""
        contract = contract or self.contract
        return (
            self.env['crm.contract.amendment']
            .with_user(user or self.salesman)
            .create(
                {
                    'contract_id': contract.id,
                    'date': day,
                    'line_ids': [Command.create(change) for change in changes],
                    **values,
                }
            )
        )

    def change(self, line=None, **values):
        return {'line_id': (line or self.seats).id, **values}

    def get_lines(self, contract=None):
        lines = (contract or self.contract).line_ids.sorted(lambda line: (line.date_start, line.id))
        return [
            (
                line.quantity,
                line.price_unit,
                str(line.date_start),
                str(line.date_end) if line.date_end else '',
            )
            for line in lines
        ]

    def get_charged(self, moves):
        return sum(
            line.price_subtotal * (-1 if line.move_type == 'out_refund' else 1)
            for line in moves.invoice_line_ids
        )


@tagged('post_install', '-at_install')
@freeze_time('2026-05-11')
class TestContractAmendment(AmendmentCase):
    def test_more_units_come_beside_what_is_charged_already(self):
        self.contract._bill('2026-05-01').action_post()
        amendment = self.amend('2026-05-11', self.change(quantity=12))
        self.assertEqual(amendment.adjustment_amount, 42.0, '2 x 31.00 for 21 of 31 days')
        self.assertEqual(amendment.monthly_change, 62.0)
        amendment.action_apply()
        self.assertEqual(
            self.get_lines(),
            [
                (10.0, 31.0, '2026-01-01', '2026-05-31'),
                (2.0, 31.0, '2026-05-11', '2026-05-31'),
                (12.0, 31.0, '2026-06-01', ''),
            ],
        )
        invoice = self.contract._bill('2026-05-11')
        self.assertEqual(self.get_charged(invoice), 42.0)
        self.assertEqual(self.get_charged(self.contract._bill('2026-06-01')), 372.0)
        self.assertFalse(self.contract.unused_amount)

    def test_less_units_are_credited_to_the_cent(self):
        self.contract._bill('2026-05-01').action_post()
        amendment = self.amend('2026-05-11', self.change(quantity=8))
        self.assertEqual(amendment.adjustment_amount, -42.0)
        action = amendment.action_apply()
        refund = self.env['account.move'].browse(action['res_id'])
        self.assertEqual((refund.state, self.get_charged(refund)), ('draft', -210.0))
        refund.action_post()
        invoice = self.contract._bill('2026-05-11')
        self.assertEqual(self.get_charged(invoice), 168.0)
        self.assertFalse(self.contract._bill('2026-05-31'), 'nothing is billed twice')
        self.assertEqual(self.get_charged(self.contract._bill('2026-06-01')), 248.0)

    def test_what_is_not_billed_yet_is_billed_as_agreed_without_a_credit(self):
        self.contract._bill('2026-04-30')
        amendment = self.amend('2026-05-11', self.change(quantity=8))
        self.assertEqual(amendment.adjustment_amount, 0.0)
        amendment.action_apply()
        self.assertFalse(self.contract.unused_amount)
        self.assertEqual(self.get_charged(self.contract._bill('2026-05-31')), 100.0 + 168.0)

    def test_price_changes_from_a_boundary_without_anything_charged_apart(self):
        self.contract._bill('2026-05-01')
        amendment = self.amend('2026-06-01', self.change(price_unit=33.0))
        self.assertEqual(amendment.adjustment_amount, 0.0)
        amendment.action_apply()
        self.assertEqual(
            self.get_lines(),
            [(10.0, 31.0, '2026-01-01', '2026-05-31'), (10.0, 33.0, '2026-06-01', '')],
        )

    def test_higher_price_is_charged_for_what_was_billed_in_advance(self):
        self.contract._bill('2026-07-01')
        amendment = self.amend('2026-05-11', self.change(price_unit=34.1))
        self.assertEqual(amendment.adjustment_amount, 21.0 + 31.0 + 31.0)
        amendment.action_apply()
        self.assertEqual(self.get_charged(self.contract._bill('2026-07-01')), 83.0)
        self.assertEqual(self.get_charged(self.contract._bill('2026-08-01')), 341.0)

    def test_line_ends_by_its_days_whatever_was_agreed_for_the_end(self):
        self.assertFalse(self.seats.prorate)
        self.contract._bill('2026-05-01').action_post()
        amendment = self.amend('2026-05-11', self.change(action='end'))
        self.assertEqual(amendment.adjustment_amount, -210.0)
        action = amendment.action_apply()
        refund = self.env['account.move'].browse(action['res_id'])
        self.assertEqual(self.get_charged(refund), -210.0)
        refund.action_post()
        self.assertFalse(self.contract._bill('2026-12-31'))

    def test_credit_may_be_left_to_the_accountant(self):
        self.contract._bill('2026-05-01').action_post()
        amendment = self.amend('2026-05-11', self.change(action='end'), credit_unused=False)
        self.assertEqual(amendment.action_apply()['type'], 'ir.actions.act_window_close')
        self.assertEqual(self.contract.unused_amount, 210.0)

    def test_draft_invoice_is_billed_anew_without_a_credit_note(self):
        invoice = self.contract._bill('2026-05-01').filtered(lambda move: move.state == 'draft')
        self.amend('2026-05-11', self.change(quantity=8)).action_apply()
        self.assertFalse(invoice.reversal_move_ids)
        self.contract._bill('2026-05-31')
        rows = self.live(self.contract)
        self.assertAlmostEqual(sum(rows.mapped('amount')), 4 * 310.0 + 100.0 + 168.0)

    def test_added_line_follows_the_rhythm_of_the_others(self):
        amendment = self.amend(
            '2026-05-11', {'action': 'add', 'name': 'Backup', 'price_unit': 62.0}
        )
        self.assertEqual(amendment.adjustment_amount, 42.0)
        amendment.action_apply()
        self.assertEqual(
            self.get_lines()[1:],
            [(1.0, 62.0, '2026-05-11', '2026-05-31'), (1.0, 62.0, '2026-06-01', '')],
        )
        own = self.amend(
            '2026-05-11',
            {'action': 'add', 'name': 'Audit', 'price_unit': 9.0, 'is_aligned': False},
            {'action': 'add', 'kind': 'milestone', 'name': 'Move', 'price_unit': 500.0},
        )
        own.action_apply()
        added = own.line_ids.mapped('contract_line_ids')
        self.assertEqual(added.mapped('kind'), ['recurring', 'milestone'])
        self.assertEqual(str(added[0].date_start), '2026-05-11')

    def test_rhythm_of_the_last_of_the_month_is_kept(self):
        contract = self.create_contract(
            self.monthly(quantity=1, price_unit=28.0), date_start='2026-01-31', date_end=False
        )
        contract._bill('2026-02-28')
        self.amend('2026-03-10', self.change(contract.line_ids, quantity=2), contract=contract)
        contract.amendment_ids.action_apply()
        self.assertEqual(str(contract.line_ids.sorted('date_start')[-1].date_start), '2026-03-31')
        contract._bill('2026-05-31')
        starts = [start for start, _end, _amount in self.periods(contract)]
        self.assertEqual(starts[-3:], ['2026-03-31', '2026-04-30', '2026-05-31'])

    def test_price_that_changes_later_already_changes_on_the_new_lines_too(self):
        self.seats._change_prices({self.seats: 40.0}, {self.contract: date(2026, 7, 1)})
        amendment = self.amend('2026-05-11', self.change(quantity=12))
        self.assertEqual(amendment.line_ids.price_unit, 31.0)
        amendment.action_apply()
        self.contract._bill('2026-07-01')
        amounts = [amount for _start, _end, amount in self.periods(self.contract)]
        self.assertEqual(amounts[-2:], [372.0, 480.0])

    def test_monthly_revenue_expands_and_contracts_on_the_day(self):
        self.contract._log_mrr()
        self.amend('2026-05-04', self.change(quantity=12)).action_apply()
        last = self.contract.line_ids.sorted('date_start')[-1]
        self.amend('2026-06-01', self.change(last, quantity=8)).action_apply()
        with freeze_time('2026-06-01'):
            self.contract._log_mrr()
        movements = self.contract.mrr_movement_ids.sorted('position')
        self.assertEqual(
            [(one.kind, str(one.date), one.amount) for one in movements],
            [
                ('new', '2026-01-01', 310.0),
                ('expansion', '2026-05-04', 62.0),
                ('contraction', '2026-06-01', -124.0),
            ],
        )

    def test_customer_reads_the_lines_that_hold(self):
        self.amend('2026-05-04', self.change(quantity=8)).action_apply()
        with freeze_time('2026-06-15'):
            lines = self.contract._get_document_lines()._filter_not_amended_away()
            self.assertEqual(lines.mapped('quantity'), [8.0])
            self.assertEqual(str(lines.date_start), '2026-06-01')

    def test_amendments_are_numbered_and_stay_as_they_were_applied(self):
        first = self.amend('2026-05-11', self.change(quantity=12))
        second = self.amend('2026-06-01', {'action': 'add', 'name': 'Backup'})
        self.assertEqual((first | second).mapped('number'), [1, 2])
        first.action_apply()
        for step in (
            first.action_apply,
            first.action_cancel,
            first.unlink,
            lambda: first.write({'date': '2026-05-12'}),
            lambda: first.line_ids.write({'quantity': 9}),
        ):
            with self.assertRaises(UserError):
                step()
        second.action_cancel()
        with self.assertRaisesRegex(UserError, 'cannot become'):
            second.action_apply()
        second.action_draft()
        second.action_apply()
        self.assertEqual(first.line_ids.adjustment_amount, 62.0 * 21 / 31)

    def test_line_that_has_not_begun_changes_itself(self):
        self.amend('2026-06-01', self.change(quantity=12)).action_apply()
        last = self.contract.line_ids.sorted('date_start')[-1]
        amendment = self.amend('2026-06-01', self.change(last, quantity=8, price_unit=30.0))
        self.assertEqual(amendment.adjustment_amount, 0.0)
        amendment.action_apply()
        self.assertEqual(self.get_lines()[1:], [(8.0, 30.0, '2026-06-01', '')])

    def test_refusals_say_why(self):
        for day, changes, reason in (
            ('2026-05-11', [self.change()], 'changes nothing'),
            ('2025-05-11', [self.change(quantity=1)], 'not a day of the contract'),
            ('2028-01-01', [self.change(quantity=1)], 'not a day of the contract'),
            ('2026-01-01', [self.change(action='end')], 'choose a later day'),
        ):
            with self.subTest(reason=reason), self.assertRaisesRegex(UserError, reason):
                self.amend(day, *changes).action_apply()
        self.assertEqual(len(self.contract.line_ids), 1)
        self.seats._change_prices({self.seats: 40.0}, {self.contract: date(2026, 7, 1)})
        with self.assertRaisesRegex(UserError, 'was changed from'):
            self.amend('2026-05-11', self.change(price_unit=35.0)).action_apply()
        self.seats.date_end = '2026-04-30'
        with self.assertRaisesRegex(UserError, 'before the amendment'):
            self.amend('2026-05-11', self.change(quantity=1)).action_apply()
        self.contract.action_close()
        with self.assertRaisesRegex(UserError, 'not running'):
            self.contract.action_amend()

    def test_line_of_another_contract_is_refused(self):
        other = self.create_contract()
        with self.assertRaisesRegex(UserError, 'no line of the contract'):
            self.amend('2026-05-11', self.change(other.line_ids))

    def test_colleague_and_accountant_amend_nothing(self):
        amendment = self.amend('2026-05-11', self.change(quantity=12))
        for user in (self.colleague, self.accountant):
            with self.assertRaises(AccessError):
                amendment.with_user(user).action_apply()
            with self.assertRaises(AccessError):
                self.contract.with_user(user).action_amend()
            with self.assertRaises(AccessError):
                self.amend('2026-05-11', self.change(quantity=12), user=user)
        self.assertEqual(amendment.with_user(self.accountant).number, 1)
        with self.assertRaises(AccessError):
            amendment.state = 'applied'

    def test_dialogue_begins_with_the_lines_and_shows_what_it_changes(self):
        self.contract._bill('2026-05-01')
        contract = self.contract.with_user(self.salesman)
        action = contract.action_amend()
        model = self.env['crm.contract.amendment'].with_user(self.salesman)
        form = Form(model.with_context(**action['context']))
        with form.line_ids.edit(0) as change:
            self.assertEqual((change.quantity, change.price_unit), (10.0, 31.0))
            change.quantity = 12
        self.assertEqual(form.adjustment_amount, 42.0)
        form.save().action_apply()
        self.assertEqual(len(self.contract.line_ids), 3)

    def test_annex_is_printed_in_the_language_of_the_customer(self):
        amendment = self.amend('2026-05-11', self.change(quantity=12), note='<p>As agreed.</p>')
        report = self.env['ir.actions.report'].with_user(self.salesman)
        html, _kind = report._render_qweb_html(
            'crm_contracts.report_crm_contract_amendment', amendment.ids
        )
        text = html.decode()
        for part in ('Seats', 'As agreed.', self.contract.code, '42.00', 'per month'):
            self.assertIn(part, text)
