"""Business cards become leads and one of them a customer, in the browser."""

import pytest

from odoo.tests import tagged

from .common import InBothLanguages, JourneyCase, OnAPhone, OnTheDesktop


class BusinessCardsCase(JourneyCase):
    def walk(self, language):
        seller = self.sellers[language]
        known = self.env['crm.lead'].create(
            {
                'name': 'Cranes',
                'type': 'lead',
                'user_id': seller.id,
                'email_from': 'Luis@Ibarra.example.com',
            }
        )
        short = language.partition('_')[0]
        self.start_tour(
            '/odoo/action-crm.crm_lead_all_leads',
            f'crm_extended_business_cards_{short}',
            login=seller.login,
        )
        lead = self.env['crm.lead'].search([('email_from', '=', 'ana@ruiz.example.com')])
        self.assertRecordValues(
            lead,
            [{'type': 'opportunity', 'user_id': seller.id, 'contact_name': 'Ana Ruiz'}],
        )
        self.assertEqual(lead.partner_id.parent_id.name, 'Ruiz e Hijos')
        self.assertEqual(lead.partner_id.crm_acquisition_medium_id, lead.medium_id)
        self.assertEqual(
            self.env['crm.lead'].search([('email_normalized', '=', known.email_normalized)]),
            known,
        )


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestOnTheDesktop(OnTheDesktop, InBothLanguages, BusinessCardsCase):
    pass


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestOnThePhone(OnAPhone, InBothLanguages, BusinessCardsCase):
    pass
