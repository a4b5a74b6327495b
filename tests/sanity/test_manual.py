"""The manual leads where it says: menus, scheduled actions and models are those of the database."""

import re

from odoo.tests import TransactionCase, tagged

from tests import manual
from tests.suite import records_of_ours

LANGUAGES = {'en': 'en_US', 'es': 'es_ES'}
JOBS = 'admin/jobs.md'
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
            paths = set(map(self.get_path, menus.search([])))
            named = {
                path
                for text in manual.get_pages(language).values()
                for path in manual.get_menus(text)
            }
            self.assertTrue(named)
            self.assertFalse(named - paths, language)

    def get_path(self, menu):
        """Return the names of a menu and what is above: `complete_name` knows one language."""
        return (*self.get_path(menu.parent_id), menu.name) if menu else ()

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
