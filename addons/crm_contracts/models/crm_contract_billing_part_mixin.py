from odoo import fields, models
from odoo.tools import float_compare


class CrmContractBillingPartMixin(models.AbstractModel):
    """How a row of the ledger is split by quantity, so that a part of it can be billed again."""

    _name = 'crm.contract.billing.part.mixin'
    _description = 'Parts of a Contract Billing'

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

    def _credit(self, quantity):
        """Release a quantity of a row and return the row that now carries it."""
        self.ensure_one()
        if self._compare_quantities(quantity, self.quantity) >= 0:
            self._release()
            return self
        part = self._split(quantity)
        part._release()
        return part

    def _split(self, quantity):
        """Take a quantity out of a row into a part of its own, and return the part."""
        self.ensure_one()
        origin = self.origin_id or self
        price = self.price_unit * (1 - self.discount / 100)
        amount = self.currency_id.round(price * quantity)  # as on the credit note
        part = self.copy(
            {
                'origin_id': origin.id,
                'part': max(origin.part_ids.mapped('part'), default=0) + 1,
                'quantity': quantity,
                'amount': amount,
            }
        )
        self.write({'quantity': self.quantity - quantity, 'amount': self.amount - amount})
        return part

    # === DRAFTS THAT ARE EDITED === #

    def _follow_draft_line(self, line):
        """Say what a draft's line says since somebody changed it.

        A quantity that was taken from the line is open again; one that comes back to it is not.
        Another price is a rebate: what stays on the line counts as billed with it.
        """
        self.ensure_one()
        if self._compare_quantities(line.quantity, 0.0) <= 0:
            self._release()
            return
        line._stand_for_crm_contract_billing()
        if line.product_uom_id == self.product_uom_id:
            rest = self.quantity - line.quantity
            comparison = self._compare_quantities(rest, 0.0)
            if comparison > 0:
                self._split(rest)._release()
            elif comparison < 0:
                self._take_back(-rest)
        self.write(
            {
                'quantity': line.quantity,
                'product_uom_id': line.product_uom_id.id,
                'price_unit': line.price_unit,
                'discount': line.discount,
                'amount': self.currency_id.round(
                    line.price_unit * line.quantity * (1 - line.discount / 100)
                ),
            }
        )

    def _take_back(self, quantity):
        """Let a quantity of the open parts that no document mentions be the row's again."""
        self.ensure_one()
        for part in (self.origin_id or self).part_ids.filtered('rebill'):
            if part.move_line_ids:
                continue
            if self._compare_quantities(part.quantity, quantity) > 0:
                part._split(quantity).unlink()
                return
            quantity -= part.quantity
            part.unlink()
