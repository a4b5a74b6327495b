from odoo import Command
from odoo.tests import Form, freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10')
class TestContractReferences(ItemCase):
    """Documents say of which contract a line is, and keep the reference of the customer."""

    def bill_together(self, *references):
        contracts = self.env['crm.contract'].concat(
            *(
                self.create_contract(
                    self.monthly(date_start='2026-03-01'),
                    invoice_grouping='customer',
                    customer_ref=reference,
                )
                for reference in references
            )
        )
        return contracts, contracts._bill()

    def modify(self, move):
        wizard = (
            self.env['account.move.reversal']
            .with_context(active_model='account.move', active_ids=move.ids)
            .create({'journal_id': move.journal_id.id, 'reason': 'typing error'})
        )
        return self.env['account.move'].browse(wizard.modify_moves()['res_id'])

    def test_lines_of_a_shared_invoice_name_their_contract(self):
        contracts, move = self.bill_together('PO-1', False)
        first, second = move.invoice_line_ids
        self.assertEqual(
            first.name.split('\n')[-1],
            f'Contract {contracts[0].display_name}, your reference PO-1',
        )
        self.assertEqual(second.name.split('\n')[-1], f'Contract {contracts[1].display_name}')

    def test_lines_of_a_single_contract_do_not_repeat_it(self):
        _contracts, move = self.bill_together('PO-1')
        self.assertNotIn('Contract', move.invoice_line_ids.name)

    def test_reference_stands_once_on_a_shared_invoice(self):
        _contracts, move = self.bill_together('PO-1', 'PO-1', 'PO-2')
        self.assertEqual(move.ref, 'PO-1, PO-2')

    def test_credit_note_and_corrected_invoice_keep_reference_and_days(self):
        contract = self.create_contract(
            self.monthly(date_start='2026-02-01', timing='arrears'), customer_ref='PO-4711'
        )
        move = contract._bill()
        move.action_post()
        corrected = self.modify(move)
        self.assertEqual(corrected.ref, 'PO-4711')
        self.assertEqual(str(corrected.delivery_date), '2026-02-28')
        refund = move.reversal_move_ids
        self.assertTrue(refund.ref.startswith(f'PO-4711, Reversal of: {move.name}'))
        self.assertEqual(str(refund.delivery_date), '2026-02-28')

    def test_other_invoices_are_reversed_as_ever(self):
        move = self.init_invoice('out_invoice', products=self.product_a, post=True)
        move.ref = 'Mine'
        self.assertEqual(move._reverse_moves([{'ref': 'Reversal'}]).ref, 'Reversal')

    def test_long_reference_is_named_where_electronic_invoices_cut_it(self):
        contract = self.create_contract()
        with Form(contract) as form:
            form.customer_ref = 'A reference of the customer'
        has_facturae = 'l10n_es_invoicing_period_start_date' in self.env['account.move']._fields
        warning = contract._get_reference_warning(contract.customer_ref)
        self.assertEqual(bool(warning), has_facturae)
        self.assertFalse(contract._get_reference_warning('PO-4711'))

    # === WORDS === #

    def test_a_single_day_is_named_once(self):
        self.book(self.ben, 2, '2026-02-10')
        self.assertIn('\nOn 02/10/2026', self.contract._bill().invoice_line_ids.name)

    def test_day_of_a_cost_is_that_of_its_document(self):
        bill = self.env['account.move'].create(
            {
                'move_type': 'in_invoice',
                'partner_id': self.partner_b.id,
                'invoice_date': '2026-01-20',
                'date': '2026-02-05',
                'invoice_line_ids': [
                    Command.create(
                        {
                            'name': 'Licences',
                            'price_unit': 80.0,
                            'tax_ids': False,
                            'analytic_distribution': {
                                str(self.contract.analytic_account_id.id): 100
                            },
                        }
                    )
                ],
            }
        )
        bill.action_post()
        self.assertFalse(self.contract._bill('2026-01-31'), 'booked later')
        self.assertIn('\nOn 01/20/2026', self.contract._bill().invoice_line_ids.name)
