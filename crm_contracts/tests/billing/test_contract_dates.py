from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractDates(BillingCase):
    """The day of an invoice goes by a rule; its operation is on the last day that it charges."""

    def bill(self, *lines, until=None, **values):
        return self.create_contract(*lines, **values)._bill(until)

    def assert_dates(self, move, invoiced, operation):
        dates = [day and str(day) for day in (move.invoice_date, move.delivery_date)]
        self.assertEqual(dates, [invoiced, operation])

    def test_invoice_bears_the_day_of_its_rule(self):
        march = self.monthly(date_start='2026-02-01', timing='arrears')
        for rule, invoiced in (('run', False), ('due', '2026-03-01'), ('last', '2026-02-28')):
            with self.subTest(rule=rule):
                move = self.bill(march, invoice_date_rule=rule)
                self.assert_dates(move, invoiced, '2026-02-28')
                move.action_post()
                self.assertEqual(str(move.invoice_date), invoiced or '2026-03-10')

    def test_milestone_has_its_day(self):
        delivery = self.milestone(date_due='2026-03-05')
        self.assert_dates(self.bill(delivery, invoice_date_rule='last'), '2026-03-05', False)

    def test_no_invoice_bears_a_day_to_come(self):
        fee = self.monthly(date_start='2026-03-01')
        move = self.bill(fee, invoice_date_rule='last')
        self.assert_dates(move, '2026-03-10', '2026-03-10')
        move = self.bill(fee, until='2026-04-30', invoice_date_rule='due')
        self.assert_dates(move, '2026-03-10', '2026-03-10')

    def test_arrears_are_invoiced_on_the_last_day_itself_where_that_is_the_date(self):
        fee = self.monthly(date_start='2026-03-01', timing='arrears')
        contract = self.create_contract(fee, invoice_date_rule='last', invoice_auto_post=True)
        self.assertEqual(str(contract.next_billing_date), '2026-03-31')
        self.assertFalse(contract._bill('2026-03-30'))
        with freeze_time('2026-03-31'):
            move = contract._bill()
        self.assertEqual((move.state, str(move.invoice_date)), ('posted', '2026-03-31'))
        contract.invoice_date_rule = 'run'
        self.assertEqual(str(contract.next_billing_date), '2026-05-01')

    def test_closed_books_move_the_day_to_the_first_open_one(self):
        self.env.company.sale_lock_date = '2026-02-28'
        fee = self.monthly(date_start='2026-02-01', timing='arrears')
        move = self.bill(fee, invoice_date_rule='last', invoice_auto_post=True)
        self.assertEqual(move.state, 'posted')
        self.assert_dates(move, '2026-03-01', '2026-02-28')

    def test_what_begins_in_another_year_is_said(self):
        with freeze_time('2026-12-20'):
            fee = self.monthly(date_start='2027-01-01')
            move = self.bill(
                fee, until='2027-01-01', date_start='2027-01-01', date_end='2027-12-31'
            )
        self.assertIn('in another quarter', move.message_ids[0].body)
        move = self.bill(self.monthly(date_start='2026-03-01'))
        self.assertNotIn('in another quarter', ''.join(move.message_ids.mapped('body')))

    def test_contracts_with_another_rule_share_no_invoice(self):
        contracts = self.env['crm.contract'].concat(
            *(
                self.create_contract(invoice_grouping='customer', invoice_date_rule=rule)
                for rule in ('run', 'due', 'due')
            )
        )
        self.assertEqual(len(contracts._bill()), 2)
