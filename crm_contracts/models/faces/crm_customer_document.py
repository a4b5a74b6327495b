"""Orders and invoices are documents of a customer, as those of the CRM are."""

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_extended.models.shared.crm_customer_document_mixin import CustomerFigures

# Of another addon of Odoo's, which may not be installed
MARGIN = 'margin'


class SaleOrder(models.Model):
    _name = 'sale.order'
    _inherit = ['crm.customer.document.mixin', 'sale.order']

    @api.model
    def _get_crm_customer_figures(self):
        has_margin = MARGIN in self._fields and self._fields[MARGIN].store
        return CustomerFigures(
            domain=Domain('state', '=', 'sale'),
            date='date_order',
            counts=('order_count',),
            amounts={'ordered': 'amount_untaxed', **({'margin': MARGIN} if has_margin else {})},
            rate='currency_rate',
        )


class AccountMove(models.Model):
    _name = 'account.move'
    _inherit = ['crm.customer.document.mixin', 'account.move']

    @api.model
    def _get_crm_company_field(self):
        return 'commercial_partner_id'

    @api.model
    def _get_crm_customer_figures(self):
        return CustomerFigures(
            domain=Domain('move_type', 'in', ('out_invoice', 'out_refund'))
            & Domain('state', '=', 'posted'),
            date='invoice_date',
            amounts={'invoiced': 'amount_untaxed_signed'},
        )
