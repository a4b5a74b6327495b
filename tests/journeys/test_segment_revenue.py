"""What segments bring where all apps are installed: documents by segment, and the report."""

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user, tagged

DOCUMENTS = (
    'account.move',
    'crm.call',
    'crm.contract',
    'crm.lead',
    'sale.order',
    'service.claim',
    'service.ticket',
)


@tagged('post_install', '-at_install')
class TestSegmentRevenue(TransactionCase):
    """A and B customers: Alba is A, her person Ana is a fan as well, Brisa is B, Cierzo nothing.

    Alba is invoiced 1,000 less 300, Ana 50, Brisa 20, Cierzo 7.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, 'segment_reader', 'sales_team.group_sale_salesman_all_leads'
        )
        cls.manager = new_test_user(
            cls.env, 'segment_all', 'sales_team.group_sale_manager,account.group_account_invoice'
        )
        cls.alba, cls.brisa, cls.cierzo = cls.env['res.partner'].create(
            [{'name': name, 'is_company': True} for name in ('Alba', 'Brisa', 'Cierzo')]
        )
        cls.ana = cls.env['res.partner'].create({'name': 'Ana', 'parent_id': cls.alba.id})
        cls.today = fields.Date.today()
        cls.gold = cls.make('A', cls.alba)
        cls.silver = cls.make('B', cls.brisa)
        cls.fans = cls.make('Fans', cls.ana)
        cls.segments = cls.gold | cls.silver | cls.fans

    @classmethod
    def make(cls, name, partners):
        segment = cls.env['crm.segment'].create(
            {'name': name, 'mode': 'manual', 'include_partner_ids': [Command.set(partners.ids)]}
        )
        segment.action_apply()
        return segment

    def invoice(self, partner, amount, move_type='out_invoice'):
        move = self.env['account.move'].create(
            {
                'move_type': move_type,
                'partner_id': partner.id,
                'invoice_date': self.today,
                'invoice_line_ids': [
                    Command.create({'name': 'Thing', 'price_unit': amount, 'tax_ids': False})
                ],
            }
        )
        move.action_post()
        return move

    def order(self, partner, amount):
        product = self.env['product.product'].create({'name': 'Thing', 'taxes_id': False})
        line = {'product_id': product.id, 'product_uom_qty': 1, 'price_unit': amount}
        order = self.env['sale.order'].create(
            {'partner_id': partner.id, 'order_line': [Command.create(line)]}
        )
        order.order_line.tax_ids = False
        order.action_confirm()
        return order

    def read(self, *aggregates, user=None):
        report = self.env['crm.segment.report'].with_user(user or self.manager)
        groups = report._read_group(
            [('segment_id', 'in', self.segments.ids), ('date', '=', self.today)],
            ['segment_id'],
            aggregates,
        )
        return {segment.name: values for segment, *values in groups}

    def test_every_document_is_grouped_by_segment(self):
        for model in DOCUMENTS:
            documents = self.env[model].with_user(self.manager)
            values = {'partner_id': self.ana.id}
            if 'name' in documents._fields and model not in ('account.move', 'sale.order'):
                values['name'] = 'Of Ana'
            document = self.env[model].create(values)
            if 'user_id' in document._fields:
                document.user_id = self.manager
            own = [('id', '=', document.id)]
            with self.subTest(model=model):
                groups = documents._read_group(own, ['crm_segment_ids'], ['__count'])
                self.assertEqual(dict(groups), {self.gold: 1, self.fans: 1})
                self.assertEqual(document.crm_segment_ids, self.gold | self.fans)
                self.assertTrue(documents.search([*own, ('crm_segment_ids', '=', self.gold.id)]))
                self.assertFalse(documents.search([*own, ('crm_segment_ids', '=', self.silver.id)]))
                view = documents.get_view(view_type='search')['arch']
                self.assertIn('group_by_crm_segment', view)

    def test_revenue_of_a_and_b(self):
        for partner, amount in (
            (self.alba, 1000),
            (self.ana, 50),
            (self.brisa, 20),
            (self.cierzo, 7),
        ):
            self.invoice(partner, amount)
        self.invoice(self.alba, 300, 'out_refund')
        self.order(self.brisa, 400)
        self.env['crm.lead'].create(
            {
                'name': 'Won',
                'type': 'opportunity',
                'partner_id': self.ana.id,
                'expected_revenue': 90,
            }
        ).action_set_won()
        self.env['service.claim'].create([{'name': 'Broken', 'partner_id': self.ana.id}] * 2)
        self.env['service.ticket'].create({'name': 'Help', 'partner_id': self.brisa.id})
        names = ('invoiced:sum', 'ordered:sum', 'won_revenue:sum', 'claim_count:sum')
        more = ('ticket_count:sum', 'customer_count:count_distinct')
        self.assertEqual(
            self.read(*names, *more),
            {
                'A': [750, 0, 90, 2, 0, 1],
                'B': [20, 400, 0, 0, 1, 1],
                'Fans': [50, 0, 90, 2, 0, 1],
            },
        )

    def test_report_adds_up_what_the_reader_may_read(self):
        self.order(self.alba, 100).user_id = self.manager
        other = self.order(self.alba, 30)
        other.user_id = self.seller
        clerk = new_test_user(self.env, 'segment_own', 'sales_team.group_sale_salesman')
        self.assertEqual(self.read('ordered:sum', user=self.seller), {'A': [130]})
        self.assertEqual(self.read('ordered:sum', user=clerk), {})
        other.user_id = clerk
        self.assertEqual(self.read('ordered:sum', user=clerk), {'A': [30]})
        elsewhere = self.env['res.company'].create({'name': 'Segment Company B'})
        self.gold.company_id = elsewhere
        self.assertEqual(self.read('ordered:sum', user=self.seller), {})

    def test_number_of_queries_does_not_depend_on_the_number_of_documents(self):
        counts = []
        leads = self.env['crm.lead'].create(
            [
                {'name': f'{n}', 'partner_id': self.ana.id, 'type': 'opportunity'}
                for n in range(1000)
            ]
        )
        for some in (leads[:1], leads[:10], leads):
            some.action_set_won()
            self.read('won_count:sum')
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.read('won_count:sum')
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(rows['A'], [1000])
        self.assertEqual(counts[1], counts[2])
