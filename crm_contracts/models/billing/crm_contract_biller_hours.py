from collections import Counter, defaultdict
from dataclasses import replace

from odoo import models

from ...core.prepaid import UNIT_PRECISION, Booked
from ...core.time import TimePrice, get_charged_time, is_nothing


class CrmContractBiller(models.AbstractModel):
    """What hours cost the customer: by the rates of the contract, else by the pricelist.

    Prepaid units of a term come first: the hours that they cover stand in the ledger without an
    invoice line, those that go beyond are charged.
    """

    _inherit = 'crm.contract.biller'

    def _settles_hours(self, contract):
        """Say whether hours of a contract are billed, or at least those beyond prepaid ones."""
        return contract.bill_time or (
            any(contract.term_ids.mapped('overage_price')) and contract._has_prepaid()
        )

    def _plan_hours(self, contracts, hours):
        """Return the entries for {contract: hours}, settled by what was agreed for their terms."""
        prices = self._get_pricelist_prices(hours)
        covering = self._get_covering(contracts.browse().concat(*hours), hours)
        charged, prepaid = [], []
        for contract, items in hours.items():
            price_of = contract._get_pricing(prices)
            for term, own in self._get_prepaid_items(contract, items, covering).items():
                items -= own
                prepaid += self._plan_prepaid(term, own, covering[contract], price_of)
            if items and contract.bill_time:
                charged += self._plan_time(contract, items, price_of)
        return charged + prepaid

    # === CHARGED HOURS === #

    def _plan_time(self, contract, items, price_of, settled=None):
        """Return one entry for each employee, price and unit of the hours.

        :param price_of: function of an hour's analytic item that returns its TimePrice, or None
        :param settled: {item id: time in its own unit that is not to be charged}
        """
        price_of = self._get_tiered_pricing(contract, items, price_of, settled or {})
        groups = items.grouped(
            lambda item: (
                self._get_employee_shown(contract, item),
                price_of(item),
                self._get_booked_unit(item),
            )
        )
        return [
            self._make_time_entry(contract, *key, part, settled or {})
            for key, own in groups.items()
            for part in self._get_parts_shown(contract, own, settled or {})
        ]

    def _get_booked_unit(self, item):
        return item.product_uom_id or self.env.ref('uom.product_uom_hour')

    def _make_time_entry(self, contract, employee, price, unit, items, settled):
        env = self._for_customer(contract).env
        name = self._get_time_name(contract, employee, items)
        time = self._get_time(contract, items, settled)
        hold = self._get_time_hold(contract, name, price, unit, time)
        if hold:
            return self._make_item_entry(contract, 'time', items, name=name, **hold)
        factor = contract._get_unit_factor(unit, price.unit)
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

    def _get_time(self, contract, items, settled):
        """Return the time of items that is charged, in the unit in which it was booked."""
        return sum(
            contract._get_charged_units(item.unit_amount, self._get_booked_unit(item))
            - settled.get(item.id, 0.0)
            for item in items
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
                tier = (rate, item.date.replace(day=1)) if rate.tier_ids else None
                return TimePrice(
                    product,
                    rate.product_uom_id,
                    rate.price_unit,
                    contract.time_ratio,
                    tuple(rate.tax_ids.ids),
                    tier,
                )
            # That of the day where a rate of exchange is in it.
            of_day = pricelist_prices.get((contract, item.date))
            return of_day or pricelist_prices.get(contract)

        return price_of

    def _get_pricelist_prices(self, hours):
        """Return {contract: price of its service without rate}, computed once per pricelist.

        Where the pricelist is in another currency, {(contract, day): the price of that day}, for
        money of another day would be another amount: as with costs.

        :param hours: {contract: its hours}
        """
        prices, cache = {}, {}
        for contract, items in hours.items():
            product = contract.time_product_id
            if not product:
                continue
            pricelist = contract.partner_id.with_company(
                contract.company_id
            ).property_product_pricelist
            days = {False}
            if self._is_exchanged(contract, pricelist):
                days = set(items.mapped('date'))
            for day in days:
                key = (pricelist, product, contract.company_id, contract.currency_id, day)
                if key not in cache:
                    cache[key] = self._get_pricelist_price(*key)
                price = TimePrice(product, product.uom_id, cache[key], contract.time_ratio)
                prices[(contract, day) if day else contract] = price
        return prices

    def _is_exchanged(self, contract, pricelist):
        """Say whether a rate of exchange is in the prices of a pricelist for a contract."""
        product = contract.time_product_id.with_company(contract.company_id)
        currencies = pricelist.currency_id | product.currency_id
        return bool(currencies - contract.currency_id)

    def _get_pricelist_price(self, pricelist, product, company, currency, day):
        """Return the price of a unit of a product without taxes, of a day or of today."""
        product = product.with_company(company)
        own = pricelist.currency_id or product.currency_id
        price = pricelist.with_company(company)._get_product_price(
            product, 1.0, currency=own, uom=product.uom_id, date=day
        )
        # Odoo takes a fixed price of a pricelist for money of whatever currency is asked for.
        price = own._convert(price, currency, company, day or None, round=False)
        return product._get_crm_contract_price(price, company, product.uom_id)

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

    def _get_covering(self, contracts, hours):
        """Return {contract with prepaid units: Prepaid of its hours}, constantly often."""
        prepaid = contracts.filtered(lambda contract: contract._has_prepaid())
        if not prepaid:
            return {}
        booked = defaultdict(lambda: defaultdict(list))
        for contract in prepaid:
            for item in hours[contract]:
                time = contract._get_charged_hours(item.unit_amount, item.product_uom_id)
                term = contract._get_prepaid_term(item.date)
                booked[contract][term].append(Booked(item, item.date, time))
        return prepaid._get_prepaid(booked)

    def _get_prepaid_items(self, contract, items, covering):
        """Return {term with prepaid units: the hours that they cover or that go beyond them}."""
        if contract not in covering:
            return {}
        usages = covering[contract].usages
        by_term = items.grouped(lambda item: contract._get_prepaid_term(item.date))
        return {
            term: own
            for term, own in by_term.items()
            if contract._has_packs() or usages[term].available
        }

    def _plan_prepaid(self, term, items, prepaid, price_of):
        """Return the entries of a term's hours: those that prepaid units cover, and the rest.

        Nothing is settled where what goes beyond the prepaid units is not billed either.

        :param prepaid: Prepaid of the contract
        """
        contract = term.contract_id
        if not term.overage_price and not contract.bill_time:
            return []
        whole = items.filtered(
            lambda item: (
                prepaid.get_covered(item)
                == contract._get_charged_hours(item.unit_amount, item.product_uom_id)
            )
        )
        over_price_of = self._get_overage_pricing(term, price_of)
        overage = self._plan_overage(term, items - whole, prepaid, over_price_of)
        if not whole:
            return overage
        return [self._make_covered_entry(term, whole, prepaid), *overage]

    def _make_covered_entry(self, term, items, prepaid):
        contract = term.contract_id
        hours = sum(prepaid.get_covered(item) for item in items)
        return self._make_item_entry(
            contract,
            'time',
            items,
            state='covered',
            name=self.env._('Covered by prepaid units'),
            product_uom_id=term.prepaid_uom_id.id,
            quantity=self._get_prepaid_units(contract, hours, term.prepaid_uom_id),
            **self._get_used_units(term, items, prepaid),
        )

    def _plan_overage(self, term, items, prepaid, price_of):
        """Return the entries of hours over the prepaid ones, less the part that is covered."""
        contract = term.contract_id
        settled = {
            item.id: contract._get_units(prepaid.get_covered(item), self._get_booked_unit(item))
            for item in items
            if prepaid.get_covered(item)
        }
        return [
            replace(entry, **self._get_used_units(term, items.browse(entry.item_ids), prepaid))
            for entry in self._plan_time(contract, items, price_of, settled)
        ]

    def _get_used_units(self, term, items, prepaid):
        """Return what hours use of their term, and of packs, each in its own unit."""
        contract, used = term.contract_id, Counter()
        for item in items:
            used.update(prepaid.draws[item])
        of_term = used.pop(term, 0.0)
        return {
            'term_id': term.id,
            'covered_quantity': self._get_prepaid_units(contract, of_term, term.prepaid_uom_id),
            **self._get_used_packs(contract, used),
        }

    def _get_used_packs(self, contract, used):
        """Return what an entry says of the packs that it uses.

        :param used: {pack: hours}
        """
        return {}

    def _get_prepaid_units(self, contract, hours, unit):
        return round(contract._get_units(hours, unit), UNIT_PRECISION)
