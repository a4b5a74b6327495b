from random import Random

from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from ..billing_common import BillingCase

HISTORIES = 8
STEPS = 14
MONTHS = 6


@tagged('post_install', '-at_install')
@freeze_time('2026-07-15')
class TestContractBillingHistory(BillingCase):
    """Random histories against what must hold for any of them, to the cent."""

    def test_every_unit_is_billed_once_whatever_happens(self):
        for seed in range(HISTORIES):
            with self.subTest(seed=seed):
                self._live_through(Random(seed))

    def _live_through(self, random):
        contract = self.create_contract(
            self.monthly(quantity=10, price_unit=10.0, prorate=True), date_end='2026-06-30'
        )
        steps = [
            self._bill,
            self._delete,
            self._cancel,
            self._revive,
            self._edit,
            self._post,
            self._credit,
            self._credit,
            self._take_back_credit,
            self._change_credit,
            self._delete_credit,
            self._reset,
            self._shorten,
        ]
        for _number in range(STEPS):
            step = random.choice(steps)
            try:
                with self.cr.savepoint():
                    step(random, contract)
                    self.env.flush_all()
            except UserError:
                continue  # refused, so nothing may have changed
            finally:
                self._assert_ledger_equals_documents(contract)
        contract.date_end = '2026-06-30'
        contract._bill('2026-12-31')
        self._assert_ledger_equals_documents(contract)
        self.assertAlmostEqual(sum(self.live(contract).mapped('amount')), MONTHS * 100.0, 2)
        self.assertFalse(contract._bill('2026-12-31'))

    def _assert_ledger_equals_documents(self, contract):
        lines = contract.billing_ids.move_line_ids
        charged = lines.filtered(
            lambda line: line.move_type == 'out_invoice' and line.parent_state != 'cancel'
        )
        credited = lines.filtered(
            lambda line: line.move_type == 'out_refund' and line.parent_state == 'posted'
        )
        net = sum(charged.mapped('price_subtotal')) - sum(credited.mapped('price_subtotal'))
        self.assertAlmostEqual(sum(self.live(contract).mapped('amount')), net, 2)

    # === STEPS === #

    def _pick(self, random, contract, move_type, *states):
        """Return one of the contract's documents in one of the states, or none."""
        moves = contract.billing_ids.move_line_ids.move_id.filtered(
            lambda move: move.move_type == move_type and move.state in states
        ).sorted('id')
        return moves.browse(random.choice(moves.ids)) if moves else moves

    def _bill(self, random, contract):
        contract._bill(Date.add(contract.date_start, months=random.randint(0, MONTHS)))

    def _delete(self, random, contract):
        self._pick(random, contract, 'out_invoice', 'draft').unlink()

    def _cancel(self, random, contract):
        self._pick(random, contract, 'out_invoice', 'draft').button_cancel()

    def _revive(self, random, contract):
        if move := self._pick(random, contract, 'out_invoice', 'cancel'):
            move.button_draft()

    def _edit(self, random, contract):
        """Change the quantity of a line that charges something, to no more than it was."""
        lines = self._pick(random, contract, 'out_invoice', 'draft').invoice_line_ids
        for line in lines[:1]:
            line.quantity = random.choice([0, 1, round(line.quantity / 2, 2)]) or 0

    def _post(self, random, contract):
        if move := self._pick(random, contract, 'out_invoice', 'draft'):
            move.action_post()

    def _credit(self, random, contract):
        """Credit a part or all of what still stands of an invoice."""
        move = self._pick(random, contract, 'out_invoice', 'posted')
        rows = move.invoice_line_ids.crm_contract_billing_id.filtered(
            lambda row: row._get_invoice_lines().move_id == move and row.state == 'invoiced'
        )
        if move and rows == move.invoice_line_ids.crm_contract_billing_id:
            least = min(rows.mapped('quantity'))
            whole = least if self._get_credits(move) else None
            self.credit(move, quantity=random.choice([least, round(least / 2, 2), whole]))

    def _get_credits(self, move):
        return move.reversal_move_ids.filtered(lambda refund: refund.state == 'posted')

    def _reset(self, random, contract):
        """Make a draft of a posted invoice that is not credited."""
        move = self._pick(random, contract, 'out_invoice', 'posted')
        if move and not self._get_credits(move):
            move.button_draft()

    def _take_back_credit(self, random, contract):
        if refund := self._pick(random, contract, 'out_refund', 'posted'):
            refund.button_draft()

    def _change_credit(self, random, contract):
        """Post a credit note that was taken back with another quantity, no more than is left."""
        refund = self._pick(random, contract, 'out_refund', 'draft')
        if refund.reversed_entry_id.state == 'posted':
            for line in refund.invoice_line_ids:
                row = line.crm_contract_billing_id
                stands = refund.reversed_entry_id in row._get_standing_lines()
                line.quantity = round(row.quantity / random.choice([1, 2, 3]), 2) if stands else 0
            refund.action_post()

    def _delete_credit(self, random, contract):
        self._pick(random, contract, 'out_refund', 'draft').unlink()

    def _shorten(self, random, contract):
        contract.date_end = random.choice(['2026-04-17', '2026-06-30'])
