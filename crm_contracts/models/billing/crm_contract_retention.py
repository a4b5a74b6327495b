from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_extended.tools.numbers import format_number

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
        rows = self.env['crm.contract.billing'].sudo()
        held = dict(
            rows._read_group(self._origin._get_retention_domain(), ['contract_id'], ['amount:sum'])
        )
        for contract in self:
            contract.retention_held = -held.get(contract._origin, 0.0)

    @api.depends('retention_date', 'billing_ids.amount')
    def _compute_next_billing_date(self):
        return super()._compute_next_billing_date()

    def _get_next_billing_days(self):
        days = super()._get_next_billing_days()
        day = self.retention_date or (self.state == 'closed' and self.date_closed)
        rows = self.billing_ids.filtered(
            lambda row: row.kind == 'retention' and row.state == 'invoiced'
        )
        is_held = not self.currency_id.is_zero(sum(rows.mapped('amount')))
        return [*days, day] if day and is_held else days

    def _get_retention_domain(self):
        """Return the domain of the rows that hold something back, or release it."""
        return (
            Domain('contract_id', 'in', self.ids)
            & Domain('kind', '=', 'retention')
            & Domain('state', '=', 'invoiced')
        )

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
        if not due:
            return []
        return [
            self._make_retention(
                contract,
                key,
                amount,
                name=self._for_customer(contract).env._('Retention released'),
                date_due=contract.retention_date or contract.date_closed or until,
            )
            for contract, held in self._get_retentions(due).items()
            for key, amount in held.items()
            if not contract.currency_id.is_zero(amount)
        ]

    def _get_retentions(self, contracts):
        """Return {contract: {(product, taxes): what is held back of it}}."""
        held = defaultdict(lambda: defaultdict(float))
        rows = self.env['crm.contract.billing']
        rows = rows.search(contracts._get_retention_domain(), order='id')
        rows._fetch_charging_lines()
        for row in rows:
            taxes = row._get_charging_lines().tax_ids
            held[row.contract_id][row.product_id.id, tuple(taxes.ids)] -= row.amount
        return held

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
        alike = invoice.group(lambda entry: (entry.product_id, entry.tax_ids))
        amounts = {
            key: -contract.currency_id.round(own.total * rate / 100) for key, own in alike.items()
        }
        env = self._for_customer(contract).env
        name = env._('Retention of %(rate)s %%', rate=format_number(env, rate))
        return [
            self._make_retention(contract, key, amount, name=name, **self._get_beside(invoice))
            for key, amount in amounts.items()
            if amount
        ]

    def _make_retention(self, contract, key, amount, **values):
        product_id, tax_ids = key
        return Entry(
            contract_id=contract.id,
            kind='retention',
            currency_id=contract.currency_id.id,
            product_id=product_id,
            tax_ids=tax_ids,
            quantity=1.0,
            price_unit=amount,
            amount=amount,
            **values,
        )
