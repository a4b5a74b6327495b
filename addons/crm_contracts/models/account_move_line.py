from odoo import api, fields, models


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
        lines._get_crm_contract_charges()._stand_for_crm_contract_billing()
        return lines

    def unlink(self):
        rows = self._get_crm_contract_charges().crm_contract_billing_id.sudo()
        result = super().unlink()
        rows._release_uncharged()
        return result

    def _copy_data_extend_business_fields(self, values):
        result = super()._copy_data_extend_business_fields(values)
        values['crm_contract_billing_id'] = self.crm_contract_billing_id.id
        return result

    # === CONTRACT BILLING === #

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
            if row.state == 'invoiced' and len(row._get_invoice_lines()) > 1:
                row._refuse_as_superseded()
        rows._reclaim()

    def _credit_crm_contract_billing(self):
        """Release what posted credit note lines give back."""
        for line in self.sudo().filtered(lambda line: line._is_crm_contract_credit()):
            row = line.crm_contract_billing_id
            if row.state == 'invoiced':
                line.crm_contract_billing_id = row._credit(line.quantity)

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
