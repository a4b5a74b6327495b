from datetime import date

from markupsafe import Markup

from odoo import api, models

from ...core.periods import move_day


class CrmContract(models.Model):
    """Names the invoices that charge days which a contract does not cover any more.

    Whoever ends, cancels or suspends a contract reads in its chatter on which invoices those days
    are, to be credited by hand or with ``action_credit_unused``.
    """

    _inherit = 'crm.contract'

    def write(self, vals):
        """Name what is charged after the end of the contracts that now end earlier."""
        if not vals.keys() & {'state', 'date_end', 'date_closed'}:
            return super().write(vals)
        before = {contract: contract._get_last_covered_day() for contract in self}
        result = super().write(vals)
        after = {contract: contract._get_last_covered_day() for contract in self}
        shortened = self.filtered(lambda contract: after[contract] < before[contract])
        if shortened:
            shortened._note_charged_after(after)
        return result

    def _get_last_covered_day(self):
        """Return the last day that the contract is charged for, ``date.max`` while it is open."""
        self.ensure_one()
        return self._get_last_billable_day() or date.max

    def _note_charged_after(self, last_days):
        contracts = self.sudo()
        days = {one: (move_day(last_days[one], days=1), date.max) for one in contracts}
        rows = contracts._get_charged_rows(days)
        spared = self._filter_spared(rows, days)
        none = rows.browse()
        by_hand, as_agreed = (some.grouped('contract_id') for some in (spared, rows - spared))
        self.browse(rows.contract_id.ids)._message_log_batch(
            {
                contract.id: self._get_charged_note(
                    by_hand.get(contract, none), as_agreed.get(contract, none)
                )
                for contract in rows.contract_id
            }
        )

    def _get_charged_note(self, spared, begun):
        """Return the note on rows that charge days after the end of a contract."""
        notes = []
        if spared:
            links = self._get_links(spared._get_invoice_lines().move_id)
            notes.append(
                self.env._(
                    'Days after the end are charged already, credit them by hand or with "Credit '
                    'Unused Days": %s',
                    links,
                )
            )
        if begun:
            links = self._get_links(begun._get_invoice_lines().move_id)
            notes.append(
                self.env._('Charged in full as agreed, because the period was begun: %s', links)
            )
        return Markup('<br/>').join(notes)

    def _get_links(self, moves):
        return Markup(', ').join(move._get_html_link() for move in moves)

    # === ROWS === #

    def _get_charged_invoices(self, days):
        """Return {contract: invoices that charge days which would have been spared by now}.

        :param days: {contract: (first day, last day) that it does not cover}
        """
        spared = self._filter_spared(self._get_charged_rows(days), days).grouped('contract_id')
        none = self.env['crm.contract.billing']
        return {one: spared.get(one, none)._get_invoice_lines().move_id for one in self}

    def _get_charged_rows(self, days):
        """Return the rows of the ledger that charge some of the days."""
        first_day = min((first for first, _last in days.values()), default=date.max)
        rows = self.env['crm.contract.billing'].search(
            [
                ('contract_id', 'in', self.ids),
                ('state', '=', 'invoiced'),
                ('kind', '=', 'recurring'),
                ('period_end', '>', first_day),
            ]
        )

        def is_charged(row):
            first, last = days[row.contract_id]
            return row.period_start <= last and row.period_end > first

        return rows.filtered(is_charged)

    @api.model
    def _filter_spared(self, rows, days):
        """Return the rows without which the days would not be charged.

        Prorated ones, and whole periods: one that was begun is charged in full without proration.
        """

        def is_spared(row):
            first, last = days[row.contract_id]
            is_whole = row.period_start >= first and row._get_last_day() <= last
            return row.line_id.prorate or is_whole

        return rows.filtered(is_spared)
