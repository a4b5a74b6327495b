from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .account_analytic_line import SOLD_BY


class CrmContractItemMixin(models.AbstractModel):
    """How analytic items on the account of a contract are billed: once each, by the ledger.

    Costs are billed here, hours by the mixins that follow.
    """

    _name = 'crm.contract.item.mixin'
    _description = 'Contract Costs'
    _inherit = ['crm.contract.billing.run.mixin', 'crm.contract.cost.markup.mixin']

    bill_costs = fields.Boolean(
        help="Bill the purchases, expenses and other costs on the contract's account."
    )

    def _get_billing_plan(self, until):
        return super()._get_billing_plan(until) + self._plan_items(self._get_open_items(until))

    def _create_billing_rows(self, plan):
        """Bind the items to the rows that bill them, and let go what billed them before."""
        rows = super()._create_billing_rows(plan)
        billing = {
            item_id: entry['billing_id'] for entry in plan for item_id in entry.get('item_ids', ())
        }
        items = self.env['account.analytic.line'].browse(billing)
        items.crm_contract_billing_id.analytic_line_ids.crm_contract_billing_id = False
        for billing_id, own in items.grouped(lambda item: billing[item.id]).items():
            own.crm_contract_billing_id = billing_id
        items._keep_from_sales()
        return rows

    # === ITEMS === #

    @api.model
    def _get_item_billing_domain(self):
        """Return the domain of the contracts that bill items; extend with ``|``."""
        return Domain('bill_costs', '=', True)

    @api.model
    def _get_something_due_domain(self):
        """Hours and costs come with the next invoice, at the latest when their month is over."""
        last_month = fields.Date.context_today(self).replace(day=1) - timedelta(days=1)
        billing = self.search(self._get_billable_domain() & self._get_item_billing_domain())
        items = self.env['account.analytic.line']
        accounts = self.env['account.analytic.account']
        for column, domain in billing._get_open_item_domains(last_month).items():
            accounts = accounts.concat(*(group for (group,) in items._read_group(domain, [column])))
        return super()._get_something_due_domain() | Domain(
            'analytic_account_id', 'in', accounts.ids
        )

    def _get_open_items(self, until):
        """Return {contract: analytic items to bill}: one query per analytic plan."""
        billing = self.filtered_domain(self._get_item_billing_domain())
        contracts = {contract.analytic_account_id: contract for contract in billing}
        open_items = {}
        for column, domain in billing._get_open_item_domains(until).items():
            items = self.env['account.analytic.line'].search(domain, order='date, id')
            for account, own in items.grouped(column).items():
                open_items[contracts[account]] = own
        return open_items

    def _get_open_item_domains(self, until):
        """Return {column of the plan: domain of the items to bill on the contracts' accounts}."""
        return {
            plan._column_name(): contracts._get_billed_item_domain(plan._column_name())
            & Domain('date', '<=', until)
            & self._get_open_item_domain()
            for plan, contracts in self.filtered('analytic_account_id')
            .grouped(lambda contract: contract.analytic_account_id.root_plan_id)
            .items()
        }

    def _get_billed_item_domain(self, column):
        """Return the domain of the kinds of items that each contract bills; extend with ``|``.

        :param column: field of the contracts' accounts on the items
        """
        accounts = self.filtered('bill_costs').analytic_account_id
        return Domain(column, 'in', accounts.ids) & Domain('project_id', '=', False)

    def _get_open_item_domain(self):
        """Return the domain of the analytic items that nobody billed yet; extend with ``&``."""
        released = Domain('crm_contract_billing_id.state', '=', 'released') & Domain(
            'crm_contract_billing_id.rebill', '=', False
        )
        return (
            self._get_billable_item_domain()
            & Domain('category', '!=', 'invoice')
            & Domain('crm_contract_kind', '!=', 'revenue')
            & (Domain('crm_contract_billing_id', '=', False) | released)
        )

    def _get_billable_item_domain(self):
        """Return the domain of the items that are the contract's to bill, billed or not."""
        fields_ = self.env['account.analytic.line']._fields
        unsold = Domain.AND(Domain(name, '=', False) for name in SOLD_BY if name in fields_)
        return unsold & Domain('crm_contract_non_billable', '=', False)

    def _get_invoice_key(self, entry):
        """Hours and costs have no day of their own that an invoice of the run could go by."""
        if entry['kind'] in ('time', 'cost'):
            entry = {**entry, 'date_due': False}
        return super()._get_invoice_key(entry)

    def _plan_items(self, open_items):
        """Return the entries for {contract: items}, constantly often; extend to bill others."""
        return [
            entry
            for contract, items in open_items.items()
            if contract.bill_costs
            for entry in contract._plan_costs(items.filtered(lambda item: not item.project_id))
        ]

    def _prepare_items(self, kind, items, **values):
        return {
            'contract_id': self.id,
            'line_id': False,
            'kind': kind,
            'period_start': False,
            'period_end': False,
            'date_due': max(items.mapped('date')),
            'product_id': False,
            'product_uom_id': False,
            'quantity': 0.0,
            'price_unit': 0.0,
            'discount': 0.0,
            'amount': 0.0,
            'currency_id': self.currency_id.id,
            'item_ids': items.ids,
            **values,
        }

    # === COSTS === #

    def _plan_costs(self, items):
        """Return one entry for each product and kind of the costs."""
        groups = items.grouped(lambda item: (item.product_id, item.crm_contract_kind))
        return [self._prepare_cost(*key, own) for key, own in groups.items()]

    def _prepare_cost(self, product, kind, items):
        cost = -sum(
            item.currency_id._convert(item.amount, self.currency_id, self.company_id, item.date)
            for item in items
        )
        amount = self.currency_id.round(cost * (1 + self._get_cost_markup(kind) / 100))
        told = self.with_context(lang=self.partner_id.lang)
        name = product.with_env(told.env).display_name or told.env._('Costs')
        values = {'name': name, 'product_id': product.id, 'price_unit': amount, 'amount': amount}
        if self.currency_id.compare_amounts(amount, 0.0) <= 0:
            reason = self.env._('Refunds exceed the costs: they wait for further costs.')
            values.update(held=reason, waits=True)
        return self._prepare_items('cost', items, quantity=1.0, **values)
