from odoo import api, fields, models


class CrmContractTopUp(models.TransientModel):
    """Asks how many prepaid units a customer buys, at which price and until when."""

    _name = 'crm.contract.top.up'
    _description = 'Sell Prepaid Units'
    _inherit = ['crm.linked.mixin']

    contract_id = fields.Many2one('crm.contract', required=True, ondelete='cascade')
    currency_id = fields.Many2one(related='contract_id.currency_id')
    product_uom_id = fields.Many2one('uom.uom', string='Unit', compute='_compute_product_uom_id')
    quantity = fields.Float(string='Units', digits='Product Unit', required=True)
    price_unit = fields.Float(
        string='Unit Price',
        min_display_digits='Product Price',
        compute='_compute_price_unit',
        store=True,
        readonly=False,
        precompute=True,
        help="In the contract's currency, without taxes.",
    )
    amount = fields.Monetary(
        compute='_compute_amount', help='Charged with the next invoice, without taxes.'
    )
    date_end = fields.Date(
        string='Usable Until',
        help='Last day whose hours may use the units; empty: they do not expire.',
    )

    @api.depends('contract_id')
    def _compute_product_uom_id(self):
        self.product_uom_id = False
        for dialog in self.filtered('contract_id'):
            dialog.product_uom_id = dialog.contract_id._get_pack_unit()

    @api.depends('contract_id')
    def _compute_price_unit(self):
        for dialog in self:
            # sudo: prices of the pricelist, for who may read the contract
            contract = dialog.contract_id.sudo()
            dialog.price_unit = (contract and contract._get_pack_price()) or 0.0

    @api.depends('quantity', 'price_unit')
    def _compute_amount(self):
        for dialog in self:
            dialog.amount = dialog.quantity * dialog.price_unit

    def action_apply(self):
        """Sell the units."""
        self.ensure_one()
        self.contract_id.action_top_up(self.quantity, self.price_unit, self.date_end)
        return {'type': 'ir.actions.act_window_close'}
