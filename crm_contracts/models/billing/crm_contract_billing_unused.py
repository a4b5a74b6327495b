from __future__ import annotations

from datetime import date
from typing import NamedTuple

from odoo import models
from odoo.tools import float_round

from ...core.periods import get_days


class Unused(NamedTuple):
    """What a row charges of days that its contract does not cover any more.

    ``quantity`` is rounded as on invoice lines; ``amount`` is that of the days, to the cent and
    without taxes; ``parts`` are the days as ranges, each with the day after its last one.
    """

    quantity: float
    amount: float
    parts: list[tuple[date, date]]


class CrmContractBilling(models.Model):
    """Charged days that a contract does not cover any more: they are credited, not billed again."""

    _inherit = 'crm.contract.billing'

    def _get_open_quantities(self):
        """Return {row: quantity} of the rows that are to be billed again, as far as they may be.

        What was given back of days after an end, or of suspended ones, stays given back while the
        contract does not cover them; should it cover them again, they are billed.
        """
        quantities = {}
        for origin, rows in self._group_by_origin():
            spared = origin._get_spared_share()
            left = origin._get_standing_quantity(spared)
            for row in rows.sorted('id'):
                quantity = row._get_rounded(min(row.quantity, -left)) if spared else row.quantity
                if self._compare_quantities(quantity, 0.0) > 0:
                    quantities[row] = quantity
                    left += quantity
        return quantities

    def _get_unused(self, also=()):
        """Return {row: Unused} of the rows that charge days which are not covered any more.

        Without proration a period that was begun stays charged in full. What draft credit notes
        already give back is left out.

        :param also: further ranges in which the contract is about to rest
        """
        unused = {}
        for origin, rows in self.filtered(lambda row: row.state == 'invoiced')._group_by_origin():
            spared = origin._get_spared_share(also)
            if spared < 1 and not origin.line_id.prorate:
                continue
            left = origin._get_standing_quantity(spared) - origin._get_waiting_quantity()
            for row in rows.sorted('id', reverse=True):
                whole = row._get_exact_quantity()
                exact = min(left, whole)
                quantity = row._get_credited_quantity(exact)
                if self._compare_quantities(quantity, 0.0) > 0:
                    kept = row.currency_id.round(row.amount * (1 - exact / whole))
                    parts = origin._get_spared_parts(also)
                    unused[row] = Unused(quantity, row.amount - kept, parts)
                    left -= exact
        return unused

    # === QUANTITIES === #

    def _group_by_origin(self):
        """Return (row that was billed first, rows of these that are it or its parts)."""
        # Read together: what hangs on each row would be read one by one.
        family = self | self.origin_id
        lines = (family | family.part_ids).move_line_ids
        lines.fetch(['parent_state', 'quantity'])
        lines.move_id.fetch(['move_type'])
        self.contract_id.suspension_ids.fetch(['date_from', 'date_to'])
        return self.grouped(lambda row: row.origin_id or row).items()

    def _get_standing_quantity(self, spared):
        """Return what stands of a row and its parts, less what the contract covers of it.

        :param spared: part of its days that is not covered, from 0 to 1
        """
        family = self | self.part_ids
        standing = family.filtered(lambda row: row.state == 'invoiced')
        covered = sum(family.mapped('quantity')) * (1 - spared)
        return sum(row._get_exact_quantity() for row in standing) - covered

    def _get_waiting_quantity(self):
        """Return what draft credit notes of a row and its parts are going to give back."""
        lines = (self | self.part_ids).move_line_ids
        return sum(
            line.crm_contract_billing_id._get_unrounded(line.quantity, line.price_subtotal)
            for line in lines
            if line.parent_state == 'draft' and line._is_crm_contract_credit()
        )

    def _get_exact_quantity(self):
        """Return the quantity, without its rounding where the amount is that of days."""
        self.ensure_one()
        return self._get_unrounded(self.quantity, self.amount)

    def _get_unrounded(self, quantity, amount):
        """Return what an amount is at the price of the row, if not what the quantity comes to.

        Days come to the cent. By their rounded quantity, what stands beside them would seem too
        much or too little.
        """
        price = self.price_unit * (1 - self.discount / 100)
        difference = abs(amount - self._get_amount_of(quantity))
        # a cent may come from documents that were rounded one by one
        if (
            not price
            or self.currency_id.compare_amounts(difference, self.currency_id.rounding) <= 0
        ):
            return quantity
        return amount / price

    def _get_credited_quantity(self, exact):
        """Return a quantity as credit notes have it: of a day of a long period, the smallest."""
        quantity = self._get_rounded(exact)
        is_too_little = exact > 0 and not self.currency_id.is_zero(self._get_amount_of(exact))
        if quantity or not is_too_little or self._is_split():
            return quantity
        return 10.0 ** -self._fields['quantity'].get_digits(self.env)[1]

    def _get_rounded(self, quantity):
        """Return a quantity as invoice lines have it."""
        digits = self._fields['quantity'].get_digits(self.env)[1]
        return float_round(quantity, precision_digits=digits)

    # === DAYS === #

    def _get_spared_parts(self, also=()):
        """Return the charged days that are not covered any more, as ranges; none of a milestone."""
        self.ensure_one()
        if self.kind != 'recurring':
            return []
        return self.line_id._get_spared_parts((self.period_start, self.period_end), also)

    def _get_spared_share(self, also=()):
        """Return the part of the charged days that is not covered any more, from 0 to 1."""
        parts = self._get_spared_parts(also)
        return get_days(parts) / (self.period_end - self.period_start).days if parts else 0.0

    # === CREDIT NOTES === #

    def _prepare_unused_credit(self, unused, line):
        """Return the values of the credit note line of unused days.

        Its price makes up for the rounding of the quantity, so that it comes to the cent.

        :param line: line of a credit note that gives back the whole row
        """
        self.ensure_one()
        by_price = self._get_amount_of(unused.quantity)
        is_exact = self.currency_id.compare_amounts(by_price, unused.amount) == 0
        return {
            'name': self._get_unused_text(unused, line.move_id.partner_id.lang),
            'quantity': unused.quantity,
            'price_unit': line.price_unit * (1 if is_exact else unused.amount / by_price),
            'crm_contract_is_unused': True,
        }

    def _get_unused_text(self, unused, lang):
        """Return the text of the row with its unused days, in a language."""
        contracts = self.contract_id.with_context(lang=lang or self.env.lang)
        days = [
            contracts._get_charged_days({'period_start': start, 'period_end': end}, contracts.env)
            for start, end in unused.parts
        ]
        return '\n'.join([self.name, contracts.env._('Not used:'), *days])
