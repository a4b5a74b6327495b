"""A customer opens a ticket in the portal, adds to it, closes, rates and reopens it."""

import pytest

from odoo.tests import HttpCase, new_test_user, tagged

from .common import InBothLanguages, OnAPhone, OnTheDesktop


class PortalCustomerCase(HttpCase):
    def walk(self, language):
        self.env['res.lang']._activate_lang(language)
        customer = new_test_user(
            self.env,
            login=f'portal_customer_{language}',
            name='Lucía Altozano',
            groups='base.group_portal',
            lang=language,
        )
        short = language.partition('_')[0]
        self.start_tour('/my', f'crm_claims_portal_customer_{short}', login=customer.login)
        ticket = self.env['service.ticket'].search([('partner_id', '=', customer.partner_id.id)])
        self.assertRecordValues(
            ticket,
            [{'name': 'The press leaks', 'stage_kind': 'open', 'rating_last_value': 5}],
        )
        self.assertEqual(ticket.rating_ids.feedback, 'Quick and kind')
        self.assertIn('Now it leaks more.', ''.join(ticket.message_ids.mapped('body')))


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestPortalOnTheDesktop(OnTheDesktop, InBothLanguages, PortalCustomerCase):
    pass


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestPortalOnThePhone(OnAPhone, InBothLanguages, PortalCustomerCase):
    pass
