from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .crm_contract_billing_mixin import BILLABLE_STATES

# Fields by which Odoo's own sales bill an analytic item. What they bill is not ours.
SOLD_BY = ('so_line', 'timesheet_invoice_id')


class CrmContractItemMixin(models.AbstractModel):
    """How hours and costs on the account of a contract are billed: once each, by the ledger."""

    _name = 'crm.contract.item.mixin'
    _description = 'Contract Time and Costs'
    _inherit = ['crm.contract.billing.run.mixin']

    bill_time = fields.Boolean(
        help="Bill the hours on the contract's account at the rates of the contract."
    )
    time_ratio = fields.Float(
        string='Billed Ratio (%)',
        default=100.0,
        help='Percent of the price of hours that is charged, 0 to 100; the rest is a discount.',
    )
    bill_costs = fields.Boolean(
        help="Bill the purchases, expenses and other costs on the contract's account."
    )
    cost_markup = fields.Float(string='Markup (%)', help='Percent added to the costs.')

    def _get_billing_plan(self, until):
        plan = super()._get_billing_plan(until)
        open_items = self._get_open_items(until)
        for contract in self:
            items = open_items.get(contract.id, self.env['account.analytic.line'])
            time = items.filtered('project_id')
            if contract.bill_time:
                plan += contract._plan_time(time)
            if contract.bill_costs:
                plan += contract._plan_costs(items - time)
        return plan

    def _create_billing_rows(self, plan):
        """Bind the items to the rows that bill them, and let go what billed them before."""
        rows = super()._create_billing_rows(plan)
        for entry in plan:
            if 'item_ids' in entry:
                items = self.env['account.analytic.line'].browse(entry['item_ids'])
                items.crm_contract_billing_id.analytic_line_ids.crm_contract_billing_id = False
                items.crm_contract_billing_id = entry['billing_id']
        return rows

    # === ITEMS === #

    @api.model
    def _get_something_due_domain(self):
        """Hours and costs come with the next invoice, at the latest when their month is over."""
        last_month = fields.Date.context_today(self).replace(day=1) - timedelta(days=1)
        billing = self.search(
            Domain('state', 'in', BILLABLE_STATES)
            & (Domain('bill_time', '=', True) | Domain('bill_costs', '=', True))
        )
        items = self.env['account.analytic.line']
        accounts = self.env['account.analytic.account']
        for column, domain in billing._get_open_item_domains(last_month).items():
            accounts = accounts.concat(*(group for (group,) in items._read_group(domain, [column])))
        return super()._get_something_due_domain() | Domain(
            'analytic_account_id', 'in', accounts.ids
        )

    def _get_open_items(self, until):
        """Return {contract id: analytic items to bill}: one query per analytic plan."""
        billing = self.filtered(lambda contract: contract.bill_time or contract.bill_costs)
        contracts = {contract.analytic_account_id: contract.id for contract in billing}
        open_items = {}
        for column, domain in billing._get_open_item_domains(until).items():
            items = self.env['account.analytic.line'].search(domain, order='date, id')
            for account, own in items.grouped(column).items():
                open_items[contracts[account]] = own
        return open_items

    def _get_open_item_domains(self, until):
        """Return {column of the plan: domain of the items to bill on the contracts' accounts}."""
        return {
            plan._column_name(): Domain(plan._column_name(), 'in', accounts.ids)
            & Domain('date', '<=', until)
            & self._get_open_item_domain()
            for plan, accounts in self.analytic_account_id.grouped('root_plan_id').items()
        }

    def _get_open_item_domain(self):
        """Return the domain of the analytic items that nobody billed yet; extend with ``&``."""
        items = self.env['account.analytic.line']
        unsold = Domain.AND(Domain(name, '=', False) for name in SOLD_BY if name in items._fields)
        released = Domain('crm_contract_billing_id.state', '=', 'released') & Domain(
            'crm_contract_billing_id.rebill', '=', False
        )
        return (
            unsold
            & Domain('category', '!=', 'invoice')
            & Domain('crm_contract_non_billable', '=', False)
            & (Domain('crm_contract_billing_id', '=', False) | released)
        )

    # === TIME === #

    def _plan_time(self, items):
        """Return one entry for each employee, rate and unit of the hours."""
        groups = items.grouped(
            lambda item: (
                item.employee_id,
                self.rate_ids._get_most_specific(item.employee_id),
                item.product_uom_id,
            )
        )
        return [self._prepare_time(*key, own) for key, own in groups.items()]

    def _prepare_time(self, employee, rate, unit, items):
        if not rate:
            reason = self.env._('There is no rate for %(employee)s.', employee=employee.name)
            return self._prepare_items('time', items, name=employee.name, held=reason)
        if not unit._has_common_reference(rate.product_uom_id):
            reason = self.env._(
                '%(unit)s cannot be converted to %(other)s.',
                unit=unit.name,
                other=rate.product_uom_id.name,
            )
            return self._prepare_items('time', items, name=employee.name, held=reason)
        quantity, price, billed_unit = self._get_time_price(
            sum(items.mapped('unit_amount')), unit, rate
        )
        product = rate.product_id.with_context(lang=self.partner_id.lang)
        return self._prepare_items(
            'time',
            items,
            name=f'{product.display_name} - {employee.name}',
            product_id=product.id,
            product_uom_id=billed_unit.id,
            quantity=quantity,
            price_unit=price,
            discount=100 - self.time_ratio,
            amount=self.currency_id.round(quantity * price * self.time_ratio / 100),
        )

    def _get_time_price(self, time, unit, rate):
        """Return quantity, price and unit of booked time.

        In the unit of the rate where that is exact, else in the unit in which it was booked: an
        invoice line knows two decimals.
        """
        factor = unit._compute_quantity(1.0, rate.product_uom_id, round=False)
        converted = time * factor
        if abs(converted - round(converted, 2)) < 1e-9:
            return round(converted, 2), rate.price_unit, rate.product_uom_id
        return time, rate.price_unit * factor, unit

    # === COSTS === #

    def _plan_costs(self, items):
        """Return one entry for each product of the costs."""
        return [
            self._prepare_cost(product, own) for product, own in items.grouped('product_id').items()
        ]

    def _prepare_cost(self, product, items):
        cost = -sum(
            item.currency_id._convert(item.amount, self.currency_id, self.company_id, item.date)
            for item in items
        )
        amount = self.currency_id.round(cost * (1 + self.cost_markup / 100))
        name = product.with_context(lang=self.partner_id.lang).display_name or self.env._('Costs')
        values = {'name': name, 'product_id': product.id, 'price_unit': amount, 'amount': amount}
        if self.currency_id.compare_amounts(amount, 0.0) <= 0:
            values['held'] = self.env._('Refunds exceed the costs: they wait for further costs.')
        return self._prepare_items('cost', items, quantity=1.0, **values)

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
