from odoo import api, fields, models

PRICE_KINDS = [
    ('line', 'Recurring'),
    ('minimum', 'Minimum'),
    ('rate', 'Rate'),
    ('amount', 'Agreed Amount'),
    ('overage', 'Overage Price'),
]


class CrmContractRevisedPriceMixin(models.AbstractModel):
    """One price before and after a revision: the same in a preview and in the history."""

    _name = 'crm.contract.revised.price.mixin'
    _description = 'Revised Price'

    kind = fields.Selection(PRICE_KINDS, required=True)
    line_id = fields.Many2one('crm.contract.line', ondelete='set null')
    rate_id = fields.Many2one('crm.contract.rate', ondelete='set null')
    name = fields.Char(string='Description', required=True)
    currency_id = fields.Many2one('res.currency')
    price_old = fields.Float(string='Old Price', min_display_digits='Product Price')
    price_new = fields.Float(string='New Price', min_display_digits='Product Price')
    price_exact = fields.Float(
        string='Exact Price',
        help='New price before rounding: the next revision by base month starts from it.',
    )
    difference = fields.Float(compute='_compute_differences', min_display_digits='Product Price')
    yearly_quantity = fields.Float(
        help='How often the price is charged in a year; zero where nobody knows before.'
    )
    annual_difference = fields.Monetary(string='Per Year', compute='_compute_differences')

    @api.depends('price_old', 'price_new', 'yearly_quantity', 'currency_id')
    def _compute_differences(self):
        for price in self:
            price.difference = price.price_new - price.price_old
            annual = price.difference * price.yearly_quantity
            price.annual_difference = (
                price.currency_id.round(annual) if price.currency_id else annual
            )
