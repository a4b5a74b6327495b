from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_extended.tools.numbers import format_number


class CrmContractPriceTierMixin(models.AbstractModel):
    """From which quantity on there is another price: the same in a contract and in a template."""

    _name = 'crm.contract.price.tier.mixin'
    _description = 'Price from a Quantity on'

    quantity_from = fields.Float(
        string='More Than',
        digits='Product Unit',
        required=True,
        help='The price is for what goes beyond this quantity: of a period, or of the hours of a '
        'month, in the unit of the price.',
    )
    price_unit = fields.Float(
        string='Unit Price',
        min_display_digits='Product Price',
        required=True,
        help="In the contract's currency, without taxes.",
    )

    _quantity_positive = models.Constraint(
        'CHECK (quantity_from > 0)',
        'A price tier begins above zero: the price of the line or rate holds up to it.',
    )
    _price_not_negative = models.Constraint(
        'CHECK (price_unit >= 0)', 'The price of a tier cannot be negative.'
    )

    @api.depends('line_id', 'rate_id', 'quantity_from')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for tier in self:
            parent = (tier.line_id or tier.rate_id).display_name or ''
            tier.display_name = self.env._(
                '%(price)s, more than %(quantity)s',
                price=parent.partition('\n')[0],
                quantity=format_number(self.env, tier.quantity_from),
            )

    @api.constrains('line_id')
    def _check_line(self):
        for tier in self:
            if tier.line_id.kind == 'milestone':
                raise ValidationError(
                    self.env._('A milestone has one price: "%(line)s"', line=tier.line_id.name)
                )
