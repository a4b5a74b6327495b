from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..common import CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestCustomerFacts(ServiceCommon):
    def fact(self, model_name, user, partner=None):
        facts = (partner or self.customer).with_user(user).action_tell_crm_facts()
        return next((fact for fact in facts if fact['name'] == model_name), None)

    def test_open_cases_are_told_and_opened(self):
        for model_name in CASE_MODELS:
            with self.subTest(model=model_name):
                self.assertIsNone(self.fact(model_name, self.agent))
                case = self.create_case(model_name, partner_id=self.contact.id)
                self.create_case(model_name).action_solve()
                fact = self.fact(model_name, self.agent)
                self.assertEqual((fact['value'], fact['color']), ('1', 'info'))
                action = getattr(self.customer.with_user(self.agent), fact['action'])()
                opened = self.env[action['res_model']].with_context(**action['context'])
                self.assertEqual(opened.search(action['domain']), case)
                case.date_customer_waiting = fields.Datetime.now()
                self.assertEqual(self.fact(model_name, self.agent)['color'], 'warning')
                case.date_deadline = fields.Datetime.now() - timedelta(hours=1)
                fact = self.fact(model_name, self.agent)
                self.assertEqual((fact['value'], fact['color']), ('1, 1 late', 'danger'))

    def test_cases_of_a_person_are_known_and_forgotten(self):
        case = self.create_case(partner_id=self.contact.id, description='Lucía slipped')
        administrator = new_test_user(
            self.env, 'privacy', 'sales_team.group_sale_manager,crm_claims.crm_claims_group_agent'
        )
        kept, forgotten = self.env['service.mail'].create(
            [
                {'subject': 'Hello', 'email_from': email, 'reason': 'spam'}
                for email in ('Ana <ana.lucia@altozano.example.com>', 'lucia@altozano.example.com')
            ]
        )
        contact = self.contact.with_user(administrator)
        self.assertIn('Lucía slipped', str(contact._get_crm_known()))
        contact._anonymise()
        self.assertRecordValues(
            case, [{'email_from': False, 'description': False, 'partner_id': contact.id}]
        )
        self.assertTrue(case.number)
        self.assertFalse(forgotten.email_from)
        self.assertTrue(kept.email_from, 'somebody else whose address ends alike')

    def test_the_four_buttons_are_the_first(self):
        view = (
            self.env['res.partner']
            .with_user(self.salesman)
            .get_view(self.env.ref('base.view_partner_form').id, 'form')
        )
        box = etree.fromstring(view['arch']).xpath("//div[@name='button_box']/button")
        self.assertEqual(
            [button.get('name') for button in box[:4]],
            [
                'action_view_opportunity',
                'schedule_meeting',
                'action_view_crm_calls',
                'action_view_service_claims',
            ],
        )
        self.assertGreater(len(box), 6)

    def test_cases_of_other_teams_are_not_told(self):
        self.create_case(team_id=self.desk.id, user_id=self.colleague.id)
        self.assertIsNone(self.fact('service.ticket', self.agent))
        self.assertTrue(self.fact('service.ticket', self.manager))
        self.assertTrue(self.fact('service.ticket', self.salesman))
        self.assertEqual(self.customer.with_user(self.employee).action_tell_crm_facts(), [])
