from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path

from ...hooks import _name_channels, _restore_channels, _restore_core_words, _use_our_words


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

    def test_channels_have_names_of_the_language_of_the_installation(self):
        website, phone, banner = (
            self.env.ref(f'utm.utm_medium_{name}') for name in ('website', 'phone', 'banner')
        )
        banner.name = 'Poster'
        _name_channels(self.env)
        self.assertEqual(website.name, 'Website')
        self.env.ref('base.user_admin').lang = 'es_ES'
        _name_channels(self.env)
        names = (website.name, phone.name, banner.name)
        self.assertEqual(names, ('Página web', 'Teléfono', 'Poster'))
        form = self.env['crm.capture.form'].create({'name': 'Fair'})
        self.assertEqual(form.medium_id, website)
        for name in ('website', 'página Web', ' Website '):
            with self.subTest(name=name):
                found = self.env['crm.lead']._find_or_create_record('utm.medium', name)
                self.assertEqual(found, website)
                self.assertEqual(form._find_or_create_utm('utm.medium', name.strip()), website)
        new = self.env['crm.lead']._find_or_create_record('utm.medium', 'Web site of a friend')
        self.assertEqual(new.name, 'Web site of a friend')
        _restore_channels(self.env)
        self.assertEqual((website.name, banner.name), ('Website', 'Poster'))

    def test_a_channel_named_by_an_earlier_installation_gets_todays_name(self):
        path = file_path('crm_extended/migrations/19.0.1.2.0/post-channel-names.py')
        script = load_script(path, 'post_channel_names')
        website, phone = (self.env.ref(f'utm.utm_medium_{name}') for name in ('website', 'phone'))
        for before, after in (('Sitio web', 'Página web'), ('Tienda', 'Tienda')):
            with self.subTest(before):
                website.name = before
                self.env.flush_all()
                script.migrate(self.env.cr, '19.0.1.1.0')
                self.env.invalidate_all()
                self.assertEqual((website.name, phone.name), (after, 'Phone'))
        (website.name, phone.name) = ('Sitio web', 'Página web')
        self.env.flush_all()
        script.migrate(self.env.cr, '19.0.1.1.0')
        self.env.invalidate_all()
        self.assertEqual(website.name, 'Sitio web')

    def test_channels_made_in_english_are_shown_and_found_in_the_language_of_the_user(self):
        website, phone, banner = (
            self.env.ref(f'utm.utm_medium_{name}') for name in ('website', 'phone', 'banner')
        )
        banner.name = 'Poster'
        spanish = website.with_context(lang='es_ES')
        self.assertEqual((website | phone).mapped('display_name'), ['Website', 'Phone'])
        shown = (spanish | phone | banner).mapped('display_name')
        self.assertEqual(shown, ['Página web', 'Teléfono', 'Poster'])
        for operator, value in (('ilike', 'página'), ('=', 'Página web'), ('in', ['Página web'])):
            with self.subTest(operator=operator):
                domain = [('display_name', operator, value)]
                self.assertEqual(spanish.search(domain), website)
                self.assertFalse(website.search(domain))
        self.assertEqual(spanish.name_search('website')[0][0], website.id)
        others = spanish.search([('display_name', 'not in', ['Teléfono'])])
        self.assertIn(website, others)
        self.assertNotIn(phone, others)
        self.assertNotIn(phone, spanish.search([('display_name', 'not ilike', 'teléf')]))
        spanish.name = 'Tienda'
        self.assertEqual(spanish.display_name, 'Tienda')
