from odoo import fields, models
from odoo.tools import float_compare


class CrmContractBilling(models.Model):
    """How a row of the ledger is split by quantity, so that a part of it can be billed again."""

    _inherit = 'crm.contract.billing'

    part = fields.Integer(
        readonly=True,
        help='0 for what was billed first, 1 and more for what was given back of it.',
    )
    origin_id = fields.Many2one(
        'crm.contract.billing',
        string='Part of',
        readonly=True,
        index='btree_not_null',
        ondelete='restrict',
    )
    part_ids = fields.One2many('crm.contract.billing', 'origin_id', string='Parts', readonly=True)

    def _is_split(self):
        return bool(self.origin_id or self.part_ids)

    def _compare_quantities(self, one, other):
        digits = self._fields['quantity'].get_digits(self.env)[1]
        return float_compare(one, other, precision_digits=digits)

    def _split(self, quantity, amount=None):
        """Take a quantity out of a row into a part of its own, and return the part.

        :param amount: what the part comes to, by default by the price of the row
        """
        self.ensure_one()
        origin = self.origin_id or self
        by_price = self._get_amount_of(quantity)
        amount = by_price if amount is None else amount
        is_by_price = self.currency_id.compare_amounts(amount, by_price) == 0
        part = self.copy(
            {
                'origin_id': origin.id,
                'part': max(origin.part_ids.mapped('part'), default=0) + 1,
                'quantity': quantity,
                'amount': amount,
                'price_unit': self.price_unit * (1 if is_by_price else amount / by_price),
            }
        )
        self.write({'quantity': self.quantity - quantity, 'amount': self.amount - amount})
        return part

    def _get_amount_of(self, quantity):
        """Return what a quantity comes to at the price of the row, as on the credit note."""
        return self.currency_id.round(self.price_unit * (1 - self.discount / 100) * quantity)

    # === DOCUMENTS === #

    def _get_standing_lines(self):
        """Return {invoice: lines} of the invoices that stand for the row.

        The lines are those of the invoice and of the credit notes that give back a part of it: an
        invoice whose lines come to nothing stands for nothing.
        """
        self.ensure_one()
        counting = self.move_line_ids.filtered(
            lambda line: line.id > self.released_line_id.id and line._counts_for_crm_contract()
        )
        return {
            invoice: lines
            for invoice, lines in counting.grouped(
                lambda line: line._get_crm_contract_invoice()
            ).items()
            if self._compare_quantities(lines._get_crm_contract_quantity(), 0.0) > 0
        }

    def _follow_documents(self, strict=True):
        """Let the rows say what their documents say since one of them changed.

        What no document charges is open again, by its quantity.

        :param strict: whether to refuse documents that charge more than the ledger has open
        """
        standing = {row: row._get_standing_lines() for row in self}
        charged = self.filtered(lambda row: standing[row])
        (self - charged)._release()
        for row in charged:
            if len(standing[row]) > 1:
                row._refuse_as_superseded()
        charged._reclaim()
        for row in charged:
            (lines,) = standing[row].values()
            row._carry(lines, strict)

    def _carry(self, lines, strict):
        """Carry the quantity that invoice and credit note lines come to."""
        quantity = lines._get_crm_contract_quantity()
        rest = self.quantity - quantity
        comparison = self._compare_quantities(rest, 0.0)
        if comparison == 0:
            return
        amount = lines._get_crm_contract_amount()
        if comparison > 0:
            self._split(rest, self._get_rest_amount(amount, lines))._release()
        elif self._take_back(-rest) and strict:
            self._refuse_as_settled()
        self.write({'quantity': quantity, 'amount': amount})

    def _get_rest_amount(self, amount, lines):
        """Return what is left of a row that now comes to an amount, or None for: by its price.

        Only unused days are credited to the cent of their days; else quantities have their price.
        """
        is_by_days = any(lines.mapped('crm_contract_is_unused'))
        return self.amount - amount if is_by_days else None

    def _refuse_as_settled(self):
        """Refuse to charge what was waived, or billed again, since it was given back."""
        parts = (self.origin_id or self).part_ids
        parts.filtered(lambda part: part.state == 'waived')._check_transition('invoiced')
        self._refuse_as_superseded()

    def _follow_draft_line(self, line):
        """Say what a draft's line says since somebody changed it.

        A quantity that was taken from the line is open again; one that comes back to it is not.
        Another price is a rebate: what stays on the line counts as billed with it.
        """
        self.ensure_one()
        if line.product_uom_id != self.product_uom_id and line.quantity > 0:
            # Another unit says nothing of how much was left out.
            self.write({'quantity': line.quantity, 'product_uom_id': line.product_uom_id.id})
        self._follow_documents(strict=False)
        lines = self._get_standing_lines().get(line._get_crm_contract_invoice())
        if lines:
            self.write(
                {
                    'price_unit': line._get_crm_contract_price(),
                    'discount': line.discount,
                    'amount': lines._get_crm_contract_amount(),
                }
            )

    def _take_back(self, quantity):
        """Let a quantity of the open parts be the row's again, and say whether they have less.

        What documents charged or credited of a part before goes with it.
        """
        self.ensure_one()
        parts = (self.origin_id or self).part_ids - self
        for part in parts.filtered(lambda part: part.rebill and not part.released_line_id):
            if self._compare_quantities(part.quantity, quantity) > 0:
                part._split(quantity).unlink()
                return False
            quantity -= part.quantity
            part.move_line_ids.crm_contract_billing_id = self
            part.unlink()
            if self._compare_quantities(quantity, 0.0) == 0:
                return False
        return True
