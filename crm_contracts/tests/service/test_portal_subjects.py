from lxml import html

from odoo.http import Request
from odoo.tests import tagged

from ..faces.portal_common import ContractPortalCase


@tagged('post_install', '-at_install')
class TestPortalSubjects(ContractPortalCase):
    """What a customer names as the subject of a new case: documents of its own and no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env['product.product'].create({'name': 'Oil press'})
        cls.own_order, cls.foreign_order = cls.env['sale.order'].create(
            [
                {
                    'partner_id': partner.id,
                    'order_line': [(0, 0, {'product_id': cls.product.id})],
                }
                for partner in (cls.contact, cls.rival.partner_id)
            ]
        )
        (cls.own_order | cls.foreign_order).action_confirm()
        cls.quotation = cls.own_order.copy()

    def get_offered(self, kind='tickets'):
        page = html.fromstring(self.get(f'/my/service/{kind}/new').text)
        return page.xpath("//select[@name='subject']//option[@value!='']/@value")

    def send(self, subject, kind='tickets'):
        model = self.env['service.ticket' if kind == 'tickets' else 'service.claim']
        data = {'name': 'It leaks', 'subject': subject, 'csrf_token': Request.csrf_token(self)}
        last = model.search([], order='id desc', limit=1).id
        self.url_open(f'/my/service/{kind}/new', data=data, allow_redirects=False)
        return model.search([('id', '>', last)])

    def test_own_documents_are_offered_and_no_others(self):
        self.enter(self.lucia)
        offered = self.get_offered()
        for document in (self.own_order, self.contract):
            self.assertIn(f'{document._name},{document.id}', offered)
        for document in (self.foreign_order, self.foreign, self.draft, self.quotation):
            self.assertNotIn(f'{document._name},{document.id}', offered)
        self.assertNotIn(f'product.product,{self.product.id}', offered)
        self.assertIn(f'product.product,{self.product.id}', self.get_offered('claims'))

    def test_case_is_about_what_was_chosen(self):
        self.enter(self.lucia)
        self.assertEqual(self.send(f'sale.order,{self.own_order.id}').ref, self.own_order)
        ticket = self.send(f'crm.contract,{self.contract.id}')
        self.assertEqual((ticket.ref, ticket.contract_id), (self.contract, self.contract))
        claim = self.send(f'product.product,{self.product.id}', 'claims')
        self.assertEqual(claim.line_ids.product_id, self.product)

    def test_document_of_another_is_not_taken(self):
        self.enter(self.lucia)
        for subject in (
            f'sale.order,{self.foreign_order.id}',
            f'crm.contract,{self.foreign.id}',
            f'res.users,{self.rival.id}',
            'nonsense',
            f'sale.order,{self.own_order.id} or 1=1',
        ):
            ticket = self.send(subject)
            self.assertTrue(ticket, 'the case itself is not lost')
            self.assertFalse(ticket.ref, subject)
            self.assertNotEqual(ticket.contract_id, self.foreign)
