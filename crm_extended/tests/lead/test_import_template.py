from odoo.tests import TransactionCase, tagged

from ..import_common import ImportMixin


@tagged('post_install', '-at_install')
class TestImportTemplate(ImportMixin, TransactionCase):
    """The directory list that the import screen offers, taken as it is."""

    def _import(self, language):
        result = self.import_template('crm.lead', language)
        self.assertFalse(result['messages'])
        return self.env['crm.lead'].with_context(lang=language).browse(result['ids'])

    def test_english_template_makes_leads(self):
        leads = self._import('en_US')
        self.assertRecordValues(
            leads[0],
            [
                {
                    'name': 'Forklift maintenance',
                    'partner_name': 'Ibarra Workshops',
                    'contact_name': 'Lucy Sanz',
                    'function': 'Purchasing Manager',
                    'phone': '+44 20 7946 0101',
                    'email_normalized': 'lucy.sanz@ibarra.example.com',
                    'street': '12 Harbour Street',
                    'zip': 'E14 9SH',
                    'city': 'London',
                    'country_id': self.env.ref('base.uk').id,
                    'website': 'https://ibarra.example.com',
                    'medium_id': self.env.ref('utm.utm_medium_phone').id,
                }
            ],
        )
        self.assertEqual(leads[0].tag_ids.mapped('name'), ['Services'])
        self.assertEqual(leads[1].state_id, self.env.ref('base.state_us_27'))
        self.assertIn('exhibitors', leads[1].description)
        self.assertEqual(len(leads), 2)

    def test_spanish_template_makes_leads(self):
        leads = self._import('es_ES')
        self.assertEqual(len(leads), 2)
        self.assertEqual(leads.country_id, self.env.ref('base.es'))
        self.assertEqual(leads[0].state_id.code, 'Z')
        self.assertEqual(leads[0].tag_ids.mapped('name'), ['Servicios'])
        self.assertEqual(leads[1].medium_id, self.env.ref('utm.utm_medium_direct'))

    def test_core_template_is_offered_too(self):
        templates = self.env['crm.lead'].get_import_templates()
        self.assertEqual(templates[-1]['template'], '/crm/static/xls/crm_lead.xls')
