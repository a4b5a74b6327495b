from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CrmExtendedCase


@tagged('post_install', '-at_install')
class TestCrmCallLead(CrmExtendedCase):
    def test_customer_of_the_lead_reaches_calls_without_one(self):
        lead = self._new_lead()
        open_call, own_customer = (
            self._new_call(lead_id=lead.id),
            self._new_call(
                lead_id=lead.id,
                partner_id=self.other_customer.id,
            ),
        )
        lead.partner_id = self.contact
        self.assertEqual(open_call.partner_id, self.contact)
        self.assertEqual(own_customer.partner_id, self.other_customer)

    def test_later_customer_of_the_lead_does_not_rewrite_history(self):
        lead = self._new_lead(partner_id=self.contact.id)
        call = self._new_call(lead_id=lead.id)
        lead.partner_id = self.other_customer
        self.assertEqual(call.partner_id, self.contact)

    def test_conversion_fills_the_customer_and_keeps_the_number(self):
        lead = self._new_lead(contact_name='Ana Ruiz', email_from='ana@ruiz.example.com')
        call = self._new_call(lead_id=lead.id, phone='+34 644')
        wizard = (
            self.env['crm.lead2opportunity.partner']
            .with_context(
                active_model='crm.lead',
                active_id=lead.id,
                active_ids=lead.ids,
            )
            .create({'name': 'convert', 'action': 'create', 'user_id': self.salesman.id})
        )
        wizard.action_apply()
        self.assertEqual(call.partner_id, lead.partner_id)
        self.assertEqual(call.partner_id.name, 'Ana Ruiz')
        self.assertEqual(call.phone, '+34 644')

    def test_merge_moves_calls_of_everybody(self):
        leads = self._new_lead(probability=90) | self._new_lead(partner_id=self.contact.id)
        calls = self._new_call(lead_id=leads[1].id)
        calls |= self.env['crm.call'].create(
            {'lead_id': leads[1].id, 'phone': '+34 655', 'user_id': self.colleague.id}
        )
        survivor = leads.with_user(self.salesman).merge_opportunity()
        calls = calls.sudo()
        self.assertEqual(survivor.sudo().crm_call_ids, calls)
        self.assertEqual(calls.mapped('phone'), ['+34 600 111 111', '+34 655'])
        self.assertEqual(calls.activity_ids.mapped('res_model'), ['crm.call', 'crm.call'])

    def test_merge_across_companies_moves_the_calls(self):
        company = self.env['res.company'].create({'name': 'Sucursal Lisboa'})
        director = new_test_user(
            self.env,
            login='crm_extended_lisbon',
            groups='sales_team.group_sale_manager',
            company_id=company.id,
            company_ids=[(6, 0, (company | self.env.company).ids)],
        )
        here = self._new_lead(company_id=self.env.company.id, probability=90)
        there = self._new_lead(company_id=company.id, user_id=director.id, team_id=False)
        call = self.env['crm.call'].create({'lead_id': there.id, 'user_id': director.id})
        self.assertEqual(call.company_id, company)
        survivor = (here | there).merge_opportunity()
        self.assertEqual(call.lead_id, survivor)

    def test_merge_takes_the_same_queries_for_few_and_many_calls(self):
        def merge(number):
            leads = self._new_lead() | self._new_lead()
            self.env['crm.call'].create(
                [{'lead_id': leads[1].id, 'user_id': self.salesman.id} for _index in range(number)]
            )
            return self._count_queries(
                lambda: leads[0]._merge_dependences(leads[1]),
            )

        merge(1)
        self.assertLessEqual(merge(200), merge(10) + 5)

    def test_deleted_lead_leaves_its_calls(self):
        lead = self._new_lead()
        call = self._new_call(lead_id=lead.id)
        lead.unlink()
        self.assertTrue(call.exists())
        self.assertFalse(call.lead_id)

    @mute_logger('odoo.addons.base.models.ir_model')
    def test_merged_customers_keep_their_calls(self):
        calls = self._new_call(partner_id=self.company.id)
        calls |= self._new_call(partner_id=self.other_customer.id)
        self.env['base.partner.merge.automatic.wizard']._merge(
            [self.company.id, self.other_customer.id],
            self.company,
        )
        self.assertEqual(calls.partner_id, self.company)

    def test_lead_button_opens_what_it_counts(self):
        lead = self._new_lead()
        calls = self._new_call(lead_id=lead.id) | self._new_call(lead_id=lead.id, state='held')
        self.env['crm.call'].create({'lead_id': lead.id, 'user_id': self.colleague.id})
        mine = lead.with_user(self.salesman)
        action = mine.action_view_crm_calls()
        listed = self.env['crm.call'].with_user(self.salesman).search(action['domain'])
        self.assertEqual(listed, calls)
        self.assertEqual(mine.crm_call_count, 2)
        self.assertEqual(lead.with_user(self.coordinator).crm_call_count, 3)

    def test_counting_calls_of_leads_takes_one_query(self):
        leads = self.env['crm.lead'].create([{'name': f'Lead {i}'} for i in range(80)])
        self.env['crm.call'].create([{'lead_id': lead.id} for lead in leads])
        few = self._count_queries(lambda: leads[:1].mapped('crm_call_count'))
        many = self._count_queries(lambda: leads.mapped('crm_call_count'))
        self.assertEqual(few, many)
