from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.deductions import get_deductions
from ...core.ledger import Unused


class CrmContractAdvance(models.Model):
    """What is left of an advance and no invoice is to use up: it is credited, for good."""

    _inherit = 'crm.contract.advance'

    is_rest_credited = fields.Boolean(
        string='Rest Credited',
        readonly=True,
        copy=False,
        help='What was left of it was credited: it is not invoiced again.',
    )

    @api.depends('billing_ids.move_line_ids.parent_state', 'billing_ids.move_line_ids.quantity')
    def _compute_rest(self):
        return super()._compute_rest()

    # === ACTIONS === #

    def action_credit_rest(self):
        """Make draft credit notes of what is left of the advances, one for each invoice.

        With the lines and taxes of the advances, to the cent. Nothing of it is deducted any more,
        nor invoiced again. Who may change a contract may credit it, as with billing.

        :return: an action that opens the credit notes
        :raises UserError: if nothing is left of one, or its invoice is not confirmed yet
        """
        self.check_access('write')
        advances = self.sudo()
        advances.contract_id._lock_for_billing()
        moves = advances._credit_rests()
        return moves.sudo(self.env.su)._get_crm_contract_action(
            'account.action_move_out_refund_type'
        )

    def _credit_rests(self):
        """Create the draft credit notes, and return them."""
        rests, parts = self._get_rests(), {}
        for advance in self:
            parts |= advance._get_rest_parts(rests[advance])
        biller, moves = self.env['crm.contract.biller'], self.env['account.move']
        for invoice, rows in biller._group_rows(parts).items():
            moves += invoice._credit_crm_contract_days({row: parts[row] for row in rows})
        self.is_rest_credited = True
        biller._note_credits(
            self.contract_id, moves, self.env._('What is left of advances is credited:')
        )
        return moves

    def _get_rest_parts(self, rest):
        """Return {row that charges the advance: what of it is credited, as ``Unused``}."""
        self.ensure_one()
        self._check_rest(rest)
        rows = self._get_charging_rows()
        waiting = rows._get_waiting_amounts()
        amounts = get_deductions({row: row.amount - waiting[row] for row in rows}, rest)
        return {
            row: Unused(row._get_charge().get_quantity_of(amount), amount, [])
            for row, amount in amounts.items()
        }

    def _check_rest(self, rest):
        if self.currency_id.compare_amounts(rest, 0.0) <= 0:
            raise UserError(self.env._('Nothing is left of "%s".', self.name))
        draft = (
            self._get_charging_rows()
            ._get_invoice_lines()
            .move_id.filtered(lambda move: move.state == 'draft')
        )
        if draft:
            raise UserError(
                self.env._(
                    'The invoice of "%s" is a draft still: take the advance off it, or confirm it '
                    'first.',
                    self.name,
                )
            )

    # === WHAT IS LEFT === #

    def _get_charging_rows(self):
        """Return the rows of the ledger that charge something of the advances, oldest first."""
        return self.billing_ids.filtered(
            lambda row: row.state == 'invoiced' and row.amount > 0
        ).sorted('id')

    def _get_rests(self):
        """Leave out what draft credit notes are going to give back: no invoice deducts it."""
        rests = super()._get_rests()
        waiting = self._get_charging_rows()._get_waiting_amounts()
        for row, amount in waiting.items():
            if amount and rests[row.advance_id] > 0:
                rest = rests[row.advance_id] - amount
                rests[row.advance_id] = max(row.currency_id.round(rest), 0.0)
        return rests

    def _filter_open(self):
        """What was credited for good is not invoiced again."""
        return super()._filter_open().filtered(lambda advance: not advance._is_given_back())

    def _is_given_back(self):
        """Say whether the rest was credited, by a credit note that there is still."""
        return self.is_rest_credited and any(
            line.crm_contract_is_unused and line.parent_state != 'cancel'
            for line in self.billing_ids.move_line_ids
        )


class CrmContractBilling(models.Model):
    _inherit = 'crm.contract.billing'

    def _get_waiting_amounts(self):
        """Return {row: what draft credit notes are going to give back of it}, read together."""
        self.move_line_ids.fetch(['parent_state', 'price_subtotal'])
        return {
            row: sum(
                line.price_subtotal
                for line in row.move_line_ids
                if line.parent_state == 'draft' and line._is_crm_contract_credit()
            )
            for row in self
        }

    def _get_unused_text(self, unused, lang):
        if self.kind != 'advance':
            return super()._get_unused_text(unused, lang)
        biller = self.env['crm.contract.biller'].with_context(lang=lang or self.env.lang)
        return '\n'.join([self.name, biller.env._('What is left of it')])
