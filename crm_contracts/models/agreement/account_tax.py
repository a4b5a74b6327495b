from odoo import models
from odoo.tools import float_round

# Enough for the price with its taxes to come back to the cent, and without the noise of a division.
PRICE_DIGITS = 6


class AccountTax(models.Model):
    _inherit = 'account.tax'

    def _has_crm_contract_included(self) -> bool:
        """Say whether prices of documents contain any of the taxes: those of contracts never do."""
        return any(tax.price_include for tax in self.flatten_taxes_hierarchy())

    def _exclude_from_crm_contract_price(self, price, product, uom):
        """Return a price as contracts have it: without those of the taxes that are in it."""
        if not self._has_crm_contract_included():
            return price
        details = self._get_tax_details(
            price, 1.0, rounding_method='round_globally', product=product, product_uom=uom
        )
        return float_round(details['total_excluded'], precision_digits=PRICE_DIGITS)

    def _get_crm_contract_price(self, company, line):
        """Return the unit price by which an invoice line comes to its amount without taxes.

        The unit price and its taxes, in whole cents where the amount stays the same, else as exact
        as it takes.

        :param line: price without taxes, quantity, discount, currency, product and unit, named as
            on an invoice line
        """
        no_tax, currency = self.browse(), line['currency_id']
        share = line['quantity'] * (1 - line['discount'] / 100)
        amount = no_tax._get_crm_contract_amount(company, line)
        price = self._adapt_price_unit_to_another_taxes(
            line['price_unit'], line['product_id'], no_tax, self, line['product_uom_id']
        )
        for same in (currency.round(price), price):
            proposed = self._get_crm_contract_amount(company, {**line, 'price_unit': same})
            if not share or currency.compare_amounts(proposed, amount) == 0:
                return same
        whole = {**line, 'price_unit': amount / line['quantity'], 'discount': 0.0}
        details = self._get_crm_contract_details(company, whole, special_mode='total_excluded')
        included = sum(
            data['tax_amount_currency']
            for data in details['taxes_data']
            if data['tax'].price_include
        )
        return (amount + included) / share

    def _is_crm_contract_invertible(self, company, line) -> bool:
        """Say whether some unit price comes to the amount that an invoice line has without taxes.

        Fixed taxes and those of a formula leave some amounts out.
        """
        amount = self.browse()._get_crm_contract_amount(company, line)
        price = self._get_crm_contract_price(company, line)
        reached = self._get_crm_contract_amount(company, {**line, 'price_unit': price})
        return line['currency_id'].compare_amounts(reached, amount) == 0

    def _get_crm_contract_amount(self, company, line):
        """Return what an invoice line with the taxes comes to without them."""
        return self._get_crm_contract_details(company, line)['total_excluded_currency']

    def _get_crm_contract_details(self, company, line, **options):
        base_line = self._prepare_base_line_for_taxes_computation(
            {}, **line, tax_ids=self, **options
        )
        self._add_tax_details_in_base_line(base_line, company)
        self._round_base_lines_tax_details([base_line], company)
        return base_line['tax_details']
