"""From a form on the company's website to a customer's card, in the browser."""

import pytest

from odoo.tests import tagged

from .common import InBothLanguages, JourneyCase, OnAPhone, OnTheDesktop

LEADS_URL = '/odoo/action-crm.crm_lead_all_leads'
PATIENCE = 120  # seconds, for the longest way of all


class FirstCustomerCase(JourneyCase):
    def walk(self, language):
        """Let the form be posted three times, walk the tour, and check what came of it."""
        seller = self.sellers[language]
        self.known = self.env['res.partner'].create({'name': 'Talleres Ibarra', 'is_company': True})
        self.receive_leads(seller)
        short = language.partition('_')[0]
        self.start_tour(
            LEADS_URL, f'crm_extended_first_customer_{short}', login=seller.login, timeout=PATIENCE
        )
        self.check_result()
        company = self.leads['created'].partner_id.parent_id
        self.start_tour(
            f'/odoo/action-contacts.action_contacts/{company.id}',
            f'crm_extended_customer_card_{short}',
            login=seller.login,
        )

    def receive_leads(self, seller):
        form = self.make_form(seller)
        answers = {
            'created': {'name': 'Twenty licences', 'company': 'Norte Obras', 'contact_name': 'Ana'},
            'linked': {'name': 'Repair contract', 'contact_name': 'Luis Ibarra'},
            'unlinked': {'name': 'Price list', 'contact_name': 'Someone'},
        }
        self.leads = {
            name: self.post_form(
                form, email=f'{name}@example.com', phone='+34 600 100 200', **answer
            )
            for name, answer in answers.items()
        }
        for lead in self.leads.values():
            self.assertRecordValues(
                lead, [{'type': 'lead', 'user_id': seller.id, 'campaign_id': self.campaign.id}]
            )
            self.assertEqual(lead.medium_id, self.env.ref('utm.utm_medium_website'))

    def check_result(self):
        created, linked, unlinked = self.leads.values()
        self.assertEqual({lead.type for lead in self.leads.values()}, {'opportunity'})
        self.assertEqual(created.partner_id.parent_id.name, 'Norte Obras')
        self.assertEqual(linked.partner_id, self.known)
        self.assertFalse(unlinked.partner_id)
        self.assertEqual(created.won_status, 'won')
        calls = created.crm_call_ids.sorted('id')
        self.assertEqual(calls.mapped('state'), ['held', 'planned'])
        self.assertAlmostEqual(calls[0].duration, 0.2)
        self.assertEqual(calls.partner_id, created.partner_id)
        meeting = self.env['calendar.event'].search([('opportunity_id', '=', created.id)])
        self.assertEqual(len(meeting), 1)
        self.assertIn(created.partner_id, meeting.partner_ids)


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestOnTheDesktop(OnTheDesktop, InBothLanguages, FirstCustomerCase):
    pass


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestOnThePhone(OnAPhone, InBothLanguages, FirstCustomerCase):
    pass
