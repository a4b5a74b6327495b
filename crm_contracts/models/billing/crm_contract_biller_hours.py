from dataclasses import replace

from odoo import models
from odoo.fields import Domain

from ...core.time import TimePrice, cover, get_charged_time, get_unsettled, is_nothing


class CrmContractBiller(models.AbstractModel):
    """What hours cost the customer: by the rates of the contract, else by the pricelist.

    Prepaid units of a term come first: the hours that they cover stand in the ledger without an
    invoice line, those that go beyond are charged.
    """

    _inherit = 'crm.contract.biller'

    def _settles_hours(self, contract):
        """Say whether hours of a contract are billed, or at least those beyond prepaid ones."""
        terms = contract.term_ids
        return contract.bill_time or bool(
            any(terms.mapped('prepaid_quantity')) and any(terms.mapped('overage_price'))
        )

    def _plan_hours(self, contracts, hours):
        """Return the entries for {contract: hours}, settled by what was agreed for their terms."""
        left = self._get_unsettled_units(contracts.concat(*hours))
        prices = self._get_pricelist_prices(hours)
        charged, prepaid = [], []
        for contract, items in hours.items():
            price_of = contract._get_pricing(prices)
            for term, own in self._get_prepaid_items(contract, items, left).items():
                items -= own
                prepaid += self._plan_prepaid(term, own, left[term.id], price_of)
            if items and contract.bill_time:
                charged += self._plan_time(contract, items, price_of)
        return charged + prepaid

    # === CHARGED HOURS === #

    def _plan_time(self, contract, items, price_of, settled=None):
        """Return one entry for each employee, price and unit of the hours.

        :param price_of: function of an hour's analytic item that returns its TimePrice, or None
        :param settled: {item id: time in its own unit that is not to be charged}
        """
        groups = items.grouped(
            lambda item: (item.employee_id, price_of(item), self._get_booked_unit(item))
        )
        return [
            self._make_time_entry(contract, *key, own, settled or {}) for key, own in groups.items()
        ]

    def _get_booked_unit(self, item):
        return item.product_uom_id or self.env.ref('uom.product_uom_hour')

    def _make_time_entry(self, contract, employee, price, unit, items, settled):
        env = self._for_customer(contract).env
        name = employee.name or env._('nobody')
        time = sum(item.unit_amount - settled.get(item.id, 0.0) for item in items)
        hold = self._get_time_hold(contract, name, price, unit, time)
        if hold:
            return self._make_item_entry(contract, 'time', items, name=name, **hold)
        factor = unit._compute_quantity(1.0, price.unit, round=False)
        digits = self.env['decimal.precision'].precision_get('Product Unit')
        charged = get_charged_time(time, price.price, factor, digits)
        amount = price.get_amount(charged.quantity, charged.price)
        product = price.product.with_env(env)
        return self._make_item_entry(
            contract,
            'time',
            items,
            name=' - '.join(filter(None, (product.display_name, name))),
            product_id=product.id,
            product_uom_id=(price.unit if charged.is_converted else unit).id,
            quantity=charged.quantity,
            price_unit=charged.price,
            discount=price.discount,
            amount=contract.currency_id.round(amount),
            tax_ids=price.tax_ids,
        )

    def _get_time_hold(self, contract, name, price, unit, time):
        """Return why hours are not billed, and whether that solves itself (``waits``), or {}."""
        if not price:
            return {'held': self.env._('There is no rate for %(employee)s.', employee=name)}
        if not unit._has_common_reference(price.unit):
            reason = self.env._(
                '%(unit)s cannot be converted to %(other)s.', unit=unit.name, other=price.unit.name
            )
            return {'held': reason}
        if is_nothing(time):
            reason = self.env._('There are no more hours than corrections: they wait for others.')
            return self._get_wait(contract, reason)
        return {}

    # === PRICES === #

    def _get_pricing(self, contract, pricelist_prices):
        """Return the function that says what an item of a contract costs the customer."""

        def price_of(item):
            rate = contract.rate_ids._get_most_specific(item.employee_id, item.date)
            if rate:
                product = rate.product_id or contract.time_product_id
                return TimePrice(
                    product,
                    rate.product_uom_id,
                    rate.price_unit,
                    contract.time_ratio,
                    tuple(rate.tax_ids.ids),
                )
            return pricelist_prices.get(contract)

        return price_of

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

    def _get_overage_pricing(self, term, price_of):
        """Return the function that says what an hour over the prepaid ones of a term costs.

        :param price_of: the one for hours of the contract without an overage price
        """
        if not term.overage_price:
            return price_of
        product = term.contract_id.time_product_id
        price = TimePrice(product, term.prepaid_uom_id, term.overage_price, 100.0)
        return lambda item: price

    # === PREPAID HOURS === #

    def _get_prepaid_items(self, contract, items, left):
        """Return {term with prepaid units: the hours that they cover or that go beyond them}."""
        if left.keys().isdisjoint(contract.term_ids.ids):
            return {}
        by_term = items.grouped(lambda item: contract._get_prepaid_term(item.date))
        return {term: own for term, own in by_term.items() if term.id in left}

    def _get_unsettled_units(self, contracts):
        """Return {term id: units that the ledger did not use yet} of terms with prepaid units."""
        available = {
            term_id: usage.available
            for term_id, usage in contracts._get_prepaid_usages().items()
            if usage.available
        }
        ledger = self.env['crm.contract.billing']
        groups = ledger._read_group(
            Domain('term_id', 'in', list(available)) & ledger._get_settled_domain(),
            ['term_id'],
            ['covered_quantity:sum'],
        )
        settled = {term.id: units for term, units in groups}
        return {
            term_id: get_unsettled(units, settled.get(term_id, 0.0))
            for term_id, units in available.items()
        }

    def _plan_prepaid(self, term, items, left, price_of):
        """Return the entries of a term's hours: those that prepaid units cover, and the rest.

        Nothing is settled where what goes beyond the prepaid units is not billed either.

        :param left: units of the term that are not used yet
        """
        if not term.overage_price and not term.contract_id.bill_time:
            return []
        units = {item: term._get_units(item.unit_amount, item.product_uom_id) for item in items}
        covered = cover(units, left)
        whole = items.filtered(lambda item: covered[item] == units[item])
        overage = self._plan_overage(
            term, items - whole, covered, self._get_overage_pricing(term, price_of)
        )
        if not whole:
            return overage
        quantity = sum(covered[item] for item in whole)
        return [self._make_covered_entry(term, whole, quantity), *overage]

    def _make_covered_entry(self, term, items, quantity):
        return self._make_item_entry(
            term.contract_id,
            'time',
            items,
            state='covered',
            term_id=term.id,
            name=self.env._('Covered by prepaid units'),
            product_uom_id=term.prepaid_uom_id.id,
            quantity=quantity,
            covered_quantity=quantity,
        )

    def _plan_overage(self, term, items, covered, price_of):
        """Return the entries of hours over the prepaid ones, less the part that is covered."""
        settled = {
            item.id: term.prepaid_uom_id._compute_quantity(
                covered[item], item.product_uom_id, round=False
            )
            for item in items
            if covered[item]
        }
        by_id = {item.id: units for item, units in covered.items()}
        return [
            replace(
                entry,
                term_id=term.id,
                covered_quantity=sum(by_id[item_id] for item_id in entry.item_ids),
            )
            for entry in self._plan_time(term.contract_id, items, price_of, settled)
        ]
