from collections import defaultdict
from datetime import date

from odoo import models
from odoo.fields import Domain

from ...core.figures import NOTHING, Amounts
from ...core.plan import Entry


class CrmContract(models.Model):
    """Sales orders on the account of a contract, as its customer is told of them."""

    _inherit = 'crm.contract'

    def _get_customer_orders(self, date_from=date.min, date_to=date.max):
        """Return {order: its amounts} of the contract's own customer, by their dates.

        Customers are told of these alone: the account may carry orders of others.
        """
        self.ensure_one()
        orders = self.env['crm.contract.biller']._get_order_amounts(self)
        amounts = {
            order: own
            for (_contract, order), own in orders.items()
            if order.partner_id.commercial_partner_id == self.commercial_partner_id
            and date_from <= order.date_order.date() <= date_to
        }
        return dict(sorted(amounts.items(), key=lambda item: item[0].date_order))


class CrmContractBiller(models.AbstractModel):
    """Sales orders on the accounts of contracts: shown and counted, billed by Odoo itself."""

    _inherit = 'crm.contract.biller'

    def _plan_orders(self, contracts, until):
        """Mention what orders bill, as held back: it is never ours."""
        return [
            self._make_order_entry(contract, order, amounts.to_invoice)
            for (contract, order), amounts in self._get_order_amounts(contracts).items()
            if amounts.to_invoice and order.date_order.date() <= until
        ]

    def _make_order_entry(self, contract, order, amount):
        return Entry(
            contract_id=contract.id,
            kind='order',
            date_due=order.date_order.date(),
            name=order.name,
            quantity=1.0,
            price_unit=amount,
            amount=amount,
            currency_id=contract.currency_id.id,
            held=self.env._('Billed by the order %(order)s.', order=order.name),
            waits=True,
        )

    # === AMOUNTS === #

    def _get_order_amounts(self, contracts):
        """Return {(contract, confirmed order): its Amounts}, constantly often for many.

        Expected is what was ordered, at the rate of the order. Invoiced is what stands on its
        invoices, drafts included and credit notes deducted, at the rate of each invoice. To invoice
        is what the order's invoicing policy allows today.
        """
        amounts = defaultdict(lambda: NOTHING)
        for contract, line, share in self._get_order_line_shares(contracts):
            own = self._get_order_line_amounts(contract, line, share)
            amounts[contract, line.order_id] = amounts[contract, line.order_id].plus(own)
        return {key: own.without_debts() for key, own in amounts.items()}

    def _get_order_line_shares(self, contracts):
        """Return [(contract, confirmed order line, its share in it from 0 to 1)]."""
        sharing = {
            str(account.id): own for account, own in contracts._get_contracts_by_account().items()
        }
        lines = self.env['sale.order.line'].search(self._get_order_line_domain(contracts))
        shares = []
        for line in lines:
            day = line.order_id.date_order.date()
            for accounts, percentage in line.analytic_distribution.items():
                shares += [
                    (sharing[account]._get_contract_on(day), line, percentage / 100)
                    for account in accounts.split(',')
                    if account in sharing
                ]
        own = set(contracts)
        return [share for share in shares if share[0] in own]

    def _get_order_line_domain(self, contracts):
        """Return the domain of the confirmed order lines on the accounts of contracts.

        What a contract took over is its own: it is billed as a line of it, and counted there.
        """
        return (
            Domain('analytic_distribution', 'in', contracts.analytic_account_id.ids)
            & Domain('state', '=', 'sale')
            & Domain('display_type', '=', False)
            & Domain('crm_contract_id', '=', False)
        )

    def _get_order_line_amounts(self, contract, line, share):
        """Return the amounts of a contract's share of an order line."""
        invoiced = line._get_invoice_lines().filtered(lambda own: own.parent_state != 'cancel')
        # What waits on drafts is still to invoice for the order, and no longer for us.
        drafted = sum(
            self._get_invoice_line_money(own, line.currency_id)
            for own in invoiced
            if own.parent_state == 'draft'
        )
        to_invoice = line.untaxed_amount_to_invoice - drafted
        charged = {
            own: self._get_invoice_line_money(own, contract.currency_id) * share for own in invoiced
        }
        return Amounts(
            self._get_order_money(contract, line, line.price_subtotal * share),
            sum(charged.values()),
            self._get_order_money(contract, line, to_invoice * share),
            sum(own for one, own in charged.items() if one.parent_state == 'draft'),
        )

    def _get_order_money(self, contract, line, amount):
        return line.currency_id._convert(
            amount, contract.currency_id, contract.company_id, line.order_id.date_order
        )

    def _get_invoice_line_money(self, line, currency):
        """Return what an invoice line charges, credit notes negative, at the invoice's own rate."""
        if line.currency_id == currency:
            return -line.amount_currency
        return line.company_currency_id._convert(
            -line.balance, currency, line.company_id, line.move_id.invoice_date or line.date
        )
