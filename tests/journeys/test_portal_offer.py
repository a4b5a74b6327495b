"""A customer signs an offer on the phone, refuses another one, and gives notice."""

import pytest

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import OnAPhone


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestPortalOfferOnThePhone(OnAPhone, HttpCase):
    def test_customer_answers_offers_and_ends_a_contract(self):
        customer = new_test_user(
            self.env, login='portal_offer', name='Lucía Arlanza', groups='base.group_portal'
        )
        signed, refused = self.create_offers(customer.partner_id)
        self.start_tour('/my', 'crm_contracts_portal_offer', login=customer.login)
        self.assertEqual(signed.signed_by, 'Lucía Arlanza')
        self.assertEqual(signed.state, 'open')
        self.assertEqual(str(signed.date_notice_end), '2099-12-31')
        self.assertEqual(refused.state, 'draft')
        self.assertEqual(refused.refusal_reason, 'The roof is gone')

    def create_offers(self, customer):
        offers = self.env['crm.contract'].create(
            [
                {
                    'name': name,
                    'partner_id': customer.id,
                    'date_start': '2026-01-01',
                    'date_end': '2099-12-31',
                    'line_ids': [Command.create({'name': 'Care', 'price_unit': 123.0})],
                }
                for name in ('Care of the cellar', 'Care of the roof')
            ]
        )
        offers.action_mark_offered()
        return offers
