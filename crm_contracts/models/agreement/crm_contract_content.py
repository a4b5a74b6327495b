from odoo import models
from odoo.exceptions import UserError


class CrmContract(models.Model):
    """What a contract is about: one without anything agreed is not confirmed."""

    _inherit = 'crm.contract'

    def _check_not_empty(self):
        for contract in self:
            if contract._is_empty():
                raise UserError(
                    self.env._(
                        'Nothing is agreed in the contract "%(contract)s" yet. Add a line or an '
                        'agreed amount, or say that its hours or costs are billed.',
                        contract=contract.display_name,
                    )
                )

    def _is_empty(self):
        """Say whether nothing is agreed; extend it with what else may be the whole contract."""
        self.ensure_one()
        return not (
            self.line_ids
            or self.rate_ids
            or self.fixed_amount
            or self.bill_time
            or self.bill_costs
            or self.prepaid_quantity
        )
