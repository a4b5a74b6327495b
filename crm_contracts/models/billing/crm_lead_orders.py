from odoo import models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """An opportunity whose order says what its contract charges."""

    _inherit = 'crm.lead'

    def _prepare_crm_contract(self):
        values = super()._prepare_crm_contract()
        orders = self._get_crm_contract_orders()
        if not orders:
            return values
        return {**values, **orders._prepare_crm_contract(), 'name': self.name}

    def _create_crm_contracts(self):
        orders = {lead: lead._get_crm_contract_orders() for lead in self}
        made = super()._create_crm_contracts()
        for lead, contract in made.items():
            if orders[lead]:
                orders[lead]._hand_over_to_crm_contract(contract)
        return made

    def _get_crm_contract_orders(self):
        """Return what was agreed: the confirmed orders that are for a contract, else the quotation.

        :raises UserError: if nobody knows which quotation was agreed, or the orders cannot become
            one contract
        """
        self.ensure_one()
        # As far as the user may read them; of many opportunities they are read at once.
        orders = self.order_ids.filtered('crm_is_contract')
        agreed = orders.filtered(lambda order: order.state == 'sale') or orders
        if agreed[:1].state != 'sale' and len(agreed) > 1:
            raise UserError(
                self.env._(
                    'The opportunity "%(lead)s" has several quotations: %(orders)s. Confirm the '
                    'one that was agreed.',
                    lead=self.name,
                    orders=agreed.mapped('name'),
                )
            )
        for order in agreed:
            order._check_crm_contract_possible()
        self._check_same_contract(agreed)
        return agreed

    def _check_same_contract(self, orders):
        names = ('partner_id', 'company_id', 'currency_id')
        if any(len(orders[name]) > 1 for name in names):
            raise UserError(
                self.env._(
                    'The orders %(orders)s have other customers, companies or currencies: make a '
                    'contract of each.',
                    orders=orders.mapped('name'),
                )
            )
