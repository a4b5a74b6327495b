from odoo import models


class ProductProduct(models.Model):
    _inherit = 'product.product'

    def _get_crm_contract_price(self, price, company, uom):
        """Return a price of the product as contracts have it: without the taxes in it."""
        self.ensure_one()
        taxes = self.taxes_id._filter_taxes_by_company(company)
        return taxes._exclude_from_crm_contract_price(price, self, uom)
