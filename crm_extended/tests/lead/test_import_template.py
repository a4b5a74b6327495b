import mimetypes

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_open


@tagged('post_install', '-at_install')
class TestImportTemplate(TransactionCase):
    """The directory list that the import screen offers, taken as it is."""

    def _import(self, language, **options):
        self.env['res.lang']._activate_lang(language)
        env = self.env(context={'lang': language})
        template = env['crm.lead'].get_import_templates()[0]['template']
        with file_open(template.removeprefix('/'), 'rb') as file:
            wizard = env['base_import.import'].create(
                {
                    'res_model': 'crm.lead',
                    'file': file.read(),
                    'file_name': template,
                    'file_type': mimetypes.guess_type(template)[0],
                }
            )
        options = {'has_headers': True, 'quoting': '"', 'separator': ',', **options}
        preview = wizard.parse_preview(options)
        self.assertNotIn('error', preview)
        matches = [preview['matches'].get(index) for index in range(len(preview['headers']))]
        self.assertTrue(all(matches), dict(zip(preview['headers'], matches, strict=True)))
        paths = ['/'.join(match) for match in matches]
        result = wizard.execute_import(paths, preview['headers'], preview['options'])
        self.assertFalse(result['messages'])
        return env['crm.lead'].browse(result['ids'])

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
