from odoo import api, fields, models


class CrmContractPricedMixin(models.AbstractModel):
    """A product with its unit and price, which it proposes: the same for lines and rates."""

    _name = 'crm.contract.priced.mixin'
    _description = 'Priced Product'

    company_id = fields.Many2one('res.company')
    currency_id = fields.Many2one('res.currency')
    product_id = fields.Many2one('product.product', check_company=True, ondelete='restrict')
    product_uom_id = fields.Many2one(
        'uom.uom',
        string='Unit',
        ondelete='restrict',
        compute='_compute_product_uom_id',
        store=True,
        readonly=False,
        precompute=True,
    )
    price_unit = fields.Float(
        string='Unit Price',
        min_display_digits='Product Price',
        compute='_compute_price_unit',
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends('product_id')
    def _compute_product_uom_id(self):
        for priced in self.filtered('product_id'):
            priced.product_uom_id = priced.product_id.uom_id

    @api.depends('product_id', 'product_uom_id', 'currency_id')
    def _compute_price_unit(self):
        for priced in self.filtered('product_id'):
            product, uom = priced.product_id, priced.product_uom_id
            company = priced.company_id or self.env.company
            prices = product._price_compute(
                'list_price', uom=uom, currency=priced.currency_id, company=company
            )
            priced.price_unit = product._get_crm_contract_price(prices[product.id], company, uom)
