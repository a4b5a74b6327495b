from odoo import api, fields, models


class CrmContractCreditingMixin(models.AbstractModel):
    """A dialogue after which days may be charged that the contracts do not cover any more."""

    _name = 'crm.contract.crediting.mixin'
    _description = 'Crediting of Unused Days'
    _inherit = ['crm.linked.mixin']

    contract_ids = fields.Many2many('crm.contract', string='Contracts', required=True)
    unused_text = fields.Char(
        string='Charged Already',
        compute='_compute_unused_text',
        help='Charged for days that will not be covered any more, without taxes.',
    )
    credit_unused = fields.Boolean(
        string='Credit the Unused Days',
        default=True,
        help='Makes a draft credit note for each invoice that charges such days.',
    )

    @api.depends('contract_ids')
    def _compute_unused_text(self):
        for wizard in self:
            rests = wizard._get_rests()
            contracts = wizard.contract_ids._origin.sudo()
            biller = contracts.env['crm.contract.biller']
            wizard.unused_text = biller._get_unused_text(contracts, rests) if rests else ''

    def _get_rests(self):
        """Return the ranges of days that will not be covered any more; to be overridden."""
        return []

    def _credit_or_close(self):
        """Credit the unused days where there are any and the user wants it."""
        creditable = self.contract_ids.filtered('unused_amount')
        if self.credit_unused and creditable:
            return creditable.action_credit_unused()
        return {'type': 'ir.actions.act_window_close'}
