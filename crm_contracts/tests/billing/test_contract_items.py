from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractItems(ItemCase):
    """Hours and costs on the account of a contract, billed once each."""

    def test_hours_are_billed_at_the_most_specific_rate(self):
        self.book(self.ada, 16)
        self.book(self.ben, 3)
        move = self.contract._bill()
        self.assertRecordValues(
            move.invoice_line_ids,
            [
                {'quantity': 2.0, 'price_unit': 650.0, 'product_uom_id': self.day.id},
                {'quantity': 3.0, 'price_unit': 60.0, 'product_uom_id': self.hour.id},
            ],
        )
        self.assertFalse(self.contract._bill())
        self.contract.rate_ids = [
            Command.create(
                self.rate(price_unit=90.0, product_uom_id=self.hour.id, employee_id=self.ada.id)
            )
        ]
        self.book(self.ada, 1)
        self.assertEqual(self.contract._bill().amount_untaxed, 90.0)

    def test_hours_that_make_no_round_day_are_billed_to_the_cent(self):
        self.book(self.ada, 7.3)
        move = self.contract._bill()
        self.assertEqual(move.amount_untaxed, 593.13, '7.3 hours of 650 / 8')
        self.assertEqual(move.amount_untaxed, self.live(self.contract).amount)

    def test_ratio_is_a_discount(self):
        self.contract.time_ratio = 80
        self.book(self.ada, 8)
        move = self.contract._bill()
        self.assertRecordValues(move.invoice_line_ids, [{'price_unit': 650.0, 'discount': 20.0}])
        self.assertEqual(move.amount_untaxed, 520.0)

    def test_hours_without_rate_or_not_billable_are_held_back(self):
        self.book(self.ben, 2, crm_contract_non_billable=True)
        self.assertFalse(self.contract._preview_billing())
        self.contract.rate_ids.filtered(lambda rate: not rate.job_id).unlink()
        self.book(self.ben, 2)
        (entry,) = self.contract._preview_billing()
        self.assertIn('no rate for Ben', entry['held'])
        self.assertFalse(self.contract._bill())
        self.contract.rate_ids.write({'product_uom_id': self.env.ref('uom.product_uom_kgm').id})
        self.book(self.ada, 2)
        self.assertIn('cannot be converted', self.contract._preview_billing()[-1]['held'])

    def test_hours_and_costs_of_a_run_share_an_invoice_for_each_due_date(self):
        self.contract.invoice_grouping = 'period'
        self.contract.line_ids.date_due = '2026-03-15'
        self.book(self.ada, 8, '2026-03-30')
        self.book(self.ben, 1, '2026-02-27')
        self.spend(100.0)
        moves = self.contract._bill()
        self.assertEqual(sorted(moves.mapped('amount_untaxed')), [810.0, 5000.0])

    def test_hours_that_are_never_billed_make_no_contract_due(self):
        self.contract.bill_time = False
        self.book(self.ben, 1, '2026-02-27')
        contracts = self.env['crm.contract']
        due = contracts._get_billing_due_domain()
        self.assertFalse(self.contract.filtered_domain(due))
        biller = self.env['crm.contract.biller']
        self.assertFalse(biller._get_open_items(self.contract, '2026-03-31'))
        self.contract.bill_time = True
        self.assertTrue(self.contract.filtered_domain(contracts._get_billing_due_domain()))
        self.contract.write({'bill_time': False, 'prepaid_quantity': 1, 'overage_price': 80.0})
        self.assertTrue(self.contract.filtered_domain(contracts._get_billing_due_domain()))
        self.contract.write({'prepaid_quantity': 0})
        self.spend_without_entry(40.0)
        with freeze_time('2026-04-01'):
            due = contracts._get_billing_due_domain()
        self.assertTrue(self.contract.filtered_domain(due))

    def test_late_hours_are_billed_with_the_next_invoice(self):
        self.book(self.ben, 1, '2026-03-20')
        self.assertFalse(self.contract._bill('2026-03-19'))
        self.contract._bill()
        self.book(self.ben, 2, '2026-01-20')
        self.assertEqual(self.contract._bill().amount_untaxed, 120.0)

    def test_billed_hours_are_locked_until_their_invoice_is_gone(self):
        item = self.book(self.ben, 5)
        move = self.contract._bill()
        for refused in (lambda: item.write({'unit_amount': 6}), item.unlink):
            with self.assertRaisesRegex(UserError, 'was billed'), self.cr.savepoint():
                refused()
        item.name = 'Better said'
        move.unlink()
        item.unit_amount = 6
        self.assertEqual(self.contract._bill().amount_untaxed, 360.0)

    def test_credited_hours_come_back_as_a_quantity(self):
        self.book(self.ben, 5)
        move = self.contract._bill()
        move.action_post()
        self.credit(move, quantity=2)
        self.book(self.ben, 1)
        again = self.contract._bill()
        self.assertEqual(again.amount_untaxed, 180.0, 'two credited hours and a new one')
        self.assertFalse(self.contract._bill())
        move = self.contract.billing_ids.sorted('id')[0].move_line_ids.move_id[:1]
        self.credit(move, quantity=3)
        self.assertEqual(self.contract._bill().amount_untaxed, 180.0)
        self.assertFalse(self.contract._bill())

    def test_fully_credited_hours_are_open_again(self):
        item = self.book(self.ben, 5)
        move = self.contract._bill()
        move.action_post()
        self.credit(move)
        item.unit_amount = 4
        self.assertEqual(self.contract._bill().amount_untaxed, 240.0)

    def test_costs_are_billed_with_their_markup_and_share(self):
        self.contract.cost_markup = 10
        self.spend(1000.0, percent=50)
        self.spend(100.0, 'in_refund')
        move = self.contract._bill()
        self.assertEqual(move.amount_untaxed, 440.0, '(500 - 100) plus 10 %')
        self.assertFalse(self.contract._bill())

    def test_costs_without_product_are_named_in_the_language_of_the_customer(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.partner_a.lang = 'es_ES'
        self.spend_without_entry(40.0)
        self.assertIn('Costes', self.contract._bill().invoice_line_ids.name)

    def test_each_kind_of_cost_has_its_markup(self):
        self.contract.cost_markup = 10
        self.contract.write({'cost_markup_expense': 0, 'cost_markup_other': 25})
        self.spend(1000.0)
        self.enter(200.0, self.company_data['default_account_expense'])
        self.spend_without_entry(40.0)
        move = self.contract._bill()
        self.assertEqual(
            sorted(move.invoice_line_ids.mapped('price_subtotal')),
            [50.0, 200.0, 1100.0],
            '40 plus 25 %, expenses at cost, 1000 plus 10 %',
        )
        self.contract.cost_markup = 5
        self.spend_without_entry(100.0)
        self.assertEqual(self.contract._bill().amount_untaxed, 105.0, 'one markup for all again')

    def test_negative_markup_is_refused(self):
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'):
            self.contract.cost_markup_other = -1
            self.env.flush_all()

    def test_revenue_that_was_entered_by_hand_does_not_lower_the_costs(self):
        self.enter(-500.0, self.company_data['default_account_revenue'])
        self.assertFalse(self.contract._preview_billing())
        self.spend(300.0)
        self.assertEqual(self.contract._bill().amount_untaxed, 300.0)

    def test_cost_is_converted_at_the_rate_of_its_day(self):
        self.contract.currency_id = self.setup_other_currency(
            'CAD', rates=[('2026-03-01', 2.0), ('2026-03-20', 4.0)]
        )
        self.spend_without_entry(40.0)
        self.assertEqual(self.contract._bill().amount_untaxed, 80.0, 'of 5 March, not of today')

    def test_cost_in_the_currency_of_the_contract_is_passed_on_as_it_is(self):
        """Between the day of the bill and its booking the rate has changed."""
        self.contract.currency_id = self.setup_other_currency(
            'CAD', rates=[('2026-03-05', 2.0), ('2026-03-20', 4.0)]
        )
        document = {'currency_id': self.contract.currency_id.id, 'date': '2026-03-20'}
        self.spend(800.0, document=document)
        self.spend(100.0, percent=33.33, product_id=self.support.id, document=document)
        move = self.contract._bill()
        self.assertEqual(sorted(move.invoice_line_ids.mapped('price_subtotal')), [33.33, 800.0])

    def test_cost_in_another_currency_has_the_rate_of_its_document(self):
        self.contract.currency_id = self.setup_other_currency(
            'CAD', rates=[('2026-03-05', 2.0), ('2026-03-20', 4.0)]
        )
        self.spend(40.0, document={'date': '2026-03-20'})
        self.assertEqual(self.contract._bill().amount_untaxed, 80.0, 'of 5 March')

    def test_refund_without_product_lowers_the_costs_of_its_kind(self):
        self.spend(1000.0, product_id=self.support.id)
        self.spend(50.0, product_id=self.env['product.product'].create({'name': 'Cable'}).id)
        self.spend(300.0, 'in_refund')
        move = self.contract._bill()
        self.assertEqual(
            sorted(move.invoice_line_ids.mapped('price_subtotal')),
            [50.0, 700.0],
            'of the dearest, and never a line below nothing',
        )
        self.assertFalse(self.contract._preview_billing())

    def test_refund_beyond_the_dearest_costs_lowers_the_next(self):
        self.spend(100.0, product_id=self.support.id)
        self.spend(80.0)
        self.spend(130.0, 'in_refund', product_id=self.product_a.id)
        self.assertEqual(self.contract._bill().invoice_line_ids.mapped('price_subtotal'), [50.0])
        self.assertFalse(self.contract._preview_billing())

    def test_refund_beyond_all_costs_waits_with_them(self):
        self.spend(100.0, product_id=self.support.id)
        self.spend(130.0, 'in_refund')
        (entry,) = self.contract._preview_billing()
        self.assertEqual(entry['amount'], -30.0)
        self.assertIn('Refunds exceed', entry['held'], 'nothing was charged that could go back')
        self.spend_without_entry(40.0)
        self.assertEqual(self.contract._bill().amount_untaxed, 40.0, 'another kind of cost')
        self.contract.billing_ids.move_line_ids.move_id.button_cancel()
        self.spend(50.0)
        self.assertEqual(self.contract._bill().amount_untaxed, 60.0, '100 + 50 - 130, and 40')
        self.assertFalse(self.contract._preview_billing())

    def test_own_invoices_and_sold_hours_are_not_billed(self):
        contract = self.create_contract(self.monthly(), bill_costs=True, bill_time=True)
        contract._bill('2026-01-31').action_post()
        self.assertFalse(contract._bill('2026-01-31'))
        items = self.env['account.analytic.line']
        if 'timesheet_invoice_id' in items._fields:
            item = self.book(self.ben, 1)
            item.timesheet_invoice_id = self.env['account.move'].search([], limit=1)
            self.assertFalse(self.contract._bill())
