from datetime import date

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...core.periods import move_day


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
                ('kind', '=', 'recurring'),
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
        self._note_credits(contracts, moves)
        return moves

    def _group_rows(self, rows):
        """Return {invoice: rows of the ledger that it charges}."""
        invoices = {}
        for row in rows:
            invoice = row._get_invoice_lines().move_id
            invoices[invoice] = invoices.get(invoice, row.browse()) | row
        return invoices

    def _note_credits(self, contracts, moves):
        """Name the credit notes on their contracts."""
        for contract in moves.crm_contract_ids & contracts:
            own = moves.filtered(lambda move, one=contract: one in move.crm_contract_ids)
            links = own._get_crm_contract_links()
            contract._message_log(body=self.env._('Unused days are credited: %s', links))

    # === DAYS CHARGED AFTER AN END === #

    def _get_charged_notes(self, contracts, last_days):
        """Return {contract id: note that names the invoices of days after the end of it}.

        :param last_days: {contract: last day that it covers}
        """
        days = {one: (move_day(last_days[one], days=1), date.max) for one in contracts}
        rows = self.env['crm.contract.billing']._get_charged_rows(days)
        spared = rows._filter_spared(days)
        none = rows.browse()
        by_hand, as_agreed = (some.grouped('contract_id') for some in (spared, rows - spared))
        return {
            contract.id: self._get_charged_note(
                by_hand.get(contract, none), as_agreed.get(contract, none)
            )
            for contract in rows.contract_id
        }

    def _get_charged_note(self, spared, begun):
        """Return the note on rows that charge days after the end of a contract."""
        notes = []
        if spared:
            links = spared._get_invoice_lines().move_id._get_crm_contract_links()
            notes.append(
                self.env._(
                    'Days after the end are charged already, credit them by hand or with "Credit '
                    'Unused Days": %s',
                    links,
                )
            )
        if begun:
            links = begun._get_invoice_lines().move_id._get_crm_contract_links()
            notes.append(
                self.env._('Charged in full as agreed, because the period was begun: %s', links)
            )
        return Markup('<br/>').join(notes)

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
