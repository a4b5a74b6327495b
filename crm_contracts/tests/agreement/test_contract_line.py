import psycopg2

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
class TestContractLine(BillingCase):
    def test_nonsense_is_refused_by_the_database(self):
        contract = self.create_contract(state='draft')
        for nonsense in (
            {'interval_count': 0},
            {'interval_count': -1},
            {'date_start': '2026-02-01', 'date_end': '2026-01-31'},
            {'discount': -50},
            {'discount': 100.5},
            {'quantity': -1},
            {'align_month': True, 'interval_unit': 'week'},
        ):
            with (
                self.subTest(**nonsense),
                mute_logger('odoo.sql_db'),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.cr.savepoint(),
            ):
                contract.line_ids = [Command.create(self.monthly(**nonsense))]
                self.env.flush_all()

    def test_line_without_a_contract_yet_is_not_due(self):
        line = self.env['crm.contract.line'].new(
            {
                'kind': 'recurring',
                'date_start': '2026-01-01',
                'interval_count': 1,
                'interval_unit': 'month',
            }
        )
        self.assertFalse(line.next_period_start)
        self.assertFalse(line.next_due_date)

    def test_product_proposes_text_unit_and_price(self):
        with Form(self.env['crm.contract']) as form:
            form.name = 'Support'
            form.partner_id = self.partner_a
            with form.line_ids.new() as line:
                line.product_id = self.support
                self.assertEqual(line.price_unit, 100.0)
                line.discount = 10
                line.quantity = 2
                self.assertEqual(line.amount, 180.0)
        self.assertEqual(form.record.line_ids.name, 'Support')
        self.assertEqual(form.record.line_ids.product_uom_id, self.support.uom_id)
        self.assertEqual(form.record.line_ids.date_start, form.record.date_start)

    def test_next_period_and_invoice_follow_the_timing(self):
        contract = self.create_contract(
            self.monthly(),
            self.monthly(timing='arrears'),
            self.monthly(date_start='2026-01-20', align_month=True, timing='arrears'),
            self.milestone(),
            self.milestone(date_due=False),
            self.milestone(date_due=False, is_done=True),
            self.monthly(date_start='2027-06-01'),
        )
        self.assertEqual(
            [
                (str(line.next_period_start), str(line.next_due_date))
                for line in contract.line_ids.sorted('id')
            ],
            [
                ('2026-01-01', '2026-01-01'),
                ('2026-01-01', '2026-02-01'),
                ('2026-01-20', '2026-02-01'),
                ('False', '2026-03-15'),
                ('False', 'False'),
                ('False', '2026-01-01'),
                ('False', 'False'),
            ],
        )
        self.assertEqual(str(contract.next_billing_date), '2026-01-01')

    def test_billed_line_keeps_its_kind_and_cannot_be_deleted(self):
        contract = self.create_contract()
        contract.line_ids.kind = 'milestone'
        contract.line_ids.kind = 'recurring'
        contract._bill('2026-01-01')
        for refused in (
            lambda: contract.line_ids.write({'kind': 'milestone'}),
            contract.line_ids.unlink,
        ):
            with self.assertRaisesRegex(UserError, 'was billed already'), self.cr.savepoint():
                refused()
        contract.line_ids.price_unit = 120.0
        self.assertEqual(contract._bill('2026-02-01').amount_untaxed, 120.0)
        contract.action_cancel()
        with self.assertRaisesRegex(UserError, 'was billed'), self.cr.savepoint():
            contract.unlink()

    # === START === #

    def create_draft(self, **values):
        return self.create_contract(
            self.monthly(),
            self.monthly(name='Later', date_start='2026-03-15'),
            state='draft',
            **values,
        )

    def starts(self, contract):
        return [str(line.date_start) for line in contract.line_ids.sorted('id')]

    def test_lines_of_a_draft_start_with_it_but_for_those_that_say_otherwise(self):
        draft = self.create_draft()
        draft.date_start = '2026-02-01'
        self.assertEqual(self.starts(draft), ['2026-02-01', '2026-03-15'])
        with Form(draft) as form:
            form.date_start = '2026-02-10'
        self.assertEqual(self.starts(draft), ['2026-02-10', '2026-03-15'])
        draft.action_confirm()
        draft.date_start = '2026-02-01'
        self.assertEqual(self.starts(draft), ['2026-02-10', '2026-03-15'])

    def test_line_of_a_new_contract_starts_with_it_whatever_was_typed_first(self):
        with freeze_time('2026-01-15'), Form(self.env['crm.contract']) as form:
            form.name = 'Support'
            form.partner_id = self.partner_a
            with form.line_ids.new() as line:
                line.product_id = self.support
            form.date_start = '2026-02-01'
        self.assertEqual(self.starts(form.record), ['2026-02-01'])
        form.record.action_confirm()
        form.record._bill('2026-02-28')
        self.assertEqual(self.periods(form.record), [('2026-02-01', '2026-03-01', 100.0)])

    def test_lines_of_a_duplicate_start_with_it(self):
        duplicate = self.create_contract().copy()
        self.assertEqual(duplicate.state, 'draft')
        duplicate.date_start = '2027-05-10'
        self.assertEqual(self.starts(duplicate), ['2027-05-10'])

    # === RHYTHM === #

    def test_rhythm_that_would_leave_days_out_is_refused(self):
        contract = self.create_contract()
        contract._bill('2026-01-31')
        line = contract.line_ids
        for rhythm in (
            {'interval_count': 3},
            {'interval_unit': 'year'},
            {'date_start': '2026-01-15'},
        ):
            with self.assertRaisesRegex(UserError, '01/31/2026'), self.cr.savepoint():
                line.write(rhythm)
        line.write({'interval_count': 3, 'prorate': True})
        with self.assertRaisesRegex(UserError, '01/31/2026'), self.cr.savepoint():
            line.prorate = False
        contract._bill('2026-02-28')
        line.prorate = False
        contract._bill('2026-04-30')
        self.assertEqual(
            [(start, end) for start, end, _amount in self.periods(contract)],
            [
                ('2026-01-01', '2026-02-01'),
                ('2026-02-01', '2026-04-01'),
                ('2026-04-01', '2026-07-01'),
            ],
        )

    def test_rhythm_is_free_while_nothing_stands_on_an_invoice(self):
        contract = self.create_contract()
        contract._bill('2026-01-31').unlink()
        contract.line_ids.write({'interval_count': 3, 'date_start': '2026-02-01'})
        contract._bill('2026-02-28')
        self.assertEqual(self.periods(contract), [('2026-02-01', '2026-05-01', 100.0)])

    # === CLOSING === #

    def test_closing_calls_later_milestones_off(self):
        contract = self.create_contract(
            self.milestone(name='Before', date_due='2026-02-15', price_unit=1000.0),
            self.milestone(name='After', date_due='2026-06-01', price_unit=2000.0),
            self.milestone(name='Reached', date_due='2026-06-01', price_unit=3000.0, is_done=True),
            self.milestone(name='Someday', date_due=False, price_unit=4000.0),
        )
        self.assertEqual(contract.amount_expected, 10000.0)
        with freeze_time('2026-03-01'):
            contract.action_close()
        contract._bill('2026-12-31')
        self.assertEqual(sorted(self.live(contract).mapped('name')), ['Before', 'Reached'])
        self.assertFalse(contract.next_billing_date)
        contract.invalidate_recordset()
        self.assertEqual((contract.amount_expected, contract.amount_remaining), (4000.0, 0.0))

    def test_milestone_after_an_agreed_end_stays_due(self):
        contract = self.create_contract(
            self.milestone(date_due='2027-01-31'), renewal_type='none', date_end='2026-12-31'
        )
        with freeze_time('2027-01-02'), self.enter_registry_test_mode():
            self.env.ref('crm_contracts.ir_cron_contract_renewals').method_direct_trigger()
        self.assertEqual(contract.state, 'closed')
        self.assertEqual(contract._bill('2027-01-31').amount_untaxed, 5000.0)
