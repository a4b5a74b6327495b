from odoo import api, fields, models
from odoo.fields import Domain


class CrmContract(models.Model):
    """How costs are billed: with the markup of their kind, less the refunds of vendors."""

    _name = 'crm.contract'
    _inherit = ['crm.contract.cost.markup.mixin', 'crm.contract']

    bill_costs = fields.Boolean(
        help="Bill the purchases, expenses and other costs on the contract's account."
    )

    @api.model
    def _get_item_billing_domain(self):
        return super()._get_item_billing_domain() | Domain('bill_costs', '=', True)

    def _get_billed_item_domain(self, column):
        accounts = self.filtered('bill_costs').analytic_account_id
        costs = Domain(column, 'in', accounts.ids) & Domain('project_id', '=', False)
        return super()._get_billed_item_domain(column) | costs

    def _bills_item(self, item):
        return (self.bill_costs and not item.project_id) or super()._bills_item(item)

    def _plan_items(self, open_items):
        return super()._plan_items(open_items) + [
            entry
            for contract, items in open_items.items()
            for entry in contract._plan_costs(items.filtered(lambda item: not item.project_id))
        ]

    def _plan_costs(self, items):
        """Return one entry for each product and kind of the costs, refunds deducted."""
        return [
            self._prepare_cost(product, kind, own)
            for kind, of_kind in items.grouped('crm_contract_kind').items()
            for product, own in self._net_refunds(kind, of_kind.grouped('product_id')).items()
        ]

    def _net_refunds(self, kind, groups):
        """Settle products that were refunded more than they cost with the dearest of their kind.

        :param groups: {product: costs of the kind}
        :return: the same, of which only the last one may still be less than nothing
        """
        amounts = {product: self._get_cost_amount(kind, own) for product, own in groups.items()}
        refunds_first = sorted(groups, key=lambda one: (amounts[one] > 0, -amounts[one]))
        netted, refunds = {}, self.env['account.analytic.line']
        for product in refunds_first:
            own = refunds + groups[product]
            refunds = own if self._get_cost_amount(kind, own) <= 0 else own.browse()
            if not refunds:
                netted[product] = own
        return {**netted, product: refunds} if refunds else netted

    def _get_cost_amount(self, kind, items):
        """Return what costs come to for the customer, with their markup."""
        cost = -sum(
            item.currency_id._convert(item.amount, self.currency_id, self.company_id, item.date)
            for item in items
        )
        return self.currency_id.round(cost * (1 + self._get_cost_markup(kind) / 100))

    def _prepare_cost(self, product, kind, items):
        amount = self._get_cost_amount(kind, items)
        env = self._for_customer().env
        name = product.with_env(env).display_name or env._('Costs')
        values = {'name': name, 'product_id': product.id, 'price_unit': amount, 'amount': amount}
        if amount <= 0:
            reason = self.env._('Refunds exceed the costs: they wait for further costs.')
            values.update(self._prepare_wait(reason))
        return self._prepare_items('cost', items, quantity=1.0, **values)
