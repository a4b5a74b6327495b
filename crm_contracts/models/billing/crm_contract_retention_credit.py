from odoo import models

from ...core.deductions import get_retained_share
from ...core.ledger import Unused
from .crm_contract_retention import UNRETAINED


class AccountMove(models.Model):
    """What is credited of an invoice takes its share of what was held back of it along.

    Else the customer got back more than was paid, and the contract would hold back, and invoice
    in the end, a part of what it never charged.
    """

    _inherit = 'account.move'

    def _credit_crm_contract_days(self, unused):
        return super()._credit_crm_contract_days({**unused, **self._get_crm_retained(unused)})

    def _get_crm_retained(self, unused):
        """Return {row that holds back: what of it goes back, as ``Unused``}.

        :param unused: {row of the ledger that the invoice charges: Unused}
        """
        retained = {}
        for line in self._get_crm_retaining_lines():
            row = line.crm_contract_billing_id
            amount = min(self._get_crm_retained_share(line, unused), row._get_held_back(line))
            if row.currency_id.compare_amounts(amount, 0.0) > 0:
                quantity = row._get_charge().get_quantity_of(-amount)
                retained[row] = Unused(quantity, -amount, [])
        return {row: one for row, one in retained.items() if one.quantity}

    def _get_crm_retaining_lines(self):
        """Return the lines of the invoice that hold something back still."""
        return self.invoice_line_ids.filtered(
            lambda line: (
                line.crm_contract_billing_id.kind == 'retention'
                and line.crm_contract_billing_id.state == 'invoiced'
                and line.crm_contract_billing_id.amount < 0
            )
        )

    def _get_crm_retained_share(self, retaining, unused):
        """Return the share of a line that holds back in what is credited of the lines like it."""
        row = retaining.crm_contract_billing_id
        rows = self._get_crm_retained_rows(retaining)
        credited = sum(unused[one].amount for one in rows if one in unused)
        if not credited:
            return 0.0
        waiting = (rows | row)._get_waiting_amounts()
        charged = sum(one.amount - waiting[one] for one in rows if one.state == 'invoiced')
        round_amount = row.currency_id.round
        return get_retained_share(
            waiting[row] - row.amount, round_amount(charged), credited, round_amount
        )

    def _get_crm_retained_rows(self, retaining):
        """Return the rows of the invoice that a line holds something back of."""
        lines = self.invoice_line_ids.filtered(
            lambda line: (
                line.product_id == retaining.product_id and line.tax_ids == retaining.tax_ids
            )
        )
        contract = retaining.crm_contract_billing_id.contract_id
        return lines.crm_contract_billing_id.filtered(
            lambda row: row.contract_id == contract and row.kind not in UNRETAINED
        )


class CrmContractBilling(models.Model):
    _inherit = 'crm.contract.billing'

    def _get_held_back(self, line):
        """Return what the contract holds back still, of what has the product and taxes of a line.

        Nothing once it was released.
        """
        held = self.env['crm.contract.biller']._get_retentions(self.contract_id)
        return held[self.contract_id][line.product_id.id, tuple(line.tax_ids.ids)]

    def _get_unused_text(self, unused, lang):
        if self.kind != 'retention':
            return super()._get_unused_text(unused, lang)
        return self.name
