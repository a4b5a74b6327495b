from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang


class CrmContract(models.Model):
    """Days that are charged and not covered any more: what they come to, and its credit notes."""

    _inherit = 'crm.contract'

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
        unused = self._origin.sudo()._get_unused()
        for contract in self:
            contract.unused_amount = sum(
                one.amount for row, one in unused.items() if row.contract_id == contract._origin
            )

    # === ACTIONS === #

    def action_credit_unused(self):
        """Make draft credit notes of the charged days that the contracts do not cover any more.

        One for each invoice: its lines, taxes and currency, the quantity of the days, an amount
        to the cent. Who may change a contract may credit it, as with billing.

        :return: an action that opens the credit notes
        :raises UserError: if there is nothing to credit
        """
        moves = self._credit_unused()
        return self._get_documents_action(moves, 'account.action_move_out_refund_type')

    # === WHAT IS NOT USED === #

    def _get_unused(self, also=()):
        """Return {ledger row: Unused} of the contracts.

        :param also: ranges of days in which they are about to rest, ``date.max`` for no end
        """
        rows = self.env['crm.contract.billing'].search(
            [
                ('contract_id', 'in', self.ids),
                ('state', '=', 'invoiced'),
                ('kind', '=', 'recurring'),
            ]
        )
        return rows._get_unused(also)

    def _get_unused_text(self, also=()):
        """Return what the unused days come to, in words; empty without any."""
        amounts = {}
        for row, unused in self.sudo()._get_unused(also).items():
            amounts[row.currency_id] = amounts.get(row.currency_id, 0.0) + unused.amount
        return ', '.join(
            self._get_money_text(amount, currency) for currency, amount in amounts.items()
        )

    def _get_money_text(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)

    def _get_called_off(self, day=None):
        """Return the milestones that closing calls off: they come later and are not reached.

        :param day: last day of the contracts, by default that on which each was closed
        """
        return self.line_ids.filtered(
            lambda line: (
                line.kind == 'milestone' and not line._is_invoiced() and line._is_called_off(day)
            )
        )

    def _get_called_off_text(self, day=None):
        """Return the milestones that closing calls off, in words; empty without any."""
        return ', '.join(
            f'{line._get_title()} ({self._get_money_text(line.amount, line.currency_id)})'
            for line in self.sudo()._get_called_off(day)
        )

    def _note_called_off(self):
        """Name the milestones that are not charged any more because a contract was closed."""
        texts = {contract.id: contract._get_called_off_text() for contract in self}
        self._message_log_batch(
            {
                id_: self.env._('Called off, and not charged any more: %s', text)
                for id_, text in texts.items()
                if text
            }
        )

    # === CREDIT NOTES === #

    def _credit_unused(self):
        """Create the draft credit notes of unused days, and return them.

        From an invoice that is a draft still the lines are taken: what the contract covers of
        them is billed anew.
        """
        self.check_access('write')
        contracts = self.sudo()
        contracts._lock_for_billing()
        unused = contracts._get_unused()
        if not unused:
            raise UserError(self.env._('No days are charged that the contract does not cover.'))
        moves = self.env['account.move'].sudo()
        for invoice, rows in contracts._group_by_invoice(unused).items():
            if invoice.state == 'draft':
                invoice._drop_crm_contract_rows(rows)
            else:
                moves += invoice._credit_crm_contract_days({row: unused[row] for row in rows})
        contracts._note_credits(moves)
        return moves.sudo(self.env.su)

    def _group_by_invoice(self, rows):
        """Return {invoice: rows of the ledger that it charges}."""
        invoices = {}
        for row in rows:
            invoice = row._get_invoice_lines().move_id
            invoices[invoice] = invoices.get(invoice, row.browse()) | row
        return invoices

    def _note_credits(self, moves):
        """Name the credit notes on their contracts."""
        for contract in moves.crm_contract_ids & self:
            own = moves.filtered(lambda move, one=contract: one in move.crm_contract_ids)
            contract._message_log(
                body=self.env._('Unused days are credited: %s', contract._get_links(own))
            )

    def _get_documents_action(self, moves, xmlid):
        """Return the action that opens documents, or says that there are some now."""
        if not moves or not moves.has_access('read'):
            return self._get_documents_notice(moves)
        action = self.env['ir.actions.act_window']._for_xml_id(xmlid)
        action['context'] = {'create': False}
        if len(moves) == 1:
            action.update({'view_mode': 'form', 'views': [(False, 'form')], 'res_id': moves.id})
        else:
            action['domain'] = [('id', 'in', moves.ids)]
        return action

    def _get_documents_notice(self, moves):
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'message': self.env._('%(count)s drafts were made.', count=len(moves)),
                'type': 'success',
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }
