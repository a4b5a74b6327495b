from odoo.tests import Form, tagged

from .common import CrmExtendedCase


@tagged('post_install', '-at_install')
class TestCrmLeadConvert(CrmExtendedCase):
    def _open_wizard(self, leads, mass=False, **values):
        model = 'crm.lead2opportunity.partner' + ('.mass' if mass else '')
        return (
            self.env[model]
            .with_user(self.salesman)
            .with_context(
                active_model='crm.lead',
                active_id=leads[:1].id,
                active_ids=leads.ids,
            )
            .create(values)
        )

    def _count_customers(self):
        return self.env['res.partner'].with_context(active_test=False).search_count([])

    def test_create_makes_a_customer(self):
        lead = self._new_lead(contact_name='Ana Ruiz', email_from='ana@ruiz.example.com')
        self._open_wizard(lead, name='convert', action='create').action_apply()
        self.assertEqual(lead.type, 'opportunity')
        self.assertEqual(lead.partner_id.name, 'Ana Ruiz')

    def test_exist_links_the_chosen_customer(self):
        lead = self._new_lead(contact_name='Ana Ruiz')
        self._open_wizard(
            lead,
            name='convert',
            action='exist',
            partner_id=self.contact.id,
        ).action_apply()
        self.assertEqual((lead.type, lead.partner_id), ('opportunity', self.contact))

    def test_nothing_creates_and_links_no_customer(self):
        self.contact.email = 'lucia@ebro.example.com'
        lead = self._new_lead(contact_name='Lucía', email_from='lucia@ebro.example.com')
        before = self._count_customers()
        wizard = self._open_wizard(lead, name='convert', action='nothing')
        self.assertFalse(wizard.partner_id)
        wizard.action_apply()
        self.assertEqual(lead.type, 'opportunity')
        self.assertFalse(lead.partner_id)
        self.assertEqual(lead.contact_name, 'Lucía')
        self.assertEqual(self._count_customers(), before)

    def test_nothing_ignores_a_customer_given_along(self):
        lead = self._new_lead()
        self._open_wizard(
            lead,
            name='convert',
            action='nothing',
            partner_id=self.contact.id,
        ).action_apply()
        self.assertFalse(lead.partner_id)

    def test_nothing_keeps_the_customer_that_the_lead_had(self):
        lead = self._new_lead(partner_id=self.contact.id)
        wizard = self._open_wizard(lead, name='convert', action='nothing', partner_id=False)
        wizard.action_apply()
        self.assertEqual((lead.type, lead.partner_id), ('opportunity', self.contact))

    def test_nothing_assigns_the_salesperson_all_the_same(self):
        lead = self._new_lead(user_id=False)
        self._open_wizard(
            lead,
            name='convert',
            action='nothing',
            user_id=self.salesman.id,
        ).action_apply()
        self.assertEqual((lead.user_id, lead.team_id), (self.salesman, self.team))

    def test_form_offers_the_third_choice_and_asks_for_no_customer(self):
        lead = self._new_lead(partner_id=self.contact.id)
        form = Form(self._open_wizard(lead, name='convert'))
        self.assertEqual(form.action, 'exist')
        form.action = 'nothing'
        self.assertFalse(form.partner_id)
        form.save().action_apply()
        self.assertEqual((lead.type, lead.partner_id), ('opportunity', self.contact))

    def test_merging_with_nothing_keeps_the_customer_of_either(self):
        leads = self._new_lead(email_from='ana@ruiz.example.com')
        leads |= self._new_lead(email_from='ana@ruiz.example.com', partner_id=self.contact.id)
        wizard = self._open_wizard(leads[0], name='merge', action='nothing')
        wizard.duplicated_lead_ids = leads
        before = self._count_customers()
        wizard.action_apply()
        survivor = leads.exists()
        self.assertEqual(len(survivor), 1)
        self.assertEqual((survivor.type, survivor.partner_id), ('opportunity', self.contact))
        self.assertEqual(self._count_customers(), before)

    def test_merging_leads_without_customer_with_nothing_creates_none(self):
        leads = self._new_lead(email_from='ana@ruiz.example.com')
        leads |= self._new_lead(email_from='ana@ruiz.example.com')
        wizard = self._open_wizard(leads[0], name='merge', action='nothing')
        wizard.duplicated_lead_ids = leads
        wizard.action_apply()
        self.assertEqual(leads.exists().type, 'opportunity')
        self.assertFalse(leads.exists().partner_id)

    def test_mass_conversion_with_nothing(self):
        leads = self._new_lead(contact_name='Ana Ruiz') | self._new_lead(
            partner_id=self.contact.id,
        )
        before = self._count_customers()
        self._open_wizard(
            leads,
            mass=True,
            action='nothing',
            deduplicate=False,
        ).action_mass_convert()
        self.assertEqual(leads.mapped('type'), ['opportunity', 'opportunity'])
        self.assertEqual(leads.mapped('partner_id'), self.contact)
        self.assertFalse(leads[0].partner_id)
        self.assertEqual(self._count_customers(), before)

    def test_mass_conversion_with_nothing_and_deduplication(self):
        leads = self._new_lead(email_from='ana@ruiz.example.com') | self._new_lead(
            email_from='ana@ruiz.example.com',
            partner_id=self.contact.id,
        )
        self._open_wizard(leads, mass=True, action='nothing').action_mass_convert()
        self.assertEqual(leads.exists().mapped('partner_id'), self.contact)

    def test_mass_conversion_still_finds_or_creates(self):
        leads = self._new_lead(contact_name='Ana Ruiz', email_from='ana@ruiz.example.com')
        self._open_wizard(leads, mass=True, deduplicate=False).action_mass_convert()
        self.assertEqual(leads.partner_id.name, 'Ana Ruiz')
