"""The day of a salesperson on one screen, at a desk and on the way."""

import pytest

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from .common import OnAPhone


class MyDayCase(HttpCase):
    def walk(self):
        salesman = new_test_user(
            self.env, 'my_day_seller', 'sales_team.group_sale_salesman', name='Sol Vega'
        )
        customer = self.env['res.partner'].create({'name': 'Luis', 'phone': '+34 600 111 111'})
        call = self.env['crm.call'].create(
            {
                'name': 'Ask about the offer',
                'partner_id': customer.id,
                'user_id': salesman.id,
                'date': fields.Datetime.now(),
            }
        )
        self.env['crm.lead'].create(
            {'name': 'Forklifts', 'type': 'opportunity', 'user_id': salesman.id}
        )
        self.start_tour('/odoo/sales-day', 'crm_extended_my_day', login=salesman.login)
        self.assertEqual(call.state, 'held')
        logged = self.env['crm.call'].search([('partner_id', '=', customer.id)]) - call
        self.assertEqual((logged.state, logged.user_id), ('held', salesman))


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestOnTheDesktop(MyDayCase):
    def test_my_day(self):
        self.walk()


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestOnThePhone(OnAPhone, MyDayCase):
    def test_my_day(self):
        self.walk()
