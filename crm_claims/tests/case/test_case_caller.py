from odoo.tests import Form, tagged

from ..common import CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestCaseCaller(ServiceCommon):
    """A case that is told on the phone is the customer's whose number it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.es')
        cls.contact.phone = '600 10 02 00 / 600 20 03 00'

    def _create(self, model_name, **values):
        cases = self.env[model_name].with_user(self.agent)
        return cases.create({'name': 'The press leaks', 'team_id': self.repairs.id, **values})

    def test_case_with_a_known_number_gets_its_customer(self):
        for model_name in CASE_MODELS:
            with self.subTest(model=model_name):
                case = self._create(model_name, phone='0034 600 20 03 00')
                self.assertEqual(case.partner_id, self.contact)
                self.assertEqual(case.commercial_partner_id, self.customer)
                self.assertEqual(case.phone, '0034 600 20 03 00')
                found = self.env[model_name].search([('display_name', 'ilike', '600200300')])
                self.assertEqual(found, case)

    def test_of_several_or_with_another_address_nobody_is_guessed(self):
        other = self._create('service.ticket', phone='600100200', email_from='x@sur.example.com')
        self.assertFalse(other.partner_id)
        self.assertEqual(other.crm_caller_ids, self.contact)
        self.customer.phone = '600100200'
        ticket = self._create('service.ticket', phone='600100200')
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.crm_caller_ids, self.contact | self.customer)

    def test_short_form_knows_the_caller_while_he_speaks(self):
        action = self.repairs.with_user(self.agent).action_enter_phone_ticket()
        tickets = self.env['service.ticket'].with_user(self.agent).with_context(**action['context'])
        with Form(tickets, action['views'][0][0]) as form:
            form.name = 'The press leaks'
            form.phone = '600 20 03 00'
            self.assertEqual(form.partner_id, self.contact)
        self.assertEqual(form.record.phone, '600 20 03 00')
