from odoo import api, fields, models


class CrmContractNoticing(models.TransientModel):
    """Asks when a customer gave notice, and says when the contract ends then."""

    _name = 'crm.contract.noticing'
    _description = 'Notice of a Customer'
    _inherit = ['crm.linked.mixin']

    contract_id = fields.Many2one('crm.contract', required=True, ondelete='cascade')
    date = fields.Date(
        string='Given On',
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help='Day on which the notice came.',
    )
    reason = fields.Text(help="In the customer's words.")
    date_end = fields.Date(
        string='Contract Ends On', compute='_compute_date_end', help='Last day, by the terms.'
    )
    send_confirmation = fields.Boolean(
        string='Confirm by Mail', default=True, help='Tell the customer when the contract ends.'
    )

    @api.depends('contract_id', 'date')
    def _compute_date_end(self):
        for wizard in self:
            contract = wizard.contract_id
            wizard.date_end = contract and wizard.date and contract._get_notice_end(wizard.date)

    def action_apply(self):
        """Enter the notice, and confirm it to the customer if wanted."""
        self.ensure_one()
        self.contract_id.action_give_notice(self.date, self.reason or '')
        if self.send_confirmation:
            self.contract_id._confirm_notice()
        return {'type': 'ir.actions.act_window_close'}
