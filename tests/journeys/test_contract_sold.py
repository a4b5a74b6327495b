"""A won opportunity becomes a running contract by two clicks, which is amended. In the browser."""

import pytest

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestContractSoldOnTheDesktop(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            login='sold_seller',
            name='Marta Gil',
            groups='sales_team.group_sale_salesman',
            tz='Europe/Madrid',
        )
        cls.customer = cls.env['res.partner'].create({'name': 'Quinta del Sol'})

    def test_won_opportunity_becomes_a_running_contract(self):
        lead = self.env['crm.lead'].create(
            {
                'name': 'Care of the web shop',
                'type': 'opportunity',
                'partner_id': self.customer.id,
                'user_id': self.seller.id,
            }
        )
        product = self.env['product.product'].create(
            {'name': 'Monthly care', 'type': 'service', 'crm_contract_kind': 'recurring'}
        )
        order = self.env['sale.order'].create(
            {
                'partner_id': self.customer.id,
                'user_id': self.seller.id,
                'opportunity_id': lead.id,
                'order_line': [Command.create({'product_id': product.id, 'price_unit': 123.0})],
            }
        )
        order.action_confirm()
        lead.action_set_won()
        self.start_tour(f'/odoo/crm.lead/{lead.id}', 'crm_contracts_sold', login=self.seller.login)
        contract = lead.crm_contract_ids
        self.assertEqual((contract.state, contract.line_ids.amount), ('open', 123.0))
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_line_is_raised_from_today_on(self):
        start = fields.Date.start_of(fields.Date.today(), 'month')
        contract = self.env['crm.contract'].create(
            {
                'name': 'Seats',
                'partner_id': self.customer.id,
                'manager_id': self.seller.id,
                'date_start': start,
                'line_ids': [
                    Command.create({'name': 'Seats', 'quantity': 10.0, 'price_unit': 10.0})
                ],
            }
        )
        contract.action_confirm()
        contract._bill()
        self.start_tour(
            f'/odoo/crm-contracts/{contract.id}',
            'crm_contracts_amendment',
            login=self.seller.login,
        )
        self.assertEqual(contract.amendment_ids.state, 'applied')
        self.assertIn(12.0, contract.line_ids.mapped('quantity'))
