from __future__ import annotations

from datetime import date

from markupsafe import Markup

from odoo import api, fields, models

from ...core.reactions import Reaction
from ...core.states import OVER_STATES


class CrmContract(models.Model):
    """Days that are charged and not covered any more: what they come to, and its credit notes.

    Whoever ends, cancels or suspends a contract reads in its chatter on which invoices those days
    are, to be credited by hand or with ``action_credit_unused``.
    """

    _inherit = 'crm.contract'
    _reactions = (
        Reaction(
            {'state', 'date_end', 'date_closed'},
            before='_get_last_covered_days',
            after='_note_charged_after',
        ),
    )

    unused_amount = fields.Monetary(
        string='Unused Days',
        compute='_compute_unused_amount',
        help='Charged for days after the end or in a suspension, without taxes, and not on a '
        'credit note yet.',
    )

    @api.depends(
        'billing_ids.state',
        'billing_ids.quantity',
        'billing_ids.move_line_ids.quantity',
        'date_end',
        'date_closed',
        'suspension_ids.date_from',
        'suspension_ids.date_to',
        'line_ids.date_end',
    )
    def _compute_unused_amount(self):
        # sudo: who may see what a contract charges may see what of it is not used
        contracts = self._origin.sudo()
        unused = contracts.env['crm.contract.biller']._get_unused(contracts)
        for contract in self:
            contract.unused_amount = sum(
                one.amount for row, one in unused.items() if row.contract_id == contract._origin
            )

    def action_credit_unused(self):
        """Make draft credit notes of the charged days that the contracts do not cover any more.

        One for each invoice: its lines, taxes and currency, the quantity of the days, an amount
        to the cent. Who may change a contract may credit it, as with billing.

        :return: an action that opens the credit notes
        :raises UserError: if there is nothing to credit
        """
        self.check_access('write')
        contracts = self.sudo()
        moves = contracts.env['crm.contract.biller']._credit_unused(contracts)
        return moves.sudo(self.env.su)._get_crm_contract_action(
            'account.action_move_out_refund_type'
        )

    def action_suspend(self, date_from, date_to=None):
        """Let the contracts rest, and say which days of it are invoiced already; those stay so.

        The note in the chatter and the notification say on which invoices they are, to be credited
        by hand or with ``action_credit_unused``.

        :return: a notification if days are invoiced already, else True
        """
        result = super().action_suspend(date_from, date_to)
        charged = self.sudo()._get_charged_invoices(date_from, date_to)
        moves = self.env['account.move'].sudo().concat(*charged.values())
        return self._get_charged_notice(moves) if moves else result

    def _get_charged_invoices(self, date_from, date_to):
        """Return {contract: invoices that charge days from one to another}."""
        date_from, date_to = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        days = dict.fromkeys(self, (date_from, date_to or date.max))
        return self.env['crm.contract.biller']._get_charged_invoices(self, days)

    def _get_charged_notice(self, moves):
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'warning',
                'sticky': True,
                'message': self.env._(
                    'Days of the suspension are charged already. Credit these invoices by hand or '
                    'with "Credit Unused Days": %(invoices)s',
                    invoices=moves.mapped('display_name'),
                ),
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }

    def _get_suspension_notes(self, date_from, date_to):
        notes = super()._get_suspension_notes(date_from, date_to)
        for contract, moves in self._get_charged_invoices(date_from, date_to).items():
            if moves:
                charged = self.env._(
                    'Days of it are charged already, credit them by hand or with "Credit Unused '
                    'Days": %s',
                    moves._get_crm_contract_links(),
                )
                notes[contract.id] = Markup('%s<br/>%s') % (notes[contract.id], charged)
        return notes

    def _get_last_covered_days(self, vals=None):
        """Return {contract: last day that it is charged for, ``date.max`` while it is open}."""
        return {contract: contract._get_last_billable_day() or date.max for contract in self}

    def _note_charged_after(self, vals, before):
        """Name what is charged after the end of the contracts that now end earlier."""
        after = self._get_last_covered_days()
        shortened = self.filtered(lambda contract: after[contract] < before[contract]).sudo()
        if shortened:
            notes = shortened.env['crm.contract.biller']._get_charged_notes(shortened, after)
            self.browse(notes)._message_log_batch(notes)

    def _on_enter_state(self, state):
        super()._on_enter_state(state)
        if state in OVER_STATES:
            self._note_called_off()

    def _note_called_off(self):
        """Name the milestones that are not charged any more because a contract was closed."""
        biller = self.env['crm.contract.biller'].sudo()
        texts = {one.id: biller._get_called_off_text(one) for one in self.sudo()}
        self._message_log_batch(
            {
                id_: self.env._('Called off, and not charged any more: %s', text)
                for id_, text in texts.items()
                if text
            }
        )
