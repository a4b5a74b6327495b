from odoo import models

from ..models.billing.account_move import CARRY_ON


class AccountMoveReversal(models.TransientModel):
    _inherit = 'account.move.reversal'

    def reverse_moves(self, is_modify=False):
        """Let the corrected invoice carry on what the reversed one billed of a contract."""
        wizard = self.with_context(crm_contract_billing=CARRY_ON)
        return super(AccountMoveReversal, wizard).reverse_moves(is_modify)
