from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_extended.tests.scale import ScaleMixin

from ..billing_common import BillingCase

CUSTOMERS = 4_000
DOCUMENTS = 8_000  # of each of the sources
GROWN = {
    'account_move',
    'account_payment',
    'crm_contract',
    'crm_contract_term',
    'mail_activity',
    'mail_message',
    'mail_notification',
    'sale_order',
    'service_claim',
    'service_ticket',
}


@freeze_time('2026-06-15 09:00:00')
@tagged('post_install', '-at_install')
class TestCrmInteractionScale(ScaleMixin, BillingCase):
    """Cases, contracts, sales and money of one customer among many are found through indexes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref('crm_claims.crm_claims_group_manager')
        cls.director = cls.create_user(
            'director',
            'sales_team.group_sale_manager,crm_claims.crm_claims_group_manager,'
            'account.group_account_invoice',
        )
        partner = cls.env['res.partner'].create({'name': 'One of many'})
        first = cls._clone(partner, CUSTOMERS)
        cls.env.cr.execute(
            SQL('UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s', first)
        )
        cls.customer = partner.browse(first + CUSTOMERS // 2)
        customer = SQL('%s + n %% %s', first, CUSTOMERS)
        cls._fill(partner, customer)
        cls.env.invalidate_all()
        for table in ('res_partner', *GROWN):
            cls.env.cr.execute(SQL('ANALYZE %s', SQL.identifier(table)))

    @classmethod
    def _fill(cls, partner, customer):
        name, company = SQL("'TEST/' || n"), {'commercial_partner_id': customer}
        paid = {'partner_id': customer, 'state': SQL("'paid'")}
        cls._clone(cls._new_payment(partner), DOCUMENTS, **paid)
        contract = cls.create_contract(partner_id=partner.id)
        for document, values in (
            (cls._new_order(partner), {}),
            (cls._new_order(partner, sold=True), {}),
            (cls._new_invoice(partner), {'name': name, **company}),
            (cls._new_case('service.ticket', partner), {'number': name, **company}),
            (cls._new_case('service.claim', partner), {'number': name, **company}),
            (contract, {'code': name, **company}),
        ):
            first = cls._clone(document, DOCUMENTS, partner_id=customer, **values)
            cls._write_on(document, first, partner, customer)
        cls._clone(contract.term_ids, DOCUMENTS, contract_id=SQL('%s + n', first))

    @classmethod
    def _write_on(cls, document, first, partner, customer):
        """Clone an activity and a mail to the customer on each of the clones of a document."""
        on_each = SQL('%s + n', first)
        activity = document.activity_schedule('mail.mail_activity_data_todo')
        cls._clone(activity, DOCUMENTS, res_id=on_each)
        message = document.message_post(
            body='Many',
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
            partner_ids=partner.ids,
        )
        first_message = cls._clone(message, DOCUMENTS, res_id=on_each)
        cls._clone(
            message.notification_ids.filtered(lambda told: told.res_partner_id == partner),
            DOCUMENTS,
            mail_message_id=SQL('%s + n', first_message),
            res_partner_id=customer,
        )

    @classmethod
    def _new_order(cls, partner, sold=False):
        order = cls.env['sale.order'].create(
            {
                'partner_id': partner.id,
                'order_line': [Command.create({'product_id': cls.support.id})],
            }
        )
        if sold:
            order.action_confirm()
        return order

    @classmethod
    def _new_invoice(cls, partner):
        invoice = cls.env['account.move'].create(
            {
                'move_type': 'out_invoice',
                'partner_id': partner.id,
                'invoice_line_ids': [Command.create({'product_id': cls.support.id})],
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def _new_payment(cls, partner):
        return cls.env['account.payment'].create(
            {'partner_id': partner.id, 'amount': 100.0, 'payment_type': 'inbound'}
        )

    @classmethod
    def _new_case(cls, model_name, partner):
        return cls.env[model_name].create({'name': 'Many', 'partner_id': partner.id})

    def test_timeline_of_one_customer_uses_indexes_in_every_branch(self):
        rows = self.env['crm.interaction'].with_user(self.director)
        shown = self.customer.with_user(self.director).action_view_crm_interactions()['domain']
        told = set(rows.search(shown).mapped('kind'))
        self.assertLessEqual(
            {'claim', 'ticket', 'contract', 'order', 'quotation', 'invoice', 'payment', 'mail'},
            told,
        )
        number = rows.search_count(shown)
        for domain in (
            shown,
            [('partner_id', '=', self.customer.id)],
            [('commercial_partner_id', '=', self.customer.id)],
        ):
            with self.subTest(domain=domain):
                query = rows._search(domain, order=rows._order, limit=80)
                query = query.select(*map(SQL.identifier, ('id', 'name', 'date')))
                self.assertEqual(self.assert_reads_indexes(query, GROWN), min(number, 80))

    def test_what_was_read_is_looked_up_in_its_own_branches(self):
        rows = self.env['crm.interaction'].with_user(self.director)
        paid = rows.search([('partner_id', '=', self.customer.id), ('kind', '=', 'payment')])
        self.assertTrue(paid)
        own = rows.with_context(crm_interaction_branches=(22,))._table_query
        self.assertIn('account_payment', own.code)
        self.assertNotIn('sale_order', own.code)
        self.assertEqual(paid.exists(), paid)
