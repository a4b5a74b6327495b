from odoo import models

from ..models.billing.account_move import CARRY_ON


class AccountMoveReversal(models.TransientModel):
    _inherit = 'account.move.reversal'

    def reverse_moves(self, is_modify=False):
        """Let the corrected invoice carry on what the reversed one billed of a contract."""
        wizard = self.with_context(crm_contract_billing=CARRY_ON)
        return super(AccountMoveReversal, wizard).reverse_moves(is_modify)

    def _modify_default_reverse_values(self, origin_move):
        """Let the corrected invoice keep the reference and the days of the one that it replaces."""
        values = super()._modify_default_reverse_values(origin_move)
        return {**values, **origin_move._keep_crm_contract_reference(values)}
