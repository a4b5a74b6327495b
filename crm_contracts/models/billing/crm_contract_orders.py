from datetime import date

from odoo import models


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
