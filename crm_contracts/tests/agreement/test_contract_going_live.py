from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-12-10')
class TestContractGoingLive(ItemCase):
    """Contracts of an older system: what it billed is not billed again, what it did not is.

    The expected days and amounts are written out by hand.
    """

    def _enter(self, date_start, *lines, **values):
        return self.create_contract(
            *lines, **{'date_start': date_start, 'date_end': '2027-12-31', **values}
        )

    def _line(self, billed, **values):
        return self.monthly(date_billed=billed, **values)

    def _bill(self, contract, until):
        contract._bill(until)
        return self.periods(contract)

    def test_first_invoice_goes_on_the_day_after_what_was_billed(self):
        cases = [
            # monthly in advance, anchored to the 15th
            ('2019-05-15', '2026-12-14', {}, '2026-12-15', [('2026-12-15', '2027-01-15', 100.0)]),
            # monthly in arrears: due when the month is over
            (
                '2021-03-01',
                '2026-10-31',
                {'timing': 'arrears'},
                '2026-12-01',
                [('2026-11-01', '2026-12-01', 100.0)],
            ),
            # the last days of months: February does not move the anchor
            (
                '2020-01-31',
                '2027-02-27',
                {},
                '2027-03-31',
                [('2027-02-28', '2027-03-31', 100.0), ('2027-03-31', '2027-04-30', 100.0)],
            ),
            # quarterly in advance, begun in the middle of a month
            (
                '2018-02-10',
                '2026-11-09',
                {'interval_count': 3},
                '2026-12-10',
                [('2026-11-10', '2027-02-10', 100.0)],
            ),
            # yearly in arrears, by leap day
            (
                '2020-02-29',
                '2026-02-27',
                {'interval_unit': 'year', 'timing': 'arrears', 'price_unit': 1234.56},
                '2027-02-28',
                [('2026-02-28', '2027-02-28', 1234.56)],
            ),
        ]
        for start, billed, values, until, expected in cases:
            with self.subTest(start=start, billed=billed, **values):
                contract = self._enter(start, self._line(billed, **values))
                self.assertEqual(str(contract.line_ids.next_period_start), expected[0][0])
                self.assertEqual(self._bill(contract, until), expected)
                self.assertFalse(contract._bill(until))

    def test_nothing_is_due_the_day_before(self):
        contract = self._enter('2019-05-15', self._line('2026-12-14'))
        self.assertFalse(contract._bill('2026-12-14'))
        self.assertEqual(str(contract.next_billing_date), '2026-12-15')

    def test_period_that_was_begun_is_charged_by_its_days_or_not_at_all(self):
        # 10 to 31 December are 22 of 31 days
        rest = self._enter('2026-01-01', self._line('2026-12-09', prorate=True))
        self.assertEqual(self._bill(rest, '2026-12-31'), [('2026-12-10', '2027-01-01', 70.97)])
        whole = self._enter('2026-01-01', self._line('2026-12-09', prorate=False))
        self.assertEqual(self._bill(whole, '2027-01-01'), [('2027-01-01', '2027-02-01', 100.0)])

    def test_lines_of_a_contract_are_billed_up_to_days_of_their_own(self):
        contract = self._enter(
            '2024-01-01',
            self._line('2026-12-31'),
            self._line('2025-12-31', interval_unit='year', price_unit=900.0, timing='arrears'),
            self.milestone(date_due='2025-06-01', date_billed='2025-06-01'),
            self.milestone(name='Second Delivery', date_due='2026-11-30'),
        )
        move = contract._bill('2027-01-01')
        self.assertEqual(sorted(move.invoice_line_ids.mapped('price_unit')), [100, 900, 5000])

    def test_minimum_of_months_that_were_billed_is_not_charged_again(self):
        contract = self._enter(
            '2026-01-01',
            self._line(
                '2026-10-31', is_metered=True, minimum_amount=50.0, price_unit=1.0, quantity=1
            ),
        )
        contract._bill('2026-12-10')
        rows = self.live(contract)
        self.assertEqual(
            [(row.kind, str(row.period_start), row.amount) for row in rows],
            [('minimum', '2026-11-01', 50.0)],
        )

    def test_amendment_leaves_what_was_billed_elsewhere_alone(self):
        contract = self._enter('2024-01-01', self._line('2026-12-31'))
        line = contract.line_ids
        change = Command.create({'action': 'change', 'line_id': line.id, 'quantity': 2.0})
        self.env['crm.contract.amendment'].create(
            {'contract_id': contract.id, 'date': '2026-12-01', 'line_ids': [change]}
        ).action_apply()
        self.assertFalse(contract._bill('2026-12-31'))
        self.assertEqual(self._bill(contract, '2027-01-01'), [('2027-01-01', '2027-02-01', 200.0)])

    def _amend(self, contract, **values):
        change = Command.create({'action': 'change', 'line_id': contract.line_ids.id, **values})
        amendment = self.env['crm.contract.amendment'].create(
            {'contract_id': contract.id, 'date': '2026-12-15', 'line_ids': [change]}
        )
        adjustment = amendment.line_ids.adjustment_amount
        amendment.action_apply()
        return adjustment

    def test_amendment_leaves_a_period_that_was_begun_elsewhere_alone(self):
        for price in (60.0, 160.0):
            with self.subTest(price=price):
                whole = self._enter('2026-01-01', self._line('2026-12-09'))
                self.assertEqual(self._amend(whole, price_unit=price), 0.0)
                self.assertEqual(
                    self._bill(whole, '2027-01-01'), [('2027-01-01', '2027-02-01', price)]
                )

    def test_amendment_charges_the_days_that_were_not_billed_elsewhere(self):
        # 10 to 14 December at 100, 15 to 31 December at 62 a month of 31 days
        rest = self._enter('2026-01-01', self._line('2026-12-09', prorate=True))
        self._amend(rest, price_unit=62.0)
        self.assertEqual(
            sorted(self._bill(rest, '2026-12-31')),
            [('2026-12-10', '2026-12-15', 16.13), ('2026-12-15', '2027-01-01', 34.0)],
        )

    def test_usage_of_days_that_were_billed_is_history_that_counts_for_tiers(self):
        contract = self._enter(
            '2026-01-01',
            self._line(
                '2026-11-09',
                is_metered=True,
                price_unit=1.0,
                quantity=1,
                tier_ids=[Command.create({'quantity_from': 100, 'price_unit': 0.5})],
            ),
        )
        reports = self.env['crm.contract.usage'].create(
            [
                {'line_id': contract.line_ids.id, 'date': day, 'quantity': quantity}
                for day, quantity in (('2026-10-20', 70.0), ('2026-11-09', 90.0))
            ]
        )
        self.assertFalse(contract.line_ids.next_due_date)
        self.assertFalse(contract._bill('2026-12-01'))
        reports += reports[0].copy({'date': '2026-11-10', 'quantity': 30.0})
        self.assertEqual(str(contract.line_ids.next_due_date), '2026-12-01')
        # ten more at 1.00, and twenty beyond a hundred at 0.50
        self.assertEqual(contract._bill('2026-12-01').amount_untaxed, 20.0)
        self.assertEqual(reports.mapped(lambda one: bool(one.billing_id)), [False, False, True])

    def test_day_is_kept_once_an_invoice_stands_for_the_next(self):
        contract = self._enter('2024-01-01', self._line('2026-11-30'))
        line = contract.line_ids
        line.date_billed = '2026-12-31'
        line.date_billed = '2026-11-30'
        contract._bill('2026-12-10')
        line.date_billed = '2026-11-30'
        with self.assertRaisesRegex(UserError, 'billed here'):
            line.date_billed = '2026-12-31'

    # === TERMS AND PREPAID UNITS === #

    def _enter_prepaid(self, **values):
        return self._enter(
            '2019-05-15',
            self._line('2027-05-14', interval_unit='year'),
            **{
                'date_end': '2027-05-14',
                'date_term_start': '2026-05-15',
                'term_months': 12,
                'prepaid_quantity': 100.0,
                'prepaid_uom_id': self.hour.id,
                'prepaid_used': 63.0,
                'overage_price': 80.0,
                **values,
            },
        )

    def _book_on(self, contract, hours, day):
        project = self.env['project.project'].create(
            {'name': 'Old', self.column: contract.analytic_account_id.id}
        )
        return self.book(self.ben, hours, day, project_id=project.id)

    def test_term_that_runs_has_what_is_left_of_its_units(self):
        contract = self._enter_prepaid()
        self.assertEqual(
            [
                (str(term.date_start), str(term.date_end), term.prepaid_quantity, term.prepaid_used)
                for term in contract.term_ids.sorted('date_start')
            ],
            [('2019-05-15', '2026-05-14', 0.0, 0.0), ('2026-05-15', '2027-05-14', 100.0, 63.0)],
        )
        self.assertEqual((contract.prepaid_consumed, contract.prepaid_remaining), (63.0, 37.0))
        self._book_on(contract, 40.0, '2026-12-09')
        move = contract._bill('2026-12-10')
        self.assertRecordValues(move.invoice_line_ids, [{'quantity': 3.0, 'price_unit': 80.0}])

    def test_renewed_term_has_all_units_again(self):
        contract = self._enter_prepaid()
        contract._renew()
        last = contract._get_current_terms()
        self.assertEqual((last.date_start, last.date_end), (date(2027, 5, 15), date(2028, 5, 14)))
        self.assertEqual((last.prepaid_quantity, last.prepaid_used), (100.0, 0.0))

    def test_units_that_roll_over_do_not_come_back_from_the_years_before(self):
        contract = self._enter_prepaid(prepaid_rollover=True)
        self.assertEqual(contract.prepaid_remaining, 37.0)

    def test_used_units_follow_another_unit(self):
        contract = self._enter_prepaid(prepaid_used=16.0)
        contract.write({'prepaid_uom_id': self.day.id, 'prepaid_quantity': 10.0})
        self.assertEqual(contract._get_current_terms().prepaid_used, 2.0)

    def test_used_units_that_are_corrected_count_in_the_term_that_they_were_said_of(self):
        contract = self._enter_prepaid()
        contract.prepaid_used = 40.0
        self.assertEqual((contract.prepaid_consumed, contract.prepaid_remaining), (40.0, 60.0))
        contract._renew()
        contract.write({'prepaid_used': 50.0, 'overage_price': 90.0})
        self.assertEqual(
            contract.term_ids.sorted('date_start').mapped('prepaid_used'), [0.0, 50.0, 0.0]
        )

    def test_start_of_the_term_that_runs_stays_once_there_are_terms(self):
        contract = self._enter_prepaid()
        contract.date_term_start = '2026-05-15'
        with self.assertRaisesRegex(UserError, 'current term began'):
            contract.date_term_start = '2025-05-15'
        draft = self._enter_prepaid(state='draft')
        draft.date_term_start = '2025-05-15'
        self.assertFalse(draft.term_ids)

    def test_what_contradicts_itself_is_refused(self):
        with self.assertRaisesRegex(ValidationError, 'negative'):
            self._enter_prepaid(prepaid_used=-1.0)
