from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import CrmExtendedCase


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

    # === MERGE WHILE CONVERTING === #

    def _new_similar_leads(self):
        values = {'contact_name': 'Ana Ruiz', 'email_from': 'ana@ruiz.example.com'}
        lead = self._new_lead(referred='Luis', **values)
        opportunity = self._new_lead(type='opportunity', referred='Marta', user_id=False, **values)
        return lead, opportunity

    def _review_merge(self, wizard):
        action = wizard.action_review_merge()
        merges = self.env[action['res_model']].with_user(self.salesman)
        return merges.with_context(**action['context']).create({})

    def test_merge_is_reviewed_before_it_converts(self):
        lead, opportunity = self._new_similar_leads()
        wizard = self._open_wizard(lead, user_id=self.salesman.id)
        self.assertEqual(wizard.name, 'merge')
        merge = self._review_merge(wizard)
        self.assertEqual(merge.opportunity_ids, lead | opportunity)
        self.assertEqual(merge.survivor_id, opportunity)
        line = merge.line_ids.filtered(lambda line: line.field_name == 'referred')
        line.lead_id = lead
        with mute_logger('odoo.models.unlink'):
            action = merge.action_merge()
        self.assertEqual(action['res_id'], opportunity.id)
        self.assertFalse(lead.exists())
        self.assertEqual(opportunity.referred, 'Luis')
        self.assertEqual(opportunity.user_id, self.salesman)
        opportunity.with_user(self.manager).action_undo_merge()
        self.assertEqual((lead.type, lead.referred), ('lead', 'Luis'))
        self.assertEqual(opportunity.referred, 'Marta')

    def test_leads_left_out_of_the_review_stay(self):
        lead, _opportunity = self._new_similar_leads()
        third = self._new_similar_leads()[0]
        merge = self._review_merge(self._open_wizard(lead))
        self.assertIn(third, merge.opportunity_ids)
        merge.opportunity_ids -= third
        with mute_logger('odoo.models.unlink'):
            merge.action_merge()
        self.assertTrue(third.exists())
        self.assertFalse(lead.exists())
