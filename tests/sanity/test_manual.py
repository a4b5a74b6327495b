"""The manual leads where it says: menus, scheduled actions and models are those of the database."""

import re

from odoo.tests import TransactionCase, new_test_user, tagged

from tests import manual
from tests.suite import records_of_ours

LANGUAGES = {'en': 'en_US', 'es': 'es_ES'}
JOBS = 'admin/jobs.md'
HOMES = {
    'sales': 'roles/salesperson.md',
    'agent': 'roles/agent.md',
    'contracts': 'roles/account-manager.md',
    'accounting': 'roles/accountant.md',
}
# A model, as scripts call it: `crm.contract.usage`
MODEL = re.compile(r'`((?:crm|service)(?:\.[a-z_]+)+)`')


@tagged('post_install', '-at_install')
class TestManual(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang(LANGUAGES['es'])

    def test_a_menu_is_where_the_manual_says(self):
        for language, code in LANGUAGES.items():
            menus = self.env['ir.ui.menu'].with_context(lang=code, **{'ir.ui.menu.full_list': True})
            named = self.get_named_menus(language)
            self.assertTrue(named)
            self.assertFalse(named - set(map(self.get_path, menus.search([]))), language)

    def test_every_menu_of_ours_is_in_the_manual(self):
        menus = records_of_ours(self.env, 'ir.ui.menu').filtered('action')
        self.assertTrue(menus)
        for language, code in LANGUAGES.items():
            paths = set(map(self.get_path, menus.with_context(lang=code)))
            self.assertFalse(paths - self.get_named_menus(language), language)

    def get_named_menus(self, language):
        pages = manual.get_pages(language).values()
        return {path for text in pages for path in manual.get_menus(text)}

    def get_path(self, menu):
        """Return the names of a menu and what is above: `complete_name` knows one language."""
        return (*self.get_path(menu.parent_id), menu.name) if menu else ()

    def test_every_card_of_my_day_is_on_the_page_of_its_role(self):
        homes = self.env['crm.home']._get_home_roles()
        self.assertEqual(set(homes), set(HOMES))
        groups = ','.join(home['groups'] for home in homes.values())
        user = new_test_user(self.env, 'reader of the manual', f'base.group_user,{groups}')
        for language, code in LANGUAGES.items():
            pages = manual.get_pages(language)
            home = self.env['crm.home'].with_user(user).with_context(lang=code)
            for role, page in HOMES.items():
                cards = {block['title'] for block in home.action_tell_home(role)['blocks']}
                self.assertTrue(cards)
                self.assertFalse(cards - set(manual.get_labels(pages[page])), (language, role))

    def test_every_scheduled_action_is_explained(self):
        for language, code in LANGUAGES.items():
            names = records_of_ours(self.env, 'ir.cron').with_context(lang=code).mapped('name')
            self.assertTrue(names)
            explained = manual.get_labels(manual.get_pages(language)[JOBS])
            self.assertFalse(set(names) - set(explained), language)

    def test_a_model_is_there(self):
        named = {
            model
            for language in LANGUAGES
            for text in manual.get_pages(language).values()
            for model in MODEL.findall(text)
        }
        self.assertTrue(named)
        self.assertFalse(named - set(self.env.registry))
