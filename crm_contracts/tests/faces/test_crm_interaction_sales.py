from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..billing_common import BillingCase


@freeze_time('2026-06-15 09:00:00')
@tagged('post_install', '-at_install')
class TestCrmInteractionSales(BillingCase):
    """What a customer was offered, ordered, was invoiced and paid stands in its timeline."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper = cls.create_user(
            'bookkeeper', 'account.group_account_invoice,sales_team.group_sale_salesman_all_leads'
        )
        cls.order = cls.env['sale.order'].create(
            {
                'partner_id': cls.partner_a.id,
                'user_id': cls.salesman.id,
                'date_order': '2026-06-12 10:00:00',
                'order_line': [Command.create({'product_id': cls.support.id})],
            }
        )

    def _rows(self, user, *kinds):
        self.env.invalidate_all()
        rows = self.env['crm.interaction'].with_user(user)
        domain = [('partner_id', '=', self.partner_a.id)]
        return rows.search([*domain, ('kind', 'in', kinds)], order='date, id')

    def _new_invoice(self, move_type='out_invoice'):
        return self.env['account.move'].create(
            {
                'move_type': move_type,
                'partner_id': self.partner_a.id,
                'invoice_date': '2026-06-10',
                'invoice_user_id': self.salesman.id,
                'invoice_line_ids': [Command.create({'product_id': self.support.id})],
            }
        )

    def test_quotation_becomes_an_order(self):
        def told():
            rows = self._rows(self.salesman, 'quotation', 'order')
            return rows.mapped(lambda row: (row.kind, row.event, row.res_id))

        self.assertEqual(told(), [('quotation', False, self.order.id)])
        self.order.action_quotation_sent()
        self.assertEqual(told(), [('quotation', 'sent', self.order.id)])
        self.order.action_confirm()
        self.assertEqual(told(), [('order', False, self.order.id)])
        self.order.date_order = '2026-06-12 10:00:00'
        row = self._rows(self.salesman, 'order')
        self.assertEqual((row.date, row.user_id), (datetime(2026, 6, 12, 10), self.salesman))
        self.assertEqual(row.action_open()['res_id'], self.order.id)
        self.order._action_cancel()
        self.assertEqual(told(), [('quotation', 'cancelled', self.order.id)])

    def test_invoices_and_credit_notes_are_told_once_they_are_posted(self):
        invoice, credit = self._new_invoice(), self._new_invoice('out_refund')
        supplied = self._new_invoice('in_invoice')
        self.assertFalse(self._rows(self.bookkeeper, 'invoice'))
        (invoice | credit | supplied).action_post()
        rows = self._rows(self.bookkeeper, 'invoice')
        self.assertEqual(
            {(row.name, row.event, row.date.date(), row.is_all_day) for row in rows},
            {
                (invoice.name, False, date(2026, 6, 10), True),
                (credit.name, 'credited', date(2026, 6, 10), True),
            },
        )

    def test_payments_are_told_to_who_may_read_them(self):
        invoice = self._new_invoice()
        invoice.action_post()
        register = self.env['account.payment.register'].with_context(
            active_model='account.move', active_ids=invoice.ids
        )
        register.create({'payment_date': '2026-06-14'}).action_create_payments()
        row = self._rows(self.bookkeeper, 'payment')
        self.assertEqual((row.date.date(), row.name), (date(2026, 6, 14), invoice.name))
        self.assertEqual(row.action_open()['res_model'], 'account.payment')
        self.assertFalse(self._rows(self.salesman, 'payment'))

    def test_documents_of_sales_are_told_under_their_own_rights(self):
        self._new_invoice().action_post()
        kinds = ('quotation', 'invoice')
        self.assertEqual(self._rows(self.salesman, *kinds).mapped('kind'), ['invoice', 'quotation'])
        self.assertFalse(self._rows(self.colleague, *kinds))
        self.assertEqual(len(self._rows(self.administrator, *kinds)), 2)

    def test_mail_with_the_invoice_is_told(self):
        invoice = self._new_invoice()
        invoice.action_post()
        invoice.message_post(
            body='Your invoice',
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
            partner_ids=self.partner_a.ids,
        )
        rows = self._rows(self.salesman, 'mail')
        self.assertEqual(rows.mapped('name'), [invoice.name])
        self.assertEqual(rows.action_open()['res_id'], invoice.id)
