from odoo.tests import tagged

from .portal_common import ContractPortalCase


@tagged('post_install', '-at_install')
class TestPortalVisit(ContractPortalCase):
    """What customers open in the portal of contracts and sales is told to who may read it."""

    def test_contracts_and_orders_are_told_as_visited(self):
        order = self.env['sale.order'].create(
            {'partner_id': self.contact.id, 'user_id': self.salesman.id, 'state': 'sent'}
        )
        self.enter(self.lucia)
        self.assertEqual(self.page(self.contract).status_code, 200)
        self.assertEqual(self.page(self.foreign).status_code, 303)
        self.enter(None)
        link = f'/my/orders/{order.id}?access_token={order._portal_ensure_token()}'
        self.assertEqual(self.get(link).status_code, 200)
        self.assertEqual(self.get(f'{link}&report_type=html').status_code, 200)
        self.env.invalidate_all()
        for user, told in (
            (self.salesman, {('crm.contract', self.contract.id), ('sale.order', order.id)}),
            (self.colleague, set()),
        ):
            rows = (
                self.env['crm.interaction']
                .with_user(user)
                .search([('kind', '=', 'visit'), ('partner_id', '=', self.contact.id)])
            )
            with self.subTest(user=user.login):
                self.assertEqual({(row.res_model, row.res_id) for row in rows}, told)
                self.assertEqual(rows.user_id, user if told else rows.user_id.browse())
