from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase


@tagged('post_install', '-at_install')
@freeze_time('2026-01-15')
class TestContractEdits(BillingCase):
    """The ledger says what documents say, whatever accountants change on them by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.create_contract(cls.monthly(quantity=10, price_unit=10.0))

    def _bill(self):
        return self.contract._bill('2026-01-31')

    def _edit(self, move, **values):
        """Change the first line of a document, as the form does."""
        line = move.invoice_line_ids[:1]
        move.with_user(self.accountant).write(
            {'invoice_line_ids': [Command.update(line.id, values)]}
        )

    def _amounts_billed(self):
        return self.live(self.contract).sorted('id').mapped('amount')

    # === DRAFTS === #

    def test_quantity_taken_from_a_draft_comes_on_the_next_invoice(self):
        self._edit(self._bill(), quantity=4)
        self.assertEqual(self._amounts_billed(), [40.0])
        self.assertEqual(str(self.contract.next_billing_date), '2026-01-01')
        again = self._bill()
        self.assertRecordValues(again.invoice_line_ids, [{'quantity': 6.0, 'price_unit': 10.0}])
        self.assertEqual(self._amounts_billed(), [40.0, 60.0])
        self.assertFalse(self._bill())

    def test_quantity_that_comes_back_to_a_draft_is_not_billed_again(self):
        move = self._bill()
        self._edit(move, quantity=4)
        self._edit(move, quantity=7)
        (entry,) = self.contract._preview_billing('2026-01-31')
        self.assertEqual(entry['quantity'], 3.0)
        self._edit(move, quantity=10)
        self.assertEqual(self._amounts_billed(), [100.0])
        self.assertFalse(self._bill())
        move.unlink()
        self.assertEqual(self._bill().amount_untaxed, 100.0)

    def test_draft_that_charges_more_counts_with_what_it_charges(self):
        self._edit(self._bill(), quantity=12)
        self.assertEqual(self._amounts_billed(), [120.0])
        self.assertFalse(self._bill())

    def test_draft_line_of_nothing_gives_its_period_back(self):
        move = self._bill()
        self._edit(move, quantity=0)
        self.assertFalse(self.live(self.contract))
        self._edit(move, quantity=10)
        self.assertFalse(self._bill(), 'it charges the period again')
        self._edit(move, quantity=0)
        self.assertEqual(self._bill().amount_untaxed, 100.0)
        with self.assertRaisesRegex(UserError, 'billed again since'):
            self._edit(move, quantity=10)

    def test_draft_line_of_nothing_does_not_stand_for_a_part(self):
        move = self._bill()
        self._edit(move, quantity=6)
        self._edit(move, quantity=0)
        move.action_post()
        again = self._bill()
        self.assertEqual(again.amount_untaxed, 100.0)
        self._edit(again, quantity=1)
        self.assertEqual(sum(self._amounts_billed()), 100.0 - 10 * (6 - 1), 'edited, not refused')
        again.unlink()
        self.assertFalse(self.live(self.contract))
        self.assertEqual(self._bill().amount_untaxed, 100.0)
        self.assertFalse(self._bill())

    def test_other_unit_on_a_draft_leaves_nothing_open(self):
        dozen = self.env.ref('uom.product_uom_dozen')
        self._edit(self._bill(), quantity=4, price_unit=10.0, product_uom_id=dozen.id)
        self.assertEqual(self._amounts_billed(), [40.0])
        self.assertFalse(self._bill())

    def test_other_price_on_a_draft_is_a_rebate(self):
        move = self._bill()
        self._edit(move, price_unit=9.0, discount=50.0)
        self.assertEqual(self._amounts_billed(), [45.0])
        self.assertFalse(self._bill())
        self.contract.invalidate_recordset()
        self.assertEqual(self.contract.amount_invoiced, 45.0)

    def test_deleted_draft_that_was_edited_gives_back_what_it_charged(self):
        move = self._bill()
        self._edit(move, quantity=4)
        move.unlink()
        self.assertEqual(self._bill().amount_untaxed, 100.0)
        self.assertFalse(self._bill())

    def test_deleted_draft_of_two_contracts_opens_both(self):
        contracts = self.env['crm.contract'].create(
            [
                self.prepare_contract(self.monthly(price_unit=price), invoice_grouping='customer')
                for price in (100.0, 70.0)
            ]
        )
        move = contracts._bill('2026-01-31')
        self.assertEqual(len(move), 1)
        self.assertEqual(move.amount_untaxed, 170.0)
        move.invoice_line_ids[:1].unlink()
        self.assertEqual([len(self.live(contract)) for contract in contracts], [0, 1])
        move.unlink()
        self.assertEqual([len(self.live(contract)) for contract in contracts], [0, 0])
        self.assertEqual(contracts._bill('2026-01-31').amount_untaxed, 170.0)

    def test_invoices_that_are_merged_by_hand_stand_for_all_that_they_charge(self):
        other = self.create_contract(self.monthly(price_unit=70.0))
        kept, emptied = self._bill(), other._bill('2026-01-31')
        row = self.live(other)
        kept.write({'invoice_line_ids': [Command.create({'name': 'Support', 'price_unit': 70.0})]})
        emptied.unlink()
        self.assertEqual(row.state, 'released', 'a line typed by hand is not of the contract')
        kept.invoice_line_ids[-1:].unlink()
        self.assertEqual(other._bill('2026-01-31').amount_untaxed, 70.0)
        self.assertEqual(self._amounts_billed(), [100.0])

    # === CREDIT NOTES === #

    def test_credit_of_a_credit_note_lets_its_period_stand_again(self):
        move = self._bill_and_post()
        for quantity in (4, None):
            refund = self.credit(move, quantity=quantity)
            again = refund._reverse_moves(cancel=True)
            self.assertEqual((again.move_type, again.state), ('out_invoice', 'posted'))
            self.assertEqual(sum(self._amounts_billed()), 100.0)
            self.assertFalse(self._bill())

    def test_credit_of_a_credit_note_is_refused_when_it_was_billed_again(self):
        refund = self.credit(self._bill_and_post())
        again = self._bill()
        with self.assertRaisesRegex(UserError, 'billed again since'), self.cr.savepoint():
            refund._reverse_moves()
        again.unlink()
        refund._reverse_moves(cancel=True)
        self.assertEqual(self._amounts_billed(), [100.0])

    def _bill_and_post(self):
        move = self._bill()
        move.action_post()
        return move

    # === RELEASED BY HAND === #

    def test_rest_that_is_released_by_hand_is_billed_again_as_it_is(self):
        move = self._bill_and_post()
        self.credit(move, quantity=4)
        row = self.live(self.contract)
        row.action_release()
        again = self._bill()
        self.assertEqual(sorted(again.invoice_line_ids.mapped('quantity')), [4.0, 6.0])
        self.assertFalse(self._bill())
        again.unlink()
        self.assertEqual(self._bill().amount_untaxed, 100.0, 'the first invoice stands for nothing')

    def test_credit_of_what_was_released_by_hand_gives_nothing_back(self):
        move = self._bill_and_post()
        self.credit(move, quantity=4)
        self.live(self.contract).action_release()
        again = self._bill()
        self.credit(move, quantity=6)
        self.assertEqual(sum(self._amounts_billed()), 100.0)
        self.assertFalse(self._bill())
        again.unlink()
        self.assertEqual(self._bill().amount_untaxed, 100.0)

    def test_part_that_is_waived_stays_out_and_the_rest_comes_back(self):
        self.credit(self._bill_and_post(), quantity=4)
        self.contract.billing_ids.filtered('rebill').action_waive()
        self.live(self.contract).action_release()
        self.assertEqual(self._bill().amount_untaxed, 60.0)
        self.assertFalse(self._bill())
