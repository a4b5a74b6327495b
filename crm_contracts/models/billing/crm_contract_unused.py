from __future__ import annotations

from datetime import date

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...core.periods import move_day
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
        help='Charged for days after the end or in a suspension, or for milestones that were '
        'called off, without taxes, and not on a credit note yet.',
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


class CrmContractLine(models.Model):
    """What was charged of a line beyond the day on which it ends now."""

    _inherit = 'crm.contract.line'

    def write(self, vals):
        before = self._get_last_charged_days() if 'date_end' in vals else {}
        result = super().write(vals)
        shortened = self.filtered(
            lambda line: line in before and (line.date_end or date.max) < before[line]
        )
        shortened.sudo()._note_charged_after()
        return result

    def _get_last_charged_days(self):
        """Return {line: last day that it is charged for, ``date.max`` while it is open}."""
        return {line: line.date_end or date.max for line in self}

    def _note_charged_after(self):
        """Name on the contracts what is charged of lines after they end."""
        biller = self.env['crm.contract.biller']
        for line in self:
            note = biller._get_line_note(line)
            if note:
                line.contract_id._message_log(body=Markup('%s: %s') % (line._get_title(), note))


class CrmContractBiller(models.AbstractModel):
    """What contracts charge and do not cover any more: named, summed up and credited."""

    _inherit = 'crm.contract.biller'

    # === UNUSED DAYS === #

    def _get_unused(self, contracts, also=()):
        """Return {ledger row: Unused} of contracts.

        :param also: ranges of days in which they are about to rest, ``date.max`` for no end
        """
        rows = self.env['crm.contract.billing'].search(
            [
                ('contract_id', 'in', contracts.ids),
                ('state', '=', 'invoiced'),
                ('kind', 'in', ('recurring', 'milestone')),
            ]
        )
        return rows._get_unused(also)

    def _get_unused_text(self, contracts, also=()):
        """Return what the unused days come to, in words; empty without any."""
        amounts = {}
        for row, unused in self._get_unused(contracts, also).items():
            amounts[row.currency_id] = amounts.get(row.currency_id, 0.0) + unused.amount
        return ', '.join(
            self._get_money_text(amount, currency) for currency, amount in amounts.items()
        )

    def _get_money_text(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)

    def _credit_unused(self, contracts):
        """Create the draft credit notes of unused days, and return them.

        From an invoice that is a draft still the lines are taken: what the contract covers of
        them is billed anew.
        """
        contracts._lock_for_billing()
        unused = self._get_unused(contracts)
        if not unused:
            raise UserError(self.env._('No days are charged that the contract does not cover.'))
        moves = self.env['account.move']
        for invoice, rows in self._group_rows(unused).items():
            if invoice.state == 'draft':
                invoice._drop_crm_contract_rows(rows)
            else:
                moves += invoice._credit_crm_contract_days({row: unused[row] for row in rows})
        self._note_credits(contracts, moves, self.env._('Unused days are credited:'))
        return moves

    def _group_rows(self, rows):
        """Return {invoice: rows of the ledger that it charges}."""
        invoices = {}
        for row in rows:
            invoice = row._get_invoice_lines().move_id
            invoices[invoice] = invoices.get(invoice, row.browse()) | row
        return invoices

    def _note_credits(self, contracts, moves, title):
        """Name the credit notes on their contracts."""
        for contract in moves.crm_contract_ids & contracts:
            own = moves.filtered(lambda move, one=contract: one in move.crm_contract_ids)
            links = own._get_crm_contract_links()
            contract._message_log(body=Markup('%s %s') % (title, links))

    # === DAYS CHARGED AFTER AN END === #

    def _get_charged_notes(self, contracts, last_days):
        """Return {contract id: note that names the invoices of days after the end of it}.

        :param last_days: {contract: last day that it covers}
        """
        days = {one: (move_day(last_days[one], days=1), date.max) for one in contracts}
        ledger = self.env['crm.contract.billing']
        rows = ledger._get_charged_rows(days)
        spared = rows._filter_spared(days)
        by_hand, as_agreed, called_off = (
            some.grouped('contract_id')
            for some in (spared, rows - spared, ledger._get_called_off(contracts))
        )
        return {
            contract.id: self._get_charged_note(
                *(some.get(contract, ledger) for some in (by_hand, as_agreed, called_off))
            )
            for contract in contracts
            if contract in {*by_hand, *as_agreed, *called_off}
        }

    def _get_charged_note(self, spared, begun, called_off):
        """Return the note on rows that charge what comes after the end of a contract."""
        texts = {
            self.env._(
                'Days after the end are charged already, credit them by hand or with "Credit '
                'Unused Days": %s'
            ): spared,
            self.env._('Charged in full as agreed, because the period was begun: %s'): begun,
            self.env._(
                'Milestones that are called off are charged already, credit them by hand or with '
                '"Credit Unused Days": %s'
            ): called_off,
        }
        return Markup('<br/>').join(
            Markup(text) % rows._get_invoice_lines().move_id._get_crm_contract_links()
            for text, rows in texts.items()
            if rows
        )

    def _get_line_note(self, line):
        """Return the note that names the invoices of days after the end of a line, if any."""
        days = {line.contract_id: (move_day(line.date_end, days=1), date.max)}
        ledger = self.env['crm.contract.billing']
        rows = ledger._get_charged_rows(days).filtered(lambda row: row.line_id == line)
        spared = rows._filter_spared(days)
        return rows and self._get_charged_note(spared, rows - spared, ledger)

    def _get_charged_invoices(self, contracts, days):
        """Return {contract: invoices that charge days which would have been spared by now}.

        :param days: {contract: (first day, last day) that it does not cover}
        """
        none = self.env['crm.contract.billing']
        spared = none._get_charged_rows(days)._filter_spared(days).grouped('contract_id')
        return {one: spared.get(one, none)._get_invoice_lines().move_id for one in contracts}

    # === MILESTONES THAT ARE CALLED OFF === #

    def _get_called_off_text(self, contracts, day=None):
        """Return the milestones that closing calls off, in words; empty without any.

        :param day: last day of the contracts, by default that on which each was closed
        """
        return ', '.join(
            f'{line._get_title()} ({self._get_money_text(line.amount, line.currency_id)})'
            for line in contracts.line_ids
            if line.kind == 'milestone' and not line._is_invoiced() and line._is_called_off(day)
        )
