"""A call is planned, put off, held, planned again and held; the agenda shows it. In the browser."""

from datetime import datetime, timedelta

import pytest

from odoo.tests import tagged

from .common import InBothLanguages, JourneyCase, OnAPhone, OnTheDesktop


class CallCase(JourneyCase):
    def walk(self, language):
        seller = self.sellers[language]
        short = language.partition('_')[0]
        customer = self.env['res.partner'].create(
            {'name': 'Bodegas Alto', 'is_company': True, 'phone': '+34 600 10 02 00'}
        )
        self.walk_call(customer, seller, short)
        self.walk_agenda(customer, seller, short)

    def walk_call(self, customer, seller, short):
        self.start_tour(
            f'/odoo/action-contacts.action_contacts/{customer.id}',
            f'crm_extended_call_{short}',
            login=seller.login,
        )
        call = self.env['crm.call'].search([('partner_id', '=', customer.id)])
        self.assertRecordValues(
            call,
            [
                {
                    'name': 'Ask about the pallets',
                    'state': 'held',
                    'user_id': seller.id,
                    'attempt_count': 1,
                    'duration': 0.25,
                    'outcome_id': self.env.ref('crm_extended.crm_call_outcome_reached').id,
                    'phone': '+34 600 10 02 00',
                }
            ],
        )
        self.assertEqual(call.attempt_ids.reason, 'on holiday')
        self.assertFalse(call.activity_ids)

    def walk_agenda(self, customer, seller, short):
        now = datetime.now().replace(minute=0, second=0, microsecond=0)
        self.env['crm.call'].create(
            {
                'name': 'Late call',
                'partner_id': customer.id,
                'user_id': seller.id,
                'date': now - timedelta(minutes=1),
            }
        )
        self.env['calendar.event'].create(
            {
                'name': 'Tasting',
                'start': now,
                'stop': now + timedelta(hours=1),
                'user_id': seller.id,
                'partner_ids': (customer | seller.partner_id).ids,
            }
        )
        self.start_tour(
            '/odoo/action-crm_extended.crm_interaction_action_agenda',
            f'crm_extended_agenda_{short}',
            login=seller.login,
        )


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestCallOnTheDesktop(OnTheDesktop, InBothLanguages, CallCase):
    pass


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestCallOnThePhone(OnAPhone, InBothLanguages, CallCase):
    pass
