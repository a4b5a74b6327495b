from odoo.tests import TransactionCase, tagged

from ..import_common import ImportMixin


@tagged('post_install', '-at_install')
class TestCampaignImport(ImportMixin, TransactionCase):
    """Campaigns of an older system, with their dates and costs."""

    def test_templates_in_both_languages_make_campaigns(self):
        for language in ('en_US', 'es_ES'):
            with self.subTest(language=language):
                result = self.import_template('utm.campaign', language, create=('crm_type_id',))
                self.assertFalse(result['messages'])
                campaigns = self.env['utm.campaign'].browse(result['ids'])
                self.assertEqual(campaigns.mapped('crm_budget'), [6000.0, 900.0])
                self.assertEqual(campaigns.mapped('crm_cost'), [5840.5, 912.3])
                self.assertEqual(str(campaigns[0].crm_date_end), '2024-10-11')
                again = self.import_template('utm.campaign', language, create=('crm_type_id',))
                self.assertEqual(again['ids'], result['ids'])
