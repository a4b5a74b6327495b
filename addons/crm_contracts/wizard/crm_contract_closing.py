from odoo import fields, models


class CrmContractClosing(models.TransientModel):
    """Asks why contracts end."""

    _name = 'crm.contract.closing'
    _description = 'Close Contracts'

    contract_ids = fields.Many2many('crm.contract', string='Contracts', required=True)
    reason = fields.Text(required=True, help='Kept on the contract and in its history.')

    def action_close(self):
        """Close the contracts with the reason given."""
        self.ensure_one()
        self.contract_ids.action_close(reason=self.reason)
        return {'type': 'ir.actions.act_window_close'}
