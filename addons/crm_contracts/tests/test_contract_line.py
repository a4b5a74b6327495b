import psycopg2

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .billing_common import BillingCase


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
