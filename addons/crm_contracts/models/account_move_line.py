from odoo import api, fields, models
from odoo.exceptions import AccessError

# In the context, lets credit notes and corrected invoices carry on the rows of their invoice. As
# an object of this process, no client can send it.
CARRY_ON = object()
# What an invoice line says about how much of a row of the ledger it charges.
CHARGING_FIELDS = {'discount', 'price_unit', 'product_uom_id', 'quantity'}


class AccountMoveLine(models.Model):
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

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_crm_contract_link()
        lines.crm_contract_billing_id.sudo()._follow_documents()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if 'crm_contract_billing_id' in vals:
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
        return result

    # === CONTRACT BILLING === #

    def _carries_crm_contract_on(self):
        return self.env.context.get('crm_contract_billing') is CARRY_ON

    def _check_crm_contract_link(self, changed=False):
        """Refuse rows of the ledger that somebody puts on lines, or takes from them."""
        if self.env.su or self._carries_crm_contract_on():
            return
        if changed or self.filtered('crm_contract_billing_id'):
            raise AccessError(
                self.env._('Only the billing of a contract links invoice lines to its ledger.')
            )

    def _follow_crm_contract_drafts(self):
        """Let the ledger say what drafts of invoices say since somebody edited them."""
        for line in self.sudo().filtered('crm_contract_billing_id'):
            if line.move_type == 'out_invoice' and line.parent_state == 'draft':
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
        if self.move_type == 'out_invoice':
            return self.parent_state != 'cancel'
        return self.parent_state == 'posted' and self._is_crm_contract_credit()

    def _get_crm_contract_quantity(self):
        """Return the quantity that lines charge, less what credit note lines give back."""
        return sum(line.quantity * line._get_crm_contract_sign() for line in self)

    def _get_crm_contract_amount(self):
        """Return what lines charge without taxes, less what credit note lines give back."""
        return sum(
            line._get_crm_contract_sign()
            * line.currency_id.round(line.price_unit * line.quantity * (1 - line.discount / 100))
            for line in self
        )

    def _get_crm_contract_sign(self):
        return -1 if self.move_type == 'out_refund' else 1

    def _is_crm_contract_credit(self):
        """Say whether a credit note line gives a quantity back.

        One with another price is a rebate on what stays billed, so it releases nothing.
        """
        self.ensure_one()
        if self.move_type != 'out_refund' or self.quantity <= 0:
            return False
        invoice = self._get_crm_contract_invoice()
        return any(
            self.currency_id.compare_amounts(self.price_unit, charge.price_unit) == 0
            and self.discount == charge.discount
            for charge in self.crm_contract_billing_id.move_line_ids
            if charge.move_type == 'out_invoice' and charge._get_crm_contract_invoice() == invoice
        )
