from odoo import Command
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractAdvanceDebt(BillingCase):
    """An advance of 250 that three invoices of 100 used up, and that is credited after the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.company_data['default_tax_sale']
        cls.support.taxes_id = cls.tax

    def use_up(self, close=True):
        """Return (contract, posted invoice of its advance), of which nothing is left."""
        contract = self.create_contract()
        self.env['crm.contract.advance'].create(
            {
                'contract_id': contract.id,
                'amount': 250.0,
                'date_due': '2026-01-01',
                'product_id': self.support.id,
            }
        )
        invoice = contract._bill('2026-01-01')
        contract._bill('2026-04-01')
        invoice.action_post()
        if close:
            contract.action_close()
        self.assertRest(contract, 0.0)
        return contract, invoice

    def credit_advance(self, invoice, quantity):
        refund = invoice._reverse_moves([{'invoice_date': invoice.invoice_date}])
        refund.invoice_line_ids = [
            Command.update(line.id, {'quantity': quantity})
            if line.price_unit == 250.0
            else Command.delete(line.id)
            for line in refund.invoice_line_ids
        ]
        refund.action_post()
        return refund

    def assertRest(self, contract, rest):
        contract.invalidate_recordset()
        self.assertEqual(
            (contract.advance_rest, sum(contract.advance_ids.mapped('rest'))), (rest,) * 2
        )

    def get_notes(self, contract):
        return ' '.join(contract.message_ids.mapped('body'))

    def test_part_that_is_credited_after_the_last_invoice_is_billed_by_itself(self):
        contract, invoice = self.use_up()
        self.assertFalse(contract.next_billing_date)
        refund = self.credit_advance(invoice, 0.4)
        self.assertRest(contract, -100.0)
        self.assertIn(refund.name, self.get_notes(contract))
        self.assertRegex(self.get_notes(contract), '100.00.* of the advances')
        self.assertTrue(contract.is_to_bill)
        self.assertFalse(contract._preview_billing('2026-03-30'), 'the contract ended later')
        self.assertEqual([entry['amount'] for entry in contract._preview_billing()], [100.0])
        move = contract._bill()
        self.assertRecordValues(
            move.invoice_line_ids,
            [{'price_subtotal': 100.0, 'product_id': self.support.id, 'tax_ids': self.tax.ids}],
        )
        self.assertRest(contract, 0.0)
        self.assertFalse(contract._preview_billing())
        self.assertFalse(contract.next_billing_date)
        move.unlink()
        self.assertRest(contract, -100.0)
        self.assertEqual(contract._bill().amount_untaxed, 100.0)
        self.credit_advance(invoice, 0.2)
        self.assertEqual(contract._bill().amount_untaxed, 50.0)
        self.assertRest(contract, 0.0)

    def test_all_that_is_credited_is_billed_once(self):
        contract, invoice = self.use_up()
        self.credit_advance(invoice, 1)
        self.assertRest(contract, -250.0)
        self.assertEqual(contract._bill().amount_untaxed, 250.0)
        self.assertRest(contract, 0.0)
        self.assertFalse(contract._bill())

    def test_what_is_never_billed_again_is_not_owed(self):
        contract, invoice = self.use_up()
        self.credit_advance(invoice, 1)
        contract.billing_ids.filtered(lambda row: row.state == 'released').action_waive()
        self.assertRest(contract, 0.0)
        self.assertFalse(contract._preview_billing())
        self.assertFalse(contract.is_to_bill)

    def test_contract_that_runs_brings_it_back_with_its_next_invoice_alone(self):
        contract, invoice = self.use_up(close=False)
        self.credit_advance(invoice, 0.4)
        self.assertFalse(contract._preview_billing('2026-04-01'))
        move = contract._bill('2026-05-01')
        self.assertEqual(sorted(move.invoice_line_ids.mapped('price_subtotal')), [100.0, 100.0])
        self.assertRest(contract, 0.0)

    def test_credit_that_leaves_something_says_nothing(self):
        contract, _invoice = self.use_up(close=False)
        advance = contract.advance_ids.copy({'contract_id': contract.id, 'amount': 60.0})
        other = contract._bill('2026-04-01')
        self.assertEqual((other.amount_untaxed, advance.rest), (60.0, 60.0))
        other.action_post()
        self.credit(other)
        self.assertRest(contract, 0.0)
        self.assertNotIn('had deducted', self.get_notes(contract))

    def test_debts_of_many_are_planned_in_as_many_queries_as_of_one(self):
        contracts = self.env['crm.contract']
        for _number in range(6):
            contract, invoice = self.use_up()
            self.credit_advance(invoice, 0.4)
            contracts |= contract
        counts = []
        for some in (contracts[:2], contracts[:2], contracts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(some._preview_billing()), len(some))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
