from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# The numbers of the branches: one query has both kinds, so that orders are gone through once.
QUOTATION, ORDER = 19, 20
PAYMENT_STATES = ('in_process', 'paid')


class CrmInteraction(models.Model):
    """What a customer was offered, ordered, was invoiced and paid, as a source of interactions."""

    _inherit = 'crm.interaction'
    _depends = {'sale.order': ['create_date', 'date_order', 'state']}

    kind = fields.Selection(
        selection_add=[
            ('quotation', 'Quotation'),
            ('order', 'Order'),
            ('invoice', 'Invoice'),
            ('payment', 'Payment'),
        ]
    )
    event = fields.Selection(
        selection_add=[('cancelled', 'Cancelled'), ('credited', 'Credit Note')],
    )

    @api.model
    def _get_appearances(self):
        return super()._get_appearances() | {
            'quotation': ('fa-file-o', 7),
            'order': ('fa-shopping-cart', 7),
            'invoice': ('fa-money', 11),
            'payment': ('fa-check-circle-o', 11),
        }

    @api.model
    def _get_interaction_queries(self):
        return super()._get_interaction_queries() | {
            QUOTATION: self._get_order_query(),
            21: self._get_invoice_query(),
            22: self._get_payment_query(),
        }

    @api.model
    def _get_message_documents(self):
        return super()._get_message_documents() | {
            'sale.order': {},
            'account.move': {'user_id': 'invoice_user_id'},
        }

    @api.model
    def _get_order_query(self):
        """What was offered or ordered; a quotation that was sent says so, as does the refused."""
        if not self._is_wanted(QUOTATION, ORDER):
            return None
        is_order = SQL("sale_order.state = 'sale'")
        return self._get_interaction_query(
            SQL('CASE WHEN %s THEN %s ELSE %s END', is_order, ORDER, QUOTATION),
            'sale.order',
            kind=SQL("CASE WHEN %s THEN 'order' ELSE 'quotation' END", is_order),
            event=SQL(
                """CASE sale_order.state WHEN 'sent' THEN 'sent'
                                         WHEN 'cancel' THEN 'cancelled' END"""
            ),
            date=SQL(
                'CASE WHEN %s THEN sale_order.date_order ELSE sale_order.create_date END', is_order
            ),
        )

    @api.model
    def _get_invoice_query(self):
        credited = SQL("CASE WHEN account_move.move_type = 'out_refund' THEN 'credited' END")
        return self._get_interaction_query(
            21,
            'account.move',
            Domain('move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt'))
            & Domain('state', '=', 'posted'),
            kind=SQL("'invoice'"),
            event=credited,
            date=self._get_noon(SQL('account_move.invoice_date')),
            is_all_day=SQL('TRUE'),
            user_id='invoice_user_id',
        )

    @api.model
    def _get_payment_query(self):
        return self._get_interaction_query(
            22,
            'account.payment',
            Domain('payment_type', '=', 'inbound')
            & Domain('partner_type', '=', 'customer')
            & Domain('state', 'in', PAYMENT_STATES),
            kind=SQL("'payment'"),
            name=SQL("COALESCE(NULLIF(account_payment.memo, ''), account_payment.name)"),
            date=self._get_noon(SQL('account_payment.date')),
            is_all_day=SQL('TRUE'),
        )
