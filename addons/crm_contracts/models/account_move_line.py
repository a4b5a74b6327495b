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
        lines._get_crm_contract_charges()._stand_for_crm_contract_billing()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if 'crm_contract_billing_id' in vals:
            self._check_crm_contract_link(changed=True)
        if vals.keys() & CHARGING_FIELDS:
            self._follow_crm_contract_charges()
        return result

    def unlink(self):
        rows = self._get_crm_contract_charges().crm_contract_billing_id.sudo()
        result = super().unlink()
        rows._release_uncharged()
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

    def _get_crm_contract_charges(self):
        """Return the lines of live invoices that charge something of a contract."""
        return self.filtered(
            lambda line: (
                line.crm_contract_billing_id
                and line.move_type == 'out_invoice'
                and line.parent_state != 'cancel'
            )
        )

    def _stand_for_crm_contract_billing(self):
        """Let the rows of the lines count as invoiced, unless another invoice charges them."""
        rows = self.crm_contract_billing_id.sudo()
        for row in rows:
            own = self.filtered(lambda line, row=row: line.crm_contract_billing_id == row)
            if row.state == 'invoiced' and len(row._get_invoice_lines() | own) > 1:
                row._refuse_as_superseded()
        rows._reclaim()

    def _follow_crm_contract_charges(self):
        """Let the ledger say what drafts say since somebody edited them."""
        for line in self._get_crm_contract_charges().sudo():
            if line.parent_state == 'draft':
                line.crm_contract_billing_id._follow_draft_line(line)

    def _credit_crm_contract_billing(self):
        """Release what posted credit note lines give back."""
        for line in self.sudo().filtered(lambda line: line._is_crm_contract_credit()):
            row = line.crm_contract_billing_id
            if line._credits_what_was_released():
                line.crm_contract_billing_id = False
            elif row.state == 'invoiced':
                line.crm_contract_billing_id = row._credit(line.quantity)

    def _credits_what_was_released(self):
        """Say whether a credit note line credits what was released by hand before."""
        row = self.crm_contract_billing_id
        charges = row.move_line_ids & self.move_id.reversed_entry_id.invoice_line_ids
        return bool(charges) and max(charges.ids) <= row.released_line_id.id

    def _uncredit_crm_contract_billing(self):
        """Let what credit note lines released stand again: the credit note does not."""
        rows = self.sudo().filtered(lambda line: line._is_crm_contract_credit())
        rows = rows.crm_contract_billing_id
        for row in rows:
            if row.state == 'invoiced':
                row._refuse_as_superseded()
        rows._reclaim()

    def _is_crm_contract_credit(self):
        """Say whether a credit note line gives a quantity back.

        One with another price is a rebate on what stays billed, so it releases nothing.
        """
        self.ensure_one()
        row = self.crm_contract_billing_id
        if self.move_type != 'out_refund' or self.quantity <= 0:
            return False
        return any(
            self.currency_id.compare_amounts(self.price_unit, charge.price_unit) == 0
            and self.discount == charge.discount
            for charge in (row | row.origin_id).move_line_ids
            if charge.move_type == 'out_invoice'
        )
