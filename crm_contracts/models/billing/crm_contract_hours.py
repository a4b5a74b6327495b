from __future__ import annotations

from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain


class TimePrice(NamedTuple):
    """What a unit of somebody's time costs the customer, and the percentage that is charged."""

    product: models.Model
    unit: models.Model
    price: float
    ratio: float


class CrmContract(models.Model):
    """How hours are billed: by the rates of the contract, else by the customer's pricelist."""

    _inherit = 'crm.contract'

    bill_time = fields.Boolean(
        help="Bill the hours on the contract's account at the rates of the contract."
    )
    time_ratio = fields.Float(
        string='Billed Ratio (%)',
        digits='Discount',
        default=100.0,
        help='Percent of the price of hours that is charged, 0 to 100; the rest is a discount.',
    )
    time_product_id = fields.Many2one(
        'product.product',
        string='Service without Rate',
        check_company=True,
        ondelete='restrict',
        compute='_compute_time_product_id',
        store=True,
        readonly=False,
        precompute=True,
        domain="[('type', '=', 'service'), ('sale_ok', '=', True)]",
        help="Hours that no rate fits are billed as this service, at the price of the customer's "
        'pricelist. Empty: they are held back until there is a rate.',
    )

    @api.depends('company_id')
    def _compute_time_product_id(self):
        for contract in self:
            contract.time_product_id = (
                contract.time_product_id or contract.company_id.crm_contract_time_product_id
            )

    @api.model
    def _get_item_billing_domain(self):
        return super()._get_item_billing_domain() | Domain('bill_time', '=', True)

    def _get_billed_item_domain(self, column):
        accounts = self.filtered(lambda contract: contract._settles_hours()).analytic_account_id
        hours = Domain(column, 'in', accounts.ids) & Domain('project_id', '!=', False)
        return super()._get_billed_item_domain(column) | hours

    def _settles_hours(self):
        """Say whether hours of the contract are billed; override to settle some otherwise."""
        self.ensure_one()
        return self.bill_time

    def _bills_item(self, item):
        return (bool(item.project_id) and self._settles_hours()) or super()._bills_item(item)

    def _plan_items(self, open_items):
        hours = {
            contract: time
            for contract, items in open_items.items()
            if (time := items.filtered('project_id'))
        }
        return self._plan_hours(hours) + super()._plan_items(open_items)

    def _plan_hours(self, hours):
        """Return the entries for {contract: hours}; override to settle some of them otherwise."""
        billed = {contract: items for contract, items in hours.items() if contract.bill_time}
        prices = self._get_pricelist_prices(billed)
        return [
            entry
            for contract, items in billed.items()
            for entry in contract._plan_time(items, contract._get_pricing(prices))
        ]

    def _plan_time(self, items, price_of, settled=None):
        """Return one entry for each employee, price and unit of the hours.

        :param price_of: function of an hour's analytic item that returns its TimePrice, or None
        :param settled: {item id: time in its own unit that is not to be charged}
        """
        groups = items.grouped(
            lambda item: (item.employee_id, price_of(item), self._get_booked_unit(item))
        )
        return [self._prepare_time(*key, own, settled or {}) for key, own in groups.items()]

    def _get_booked_unit(self, item):
        return item.product_uom_id or self.env.ref('uom.product_uom_hour')

    def _prepare_time(self, employee, price, unit, items, settled):
        env = self._for_customer().env
        name = employee.name or env._('nobody')
        time = sum(item.unit_amount - settled.get(item.id, 0.0) for item in items)
        hold = self._get_time_hold(name, price, unit, time)
        if hold:
            return self._prepare_items('time', items, name=name, **hold)
        quantity, price_unit, billed_unit = self._get_charged_time(time, unit, price)
        product = price.product.with_env(env)
        return self._prepare_items(
            'time',
            items,
            name=' - '.join(filter(None, (product.display_name, name))),
            product_id=product.id,
            product_uom_id=billed_unit.id,
            quantity=quantity,
            price_unit=price_unit,
            discount=100 - price.ratio,
            amount=self.currency_id.round(quantity * price_unit * price.ratio / 100),
        )

    def _get_time_hold(self, name, price, unit, time):
        """Return why hours are not billed, and whether that solves itself (``waits``), or {}."""
        if not price:
            return {'held': self.env._('There is no rate for %(employee)s.', employee=name)}
        if not unit._has_common_reference(price.unit):
            reason = self.env._(
                '%(unit)s cannot be converted to %(other)s.', unit=unit.name, other=price.unit.name
            )
            return {'held': reason}
        if time < 1e-6:
            reason = self.env._('There are no more hours than corrections: they wait for others.')
            return self._prepare_wait(reason)
        return {}

    def _get_charged_time(self, time, unit, price):
        """Return quantity, price and unit of booked time.

        In the unit of the price where that is exact, else in the unit in which it was booked. An
        invoice line knows few decimals: what gets lost in the quantity is in the price.
        """
        digits = self.env['decimal.precision'].precision_get('Product Unit')
        factor = unit._compute_quantity(1.0, price.unit, round=False)
        converted = round(time * factor, digits)
        if converted and abs(converted - time * factor) < 1e-6:
            return converted, price.price, price.unit
        quantity = max(round(time, digits), 10**-digits)
        if abs(quantity - time) < 1e-6:
            return quantity, price.price * factor, unit
        return quantity, price.price * factor * time / quantity, unit

    # === PRICES === #

    def _get_pricing(self, pricelist_prices):
        """Return the function that says what an item of the contract costs the customer."""

        def price_of(item):
            rate = self.rate_ids._get_most_specific(item.employee_id, item.date)
            if rate:
                product = rate.product_id or self.time_product_id
                return TimePrice(product, rate.product_uom_id, rate.price_unit, self.time_ratio)
            return pricelist_prices.get(self)

        return price_of

    @api.model
    def _get_pricelist_prices(self, contracts):
        """Return {contract: price of its service without rate}, computed once per pricelist."""
        prices, cache = {}, {}
        for contract in contracts:
            product = contract.time_product_id
            if not product:
                continue
            company, currency = contract.company_id, contract.currency_id
            pricelist = contract.partner_id.with_company(company).property_product_pricelist
            key = (pricelist, product, company, currency)
            if key not in cache:
                price = pricelist.with_company(company)._get_product_price(
                    product.with_company(company), 1.0, currency=currency, uom=product.uom_id
                )
                cache[key] = product._get_crm_contract_price(price, company, product.uom_id)
            prices[contract] = TimePrice(product, product.uom_id, cache[key], contract.time_ratio)
        return prices
