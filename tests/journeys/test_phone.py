"""A call rings: who it is and what is open with him pops up and opens. In the browser."""

import pytest

from odoo.tests import HttpCase, tagged

from odoo.addons.crm_extended.tests.phone import PhoneCase


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestPhonePopUp(PhoneCase, HttpCase):
    def test_who_calls_pops_up_and_leads_to_what_is_open(self):
        self.env.company.crm_dial_address = 'https://pbx.example.com/?to={number}'
        luis = self.env['res.partner'].create({'name': 'Luis', 'phone': '+34 600 111 111'})
        self._new_lead(type='opportunity', partner_id=luis.id)
        call = self._tell('ringing', 'tour')
        self.start_tour('/odoo', 'crm_extended_phone', login=self.salesman.login)
        self.assertEqual(call.partner_id, luis)
