from odoo import models
from odoo.tools import float_round

# Enough for the price with its taxes to come back to the cent, and without the noise of a division.
PRICE_DIGITS = 6


class ProductProduct(models.Model):
    _inherit = 'product.product'

    def _get_crm_contract_price(self, price, company, uom):
        """Return a price of the product as contracts have it: without the taxes in it."""
        self.ensure_one()
        taxes = self.taxes_id._filter_taxes_by_company(company)
        if not taxes._has_crm_contract_included():
            return price
        details = taxes._get_tax_details(
            price, 1.0, rounding_method='round_globally', product=self, product_uom=uom
        )
        return float_round(details['total_excluded'], precision_digits=PRICE_DIGITS)
