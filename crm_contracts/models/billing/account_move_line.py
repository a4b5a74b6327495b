from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .account_move import CARRY_ON

# What an invoice line says about how much of a row of the ledger it charges.
CHARGING_FIELDS = {'discount', 'price_unit', 'product_id', 'product_uom_id', 'quantity', 'tax_ids'}
# What only the billing of a contract says of a line.
LEDGER_FIELDS = {'crm_contract_billing_id', 'crm_contract_is_rebate', 'crm_contract_is_unused'}
# What decides which taxes a line has, besides its invoice.
TAXING_FIELDS = ('account_id', 'product_id', 'tax_ids')


class AccountMoveLine(models.Model):
    """What an invoice line charges of the billing ledger, or a credit note line gives back."""

    _inherit = 'account.move.line'

    crm_contract_billing_id = fields.Many2one(
        'crm.contract.billing',
        string='Contract Billing',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='restrict',
        help='Row of the billing ledger that the line charges or credits.',
    )

    crm_contract_is_unused = fields.Boolean(
        string='Unused Days',
        readonly=True,
        copy=False,
        help='Gives back days that the contract does not cover any more, to the cent of those '
        'days, or what a rebate left, at the price that it left.',
    )
    crm_contract_is_rebate = fields.Boolean(
        string='Contract Rebate',
        readonly=True,
        copy=False,
        help='Gives back money and no quantity, whatever its price: nothing is billed again.',
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(self._include_crm_contract_taxes(vals_list))
        lines._check_crm_contract_link()
        lines.crm_contract_billing_id.sudo()._follow_documents()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & LEDGER_FIELDS:
            self._check_crm_contract_link(changed=True)
        if vals.keys() & CHARGING_FIELDS:
            self._follow_crm_contract_drafts()
        return result

    def unlink(self):
        rows = self.crm_contract_billing_id.sudo()
        result = super().unlink()
        rows._follow_documents()
        return result

    def _copy_data_extend_business_fields(self, values):
        result = super()._copy_data_extend_business_fields(values)
        if self._carries_crm_contract_on():
            values['crm_contract_billing_id'] = self.crm_contract_billing_id.id
            is_reversed = 'move_reverse_cancel' in self.env.context
            is_invoice = self.crm_contract_billing_id and self.move_type == 'out_invoice'
            if is_reversed and is_invoice:
                # sudo: who may credit an invoice need not read the ledger
                values.update(self.sudo()._prepare_crm_contract_credit(values))
        return result

    # === TAXES INCLUDED IN PRICES === #

    def _include_crm_contract_taxes(self, vals_list):
        """Return the values with prices as the taxes of the lines want them: the ledger has none.

        What carries a row on keeps the price of its invoice.
        """
        if self._carries_crm_contract_on():
            return vals_list
        known = {}
        return [
            self._include_crm_contract_tax(vals, known)
            if vals.get('crm_contract_billing_id')
            else vals
            for vals in vals_list
        ]

    def _include_crm_contract_tax(self, vals, known):
        """Return the values of a line with the price that its taxes want."""
        taxes = self._get_crm_contract_taxes(vals, known)
        if not taxes:
            return vals
        move = self.env['account.move'].browse(vals['move_id'])
        line = {
            'price_unit': vals.get('price_unit', 0.0),
            'quantity': vals.get('quantity', 1.0),
            'discount': vals.get('discount', 0.0),
            'currency_id': move.currency_id,
            'product_id': self.env['product.product'].browse(vals.get('product_id')),
            'product_uom_id': self.env['uom.uom'].browse(vals.get('product_uom_id')),
        }
        return {**vals, 'price_unit': taxes._get_crm_contract_price(move.company_id, line)}

    def _get_crm_contract_taxes(self, vals, known):
        """Return the taxes that Odoo gives a line, if its price includes any, looked up once."""
        move = self.env['account.move'].browse(vals['move_id'])
        taxing = {name: vals[name] for name in TAXING_FIELDS if name in vals}
        key = (move.company_id, move.fiscal_position_id, str(taxing))
        if key not in known:
            taxes = self.new({'move_id': move.id, **taxing}).tax_ids._origin
            known[key] = taxes if taxes._has_crm_contract_included() else taxes.browse()
        return known[key]

    def _get_crm_contract_price(self):
        """Return the unit price without taxes: that of the ledger while it comes to the same."""
        self.ensure_one()
        if not self.tax_ids._has_crm_contract_included():
            return self.price_unit
        price = self.crm_contract_billing_id.price_unit
        share = self.quantity * (1 - self.discount / 100)
        is_same = self.currency_id.compare_amounts(price * share, self.price_subtotal) == 0
        return price if is_same or not share else self.price_subtotal / share

    # === CONTRACT BILLING === #

    def _carries_crm_contract_on(self):
        return self.env.context.get('crm_contract_billing') is CARRY_ON

    def _check_crm_contract_link(self, changed=False):
        """Refuse rows of the ledger that somebody puts on lines, or takes from them."""
        if self.env.su or self._carries_crm_contract_on():
            return
        if changed or any(self.filtered(name) for name in LEDGER_FIELDS):
            raise AccessError(
                self.env._('Only the billing of a contract links invoice lines to its ledger.')
            )

    def _follow_crm_contract_drafts(self):
        """Let the ledger say what drafts of invoices say since somebody edited them."""
        for line in self.sudo().filtered('crm_contract_billing_id'):
            if line._charges_crm_contract() and line.parent_state == 'draft':
                line.crm_contract_billing_id._follow_draft_line(line)

    def _get_crm_contract_invoice(self):
        """Return the invoice of a line, or the one that its credit note goes back to."""
        move = self.move_id
        while move.reversed_entry_id:
            move = move.reversed_entry_id
        return move

    def _is_crm_contract_released(self):
        """Say whether a line charges, or credits, what was released by hand since."""
        row = self.crm_contract_billing_id
        charges = row.move_line_ids & self._get_crm_contract_invoice().invoice_line_ids
        return bool(charges) and max(charges.ids) <= row.released_line_id.id

    def _counts_for_crm_contract(self):
        """Say whether a line charges something of its row, or gives something of it back."""
        if self._charges_crm_contract():
            return self.parent_state != 'cancel'
        gives_back = self.crm_contract_billing_id._is_refund() or self._is_crm_contract_credit()
        return self.parent_state == 'posted' and gives_back

    def _charges_crm_contract(self):
        """Say whether a line is one by which a row was billed, and none that credits it.

        A refund of costs was billed by a credit note.
        """
        is_refund = self.crm_contract_billing_id._is_refund()
        return self.move_type == ('out_refund' if is_refund else 'out_invoice')

    def _get_crm_contract_quantity(self, credited=False):
        """Return the quantity that lines charge, less what credit note lines give back.

        :param credited: whether to leave out the quantities of rebates, which give nothing back
        """
        counting = self.filtered(
            lambda line: (
                not credited or line._charges_crm_contract() or line._is_crm_contract_credit()
            )
        )
        return sum(line.quantity * line._get_crm_contract_sign() for line in counting)

    def _get_crm_contract_amount(self):
        """Return what lines charge without taxes, less what credit note lines give back."""
        return sum(line._get_crm_contract_sign() * line.price_subtotal for line in self)

    def _get_crm_contract_sign(self):
        return -1 if self.move_type == 'out_refund' else 1

    # === CREDITS === #

    def _get_crm_contract_credited(self):
        """Return the invoice line's own and all that posted credit notes say of its row."""
        self.ensure_one()
        invoice = self._get_crm_contract_invoice()
        return self.crm_contract_billing_id.move_line_ids.filtered(
            lambda line: (
                line._get_crm_contract_invoice() == invoice
                and (line.move_id == invoice or line.parent_state == 'posted')
            )
        )

    def _prepare_crm_contract_credit(self, values):
        """Return what of the values of a credit note line changes, to credit no more than is left.

        A quantity that was credited, or an amount that was rebated, is not credited again.
        """
        standing = self._get_crm_contract_credited()
        row, quantity = self.crm_contract_billing_id, values['quantity']
        left = min(quantity, max(standing._get_crm_contract_quantity(credited=True), 0.0))
        amount = self.price_subtotal * left / quantity if quantity else 0.0
        money = max(standing._get_crm_contract_amount(), 0.0)
        changed = {}
        if row._get_quantity_grid().compare(left, quantity):
            changed['quantity'] = left
        if self.currency_id.compare_amounts(money, amount) < 0:
            changed |= {
                'price_unit': values['price_unit'] * money / amount,
                'crm_contract_is_unused': True,
            }
        return changed

    def _check_crm_contract_credits(self):
        """Refuse credit notes that give back more than their invoice charges for a row."""
        for line in self:
            is_credit = line.move_type == 'out_refund' and not line._charges_crm_contract()
            if is_credit and line.parent_state == 'posted':
                standing = line._get_crm_contract_credited()
                if standing._is_crm_contract_overdrawn():
                    line._refuse_crm_contract_credit(standing - line)

    def _is_crm_contract_overdrawn(self):
        """Say whether lines of an invoice and its credit notes give back more than they charge.

        What is deducted, like an advance, is below zero: so is what its credit leaves.
        """
        grid = self.crm_contract_billing_id._get_quantity_grid()
        quantity = self._get_crm_contract_quantity(credited=True)
        charging = self.filtered(lambda line: line._charges_crm_contract())
        sign = -1 if charging._get_crm_contract_amount() < 0 else 1
        amount = sign * self._get_crm_contract_amount()
        return grid.compare(quantity, 0.0) < 0 or self.currency_id.compare_amounts(amount, 0) < 0

    def _refuse_crm_contract_credit(self, others):
        """Refuse a credit note line.

        :param others: lines of its invoice, and of the credit notes before it
        """
        credits = others.move_id.filtered(lambda move: move.move_type == 'out_refund')
        raise UserError(
            self.env._(
                '%(refund)s gives back more of "%(line)s" than is left of it on %(invoice)s '
                '(credited before: %(credits)s). Lower its quantity or its price.',
                refund=self.move_id.display_name,
                line=self.crm_contract_billing_id.display_name,
                invoice=self._get_crm_contract_invoice().display_name,
                credits=', '.join(credits.mapped('display_name')) or '-',
            )
        )

    def _is_crm_contract_credit(self):
        """Say whether a credit note line gives a quantity back.

        One with another price is a rebate on what stays billed, so it releases nothing, but for
        unused days, whose price makes up for the rounded quantity, and for what a rebate left.
        """
        self.ensure_one()
        if self.move_type != 'out_refund' or self.quantity <= 0 or self.crm_contract_is_rebate:
            return False
        if self.crm_contract_is_unused:
            return True
        invoice = self._get_crm_contract_invoice()
        return any(
            self.currency_id.compare_amounts(self.price_unit, charge.price_unit) == 0
            and self.discount == charge.discount
            for charge in self.crm_contract_billing_id.move_line_ids
            if charge.move_type == 'out_invoice' and charge._get_crm_contract_invoice() == invoice
        )
