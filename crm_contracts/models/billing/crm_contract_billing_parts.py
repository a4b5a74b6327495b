from functools import partial

from odoo import fields, models
from odoo.tools import float_round

from ...core.ledger import (
    Charge,
    Grid,
    carry,
    get_opened,
    get_share,
    get_standing,
    take_back,
)


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

    def _fetch_charging_lines(self):
        """Read together what ``_get_charging_lines`` of each row would read one by one."""
        lines = (self | self.origin_id).move_line_ids
        lines.fetch(['move_id', 'tax_ids'])
        lines.move_id.fetch(['move_type'])

    def _get_charging_lines(self):
        """Return the lines of the last invoice that charged the row, or the one it is part of."""
        self.ensure_one()
        charges = (self | self.origin_id).move_line_ids.filtered(
            lambda line: line.move_type == 'out_invoice'
        )
        last = charges.sorted('id')[-1:].move_id
        return charges.filtered(lambda line: line.move_id == last)

    def _is_split(self):
        return bool(self.origin_id or self.part_ids)

    def _get_quantity_grid(self):
        """Return the steps in which documents have quantities."""
        digits = self._fields['quantity'].get_digits(self.env)[1]
        return Grid(10.0**-digits, partial(float_round, precision_digits=digits))

    def _get_charge(self):
        """Return what the row charges, as numbers."""
        self.ensure_one()
        currency, origin = self.currency_id, self.origin_id
        return Charge(
            self.quantity,
            self.amount,
            self.price_unit * (1 - self.discount / 100),
            self._get_quantity_grid(),
            Grid(currency.rounding, currency.round),
            self._is_split(),
            origin.price_unit * (1 - origin.discount / 100),
        )

    def _split(self, quantity, amount=None):
        """Take a quantity out of a row into a part of its own, and return the part.

        :param amount: what the part comes to, by default by the price of the row
        """
        charge = self._get_charge()
        origin = self.origin_id or self
        amount = charge.get_amount_of(quantity) if amount is None else amount
        cost = self.cost_amount * quantity / self.quantity
        part = self.copy(
            {
                'origin_id': origin.id,
                'part': max(origin.part_ids.mapped('part'), default=0) + 1,
                'quantity': quantity,
                'amount': amount,
                'price_unit': charge.fit_price(self.price_unit, quantity, amount),
                'cost_amount': cost,
            }
        )
        self.write(
            {
                'quantity': self.quantity - quantity,
                'amount': self.amount - amount,
                'cost_amount': self.cost_amount - cost,
            }
        )
        return part

    def _get_part(self, quantity, amount):
        """Return the row, or a new part of it where a quantity is not all of it."""
        if not self.rebill or self._get_quantity_grid().compare(quantity, self.quantity) >= 0:
            return self
        part = self._split(quantity, amount)
        part.rebill = False
        return part

    # === DOCUMENTS === #

    def _get_standing_lines(self):
        """Return {invoice: lines} of the invoices that stand for the row.

        The lines are those of the invoice and of the credit notes that give back a part of it: an
        invoice whose lines come to nothing stands for nothing.
        """
        self.ensure_one()
        quantities, sign = self._get_quantity_grid(), -1 if self._is_refund() else 1
        counting = self.move_line_ids.filtered(
            lambda line: line.id > self.released_line_id.id and line._counts_for_crm_contract()
        )
        return {
            invoice: lines
            for invoice, lines in counting.grouped(
                lambda line: line._get_crm_contract_invoice()
            ).items()
            if quantities.compare(sign * lines._get_crm_contract_quantity(), 0.0) > 0
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
        amount = lines._get_crm_contract_amount()
        is_by_days = any(lines.mapped('crm_contract_is_unused'))
        carried = carry(self._get_charge(), quantity, amount, is_by_days)
        if not (carried.given_back or carried.taken_back):
            return
        if carried.given_back:
            self._split(carried.given_back, carried.amount)._release()
        elif self._take_back(carried.taken_back) and strict:
            self._refuse_as_settled()
        self.write({'quantity': quantity, 'amount': amount})

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
        parts = parts.filtered(lambda part: part.rebill and not part.released_line_id)
        taken = take_back(quantity, parts.mapped('quantity'), self._get_quantity_grid())
        whole, rest = parts[: taken.whole], parts[taken.whole : taken.whole + 1]
        back = whole | (rest._split(taken.split) if taken.split else rest.browse())
        self.cost_amount += sum(back.mapped('cost_amount'))
        back.move_line_ids.crm_contract_billing_id = self
        back.unlink()
        return taken.is_missing

    # === WHAT IS OPEN === #

    def _get_open_quantities(self):
        """Return {row: Opened} of the rows that are to be billed again, as far as they may be.

        What was given back of days after an end, or of suspended ones, stays given back while the
        contract does not cover them; should it cover them again, they are billed.
        """
        quantities = {}
        for origin, rows in self._group_by_origin():
            rows = rows.sorted('id')
            spared = origin._get_spared_share()
            opened = get_opened(
                rows.mapped('quantity'),
                origin._get_standing_quantity(spared),
                spared,
                rows._get_quantity_grid(),
            )
            quantities.update({row: own for row, own in zip(rows, opened, strict=True) if own})
        return quantities

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
        return get_standing(
            [row._get_charge().get_exact_quantity() for row in standing],
            family.mapped('quantity'),
            spared,
        )

    def _get_spared_parts(self, also=()):
        """Return the charged days that are not covered any more, as ranges; none of a milestone."""
        self.ensure_one()
        if self.kind != 'recurring':
            return []
        return self.line_id._get_spared_parts((self.period_start, self.period_end), also)

    def _get_spared_share(self, also=()):
        """Return the part of the charged days that is not covered any more, from 0 to 1.

        All of a milestone that was called off, and nothing of another one.
        """
        if self.kind == 'milestone':
            return float(self.line_id._is_called_off())
        parts = self._get_spared_parts(also)
        return get_share(parts, self._get_period()) if parts else 0.0
