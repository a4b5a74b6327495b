from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import CASE_MODELS, SALESMAN, ServiceCommon

BUTTONS = {
    'service.ticket': ('action_create_service_ticket', 'service_ticket_id'),
    'service.claim': ('action_create_service_claim', 'service_claim_id'),
}


@tagged('post_install', '-at_install')
class TestCrmCall(ServiceCommon):
    def setUp(self):
        super().setUp()
        self.agent.group_ids = [Command.link(self.env.ref(SALESMAN).id)]
        self.call = self.env['crm.call'].create(
            {
                'name': 'The press leaks',
                'direction': 'inbound',
                'partner_id': self.contact.id,
                'phone': '+34 600 111 222',
                'description': 'Since Monday',
                'user_id': self.agent.id,
            }
        )

    def test_case_is_made_once_with_the_number_of_the_call(self):
        for model_name in CASE_MODELS:
            method, field_name = BUTTONS[model_name]
            call = self.call.with_user(self.agent)
            action = getattr(call, method)()
            case = call[field_name]
            self.assertEqual((action['res_model'], action['res_id']), (model_name, case.id))
            self.assertRecordValues(
                case,
                [
                    {
                        'name': 'The press leaks',
                        'partner_id': self.contact.id,
                        'phone': '+34 600 111 222',
                        'medium_id': self.env.ref('utm.utm_medium_phone').id,
                        'company_id': self.call.company_id.id,
                    }
                ],
            )
            self.assertIn('Since Monday', case.description)
            self.assertEqual(getattr(call, method)()['res_id'], case.id)
            self.assertEqual(self.env[model_name].search_count([('id', '>', case.id)]), 0)

    def test_call_with_a_stranger_makes_a_case_without_a_customer(self):
        self.call.partner_id = False
        self.call.with_user(self.agent).action_create_service_ticket()
        self.assertFalse(self.call.service_ticket_id.partner_id)
        self.assertEqual(self.call.service_ticket_id.phone, '+34 600 111 222')

    def test_salesperson_who_is_no_agent_makes_none(self):
        self.call.user_id = self.salesman
        for method, field_name in BUTTONS.values():
            with self.assertRaises(AccessError):
                getattr(self.call.with_user(self.salesman), method)()
            self.assertFalse(self.call[field_name])
