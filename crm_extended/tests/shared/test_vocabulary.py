from odoo.tests import TransactionCase, tagged

from ...hooks import _restore_core_words, _use_our_words


@tagged('post_install', '-at_install')
class TestVocabulary(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')
        cls.menu = cls.env.ref('crm.crm_menu_leads').with_context(lang='es_ES')
        cls.leads = cls.env['crm.lead'].with_context(lang='es_ES')

    def assertWords(self, menu, filter_label):
        arch = self.env.ref('crm.view_crm_case_leads_filter').with_context(lang='es_ES').arch_db
        self.assertEqual(self.menu.name, menu)
        self.assertIn(filter_label, arch)

    def test_the_words_of_core_give_way_and_come_back(self):
        _use_our_words(self.env)
        self.assertWords('Iniciativas', 'Mis iniciativas')
        _restore_core_words(self.env)
        self.assertWords('Leads', 'Mis leads')

    def test_a_language_switched_on_later_brings_our_words(self):
        self.env['res.lang']._activate_lang('es_AR')
        modules = self.env['ir.module.module'].search([('state', '=', 'installed')])
        modules._update_translations(['es_AR'])
        self.assertEqual(self.menu.with_context(lang='es_AR').name, 'Iniciativas')

    def test_english_stays_as_it_is(self):
        _use_our_words(self.env)
        self.assertEqual(self.menu.with_context(lang='en_US').name, 'Leads')
