from odoo import Command
from odoo.tests import Form, tagged

from ...hooks import post_init_hook
from ..common import CrmExtendedCase


@tagged('post_install', '-at_install')
class TestAcquisition(CrmExtendedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fair, cls.phone_call = cls.env['utm.medium'].create(
            [{'name': 'Acquisition fair'}, {'name': 'Acquisition phone'}]
        )
        cls.campaign = cls.env['utm.campaign'].create({'title': 'Acquisition spring'})
        cls.source = cls.env['utm.source'].create({'name': 'Acquisition stand'})
        cls.origin = {
            'medium_id': cls.fair.id,
            'campaign_id': cls.campaign.id,
            'source_id': cls.source.id,
        }

    def _assert_origin(self, partner, medium, campaign, source):
        self.assertEqual(partner.crm_acquisition_medium_id, medium)
        self.assertEqual(partner.crm_acquisition_campaign_id, campaign)
        self.assertEqual(partner.crm_acquisition_source_id, source)

    def test_first_lead_tells_how_we_met_contact_and_company(self):
        self._new_lead(partner_id=self.contact.id, **self.origin)
        for partner in (self.contact, self.company):
            self._assert_origin(partner, self.fair, self.campaign, self.source)
        self.assertFalse(self.archived_contact.crm_acquisition_medium_id)

    def test_later_lead_changes_nothing(self):
        self._new_lead(partner_id=self.contact.id, **self.origin)
        second = self._new_lead(partner_id=self.contact.id, medium_id=self.phone_call.id)
        self.assertEqual(self.contact.crm_acquisition_medium_id, self.fair)
        second.medium_id = self.env.ref('utm.utm_medium_email')
        self.assertEqual(self.contact.crm_acquisition_medium_id, self.fair)

    def test_later_lead_does_not_speak_for_a_first_lead_without_channel(self):
        first = self._new_lead(partner_id=self.contact.id)
        self._new_lead(partner_id=self.contact.id, medium_id=self.phone_call.id)
        self.assertFalse(self.contact.crm_acquisition_medium_id)
        first.medium_id = self.fair
        self.assertEqual(self.contact.crm_acquisition_medium_id, self.fair)

    def test_lost_lead_of_somebody_else_was_the_first_one_all_the_same(self):
        first = self._new_lead(partner_id=self.other_customer.id, user_id=self.manager.id)
        first.action_archive()
        lead = self.env['crm.lead'].with_user(self.salesman)
        lead.create({'name': 'X', 'partner_id': self.other_customer.id, **self.origin})
        self.assertFalse(self.other_customer.crm_acquisition_medium_id)
        first.medium_id = self.phone_call
        self.assertEqual(self.other_customer.crm_acquisition_medium_id, self.phone_call)

    def test_contact_of_a_known_company_has_an_origin_of_its_own(self):
        self._new_lead(partner_id=self.company.id, medium_id=self.phone_call.id)
        self._new_lead(partner_id=self.contact.id, medium_id=self.fair.id)
        self.assertEqual(self.company.crm_acquisition_medium_id, self.phone_call)
        self.assertEqual(self.contact.crm_acquisition_medium_id, self.fair)

    def test_typed_value_stays_and_the_rest_is_filled(self):
        self.contact.crm_acquisition_medium_id = self.phone_call
        self._new_lead(partner_id=self.contact.id, **self.origin)
        self._assert_origin(self.contact, self.phone_call, self.campaign, self.source)

    def test_linking_a_lead_later_fills_too(self):
        lead = self._new_lead(**self.origin)
        lead.with_user(self.salesman).partner_id = self.other_customer
        self._assert_origin(self.other_customer, self.fair, self.campaign, self.source)

    def test_conversion_gives_it_to_the_new_company_and_contact(self):
        lead = self._new_lead(partner_name='Nueva SA', contact_name='Eva Ruiz', **self.origin)
        wizard = self.env['crm.lead2opportunity.partner'].with_context(
            active_model='crm.lead', active_id=lead.id, active_ids=lead.ids
        )
        wizard.create({'name': 'convert', 'action': 'create'}).action_apply()
        contact = lead.partner_id
        self.assertEqual((contact.name, contact.parent_id.name), ('Eva Ruiz', 'Nueva SA'))
        for partner in (contact, contact.parent_id):
            self._assert_origin(partner, self.fair, self.campaign, self.source)

    def test_installation_looks_at_the_leads_that_exist(self):
        self._new_lead(partner_id=self.contact.id, **self.origin)
        names = ['crm_acquisition_medium_id', 'crm_acquisition_campaign_id']
        (self.contact | self.company).write(dict.fromkeys(names, False))
        post_init_hook(self.env)
        for partner in (self.contact, self.company):
            self._assert_origin(partner, self.fair, self.campaign, self.source)

    def test_customers_are_filled_in_the_same_queries_for_ten_and_for_a_thousand(self):
        partners = self.env['res.partner'].create([{'name': f'New {i}'} for i in range(1010)])
        # nobody has to be told of each
        quiet = self.env['crm.lead'].with_context(tracking_disable=True)
        leads = quiet.create([{'name': 'L', 'medium_id': self.fair.id}] * 1010)
        for lead, partner in zip(leads, partners, strict=True):
            lead.partner_id = partner
        self.assertTrue(all(partner.crm_acquisition_medium_id for partner in partners))

        def count(some):
            some.partner_id.crm_acquisition_medium_id = False
            return self._count_queries(some._fill_customer_acquisition)

        leads = leads.with_env(self.env)
        few = count(leads[:10])
        self.assertLessEqual(count(leads[10:]), few)
        self.assertTrue(all(partner.crm_acquisition_medium_id for partner in partners))

    def test_merged_customer_keeps_what_either_knew_and_its_own_first(self):
        other = self.env['res.partner'].create({'name': 'Double', 'parent_id': self.company.id})
        other.write(
            {
                'crm_acquisition_medium_id': self.phone_call.id,
                'crm_acquisition_campaign_id': self.campaign.id,
            }
        )
        self.contact.crm_acquisition_medium_id = self.fair
        merge = self.env['base.partner.merge.automatic.wizard']
        merge._merge((self.contact | other).ids, self.contact)
        self.assertFalse(other.exists())
        self._assert_origin(self.contact, self.fair, self.campaign, self.env['utm.source'])

    def test_salesperson_sees_it_and_others_do_not(self):
        self.salesman.group_ids = [Command.link(self.env.ref('base.group_partner_manager').id)]
        with Form(self.contact.with_user(self.salesman)) as form:
            form.crm_acquisition_medium_id = self.fair
        self.assertEqual(self.contact.crm_acquisition_medium_id, self.fair)
        with Form(self.contact.with_user(self.outsider)) as form:
            self.assertNotIn('crm_acquisition_medium_id', form._view['fields'])
