from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain

from ...core.plan import Entry

# What nothing is held back of.
UNRETAINED = ('advance', 'retention')


class CrmContract(models.Model):
    """A part of each invoice that the customer holds back until the contract has ended well."""

    _inherit = 'crm.contract'

    retention_date = fields.Date(
        string='Retention Released On',
        tracking=True,
        copy=False,
        help='Day from which what was held back is invoiced; empty: when the contract is closed.',
    )
    retention_held = fields.Monetary(
        string='Held Back',
        compute='_compute_retention_held',
        help='Held back on invoices and not released yet, without taxes.',
    )

    @api.depends('billing_ids.state', 'billing_ids.amount')
    def _compute_retention_held(self):
        held = self._origin.sudo()._get_retentions()
        for contract in self:
            contract.retention_held = sum(held[contract._origin].values())

    def _get_retentions(self):
        """Return {contract: {product: what is held back of it}}, in one query."""
        groups = self.env['crm.contract.billing']._read_group(
            Domain('contract_id', 'in', self.ids)
            & Domain('kind', '=', 'retention')
            & Domain('state', '=', 'invoiced'),
            ['contract_id', 'product_id'],
            ['amount:sum'],
        )
        held = defaultdict(dict)
        for contract, product, amount in groups:
            held[contract][product] = -amount
        return held

    def _is_retention_due(self, until):
        """Say whether what was held back is to be invoiced up to a day."""
        if self.retention_date:
            return self.retention_date <= until
        return self.state == 'closed'


class CrmContractBiller(models.AbstractModel):
    """Retention: a line below zero on each invoice, and a charge of all of it at the end."""

    _inherit = 'crm.contract.biller'

    def _get_sources(self):
        return [*super()._get_sources(), self._plan_retentions]

    def _plan_retentions(self, contracts, until):
        """Bill what was held back, when it is released."""
        due = contracts.filtered(lambda contract: contract._is_retention_due(until))
        due = due.filtered(lambda contract: contract.retention_rate or contract.retention_date)
        if not due:
            return []
        return [
            self._make_retention(
                contract,
                product.id,
                amount,
                name=self._for_customer(contract).env._('Retention released'),
                date_due=contract.retention_date or contract.date_closed or until,
            )
            for contract, held in due._get_retentions().items()
            for product, amount in held.items()
            if not contract.currency_id.is_zero(amount)
        ]

    def _get_deducted(self, contracts, plan):
        """Hold back the part of each invoice that the contracts say, by product as taxes go."""
        plan = super()._get_deducted(contracts, plan)
        retaining = contracts.filtered('retention_rate')
        if not retaining:
            return plan
        own = [entry for entry in plan.charged.invoiced.entries if entry.kind not in UNRETAINED]
        groups = replace(plan, entries=tuple(own)).group(self._get_deduction_key(contracts))
        entries = [
            entry
            for group in groups.values()
            for entry in self._hold_back(retaining & retaining.browse(group.contract_ids), group)
        ]
        return replace(plan, entries=(*plan.entries, *entries))

    def _hold_back(self, contract, invoice):
        """Return what is held back of what one contract is charged on an invoice."""
        if not contract:
            return []
        rate = contract.retention_rate
        by_taxes = invoice.group(lambda entry: (entry.product_id, entry.tax_ids))
        amounts = {
            key: -contract.currency_id.round(own.total * rate / 100)
            for key, own in by_taxes.items()
        }
        name = self._for_customer(contract).env._('Retention of %(rate)g %%', rate=rate)
        return [
            self._make_retention(
                contract,
                product_id,
                amount,
                name=name,
                tax_ids=tax_ids,
                **self._get_beside(invoice),
            )
            for (product_id, tax_ids), amount in amounts.items()
            if amount
        ]

    def _make_retention(self, contract, product_id, amount, **values):
        return Entry(
            contract_id=contract.id,
            kind='retention',
            currency_id=contract.currency_id.id,
            product_id=product_id,
            quantity=1.0,
            price_unit=amount,
            amount=amount,
            **values,
        )
