from datetime import date

from odoo import models

from ...core.ledger import get_unused


class CrmContractBilling(models.Model):
    """Charged days that a contract does not cover any more: they are credited, not billed again."""

    _inherit = 'crm.contract.billing'

    def _get_unused(self, also=(), by_days=False):
        """Return {row: Unused} of the rows that charge days which are not covered any more.

        Without proration a period that was begun stays charged in full. What draft credit notes
        already give back is left out.

        :param also: further ranges in which the contract is about to rest
        :param by_days: whether a period that was begun is charged by its days whatever was agreed
        """
        unused = {}
        for origin, rows in self.filtered(lambda row: row.state == 'invoiced')._group_by_origin():
            spared = origin._get_spared_share(also)
            if spared < 1 and not (by_days or origin._is_by_days()):
                continue
            rows = rows.sorted('id', reverse=True)
            own = get_unused(
                [row._get_charge() for row in rows],
                origin._get_standing_quantity(spared) - origin._get_waiting_quantity(),
                origin._get_spared_parts(also),
            )
            unused.update({row: one for row, one in zip(rows, own, strict=True) if one})
        return unused

    def _get_waiting_quantity(self):
        """Return what draft credit notes of a row and its parts are going to give back."""
        lines = (self | self.part_ids).move_line_ids
        return sum(
            line.crm_contract_billing_id._get_charge().get_unrounded(
                line.quantity, line.price_subtotal
            )
            for line in lines
            if line.parent_state == 'draft' and line._is_crm_contract_credit()
        )

    # === CHARGED DAYS === #

    def _get_charged_rows(self, days):
        """Return the rows of contracts that charge some of their days.

        :param days: {contract: (first day, last day)}
        """
        first_day = min((first for first, _last in days.values()), default=date.max)
        rows = self.search(
            [
                ('contract_id', 'in', [contract.id for contract in days]),
                ('state', '=', 'invoiced'),
                ('kind', '=', 'recurring'),
                ('period_end', '>', first_day),
            ]
        )

        def is_charged(row):
            first, last = days[row.contract_id]
            return row.period_start <= last and row.period_end > first

        return rows.filtered(is_charged)

    def _get_called_off(self, contracts):
        """Return the rows of milestones that were called off and are charged still."""
        rows = self.search(
            [
                ('contract_id', 'in', contracts.ids),
                ('state', '=', 'invoiced'),
                ('kind', '=', 'milestone'),
            ]
        )
        return rows.filtered(lambda row: row.line_id._is_called_off())

    def _filter_spared(self, days):
        """Return the rows without which the days would not be charged.

        Prorated ones, and whole periods: one that was begun is charged in full without proration.

        :param days: {contract: (first day, last day)}
        """

        def is_spared(row):
            first, last = days[row.contract_id]
            is_whole = row.period_start >= first and row._get_last_day() <= last
            return row._is_by_days() or is_whole

        return self.filtered(is_spared)

    # === CREDIT NOTES === #

    def _prepare_unused_credit(self, unused, line):
        """Return the values of the credit note line of unused days.

        Its price makes up for the rounding of the quantity, so that it comes to the cent.

        :param line: line of a credit note that gives back the whole row
        """
        self.ensure_one()
        return {
            'name': self._get_unused_text(unused, line.move_id.partner_id.lang),
            'quantity': unused.quantity,
            'price_unit': self._get_charge().fit_price(
                line.price_unit, unused.quantity, unused.amount
            ),
            'crm_contract_is_unused': True,
        }

    def _get_unused_text(self, unused, lang):
        """Return the text of the row with its unused days, in a language."""
        biller = self.env['crm.contract.biller'].with_context(lang=lang or self.env.lang)
        if self.kind == 'milestone':
            return '\n'.join([self.name, biller.env._('Called off')])
        days = [biller._get_charged_days(start, end) for start, end in unused.parts]
        return '\n'.join([self.name, biller.env._('Not used:'), *days])
