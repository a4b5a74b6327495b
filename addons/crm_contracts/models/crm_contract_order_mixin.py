from collections import Counter, defaultdict

from odoo import models
from odoo.fields import Domain


class CrmContractOrderMixin(models.AbstractModel):
    """Sales orders on the account of a contract: shown and counted, billed by Odoo itself."""

    _name = 'crm.contract.order.mixin'
    _description = 'Contract Orders'
    _inherit = ['crm.contract.billing.mixin']

    def _get_billing_plan(self, until):
        """Mention what orders bill, as held back: it is never ours."""
        return [
            *super()._get_billing_plan(until),
            *(
                contract._prepare_order(order, amount)
                for (contract, order), amount in self._get_orders_to_invoice(until).items()
            ),
        ]

    def _prepare_order(self, order, amount):
        reason = self.env._('Billed by the order %(order)s.', order=order.name)
        return {
            'contract_id': self.id,
            'line_id': False,
            'kind': 'order',
            'period_start': False,
            'period_end': False,
            'date_due': order.date_order.date(),
            'name': order.name,
            'product_id': False,
            'product_uom_id': False,
            'quantity': 1.0,
            'price_unit': amount,
            'discount': 0.0,
            'amount': amount,
            'currency_id': self.currency_id.id,
            'held': reason,
            'waits': True,
        }

    def _get_order_amounts(self):
        """Return {contract id: {figure: amount}} of the orders, in the contract's currency.

        Expected is what was ordered, remaining what of it is not invoiced yet.
        """
        amounts = defaultdict(Counter)
        for contract, line, share in self._get_order_line_shares():
            ordered, invoiced, to_invoice = (
                contract._get_order_money(line, amount * share)
                for amount in (
                    line.price_subtotal,
                    line.untaxed_amount_invoiced,
                    line.untaxed_amount_to_invoice,
                )
            )
            amounts[contract.id].update(
                expected=ordered,
                invoiced=invoiced,
                to_invoice=to_invoice,
                remaining=max(ordered - invoiced, to_invoice),
            )
        return amounts

    def _get_orders_to_invoice(self, until):
        """Return {(contract, order): amount} of confirmed orders up to a day."""
        amounts = Counter()
        for contract, line, share in self._get_order_line_shares():
            amount = contract._get_order_money(line, line.untaxed_amount_to_invoice * share)
            if amount and line.order_id.date_order.date() <= until:
                amounts[contract, line.order_id] += amount
        return amounts

    def _get_order_money(self, line, amount):
        return line.currency_id._convert(
            amount, self.currency_id, self.company_id, line.order_id.date_order
        )

    def _get_order_line_shares(self):
        """Return [(contract, confirmed order line, its share in it from 0 to 1)]."""
        contracts = {str(contract.analytic_account_id.id): contract for contract in self}
        lines = self.env['sale.order.line'].search(self._get_order_line_domain())
        shares = []
        for line in lines:
            for accounts, percentage in line.analytic_distribution.items():
                shares += [
                    (contracts[account], line, percentage / 100)
                    for account in accounts.split(',')
                    if account in contracts
                ]
        return shares

    def _get_order_line_domain(self):
        """Return the domain of the confirmed order lines on the contracts' accounts."""
        return (
            Domain('analytic_distribution', 'in', self.analytic_account_id.ids)
            & Domain('state', '=', 'sale')
            & Domain('display_type', '=', False)
        )
