from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain


class OrderAmounts(NamedTuple):
    """What an order brings to a contract, without taxes, in the contract's currency."""

    expected: float = 0.0
    invoiced: float = 0.0
    to_invoice: float = 0.0

    def __add__(self, other):
        return OrderAmounts(*map(sum, zip(self, other, strict=True)))


class CrmContract(models.Model):
    """Sales orders on the account of a contract: shown and counted, billed by Odoo itself."""

    _inherit = 'crm.contract'

    def _get_billing_plan(self, until):
        """Mention what orders bill, as held back: it is never ours."""
        return [
            *super()._get_billing_plan(until),
            *(
                contract._prepare_order(order, amounts.to_invoice)
                for (contract, order), amounts in self._get_order_amounts().items()
                if amounts.to_invoice and order.date_order.date() <= until
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

    def _get_amounts(self):
        """Add the kind of the orders; whatever becomes of the contract, Odoo invoices them."""
        amounts = super()._get_amounts()
        for (contract, _order), own in self._origin._get_order_amounts().items():
            amounts[contract.id].update(
                {('order', figure): amount for figure, amount in own._asdict().items()}
            )
        for own in amounts.values():
            left = own['order', 'expected'] - own['order', 'invoiced']
            own['order', 'remaining'] = max(left, own['order', 'to_invoice'])
        return amounts

    def _get_order_amounts(self) -> dict[tuple, OrderAmounts]:
        """Return {(contract, confirmed order): its amounts}, constantly often for many contracts.

        Expected is what was ordered, at the rate of the order. Invoiced is what stands on its
        invoices, drafts included and credit notes deducted, at the rate of each invoice. To invoice
        is what the order's invoicing policy allows today, never less than nothing.
        """
        amounts = defaultdict(OrderAmounts)
        for contract, line, share in self._get_order_line_shares():
            amounts[contract, line.order_id] += contract._get_order_line_amounts(line, share)
        return {
            key: own._replace(to_invoice=max(own.to_invoice, 0.0)) for key, own in amounts.items()
        }

    def _get_order_line_amounts(self, line, share):
        """Return the amounts of the contract's share of an order line."""
        invoiced = line._get_invoice_lines().filtered(lambda own: own.parent_state != 'cancel')
        # What waits on drafts is still to invoice for the order, and no longer for us.
        drafted = sum(
            self._get_invoice_line_money(own, line.currency_id)
            for own in invoiced
            if own.parent_state == 'draft'
        )
        return OrderAmounts(
            self._get_order_money(line, line.price_subtotal * share),
            sum(self._get_invoice_line_money(own, self.currency_id) * share for own in invoiced),
            self._get_order_money(line, (line.untaxed_amount_to_invoice - drafted) * share),
        )

    def _get_order_money(self, line, amount):
        return line.currency_id._convert(
            amount, self.currency_id, self.company_id, line.order_id.date_order
        )

    def _get_invoice_line_money(self, line, currency):
        """Return what an invoice line charges, credit notes negative, at the invoice's own rate."""
        if line.currency_id == currency:
            return -line.amount_currency
        return line.company_currency_id._convert(
            -line.balance, currency, line.company_id, line.move_id.invoice_date or line.date
        )

    def _get_customer_orders(self, date_from=date.min, date_to=date.max):
        """Return {order: its amounts} of the contract's own customer, by their dates.

        Customers are told of these alone: the account may carry orders of others.
        """
        self.ensure_one()
        amounts = {
            order: own
            for (_contract, order), own in self._get_order_amounts().items()
            if order.partner_id.commercial_partner_id == self.commercial_partner_id
            and date_from <= order.date_order.date() <= date_to
        }
        return dict(sorted(amounts.items(), key=lambda item: item[0].date_order))

    def _get_order_line_shares(self):
        """Return [(contract, confirmed order line, its share in it from 0 to 1)]."""
        sharing = {
            str(account.id): contracts
            for account, contracts in self._get_contracts_by_account().items()
        }
        lines = self.env['sale.order.line'].search(self._get_order_line_domain())
        shares = []
        for line in lines:
            day = line.order_id.date_order.date()
            for accounts, percentage in line.analytic_distribution.items():
                shares += [
                    (sharing[account]._get_contract_on(day), line, percentage / 100)
                    for account in accounts.split(',')
                    if account in sharing
                ]
        own = set(self)
        return [share for share in shares if share[0] in own]

    def _get_order_line_domain(self):
        """Return the domain of the confirmed order lines on the contracts' accounts."""
        return (
            Domain('analytic_distribution', 'in', self.analytic_account_id.ids)
            & Domain('state', '=', 'sale')
            & Domain('display_type', '=', False)
        )
