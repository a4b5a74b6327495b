"""What every addon brings along, and an installation without a complaint."""

import ast
import os
import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from tests.suite import ADDONS, ADDONS_PATH, ROOT

COMPLAINT = re.compile(r' (WARNING|ERROR|CRITICAL) ')


@tagged('post_install', '-at_install')
class TestPackaging(TransactionCase):
    def test_every_addon_is_complete(self):
        for addon in ADDONS:
            folder = ADDONS_PATH / addon
            for path in (
                'README.md',
                'i18n/es.po',
                f'i18n/{addon}.pot',
                'static/description/icon.png',
                'security/ir.model.access.csv',
                'tests/__init__.py',
                'pyproject.toml',
                'data/neutralize.sql',
            ):
                with self.subTest(addon=addon, path=path):
                    self.assertTrue((folder / path).is_file())

    def test_every_addon_comes_with_the_licence(self):
        for addon in ADDONS:
            for name in ('LICENSE', 'COPYING'):
                with self.subTest(addon=addon, name=name):
                    text = (ADDONS_PATH / addon / name).read_text(encoding='utf-8')
                    self.assertEqual(text, (ROOT / name).read_text(encoding='utf-8'))

    def test_every_manifest_names_version_licence_and_demo(self):
        for addon in ADDONS:
            manifest = ast.literal_eval((ADDONS_PATH / addon / '__manifest__.py').read_text())
            with self.subTest(addon=addon):
                self.assertRegex(manifest['version'], r'^19\.0\.\d+\.\d+\.\d+$')
                self.assertEqual(manifest['license'], 'LGPL-3')
                self.assertTrue(manifest['demo'])
                self.assertTrue(manifest['summary'])

    def test_a_full_install_logs_no_complaint(self):
        log = os.environ.get('CRM_INSTALL_LOG')
        if not log:
            self.skipTest('only make test knows the log of the installation')
        lines = Path(log).read_text(encoding='utf-8').splitlines()
        self.assertTrue(lines)
        complaints = [line for line in lines if COMPLAINT.search(line)]
        self.assertFalse(complaints, '\n'.join(complaints))

    def test_the_suite_is_installed_with_demo_data(self):
        modules = self.env['ir.module.module'].search([('name', 'in', ADDONS)])
        self.assertEqual(set(modules.mapped('state')), {'installed'})
        self.assertTrue(all(modules.mapped('demo')))
