from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-05-02')
class TestContractUsage(ItemCase):
    """Calls at 0.10, 0.08 each beyond a hundred and 0.05 beyond a thousand, month by month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metered = cls.create_contract(
            cls.calls(
                tier_ids=[
                    Command.create({'quantity_from': 100, 'price_unit': 0.08}),
                    Command.create({'quantity_from': 1000, 'price_unit': 0.05}),
                ]
            )
        )
        cls.line = cls.metered.line_ids

    @classmethod
    def calls(cls, **values):
        return cls.monthly(name='Calls', price_unit=0.1, is_metered=True, **values)

    def report(self, quantity, day, line=None, **values):
        return self.env['crm.contract.usage'].create(
            {'line_id': (line or self.line).id, 'date': day, 'quantity': quantity, **values}
        )

    def lines(self, until=None):
        return [
            (line.quantity, round(line.price_subtotal, 2))
            for line in self.metered._bill(until).invoice_line_ids
        ]

    # === PERIODS === #

    def test_each_period_charges_what_was_reported_for_it_when_it_is_over(self):
        self.assertFalse(self.line.next_due_date)
        self.report(80, '2026-03-05')
        self.report(120, '2026-03-31')
        self.report(50, '2026-04-01')
        self.report(10, '2026-05-01')
        self.assertEqual(str(self.line.next_due_date), '2026-04-01')
        self.assertEqual(str(self.metered.next_billing_date), '2026-04-01')
        move = self.metered._bill()
        self.assertEqual(
            [(line.quantity, line.price_subtotal) for line in move.invoice_line_ids],
            [(200.0, 18.0), (50.0, 5.0)],
        )
        self.assertIn('100.00 x 0.10 + 100.00 x 0.08', move.invoice_line_ids[0].name)
        self.assertFalse(self.metered._bill())
        self.assertEqual(str(self.line.next_due_date), '2026-06-01')
        self.assertEqual(self.lines('2026-06-01'), [(10.0, 1.0)])
        self.assertFalse(self.line.next_due_date)

    def test_preview_shows_what_is_billed(self):
        self.report(200, '2026-03-05')
        (entry,) = self.metered._preview_billing()
        self.assertEqual((entry['kind'], entry['quantity'], entry['amount']), ('usage', 200, 18.0))
        self.assertIn('100.00 x 0.08', entry['name'])

    def test_late_usage_goes_on_where_its_period_stands(self):
        self.report(90, '2026-03-05')
        self.assertEqual(self.lines(), [(90.0, 9.0)])
        self.report(20, '2026-03-09')
        self.assertEqual(str(self.line.next_due_date), '2026-04-01')
        self.assertEqual(self.lines(), [(20.0, 1.8)], 'ten at 0.10, ten at 0.08')
        self.assertFalse(self.lines())

    def test_volume_prices_correct_what_the_period_was_charged(self):
        self.line.tier_mode = 'volume'
        self.report(90, '2026-03-05')
        self.assertEqual(self.lines(), [(90.0, 9.0)])
        self.report(30, '2026-03-09')
        self.assertEqual(self.lines(), [(30.0, 0.6)], '120 at 0.08 less 9.00')

    def test_correction_of_a_billed_period_is_deducted_from_the_next_invoice(self):
        self.report(90, '2026-03-05')
        self.lines()
        self.report(-20, '2026-03-05')
        self.assertFalse(self.metered._bill(), 'no invoice below nothing')
        self.assertTrue(self.metered._preview_billing()[0]['waits'])
        self.report(50, '2026-04-05')
        self.assertEqual(self.lines(), [(20.0, -2.0), (50.0, 5.0)])

    def test_corrections_within_a_period_are_netted(self):
        self.report(90, '2026-03-05')
        self.report(-20, '2026-03-06')
        self.assertEqual(self.lines(), [(70.0, 7.0)])
        taken_back = self.report(5, '2026-04-05') + self.report(-5, '2026-04-06')
        self.assertFalse(self.metered._bill())
        self.assertEqual(taken_back.billing_id.state, 'covered')
        self.assertFalse(self.metered._preview_billing())

    def test_usage_after_the_end_is_billed_too(self):
        self.metered.date_end = '2026-04-15'
        self.report(30, '2026-04-10')
        self.report(40, '2026-04-20')
        self.report(50, '2025-12-20')
        self.assertEqual(sorted(self.lines()), [(30.0, 3.0), (40.0, 4.0), (50.0, 5.0)])
        self.assertFalse(self.lines())

    def test_discount_is_taken_off(self):
        self.line.discount = 50
        self.report(200, '2026-03-05')
        self.assertEqual(self.lines(), [(200.0, 9.0)])

    # === MINIMUM === #

    def test_missing_amount_is_charged_up_to_the_minimum(self):
        self.line.write({'minimum_amount': 10.0, 'date_start': '2026-03-01'})
        self.report(40, '2026-03-05')
        self.report(110, '2026-04-05')
        self.assertEqual(self.metered.mrr, 10.0)
        self.assertEqual(self.lines(), [(40.0, 4.0), (1.0, 6.0), (110.0, 10.8)])
        self.assertFalse(self.lines())
        self.assertEqual(self.lines('2026-06-01'), [(1.0, 10.0)], 'nothing was used in May')

    def test_late_usage_gives_back_what_made_up_for_the_minimum(self):
        self.line.write({'minimum_amount': 10.0, 'date_start': '2026-03-01'})
        self.report(40, '2026-03-05')
        self.report(200, '2026-04-05')
        self.assertEqual(self.lines(), [(40.0, 4.0), (1.0, 6.0), (200.0, 18.0)])
        self.report(20, '2026-03-06')
        self.report(1, '2026-04-06')
        self.assertEqual(self.lines(), [(20.0, 2.0), (1.0, -2.0), (1.0, 0.08)])
        self.report(100, '2026-03-07')
        self.assertEqual(self.lines(), [(100.0, 8.8), (1.0, -4.0)])

    def test_minimum_is_for_the_days_that_the_line_covers(self):
        self.metered.action_suspend('2026-03-11', '2026-03-31')
        self.line.write({'minimum_amount': 31.0, 'date_start': '2026-03-01', 'prorate': True})
        self.assertEqual(self.lines('2026-04-01'), [(1.0, 10.0)])

    # === LEDGER === #

    def test_months_that_are_suspended_have_no_minimum_to_bill(self):
        contract = self.create_contract(
            self.calls(minimum_amount=31.0), date_start='2026-02-01', date_end=False
        )
        contract.action_suspend('2026-03-01', '2026-03-31')
        self.assertEqual(contract._bill('2026-04-01').amount_untaxed, 31.0)
        self.assertEqual(str(contract.next_billing_date), '2026-05-01')
        contract.action_suspend('2026-04-01')
        self.assertFalse(contract.next_billing_date)
        self.assertFalse(contract.is_to_bill)
        self.report(400, '2026-04-02', contract.line_ids)
        self.assertEqual(contract._bill('2026-05-01').amount_untaxed, 40.0)
        self.assertFalse(contract.next_billing_date)

    def test_minimum_of_a_line_that_an_amendment_ends_is_for_its_days(self):
        contract = self.create_contract(self.calls(minimum_amount=310.0), date_end=False)
        amendment = self.env['crm.contract.amendment'].create(
            {
                'contract_id': contract.id,
                'date': '2026-01-11',
                'line_ids': [Command.create({'line_id': contract.line_ids.id, 'action': 'end'})],
            }
        )
        amendment.action_apply()
        self.assertEqual(contract._bill().amount_untaxed, 100.0)

    def test_billed_usage_is_locked_and_credited_usage_is_open_again(self):
        usage = self.report(50, '2026-03-05')
        move = self.metered._bill()
        for change in ({'quantity': 5}, {'date': '2026-03-06'}):
            with self.assertRaisesRegex(UserError, 'was billed'):
                usage.write(change)
        with self.assertRaisesRegex(UserError, 'was billed'):
            usage.unlink()
        move.action_post()
        refund = self.credit(move)
        self.assertEqual(self.metered._preview_billing()[0]['amount'], 5.0)
        usage.quantity = 60
        with self.assertRaisesRegex(UserError, 'billed again, changed or deleted'):
            refund.button_draft()
        self.assertEqual(self.lines(), [(60.0, 6.0)])

    def test_part_that_was_credited_comes_back_as_a_quantity(self):
        usage = self.report(50, '2026-03-05')
        move = self.metered._bill()
        move.action_post()
        self.credit(move, quantity=10)
        self.assertEqual(self.lines(), [(10.0, 1.0)])
        with self.assertRaisesRegex(UserError, 'was billed'):
            usage.unlink()

    def test_figures_count_usage_as_recurring(self):
        self.report(50, '2026-03-05')
        self.metered.invalidate_recordset()
        self.assertEqual(self.metered.amount_to_invoice_recurring, 5.0)
        self.metered._bill()
        self.metered.invalidate_recordset()
        self.assertEqual(self.metered.amount_invoiced_recurring, 5.0)
        self.assertEqual(self.metered.amount_invoiced, 5.0)

    def test_usage_is_earned_on_its_days(self):
        self.report(30, '2026-03-05')
        self.report(10, '2026-03-20')
        with freeze_time('2026-04-02'):
            self.metered._bill().action_post()
        deferred = self.metered._get_deferrals('2026-03-10')
        self.assertEqual([(one['kind'], one['amount']) for one in deferred], [('accrued', 3.0)])

    # === REFUSALS === #

    @mute_logger('odoo.sql_db')
    def test_a_reference_counts_once_for_a_line(self):
        self.report(5, '2026-03-05', external_ref='X1')
        other = self.create_contract(self.calls()).line_ids
        self.report(5, '2026-03-05', line=other, external_ref='X1')
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.report(5, '2026-03-06', external_ref='X1')
        self.report(5, '2026-03-06')
        self.report(5, '2026-03-06')

    def test_reports_of_what_is_not_charged_by_usage_are_refused(self):
        flat = self.create_contract().line_ids
        with self.assertRaisesRegex(ValidationError, 'does not charge by usage'):
            self.report(5, '2026-03-05', line=flat)
        self.report(5, '2026-03-05')
        self.metered._bill()
        with self.assertRaisesRegex(UserError, 'was billed already'):
            self.line.is_metered = False

    def test_rights_are_those_of_the_contract(self):
        usage = self.env['crm.contract.usage'].with_user(self.salesman)
        own = usage.create({'line_id': self.line.id, 'date': '2026-03-05', 'quantity': 5})
        own.quantity = 6
        with self.assertRaises(AccessError):
            own.billing_id = self.env['crm.contract.billing'].search([], limit=1).id or 1
        for user in (self.colleague, self.accountant):
            with self.assertRaises(AccessError):
                usage.with_user(user).create({'line_id': self.line.id, 'quantity': 5})
        self.assertTrue(own.with_user(self.accountant).quantity)
        self.assertFalse(usage.with_user(self.colleague).search([('id', '=', own.id)]))

    def test_template_proposes_lines_by_usage(self):
        template = self.env['crm.contract.template'].create(
            {'name': 'Calls', 'line_ids': [Command.create(self.calls(minimum_amount=5.0))]}
        )
        contract = self.env['crm.contract'].create(
            {'name': 'x', 'partner_id': self.partner_a.id, 'template_id': template.id}
        )
        self.assertRecordValues(contract.line_ids, [{'is_metered': True, 'minimum_amount': 5.0}])

    # === SPEED === #

    def test_queries_do_not_grow_with_lines_and_reports(self):
        def measure(size):
            contracts = self.env['crm.contract'].create(
                [self.prepare_contract(self.calls(minimum_amount=1.0)) for _number in range(size)]
            )
            for line in contracts.line_ids:
                for day in ('2026-03-05', '2026-03-06', '2026-04-05'):
                    self.report(5, day, line=line)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._preview_billing()
            return self.env.cr.sql_log_count - before

        measure(1)
        self.assertEqual(measure(2), measure(8))
