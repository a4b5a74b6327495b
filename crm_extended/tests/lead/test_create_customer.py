from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import CrmExtendedCase


@tagged('post_install', '-at_install')
class TestCreateCustomer(CrmExtendedCase):
    def _new_opportunity(self, **values):
        return self._new_lead(type='opportunity', **values).with_user(self.salesman)

    def test_opportunity_that_never_was_a_lead_gets_a_customer(self):
        opportunity = self._new_opportunity(
            contact_name='Ana Ruiz',
            partner_name='Ruiz e Hijos',
            email_from='ana@ruiz.example.com',
            phone='+34 600 12 34 56',
            function='Buyer',
        )
        call = self._new_call(lead_id=opportunity.id)
        opportunity.action_crm_create_customer()
        self.assertRecordValues(
            opportunity.partner_id,
            [
                {
                    'name': 'Ana Ruiz',
                    'email': 'ana@ruiz.example.com',
                    'phone': '+34 600 12 34 56',
                    'function': 'Buyer',
                }
            ],
        )
        self.assertEqual(opportunity.partner_id.parent_id.name, 'Ruiz e Hijos')
        self.assertEqual(call.partner_id, opportunity.partner_id)

    def test_who_has_the_address_already_is_the_customer(self):
        self.contact.email = 'lucia@ebro.example.com'
        opportunity = self._new_opportunity(
            contact_name='Lucía', email_from='Lucia@Ebro.example.com'
        )
        opportunity.action_crm_create_customer()
        self.assertEqual(opportunity.partner_id, self.contact)

    def test_call_with_another_person_keeps_that_person(self):
        opportunity = self._new_opportunity(contact_name='Ana Ruiz')
        call = self._new_call(lead_id=opportunity.id, partner_id=self.contact.id)
        opportunity.action_crm_create_customer()
        self.assertEqual(call.partner_id, self.contact)

    def test_many_get_a_customer_each_and_the_same_person_one(self):
        opportunities = (
            self._new_opportunity(contact_name='Ana', email_from='ana@ruiz.example.com')
            | self._new_opportunity(contact_name='Ana R.', email_from='ANA@ruiz.example.com')
            | self._new_opportunity(contact_name='Blas')
        )
        opportunities.action_crm_create_customer()
        first, second, third = opportunities
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertNotEqual(first.partner_id, third.partner_id)
        self.assertEqual(third.partner_id.name, 'Blas')

    def test_a_customer_is_never_replaced(self):
        served = self._new_opportunity(name='Cranes', partner_id=self.company.id)
        free = self._new_opportunity(contact_name='Blas')
        with self.assertRaisesRegex(UserError, 'Cranes'):
            (served | free).action_crm_create_customer()
        self.assertEqual(served.partner_id, self.company)
        self.assertFalse(free.partner_id)

    def test_lead_may_have_a_customer_before_it_is_converted(self):
        lead = self._new_lead(contact_name='Ana').with_user(self.salesman)
        lead.action_crm_create_customer()
        self.assertEqual(lead.partner_id.name, 'Ana')
        self.assertEqual(lead.type, 'lead')

    def test_only_sales_people_create_customers_from_what_is_theirs(self):
        opportunity = self._new_opportunity(contact_name='Ana')
        for user in (self.colleague, self.outsider, self.portal):
            with self.assertRaises(AccessError):
                opportunity.with_user(user).action_crm_create_customer()
        self.assertFalse(opportunity.partner_id)

    def test_action_menu_offers_it_to_sales_people(self):
        action = self.env.ref('crm_extended.crm_lead_action_create_customer')
        opportunity = self._new_opportunity(contact_name='Ana')
        context = {'active_model': 'crm.lead', 'active_ids': opportunity.ids}
        action.with_user(self.salesman).with_context(**context).run()
        self.assertEqual(opportunity.partner_id.name, 'Ana')
