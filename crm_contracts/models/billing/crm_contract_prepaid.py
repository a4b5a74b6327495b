from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..agreement.crm_contract_term import UNIT_PRECISION
from .crm_contract_hours import TimePrice

# What each term keeps as it was agreed for it.
TERM_FIELDS = ('prepaid_quantity', 'prepaid_uom_id', 'overage_price')


class PrepaidUsage(NamedTuple):
    """The prepaid units of one term: agreed, carried over from the term before, consumed."""

    granted: float = 0.0
    carried: float = 0.0
    consumed: float = 0.0

    @property
    def available(self) -> float:
        return self.granted + self.carried

    @property
    def left(self) -> float:
        return max(self.available - self.consumed, 0.0)

    @property
    def percentage(self) -> float:
        return 100 * self.consumed / self.available if self.available else 0.0

    def convert(self, unit, other) -> PrepaidUsage:
        """Return the same in another unit, if there are both."""
        if not (unit and other):
            return self
        return PrepaidUsage(*(unit._compute_quantity(own, other, round=False) for own in self))


class CrmContract(models.Model):
    """Units of time that are paid with the contract: each term has them anew.

    The hours booked on the contract's account consume them in the order of their dates; what is
    marked as not billed or sold by an order does not count. Covered hours stand in the ledger
    without an invoice line, the hours over the prepaid ones are charged.
    """

    _name = 'crm.contract'
    _inherit = ['crm.contract.threshold.mixin', 'crm.contract']

    prepaid_quantity = fields.Float(
        string='Prepaid Units',
        digits='Product Unit',
        tracking=True,
        help='Hours or days of each term that are paid with the contract. Zero: none.',
    )
    prepaid_uom_id = fields.Many2one(
        'uom.uom',
        string='Prepaid Unit',
        ondelete='restrict',
        # No env.ref: it asks the database for each record that is made.
        default=lambda self: self.env['ir.model.data']._xmlid_to_res_id('uom.product_uom_hour'),
        help='Hours or days.',
    )
    overage_price = fields.Float(
        min_display_digits='Product Price',
        tracking=True,
        help="Price of a unit over the prepaid ones, in the contract's currency, without taxes. "
        'Zero: the rates of the contract, where hours are billed.',
    )
    prepaid_rollover = fields.Boolean(
        string='Roll Over', help='Units that a term leaves unused are added to the next one.'
    )
    prepaid_available = fields.Float(
        string='Available Units',
        compute='_compute_prepaid',
        digits='Product Unit',
        help='Prepaid in the current term, what was carried over included.',
    )
    prepaid_consumed = fields.Float(
        string='Consumed Units',
        compute='_compute_prepaid',
        digits='Product Unit',
        help='Booked in the current term, in the prepaid unit.',
    )
    prepaid_remaining = fields.Float(
        string='Remaining Units', compute='_compute_prepaid', digits='Product Unit'
    )
    prepaid_percentage = fields.Float(
        string='Consumed (%)',
        compute='_compute_prepaid',
        help='Consumed units per available unit of the current term, in percent.',
    )

    # === COMPUTE === #

    @api.depends('prepaid_quantity', 'prepaid_uom_id', 'prepaid_rollover', 'analytic_account_id')
    def _compute_prepaid(self):
        """Who may read the contract may read what is consumed, the hours need their own rights."""
        contracts = self.sudo()
        usages = contracts._get_prepaid_usages()
        today = fields.Date.context_today(self)
        for contract, contract_sudo in zip(self, contracts, strict=True):
            term = contract_sudo._get_prepaid_term(today)
            usage = PrepaidUsage(contract.prepaid_quantity)
            if term.id in usages:
                usage = usages[term.id].convert(term.prepaid_uom_id, contract.prepaid_uom_id)
            contract.prepaid_available = usage.available
            contract.prepaid_consumed = usage.consumed
            contract.prepaid_remaining = usage.left
            contract.prepaid_percentage = usage.percentage

    # === CHECKS === #

    @api.constrains('prepaid_quantity', 'overage_price')
    def _check_prepaid_numbers(self):
        for contract in self:
            if contract.prepaid_quantity < 0 or contract.overage_price < 0:
                raise ValidationError(
                    self.env._(
                        'The prepaid units of "%(contract)s" and their price cannot be negative.',
                        contract=contract.display_name,
                    )
                )

    @api.constrains('prepaid_quantity', 'prepaid_uom_id')
    def _check_prepaid_unit(self):
        prepaid = self.filtered('prepaid_quantity')
        hour = prepaid and self.env.ref('uom.product_uom_hour')
        for contract in prepaid:
            unit = contract.prepaid_uom_id
            if not unit or not unit._has_common_reference(hour):
                raise ValidationError(
                    self.env._(
                        'The prepaid units of "%(contract)s" are hours or days: %(unit)s cannot be '
                        'converted to hours.',
                        contract=contract.display_name,
                        unit=unit.name or '-',
                    )
                )

    def write(self, vals):
        """Let the current term follow what is prepaid in it and what goes beyond."""
        result = super().write(vals)
        of_term = {name: vals[name] for name in TERM_FIELDS if name in vals}
        if of_term:
            for contract in self.sudo():
                contract.term_ids.sorted('date_start')[-1:].write(of_term)
        return result

    # === TERMS === #

    def _prepare_term(self, date_start, date_end):
        return {
            **super()._prepare_term(date_start, date_end),
            'prepaid_quantity': self.prepaid_quantity,
        }

    def _get_prepaid_term(self, day):
        """Return the term whose units an hour of a day consumes.

        Hours after the last term count in it, hours before the first one in the first.
        """
        self.ensure_one()
        terms = self.term_ids.sorted('date_start')
        return terms.filtered(lambda term: term.date_start <= day)[-1:] or terms[:1]

    # === USAGE === #

    def _get_prepaid_usages(self):
        """Return {term id: PrepaidUsage} of contracts with prepaid units, constantly often."""
        prepaid = self.filtered(lambda contract: any(contract.term_ids.mapped('prepaid_quantity')))
        consumed = prepaid._get_consumed_units()
        usages = {}
        for contract in prepaid:
            left, unit = 0.0, None
            for term in contract.term_ids.sorted('date_start'):
                carried = left and contract.prepaid_rollover and term._get_units(left, unit)
                usage = PrepaidUsage(term.prepaid_quantity, carried or 0.0, consumed[term.id])
                usages[term.id] = usage
                left, unit = usage.left, term.prepaid_uom_id
        return usages

    def _get_consumed_units(self):
        """Return {term id: units booked in it}: one grouped query per analytic plan."""
        sharing, own = self._get_contracts_by_account(), set(self)
        consumed = Counter()
        for plan, accounts in self.analytic_account_id.grouped('root_plan_id').items():
            column = plan._column_name()
            groups = self.env['account.analytic.line']._read_group(
                Domain(column, 'in', accounts.ids)
                & Domain('project_id', '!=', False)
                & self._get_billable_item_domain(),
                [column, 'date:day', 'product_uom_id'],
                ['unit_amount:sum'],
            )
            for account, day, unit, time in groups:
                contract = sharing[account]._get_contract_on(day)
                if contract in own:
                    term = contract._get_prepaid_term(day)
                    consumed[term.id] += term._get_units(time, unit) or 0.0
        return Counter({term: round(units, UNIT_PRECISION) for term, units in consumed.items()})

    # === BILLING === #

    @api.model
    def _get_item_billing_domain(self):
        settling = Domain('term_ids.prepaid_quantity', '>', 0)
        settling &= Domain('term_ids.overage_price', '>', 0)
        return super()._get_item_billing_domain() | settling

    def _settles_hours(self):
        terms = self.term_ids
        return super()._settles_hours() or bool(
            any(terms.mapped('prepaid_quantity')) and any(terms.mapped('overage_price'))
        )

    def _plan_hours(self, hours):
        """Settle the hours of each term by what was agreed for it."""
        left = self.browse().concat(*hours)._get_unsettled_units()
        settled = {
            contract: contract._get_prepaid_items(items, left) for contract, items in hours.items()
        }
        prices = self._get_pricelist_prices([contract for contract in hours if settled[contract]])
        others, plan = {}, []
        for contract, items in hours.items():
            for term, own in settled[contract].items():
                items -= own
                plan += contract._plan_prepaid(term, own, left, prices)
            if items:
                others[contract] = items
        return super()._plan_hours(others) + plan

    def _get_prepaid_items(self, items, left):
        """Return {term with prepaid units: the hours that they cover or that go beyond them}."""
        if left.keys().isdisjoint(self.term_ids.ids):
            return {}
        by_term = items.grouped(lambda item: self._get_prepaid_term(item.date))
        return {term: own for term, own in by_term.items() if term.id in left}

    def _get_unsettled_units(self):
        """Return {term id: units that the ledger did not use yet} of terms with prepaid units."""
        usages = {
            term_id: usage
            for term_id, usage in self._get_prepaid_usages().items()
            if usage.available
        }
        ledger = self.env['crm.contract.billing']
        groups = ledger._read_group(
            Domain('term_id', 'in', list(usages)) & ledger._get_settled_domain(),
            ['term_id'],
            ['covered_quantity:sum'],
        )
        settled = {term.id: units for term, units in groups}
        return {
            term_id: round(usage.available - settled.get(term_id, 0.0), UNIT_PRECISION)
            for term_id, usage in usages.items()
        }

    def _get_overage_pricing(self, term, pricelist_prices):
        """Return the function that says what an hour over the prepaid ones of a term costs."""
        if not term.overage_price:
            return self._get_pricing(pricelist_prices)
        price = TimePrice(self.time_product_id, term.prepaid_uom_id, term.overage_price, 100.0)
        return lambda item: price

    def _plan_prepaid(self, term, items, left, pricelist_prices):
        """Return the entries of a term's hours: those that prepaid units cover, and the rest.

        Nothing is settled where what goes beyond the prepaid units is not billed either.

        :param left: {term id: units not used yet}, which is counted down
        """
        if not term.overage_price and not self.bill_time:
            return []
        plan = []
        units = {item: term._get_units(item.unit_amount, item.product_uom_id) for item in items}
        covered = self._cover(units, left, term)
        whole = items.filtered(lambda item: covered[item] == units[item])
        if whole:
            quantity = sum(covered[item] for item in whole)
            plan.append(self._prepare_covered(term, whole, quantity))
        price_of = self._get_overage_pricing(term, pricelist_prices)
        return plan + self._plan_overage(term, items - whole, covered, price_of)

    def _cover(self, units, left, term):
        """Return {item: units that are prepaid}, in the order of the items.

        Corrections come first: what they take away is not over the prepaid units.
        """
        covered = {}
        for item, wanted in sorted(units.items(), key=lambda entry: (entry[1] or 0.0) >= 0):
            covered[item] = min(wanted or 0.0, max(left[term.id], 0.0))
            left[term.id] = round(left[term.id] - covered[item], UNIT_PRECISION)
        return covered

    def _prepare_covered(self, term, items, quantity):
        return self._prepare_items(
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
        plan = self._plan_time(items, price_of, settled)
        by_id = {item.id: units for item, units in covered.items()}
        for entry in plan:
            entry['term_id'] = term.id
            entry['covered_quantity'] = sum(by_id[item_id] for item_id in entry['item_ids'])
        return plan
