from odoo import fields, models

from .crm_contract_price_revision import TERM_FIELDS


class CrmContractPriceRevisionLine(models.Model):
    """One price of a contract before and after a revision."""

    _name = 'crm.contract.price.revision.line'
    _description = 'Revised Price of a Contract'
    _inherit = ['crm.contract.revised.price.mixin']
    _order = 'revision_id, id'

    revision_id = fields.Many2one(
        'crm.contract.price.revision', required=True, index=True, ondelete='cascade'
    )
    contract_id = fields.Many2one(
        related='revision_id.contract_id', store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(related='revision_id.company_id', store=True, precompute=True)
    currency_id = fields.Many2one(related='revision_id.currency_id')

    def _is_changed_since(self):
        """Say whether the price is no more the one that the revision gave it."""
        self.ensure_one()
        if self.kind not in TERM_FIELDS:
            priced = self.line_id or self.rate_id
            return bool(priced) and priced.price_unit != self.price_new
        # A term that only begins with the revision has no prices yet.
        current, day = self.contract_id._get_current_terms().date_start, self.revision_id.date
        is_current = current == day and self.contract_id[TERM_FIELDS[self.kind]] == self.price_new
        return not (is_current or (current and current < day))
